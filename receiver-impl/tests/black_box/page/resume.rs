//! The page goes on where it was, also when the receiver was away.

use super::{Browser, appliance, deliver, open, tile};
use crate::common::events::APPLIANCE;
use crate::common::{Invocation, Receiver, SECRET};

#[test]
fn goes_on_after_the_receiver_was_restarted() {
    let first = Receiver::with_inbox().start();
    let browser = Browser::start();
    open(&browser, &first, "#/fleet");
    browser.value("window.sameTab = true");
    deliver(&first, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    browser.wait(&tile(APPLIANCE, "online"));
    let (listen, admin) = (first.public().to_string(), first.admin().to_string());
    let folder = first.folder().to_owned();
    // Its folder goes with what is left of it.
    let stopped = first.stop();
    assert_eq!(stopped.code(), Some(0));
    browser.wait("document.querySelector('#connection').dataset.state === 'reconnecting'");
    let serve = |listen: &str, admin: &str| {
        let serve = Invocation::new(&["serve", "--listen", listen, "--admin", admin]);
        Receiver::of(serve.in_folder(&folder).env("GRIDX_SECRETS", SECRET))
    };
    // Where the page does not see it.
    let elsewhere = serve("127.0.0.1:0", "127.0.0.1:0");
    deliver(&elsewhere, appliance(2, "appliance/offline", "2026-07-02T06:00:00Z", |_| {}));
    assert_eq!(elsewhere.stop().code(), Some(0));
    let again = serve(&listen, &admin);
    browser.wait("document.querySelector('#connection').dataset.state === 'live'");
    browser.wait(&tile(APPLIANCE, "offline"));
    deliver(&again, appliance(3, "appliance/online", "2026-07-02T07:00:00Z", |_| {}));
    browser.wait(&tile(APPLIANCE, "online"));
    assert_eq!(browser.value("window.sameTab"), true);
    let expected =
        ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"];
    for fault in browser.faults() {
        assert!(expected.iter().any(|known| fault.contains(known)), "{fault}");
    }
}

#[test]
fn what_was_known_before_a_restart_is_known_after_it() {
    let first = Receiver::with_inbox().start();
    deliver(&first, appliance(1, "appliance/offline", "2026-07-02T06:00:00Z", |_| {}));
    deliver(&first, appliance(2, "appliance/online", "2026-07-02T05:00:00Z", |_| {}));
    let folder = first.folder().to_owned();
    let _stopped = first.stop();
    let again = Invocation::new(&["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    let again = Receiver::of(again.in_folder(&folder).env("GRIDX_SECRETS", SECRET));
    let browser = Browser::start();
    open(&browser, &again, "#/fleet");
    browser.wait(&tile(APPLIANCE, "offline"));
    browser.assert_faultless();
}
