//! Pictures of the three views, light and dark, wide and narrow: those of the README are taken here.
//! `UPDATE_SCREENSHOTS=1` writes them.

use std::path::Path;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use receiver::inbox::{Event, Inbox as _, Matched};
use serde_json::json;

use super::fleet::{greenlake, nursa};
use super::{Browser, appliance, deliver, open, serve};
use crate::common::events::{changed, ev_plugged};
use crate::common::{EVENTS, Receiver, Request};
use crate::operators::kept::Kept;

const KINDS: [(&str, &str, &str, &str); 5] = [
    ("Roof east", "INVERTER", "PV", "PV-12"),
    ("Roof west", "INVERTER", "PV", "PV-12"),
    ("Cellar battery", "BATTERY", "BATTERY", "Cell-10"),
    ("Heat pump", "HEATPUMP", "HEAT_PUMP", "Warm-8"),
    ("Grid meter", "METER", "GRID", "Count-3"),
];
const HOUSES: [&str; 6] = ["Mill Lane 4", "Harbour 12", "Old Dairy", "School annex", "Vicarage", "Weir Cottage"];

#[test]
fn the_three_views_fit_screens_of_every_kind() {
    let kept = Kept::empty();
    kept.open(async |inbox| inbox.admit(history()).await.unwrap());
    let receiver = serve(&kept);
    fill(&receiver);
    let browser = Browser::start();
    let parked = "tr[data-state=parked] button";
    for (name, view, click, ready) in [
        (
            "fleet",
            "fleet",
            None,
            "document.querySelectorAll('.card').length === 6 && document.querySelector('tr[data-id=\"40012347\"]') \
             && document.querySelector('.view > .quiet').hidden && !document.querySelector('#parked').hidden",
        ),
        ("events", "events", None, "document.querySelectorAll('tr[data-id]').length > 30"),
        ("event", "events", Some(parked), "document.querySelector('.detail pre')"),
        ("health", "health", None, "document.querySelectorAll('.plot').length === 3"),
    ] {
        for (width, height, scheme, name) in
            [(1280, 860, "light", name.to_owned()), (390, 844, "dark", format!("{name}-phone"))]
        {
            browser.look(width, height, scheme);
            // From elsewhere, so that nothing is open but what is to be seen.
            browser.go("about:blank");
            open(&browser, &receiver, &format!("#/{view}"));
            click.into_iter().for_each(|button| browser.click(button));
            browser.wait(ready);
            let wide = browser.value("document.documentElement.scrollWidth");
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{name} is {wide} wide, the screen {width}");
            let picture = browser.picture();
            assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000, "{name}: {} bytes", picture.len());
            keep(&name, &picture);
        }
    }
    browser.assert_faultless();
}

/// What came in over the last hour, so that there is something to plot.
fn history() -> Vec<Event> {
    let now = SystemTime::now();
    let at = |step: u32, number: u32| {
        let body = appliance(10_000, "appliance/online", "2026-07-02T04:00:00Z", |event| {
            event["data"]["applianceID"] = thing(2, 0, 0).into();
            event["data"]["gatewayID"] = thing(1, 0, 0).into();
            event["data"]["systemID"] = system(0).into();
        });
        Event {
            provider: "gridx".into(),
            endpoint: "gridxEvents".into(),
            event_type: Some("appliance/online".to_owned()),
            identity: format!("history-{step}-{number}"),
            identity_is_digest: false,
            ordering_key: None,
            received_at: now - Duration::from_secs(30 * u64::from(step)),
            headers: HeaderMap::new(),
            body: body.into(),
            matched: vec![Matched { scheme: "gridxSignature".into(), slot: 1 }],
        }
    };
    let number = |step: u32| (4.0 + 3.0 * (f64::from(step) / 14.0).sin()) as u32;
    (3..118).rev().flat_map(|step| (0..number(step)).map(move |number| at(step, number))).collect()
}

fn system(house: usize) -> String {
    thing(0, house, 0)
}

/// The id of something in a house.
fn thing(sort: usize, house: usize, place: usize) -> String {
    format!("0c7d5a0e-8f0b-4d57-9b61-{sort:04}{house:04}{place:04}")
}

fn keep(name: &str, picture: &[u8]) {
    if std::env::var_os("UPDATE_SCREENSHOTS").is_some() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/page");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }
}

