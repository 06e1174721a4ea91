//! The view of events: what is listed, what a row tells, and what its buttons do.

use super::{appliance, deliver, open, opened};
use crate::common::{EVENTS, Request, events};

#[test]
fn an_event_can_be_looked_at_and_replayed() {
    let (receiver, browser) = opened();
    open(&browser, &receiver, "#/events");
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    browser.wait("document.querySelector('tr[data-id=\"1\"][data-state=done]')");
    browser.click("tr[data-id=\"1\"] button");
    browser.wait("document.querySelector('.detail pre')");
    let detail = browser.text(".detail");
    for part in ["gridxSignature by secret 1", "x-signature", "content-type", "\"applianceID\": \"f0a5b1d2"] {
        assert!(detail.contains(part), "`{part}` is missing: {detail}");
    }
    browser.click(".detail .tabs button:nth-child(2)");
    assert!(browser.text(".detail pre").starts_with("{\"id\":\"3d9a3f60"));
    browser.click(".detail [data-change=replay]");
    browser.wait("document.querySelector('tr[data-id=\"1\"] .number')?.textContent === '2'");
    browser.wait("document.querySelectorAll('.detail table tr').length === 2");
    browser.assert_faultless();
}

#[test]
fn what_is_parked_cannot_be_missed() {
    let (receiver, browser) = opened();
    assert_eq!(browser.value("document.querySelector('#parked').hidden"), true);
    let body = events::changed(|event| event["type"] = "appliance/exploded".into());
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(202);
    browser.wait("document.querySelector('#parked').textContent === '1 parked event'");
    browser.click("#parked");
    browser.wait("document.querySelector('tr[data-id=\"1\"][data-state=parked]')");
    assert_eq!(browser.value("document.querySelector('select[name=state]').value"), "parked");
    browser.assert_faultless();
}

#[test]
fn filters_leave_in_what_fits() {
    let (receiver, browser) = opened();
    for number in 1..=3 {
        let model = |event: &mut serde_json::Value| event["data"]["model"] = format!("PV-{number}-needle").into();
        deliver(&receiver, appliance(number, "appliance/online", "2026-07-02T05:12:30Z", model));
    }
    let body = events::changed(|event| event["type"] = "appliance/exploded".into());
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(202);
    let rows = |number: usize| format!("document.querySelectorAll('tr[data-id]').length === {number}");
    open(&browser, &receiver, "#/events");
    browser.wait(&rows(4));
    browser.go(&format!("http://{}/#/events?state=parked", receiver.admin()));
    browser.wait(&rows(1));
    browser.go(&format!("http://{}/#/events?type=appliance/online&provider=gridx", receiver.admin()));
    browser.wait(&rows(3));
    browser.go(&format!("http://{}/#/events?text=PV-2-NEEDLE", receiver.admin()));
    browser.wait(&rows(1));
    assert_eq!(browser.value("document.querySelector('tr[data-id]').dataset.id"), "2");
    browser.assert_faultless();
}

#[test]
fn everything_is_reached_by_the_keyboard() {
    let (receiver, browser) = opened();
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    browser.wait("document.querySelector('.tile')");
    let enter = "\u{e007}";
    browser.tab_to(".tile");
    browser.press(enter);
    browser.wait("document.querySelector('dialog[open]')");
    browser.press("\u{e00c}");
    browser.wait("!document.querySelector('dialog[open]')");
    browser.tab_to("nav a[href=\"#/events\"]");
    browser.press(enter);
    browser.tab_to("tr[data-id=\"1\"] button");
    browser.press(enter);
    browser.wait("document.querySelector('.detail pre')");
    browser.tab_to(".detail [data-change=replay]");
    browser.press(enter);
    browser.wait("document.querySelector('tr[data-id=\"1\"] .number')?.textContent === '2'");
    browser.tab_to("nav a[href=\"#/health\"]");
    browser.press(enter);
    browser.wait("document.querySelector('[data-provider=gridx] .plot')");
    browser.assert_faultless();
}
