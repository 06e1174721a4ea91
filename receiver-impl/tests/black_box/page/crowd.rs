//! A large fleet with much going on in it: the page stays usable, and what the receiver and the browser hold for it stays
//! bounded.

use std::thread;
use std::time::{Duration, Instant};

use super::{Browser, appliance, deliver, open};
use crate::common::{Connection, EVENTS, Receiver, Request, SECRET};

const APPLIANCES: usize = 10_000;
/// Appliances of a system.
const HOUSEHOLD: usize = 10;
/// Events while the page is used, and how many of them a second.
const NEWS: usize = 4_000;
const RATE: usize = 1_000;
/// The appliances that the news tell to be offline.
const DOWN: usize = 3_000;
const SENDERS: usize = 8;

#[test]
fn ten_thousand_appliances_and_a_thousand_events_a_second_leave_the_page_usable() {
    let receiver = Receiver::with_inbox().env("RUST_LOG", "warn").start();
    let browser = Browser::start();
    open(&browser, &receiver, "#/fleet");
    // One that is open and never read: whoever looks on so slowly delays nobody.
    let mut deaf = Connection::to(receiver.admin());
    deaf.send(Request::new("GET", "/api/page/stream").bytes());
    send(&receiver, 0, APPLIANCES, None, |_| "appliance/online");
    browser.wait(&summary(APPLIANCES, 0));
    let offline = |number: usize| if number < DOWN { "appliance/offline" } else { "appliance/online" };
    let (mut uses, mut slowest) = (0, Duration::ZERO);
    thread::scope(|scope| {
        // What it sends is counted, and each answer is waited for only so long: it ends whatever happens to the page.
        let news = scope.spawn(|| send(&receiver, 1, NEWS, Some(RATE), offline));
        while uses == 0 || !news.is_finished() {
            let began = Instant::now();
            use_it(&browser);
            slowest = slowest.max(began.elapsed());
            uses += 1;
        }
    });
    browser.click("nav a[href=\"#/fleet\"]");
    browser.wait(&summary(APPLIANCES - DOWN, DOWN));
    let elements = browser.value("document.querySelectorAll('*').length").as_u64().unwrap();
    let heap = browser.value("performance.memory.usedJSHeapSize").as_u64().unwrap() >> 20;
    let peak = receiver.peak_memory() >> 20;
    println!(
        "the page was used {uses} times, {slowest:?} at the longest; it has {elements} elements and {heap} MiB of \
         objects, and the receiver {peak} MiB at its peak"
    );
    assert!(elements < 10_000, "{elements} elements");
    assert!(heap < 256, "{heap} MiB of objects");
    assert!(peak < 384, "{peak} MiB at its peak");
    browser.assert_faultless();
}

#[test]
fn the_list_keeps_its_length_and_waits_for_whoever_looks_back() {
    let receiver = Receiver::with_inbox().env("RUST_LOG", "warn").start();
    let browser = Browser::start();
    open(&browser, &receiver, "#/events");
    let newest = |id: usize| format!("document.querySelector('tr[data-id]')?.dataset.id === '{id}'");
    let rows = || browser.value("document.querySelectorAll('tr[data-id]').length").as_u64().unwrap();
    send(&receiver, 0, 2_000, Some(RATE), |_| "appliance/online");
    browser.wait(&newest(2_000));
    assert_eq!(rows(), 500);
    browser.value("[...document.querySelectorAll('button')].find((one) => one.textContent === 'Older events').click()");
    browser.wait("document.querySelectorAll('tr[data-id]').length === 600");
    assert_eq!(browser.value("document.querySelector('button[aria-pressed]').textContent"), "Go on");
    let odd = |event: &mut serde_json::Value| {
        event["data"]["large"] = 12_345_678_901_234_567_890_u64.into();
        event["data"]["precise"] = 1.0.into();
    };
    deliver(&receiver, appliance(90_000, "appliance/online", "2026-07-02T09:00:00Z", odd));
    browser.value("document.querySelector('button[aria-pressed]').click()");
    browser.wait(&newest(2_001));
    // The newest page is asked for anew, and what came since stands before it.
    browser.wait("document.querySelectorAll('tr[data-id]').length <= 101");
    browser.value("document.querySelector('tr[data-id] button').click()");
    browser.wait("document.querySelector('.detail pre')?.textContent.includes('\"large\": 12345678901234567890')");
    assert!(browser.text(".detail pre").contains("\"precise\": 1.0"));
    browser.assert_faultless();
}

/// Goes through the views as a person does, and waits for each to show what it should.
fn use_it(browser: &Browser) {
    browser.click("nav a[href=\"#/events\"]");
    browser.wait("document.querySelectorAll('tr[data-id]').length >= 100");
    browser.value("document.querySelector('tr[data-id] button').click()");
    browser.wait("document.querySelector('.detail pre')?.textContent.includes('applianceID')");
    let rows = browser.value("document.querySelectorAll('tr[data-id]').length").as_u64().unwrap();
    assert!(rows <= 501, "{rows} rows");
    browser.click("nav a[href=\"#/health\"]");
    browser.wait("document.querySelector('[data-provider=gridx] .plot')");
    browser.click("nav a[href=\"#/fleet\"]");
    browser.type_into("section .bar input", "house 777");
    browser.wait("document.querySelectorAll('.card').length === 1");
    assert_eq!(browser.text(".card h3"), "House 777");
}

fn summary(up: usize, down: usize) -> String {
    let systems = APPLIANCES / HOUSEHOLD;
    format!(
        "document.querySelector('section .bar .quiet')?.textContent.replaceAll(/[^a-z0-9 ]/g, '') === \
         '{systems} systems  {up} appliances online  {down} offline'"
    )
}

/// Sends the events of a round, each about another appliance, over several connections and not faster than `rate` a
/// second.
fn send(receiver: &Receiver, round: usize, events: usize, rate: Option<usize>, event_type: fn(usize) -> &'static str) {
    let began = Instant::now();
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            scope.spawn(move || {
                let mut connection = receiver.connect();
                for number in (sender..events).step_by(SENDERS) {
                    if let Some(rate) = rate {
                        let due =
                            Duration::from_secs(1) * u32::try_from(number).unwrap() / u32::try_from(rate).unwrap();
                        thread::sleep(due.saturating_sub(began.elapsed()));
                    }
                    let body = event(round, number, event_type(number));
                    let answer = connection.exchange(&Request::signed_with(SECRET, EVENTS, body));
                    assert!(answer.is_success(), "{answer:?}");
                }
            });
        }
    });
    println!("round {round}: {events} events in {:?}", began.elapsed());
}

fn event(round: usize, number: usize, event_type: &str) -> Vec<u8> {
    let house = number / HOUSEHOLD;
    let time = format!("2026-07-02T{:02}:12:30Z", 5 + round);
    appliance(round * APPLIANCES + number, event_type, &time, |event| {
        event["source"] = format!("/systems/0c7d5a0e-8f0b-4d57-9b61-{house:012}").into();
        event["data"]["systemID"] = format!("0c7d5a0e-8f0b-4d57-9b61-{house:012}").into();
        event["data"]["gatewayID"] = format!("5e6f7a8b-9c0d-4e1f-a2b3-{house:012}").into();
        event["data"]["applianceID"] = format!("f0a5b1d2-3c4e-4f60-8a7b-{number:012}").into();
        event["data"]["systemName"] = format!("House {house}").into();
        event["data"]["name"] = format!("Inverter {number}").into();
    })
}
