//! Tiles follow their events, by the events' own time.

use std::time::Instant;

use serde_json::json;

use super::{Browser, appliance, deliver, open, opened, tile};
use crate::common::events::{APPLIANCE, ASSET, SYSTEM, ev_plugged};
use crate::common::{GREENLAKE, NURSA, Receiver, Request, hmac_sha256};

const OTHER: &str = "27c1e8f4-90ab-4d35-b6e2-0f1a2b3c4d5e";

#[test]
fn a_tile_turns_green_and_grey_as_events_arrive() {
    let (receiver, browser) = opened();
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    browser.wait(&tile(APPLIANCE, "online"));
    assert_eq!(browser.text(".tile .name"), "Roof east");
    assert_eq!(browser.text(".card h3"), "Mill Lane 4");
    for (number, event_type, state) in [(2, "appliance/offline", "offline"), (3, "appliance/online", "online")] {
        let began = Instant::now();
        deliver(&receiver, appliance(number, event_type, &format!("2026-07-02T1{number}:00:00+00:00"), |_| {}));
        browser.wait(&tile(APPLIANCE, state));
        println!("{:?} from sending an event to its tile {state}", began.elapsed());
    }
    browser.assert_faultless();
}

#[test]
fn an_event_that_comes_late_turns_no_tile() {
    let (receiver, browser) = opened();
    deliver(&receiver, appliance(1, "appliance/offline", "2026-07-02T06:00:00Z", |_| {}));
    browser.wait(&tile(APPLIANCE, "offline"));
    deliver(&receiver, appliance(2, "appliance/online", "2026-07-02T05:59:59Z", |_| {}));
    // When the next one is shown, the late one was looked at.
    let other = |event: &mut serde_json::Value| event["data"]["applianceID"] = OTHER.into();
    deliver(&receiver, appliance(3, "appliance/online", "2026-07-02T05:00:00Z", other));
    browser.wait(&tile(OTHER, "online"));
    assert_eq!(browser.value(&tile(APPLIANCE, "offline")), true);
    browser.assert_faultless();
}

#[test]
fn html_in_a_name_is_text() {
    let (receiver, browser) = opened();
    let name = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>";
    let hostile = |event: &mut serde_json::Value| {
        event["data"]["name"] = name.into();
        event["data"]["systemName"] = name.into();
        event["data"]["model"] = name.into();
    };
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", hostile));
    browser.wait(&tile(APPLIANCE, "online"));
    assert_eq!((browser.text(".tile .name"), browser.text(".card h3")), (name.to_owned(), name.to_owned()));
    browser.click(".tile");
    browser.wait("document.querySelector('dialog[open]')");
    assert!(browser.text("dialog").contains(name));
    open(&browser, &receiver, "#/events");
    browser.click("tr[data-id=\"1\"] button");
    browser.wait("document.querySelector('pre')");
    assert!(browser.text("pre").contains("onerror"));
    assert_eq!(browser.value("document.querySelectorAll('img, main script').length"), 0);
    assert_ne!(browser.value("document.title"), "hit");
    browser.assert_faultless();
}

#[test]
fn vehicles_inverters_and_gateways_show_how_they_are() {
    let (receiver, browser) = opened();
    let status = |event: &mut serde_json::Value| {
        event["data"]["status"] = "ERROR".into();
        event["data"]["errCode"] = "E-301".into();
    };
    deliver(&receiver, appliance(1, "inverter/status", "2026-07-02T05:12:30Z", status));
    browser.wait(&format!("document.querySelector('.tile[data-id=\"{APPLIANCE}\"][data-fault] .what')?.textContent === 'status ERROR E-301'"));
    deliver(&receiver, ev_plugged().to_string().into_bytes());
    browser.wait(&tile(ASSET, "online"));
    let mut charging = ev_plugged();
    charging["id"] = "3d9a3f60-1c1b-4a53-9a0e-000000000009".into();
    charging["type"] = "ev/charge-started".into();
    charging["time"] = "2026-07-03T17:35:00Z".into();
    charging["data"]["state"] = "CHARGING".into();
    charging["data"]["stateOfCharge"] = 41.5.into();
    deliver(&receiver, charging.to_string().into_bytes());
    browser.wait(&tile(ASSET, "charging"));
    browser.wait("[...document.querySelectorAll('.tile .what')].some(one => one.textContent.includes('42 %'))");
    let gateway = |event: &mut serde_json::Value| {
        event["data"] = json!({
            "gatewayID": "5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9", "systemID": SYSTEM, "gatewayName": "Cellar",
        });
    };
    deliver(&receiver, appliance(3, "gateway/offline", "2026-07-03T01:44:00Z", gateway));
    browser.wait("document.querySelector('.gateway[data-state=offline]')?.textContent === 'Gateway Cellar: offline'");
    browser.assert_faultless();
}

