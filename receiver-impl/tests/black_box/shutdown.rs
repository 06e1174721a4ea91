//! From the signal to the end: what is under way is answered, and nothing else is waited for.

use crate::common::programs::example;
use crate::common::{Connection, EVENTS, Invocation, Receiver, Request, SECRET, events};

/// Long enough that a receiver which waits for it would fail its test.
const ENDLESS: [&str; 6] = ["--shutdown-grace", "10m", "--header-timeout", "10m", "--body-timeout", "10m"];

/// A delivery of which the receiver has seen the head and waits for the body.
fn half_sent(receiver: &Receiver) -> Connection {
    let mut connection = receiver.connect();
    connection.send(Request::signed(EVENTS, events::good()).header("Expect", "100-continue").head());
    assert_eq!(connection.answer().unwrap().status, 100);
    connection
}

/// With two threads for everything, methods that block them let nobody see a signal.
#[test]
fn methods_that_block_every_thread_do_not_keep_it_alive() {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--inbox", "sqlite:inbox.db"];
    let program = example("blocking");
    let invocation = Invocation::of(program.to_str().unwrap(), &serve).args(["--shutdown-grace", "1s"]);
    let receiver = Receiver::of(invocation.env("GRIDX_SECRETS", SECRET).env("TOKIO_WORKER_THREADS", "2"));
    let _connections: Vec<_> = (0..8)
        .map(|number| {
            let body = events::changed(|event| {
                event["id"] = format!("00000000-0000-4000-8000-{number:012}").into();
                event["source"] = format!("/systems/00000000-0000-4000-8000-{number:012}").into();
            });
            let mut connection = receiver.connect();
            connection.send(Request::signed(EVENTS, body).bytes());
            connection
        })
        .collect();
    receiver.logs().wait_for(&["method 2 blocks"]);
    receiver.signal("TERM");
    let ended = receiver.wait();
    assert_eq!(ended.code(), Some(1), "{ended:?}");
    assert!(ended.stderr.contains("stopped by force"), "{ended:?}");
}

/// Waits until the receiver takes no more connections.
fn wait_until_closed(receiver: &Receiver) {
    receiver.logs().wait_for(&["stopping"]);
    let address = receiver.public();
    // Between the log line and the end of the listener lies a moment.
    while let Ok(mut connection) = Connection::try_to(address) {
        connection.finish();
        connection.assert_closed();
    }
}

#[test]
fn ends_at_once_and_well_when_nothing_is_under_way() {
    for signal in ["TERM", "INT"] {
        let receiver = Receiver::with_args(&ENDLESS).start();
        receiver.signal(signal);
        let ended = receiver.wait();
        assert_eq!(ended.code(), Some(0), "SIG{signal}: {ended:?}");
        assert!(ended.stderr.contains(&format!("SIG{signal}")), "{ended:?}");
    }
}

#[test]
fn answers_a_request_that_is_under_way_and_takes_no_new_ones() {
    let receiver = Receiver::with_args(&ENDLESS).start();
    let mut under_way = half_sent(&receiver);
    receiver.signal("TERM");
    wait_until_closed(&receiver);
    under_way.send(events::good());
    let answer = under_way.answer().unwrap();
    answer.assert_bare(204);
    assert!(answer.closes(), "{answer:?}");
    drop(under_way);
    let ended = receiver.wait();
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    assert!(ended.stderr.contains("handlers"), "the event was not handled: {ended:?}");
}

#[test]
fn answers_a_request_whose_head_is_half_sent() {
    let receiver = Receiver::with_args(&ENDLESS).start();
    let bytes = Request::signed(EVENTS, events::good()).bytes();
    let mut connection = receiver.connect();
    connection.send(&bytes[..40]);
    // The receiver has no way to say that it read those bytes; requests on later connections give it the time.
    for _ in 0..3 {
        receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    }
    receiver.signal("TERM");
    wait_until_closed(&receiver);
    connection.send(&bytes[40..]);
    connection.answer().unwrap().assert_bare(204);
    drop(connection);
    assert_eq!(receiver.wait().code(), Some(0));
}

#[test]
fn does_not_wait_for_connections_on_which_nothing_happens() {
    let receiver = Receiver::with_args(&ENDLESS).start();
    let _fresh = receiver.connect();
    let mut used = receiver.connect();
    used.exchange(&Request::signed(EVENTS, events::good())).assert_bare(204);
    let mut admin = Connection::to(receiver.admin());
    admin.exchange(&Request::new("GET", "/healthz"));
    receiver.signal("TERM");
    used.assert_closed();
    assert_eq!(receiver.wait().code(), Some(0));
}

#[test]
fn is_no_longer_ready_but_alive_while_it_stops() {
    let receiver = Receiver::with_args(&ENDLESS).start();
    let mut under_way = half_sent(&receiver);
    receiver.signal("TERM");
    wait_until_closed(&receiver);
    assert_eq!(receiver.get_admin("/readyz").status, 503);
    assert_eq!(receiver.get_admin("/healthz").status, 200);
    under_way.send(events::good());
    under_way.answer().unwrap().assert_bare(204);
    drop(under_way);
    assert_eq!(receiver.wait().code(), Some(0));
}

#[test]
fn drops_what_is_still_under_way_when_the_grace_is_over() {
    let receiver = Receiver::with_args(&["--shutdown-grace", "300ms", "--body-timeout", "10m"]).start();
    let mut under_way = half_sent(&receiver);
    receiver.signal("TERM");
    assert!(under_way.answer().is_none());
    let ended = receiver.wait();
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    assert!(ended.stderr.contains("shutdown-grace"), "{ended:?}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let receiver = Receiver::with_args(&ENDLESS).start();
    let _under_way = half_sent(&receiver);
    receiver.signal("TERM");
    wait_until_closed(&receiver);
    receiver.signal("INT");
    let ended = receiver.wait();
    assert!(ended.stderr.contains("again"), "{ended:?}");
}

#[test]
fn loses_no_log_line_on_the_way_down() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    for _ in 0..200 {
        connection.exchange(&Request::signed(EVENTS, events::good())).assert_bare(204);
    }
    drop(connection);
    let logs = receiver.stop().stderr;
    assert_eq!(logs.lines().filter(|line| line.contains("handlers")).count(), 200);
}