/// A world with something of everything.
fn fill(receiver: &Receiver) {
    let mut number = 0;
    for (house, name) in HOUSES.iter().enumerate() {
        for (place, (title, sort, kind, model)) in KINDS.iter().enumerate() {
            number += 1;
            let offline = (house + place) % 7 == 3;
            let event_type = if offline { "appliance/offline" } else { "appliance/online" };
            let of_house = |event: &mut serde_json::Value| {
                event["source"] = format!("/systems/{}", system(house)).into();
                event["data"]["systemID"] = system(house).into();
                event["data"]["gatewayID"] = thing(1, house, 0).into();
                event["data"]["applianceID"] = thing(2, house, place).into();
                event["data"]["systemName"] = (*name).into();
                event["data"]["name"] = (*title).into();
                event["data"]["type"] = (*sort).into();
                event["data"]["kind"] = (*kind).into();
                event["data"]["model"] = (*model).into();
            };
            deliver(receiver, appliance(number, event_type, "2026-07-02T05:12:30Z", of_house));
        }
        let gateway = |event: &mut serde_json::Value| {
            event["data"] = json!({
                "gatewayID": thing(1, house, 0), "systemID": system(house),
                "gatewayName": "Cellar", "systemName": name,
            });
        };
        let event_type = if house == 4 { "gateway/offline" } else { "gateway/online" };
        deliver(receiver, appliance(100 + house, event_type, "2026-07-02T05:12:30Z", gateway));
    }
    let fault = |event: &mut serde_json::Value| {
        event["data"]["applianceID"] = thing(2, 1, 0).into();
        event["data"]["gatewayID"] = thing(1, 1, 0).into();
        event["data"]["systemID"] = system(1).into();
        event["data"]["systemName"] = HOUSES[1].into();
        event["data"]["status"] = "ERROR".into();
        event["data"]["lastStatus"] = "OK".into();
        event["data"]["errCode"] = "E-301".into();
    };
    deliver(receiver, appliance(200, "inverter/status", "2026-07-02T05:13:30Z", fault));
    for (house, event_type, state) in [(0, "ev/charge-started", "CHARGING"), (2, "ev/plugged", "PLUGGED")] {
        let mut event = ev_plugged();
        event["id"] = format!("3d9a3f60-1c1b-4a53-9a0e-{:012}", 300 + house).into();
        event["type"] = event_type.into();
        event["data"]["state"] = state.into();
        event["data"]["systemID"] = system(house).into();
        event["data"]["gatewayID"] = thing(1, house, 0).into();
        event["data"]["assetID"] = thing(3, house, 0).into();
        event["data"]["stateOfCharge"] = 41.5.into();
        event["data"]["chargePower"] = if house == 0 { 7_360_000 } else { 0 }.into();
        deliver(receiver, event.to_string().into_bytes());
    }
    for number in 0..2 {
        let odd = changed(|event| {
            event["id"] = format!("odd-{number}").into();
            event["type"] = "appliance/exploded".into();
        });
        receiver.answer(&Request::signed(EVENTS, odd)).assert_bare(202);
        receiver.answer(&Request::signed_with("wrong", EVENTS, "{}")).assert_bare(401);
    }
    for (shift, state) in
        [("40012345", "shift.created"), ("40012346", "shift.cancelled"), ("40012347", "shift.scheduled")]
    {
        let mut event = json!({"eventType": state, "data": {
            "shiftId": shift, "facilityId": "NUR-000123", "from": "2026-03-10T07:00:00.000Z",
            "to": "2026-03-10T19:00:00.000Z", "at": "2026-03-02T14:05:09.120Z", "licenseType": "CNA",
        }});
        if state == "shift.scheduled" {
            event["data"]["clinician"] = json!({"id": "c", "firstName": "Robin", "lastName": "Sample"});
        }
        nursa(receiver, &event);
    }
    for number in 0..3 {
        greenlake(
            receiver,
            &json!({
                "specversion": "1.0", "id": format!("audit-{number}"), "source": "//global.api.greenlake.hpe.com/audit-log",
                "type": "com.hpe.greenlake.audit-log.v1.logs.created", "time": format!("2026-03-02T10:1{number}:12Z"),
                "data": {"id": format!("audit-{number}"), "user": {"username": "ops@example.com"},
                    "category": "user_management", "description": "User ops@example.com logged out"},
            }),
        );
    }
    greenlake(
        receiver,
        &json!({
            "specversion": "1.0", "id": "sub-1", "source": "//global.api.greenlake.hpe.com/subscriptions",
            "type": "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions", "time": "2026-03-02T00:00:05Z",
            "data": {"key": "EXAMPLEKEY0001", "sku": "EX-SUB-3Y", "licensetier": "FOUNDATION", "quantity": 12,
                "subscriptionendinsecs": 1_801_785_600},
        }),
    );
}
