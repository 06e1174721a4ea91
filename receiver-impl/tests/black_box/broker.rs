//! `--inbox nats://...`: the same receiver, with its events on a broker.

mod operators;

use std::thread;
use std::time::{Duration, Instant};

use crate::common::{EVENTS, PATIENCE, Receiver, Request, events};
use crate::servers::Nats;

/// A receiver whose events are on this broker.
fn receiver(broker: &Nats) -> Receiver {
    Receiver::with_inbox().env("RECEIVER_INBOX", broker.url()).start()
}

/// A good event with an identity and a system of its own for each number, so that none waits for another.
fn event(number: u32) -> Vec<u8> {
    events::changed(|event| {
        event["id"] = format!("00000000-0000-4000-8000-{number:012}").into();
        event["source"] = format!("/systems/{number}").into();
    })
}

fn send(receiver: &Receiver, body: Vec<u8>, status: u16) {
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(status);
}

fn done(receiver: &Receiver, number: u64) {
    receiver.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, number);
}

#[test]
fn a_fresh_broker_is_enough_for_the_main_job() {
    let broker = Nats::start("");
    let first = receiver(&broker);
    for number in 0..20 {
        send(&first, event(number), 204);
    }
    send(&first, event(3), 204);
    first.logs().wait_for(&["receiver::handlers", events::MODEL]);
    done(&first, 20);
    first.wait_for_metric("receiver_inbox_duplicates_total", 1);
    send(&first, events::changed(|event| event["type"] = "no/such.*.>/event".into()), 202);
    first.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
    assert_eq!(first.get_admin("/readyz").status, 200);
    assert_eq!(first.stop().code(), Some(0));

    let second = receiver(&broker);
    send(&second, event(5), 204);
    send(&second, event(20), 204);
    done(&second, 21);
    assert_eq!(second.stop().code(), Some(0));
}

#[test]
fn a_broker_that_is_away_asks_to_send_again_until_it_is_back() {
    let mut broker = Nats::start("");
    let receiver = receiver(&broker);
    send(&receiver, event(1), 204);
    done(&receiver, 1);
    broker.kill();
    let answer = receiver.answer(&Request::signed(EVENTS, event(2)));
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (503, true), "{answer:?}");
    let red = receiver.get_admin("/readyz");
    assert!(red.status == 503 && red.text().contains("inbox_unavailable"), "{red:?}");
    broker.start_again();
    let end = Instant::now() + PATIENCE;
    while receiver.answer(&Request::signed(EVENTS, event(2))).status != 204 {
        assert!(Instant::now() < end, "it does not recover: {}", receiver.logs().so_far());
        thread::sleep(Duration::from_millis(50));
    }
    done(&receiver, 2);
    let end = Instant::now() + PATIENCE;
    while receiver.get_admin("/readyz").status != 200 {
        assert!(Instant::now() < end, "it is not ready again");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_was_answered_survives_the_death_of_broker_and_receiver() {
    let mut broker = Nats::start("");
    let mut answered = 0;
    for round in 0..3 {
        let receiver = receiver(&broker);
        for number in 0..30 {
            send(&receiver, event(round * 100 + number), 204);
            answered += 1;
        }
        receiver.signal("KILL");
        broker.kill();
        broker.start_again();
        broker.wait();
    }
    let receiver = receiver(&broker);
    done(&receiver, answered);
}

#[test]
fn a_stream_that_forgets_is_refused_and_left_as_it_is() {
    let broker = Nats::start("");
    let subject = "$JS.API.STREAM.CREATE.receiver-events";
    let config = r#"{"name":"receiver-events","subjects":["receiver.e.>"],"storage":"memory","retention":"workqueue",
        "discard":"old","num_replicas":1,"max_age":60000000000}"#;
    let made = broker.request(subject, config);
    assert!(made.contains("did_create"), "{made}");
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", broker.url()).run();
    refused.assert_refused(&[
        "the stream receiver-events is there and contradicts this inbox",
        "storage is Memory, and must be File",
        "retention is WorkQueue, and must be Limits",
        "max-age is 60s, and must be 0ns",
    ]);
    let found = broker.request("$JS.API.STREAM.INFO.receiver-events", "");
    assert!(found.contains(r#""storage":"memory""#), "{found}");
}

#[test]
fn a_broker_without_jetstream_or_no_broker_at_all_is_said_so() {
    let port = crate::servers::free_port();
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", format!("nats://me:hidden@127.0.0.1:{port}")).run();
    refused.assert_refused(&[&format!("the inbox nats://***@127.0.0.1:{port}/receiver?replicas=1 cannot be had")]);
    assert!(!refused.output().contains("hidden"), "{}", refused.output());
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", "nats://hidden@127.0.0.1:port").run();
    refused.assert_refused(&["the address of the broker is not understood"]);
    assert!(!refused.output().contains("hidden"), "{}", refused.output());
}

#[test]
fn passwords_and_tokens_open_the_broker() {
    let broker = Nats::start("authorization { user: me, password: \"s3cret\" }");
    let host = broker.url().replace("nats://", "");
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", format!("nats://me:wrong@{host}")).run();
    refused.assert_refused(&["cannot be had"]);
    let receiver = Receiver::with_inbox().env("RECEIVER_INBOX", format!("nats://me@{host}?password-file=password"));
    let receiver = receiver.file("password", "s3cret\n").start();
    send(&receiver, event(1), 204);
    done(&receiver, 1);
    drop(receiver);
    let broker = Nats::start("authorization { token: \"s3cret\" }");
    let host = broker.url().replace("nats://", "");
    let receiver = Receiver::with_inbox().env("RECEIVER_INBOX", format!("nats://s3cret@{host}")).start();
    send(&receiver, event(1), 204);
    done(&receiver, 1);
    assert!(!receiver.stop().output().contains("s3cret"));
}
