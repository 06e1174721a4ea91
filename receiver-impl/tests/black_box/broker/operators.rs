//! `receiver events` on a broker, with a receiver that runs and without one.

use serde_json::Value;

use super::{done, event, receiver, send};
use crate::common::{Invocation, events};
use crate::servers::Nats;

/// What a command prints, which must succeed.
fn command(broker: &Nats, args: &[&str]) -> String {
    let ended = Invocation::new(args).env("RECEIVER_INBOX", broker.url()).run();
    assert_eq!(ended.code(), Some(0), "{args:?}: {}", ended.output());
    ended.stdout
}

fn stats(broker: &Nats) -> Value {
    serde_json::from_str(&command(broker, &["events", "stats", "--json"])).unwrap()
}

#[test]
fn events_are_seen_and_changed_with_and_without_a_receiver() {
    let broker = Nats::start("");
    let running = receiver(&broker);
    for number in 0..5 {
        send(&running, event(number), 204);
    }
    send(&running, events::changed(|event| event["type"] = "no/such/event".into()), 202);
    done(&running, 5);
    running.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
    let counted = stats(&broker);
    assert_eq!((&counted["done"], &counted["parked"], &counted["pending"]), (&5.into(), &1.into(), &0.into()));
    let parked = command(&broker, &["events", "list", "--state", "parked", "--json"]);
    let id = serde_json::from_str::<Value>(parked.lines().next().unwrap()).unwrap()["id"].to_string();
    assert!(command(&broker, &["events", "show", &id]).contains("no/such/event"));
    // Over the receiver that runs: it handles the event again, which parks it again.
    command(&broker, &["events", "replay", &id, "--yes"]);
    let attempts = || {
        let shown: Value = serde_json::from_str(&command(&broker, &["events", "show", &id, "--json"])).unwrap();
        (shown["state"].clone(), shown["attempts"].as_array().unwrap().len())
    };
    let end = std::time::Instant::now() + crate::common::PATIENCE;
    while attempts() != ("parked".into(), 2) {
        assert!(std::time::Instant::now() < end, "{:?}", attempts());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(running.stop().code(), Some(0));

    // Without one: it waits until there is one.
    command(&broker, &["events", "replay", &id, "--yes"]);
    assert_eq!(stats(&broker)["pending"], 1);
    let exported = command(&broker, &["events", "export"]);
    assert_eq!(exported.lines().count(), 6);
    let running = receiver(&broker);
    running.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
    assert_eq!(running.stop().code(), Some(0));
}
