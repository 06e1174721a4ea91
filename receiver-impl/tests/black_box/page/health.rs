//! The view of how the receiver is.

use super::{Browser, appliance, deliver, open, serve};
use crate::common::{EVENTS, Receiver, Request, SECRET, events};
use crate::operators::kept::Kept;
use receiver::inbox::State;

#[test]
fn health_tells_rates_refusals_and_secrets() {
    let receiver = Receiver::with_secrets(&format!("newer-secret-Zx88\n{SECRET}"))
        .env("RECEIVER_INBOX", "sqlite:./data/inbox.db")
        .start();
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    for _ in 0..2 {
        receiver.answer(&Request::signed_with("forged-Zx89", EVENTS, events::good())).assert_bare(401);
    }
    let browser = Browser::start();
    open(&browser, &receiver, "#/health");
    let card = "[data-provider=gridx]";
    browser.wait(&format!(
        "document.querySelector('{card} .plot .kept') && document.querySelector('{card} .plot .refused')"
    ));
    browser.wait(&format!("document.querySelector('{card}').textContent.includes('ago: appliance/online')"));
    assert!(browser.text(card).contains("1 event in the last hour"), "{}", browser.text(card));
    assert_eq!(rows(&browser, card), ["gridxSignature 1 0", "gridxSignature 2 1", "no_match gridxEvents 2"]);
    assert!(browser.text(card).contains("2 secrets"));
    browser.assert_faultless();
}

#[test]
fn health_tells_what_waits_and_for_how_long() {
    let kept = Kept::with(&[State::Retrying, State::Dead, State::Dead]);
    let receiver = serve(&kept);
    let browser = Browser::start();
    open(&browser, &receiver, "#/health");
    browser.wait("document.querySelector('.figure')");
    let figures = "[...document.querySelectorAll('.figure')].map(one => [...one.children].map(part => part.textContent)\
                   .join(' ')).join(', ')";
    let figures = browser.value(figures);
    let figures = figures.as_str().unwrap();
    assert!(figures.starts_with("1 waiting, 3 h oldest waits for, 1 retrying, 2 dead, 0 parked"), "{figures}");
    browser.assert_faultless();
}

#[test]
fn a_dead_event_cannot_be_missed_and_can_be_tried_again() {
    let kept = Kept::with(&[State::Dead]);
    let receiver = serve(&kept);
    let browser = Browser::start();
    open(&browser, &receiver, "#/fleet");
    browser.wait("document.querySelector('#dead').textContent === '1 dead event'");
    browser.click("#dead");
    browser.click("tr[data-id=\"1\"][data-state=dead] button");
    browser.wait("document.querySelector('.detail pre')");
    assert!(browser.text(".detail").contains("the handler said no"), "{}", browser.text(".detail"));
    browser.click(".detail [data-change=retry]");
    // Nothing in the spec has this type, so it is parked now.
    browser.wait("document.querySelector('#dead').hidden && !document.querySelector('#parked').hidden");
    browser.assert_faultless();
}

/// The rows of the tables in an element, each as one text.
fn rows(browser: &Browser, selector: &str) -> Vec<String> {
    let rows = format!(
        "[...document.querySelectorAll('{selector} tbody tr')].map(row => [...row.children].map(cell => cell.textContent)\
         .join(' '))"
    );
    browser.value(&rows).as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
}
