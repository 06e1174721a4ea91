//! The live page as people see it, in a real browser, and as programs are kept from it.

mod access;
mod content;
mod crowd;
mod fleet;
mod health;
mod log;
mod pictures;
mod resume;

use serde_json::Value;

use crate::common::{Browser, EVENTS, Invocation, Receiver, Request, SECRET, events};
use crate::operators::kept::Kept;

/// A receiver with an inbox, and a browser that shows its page.
fn opened() -> (Receiver, Browser) {
    let receiver =
        Receiver::with_inbox().env("NURSA_SECRETS", "nursa-Zx85").env("GREENLAKE_SECRETS", "hpe-Zx86").start();
    let browser = Browser::start();
    open(&browser, &receiver, "#/fleet");
    (receiver, browser)
}

/// A receiver of all three providers that goes on with what is kept in a folder.
fn serve(kept: &Kept) -> Receiver {
    let serve = Invocation::new(&["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    let serve = serve.in_folder(kept.folder()).env("GRIDX_SECRETS", SECRET);
    Receiver::of(serve.env("NURSA_SECRETS", "nursa-Zx85").env("GREENLAKE_SECRETS", "hpe-Zx86"))
}

/// Goes to a view and waits until it is live.
fn open(browser: &Browser, receiver: &Receiver, view: &str) {
    browser.go(&format!("http://{}/{view}", receiver.admin()));
    browser.wait("document.querySelector('#connection')?.dataset.state === 'live'");
}

/// An event of an appliance that is good but for what `change` makes of it, with an identity of its own.
fn appliance(number: usize, event_type: &str, time: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    events::changed(|event| {
        event["id"] = format!("3d9a3f60-1c1b-4a53-9a0e-{number:012}").into();
        event["type"] = event_type.into();
        event["time"] = time.into();
        event["data"]["name"] = "Roof east".into();
        event["data"]["systemName"] = "Mill Lane 4".into();
        change(event);
    })
}

fn deliver(receiver: &Receiver, body: Vec<u8>) {
    let answer = receiver.answer(&Request::signed_with(SECRET, EVENTS, body));
    assert!(answer.is_success(), "{answer:?}");
}

/// Says whether the tile of a thing is in a state, in the page's own words.
fn tile(id: &str, state: &str) -> String {
    format!("document.querySelector('.tile[data-id=\"{id}\"]')?.dataset.state === '{state}'")
}