#[test]
fn the_shifts_and_facilities_of_nursa_are_shown() {
    let (receiver, browser) = opened();
    nursa(
        &receiver,
        &json!({"eventType": "shift.created", "data": {
            "shiftId": "40012345", "facilityId": "NUR-000123", "from": "2026-03-10T07:00:00.000Z",
            "to": "2026-03-10T19:00:00.000Z", "at": "2026-03-02T14:05:09.120Z", "licenseType": "CNA",
            "description": "Day shift", "createdBy": {"userId": "u", "email": "scheduler@example.com"},
        }}),
    );
    shift_is(&browser, "open");
    nursa(
        &receiver,
        &json!({"eventType": "shift.scheduled", "data": {
            "shiftId": "40012345", "facilityId": "NUR-000123", "at": "2026-03-02T16:20:00.000Z",
            "clinician": {"id": "c", "firstName": "Robin", "lastName": "Sample", "email": "robin@example.com"},
            "scheduledBy": {"source": "facility", "userId": "u", "email": "scheduler@example.com"},
        }}),
    );
    shift_is(&browser, "scheduled");
    assert!(browser.text("tr[data-id=\"40012345\"]").contains("Robin Sample"));
    nursa(
        &receiver,
        &json!({"eventType": "facility.user-connection.accepted", "data": {
            "facilityId": "NUR-000123", "userId": "u7Jq0pZr3XbLw9KdT2mVn5CsYhA1",
        }}),
    );
    browser.wait("document.querySelector('tr[data-id=\"NUR-000123\"] .badge')?.textContent === 'accepted'");
    browser.assert_faultless();
}

#[test]
fn the_audit_log_and_ending_subscriptions_of_hpe_are_shown() {
    let (receiver, browser) = opened();
    greenlake(
        &receiver,
        &json!({
            "specversion": "1.0", "id": "audit-1", "source": "//global.api.greenlake.hpe.com/audit-log",
            "type": "com.hpe.greenlake.audit-log.v1.logs.created", "time": "2026-03-02T10:11:12Z",
            "data": {"id": "audit-1", "user": {"username": "ops@example.com"},
                "category": "user_management", "description": "User ops@example.com logged out"},
        }),
    );
    browser.wait("document.querySelector('tr[data-id=\"audit-1\"]')?.textContent.includes('logged out')");
    greenlake(
        &receiver,
        &json!({
            "specversion": "1.0", "id": "sub-1", "source": "//global.api.greenlake.hpe.com/subscriptions",
            "type": "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions", "time": "2026-03-02T00:00:05Z",
            "data": {"key": "EXAMPLEKEY0001", "sku": "EX-SUB-3Y", "licensetier": "FOUNDATION", "quantity": 12,
                "subscriptionendinsecs": 1_700_000_000},
        }),
    );
    let subscription = "tr[data-id=\"EXAMPLEKEY0001\"]";
    browser.wait(&format!("document.querySelector('{subscription} .badge')?.dataset.level === 'bad'"));
    assert!(browser.text(subscription).contains("EX-SUB-3Y"), "{}", browser.text(subscription));
    browser.assert_faultless();
}

fn shift_is(browser: &Browser, state: &str) {
    browser.wait(&format!("document.querySelector('tr[data-id=\"40012345\"] .badge')?.textContent === '{state}'"));
}

pub(super) fn nursa(receiver: &Receiver, body: &serde_json::Value) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let digits = hmac_sha256("nursa-Zx85", format!("{now}.{body}"));
    let request = Request::unsigned(NURSA, body.to_string()).header("Nursa-Signature", format!("t={now},v1={digits}"));
    let answer = receiver.answer(&request);
    assert!(answer.is_success(), "{answer:?}");
}

pub(super) fn greenlake(receiver: &Receiver, body: &serde_json::Value) {
    let body = body.to_string();
    let digits = hmac_sha256("hpe-Zx86", body.clone());
    let request = Request::unsigned(GREENLAKE, body).header("HPE-Webhook-Signature", format!("sha256={digits}"));
    let answer = receiver.answer(&request);
    assert!(answer.is_success(), "{answer:?}");
}
