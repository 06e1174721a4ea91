//! `receiver events` on a receiver that runs.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::process::Ended;
use crate::common::{EVENTS, Invocation, PATIENCE, Receiver, Request, events};

fn run(receiver: &Receiver, args: &[&str]) -> Ended {
    Invocation::new(args).in_folder(receiver.folder()).run()
}

#[track_caller]
fn json(receiver: &Receiver, args: &[&str]) -> Vec<Value> {
    let ended = run(receiver, &[&["events"], args].concat());
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Sends events of these types and waits until each was tried once.
fn with_events(types: &[&str]) -> Receiver {
    let receiver = Receiver::with_inbox().start();
    for (number, event_type) in types.iter().enumerate() {
        let body = events::changed(|event| {
            event["id"] = format!("00000000-0000-4000-8000-{number:012}").into();
            event["type"] = (*event_type).into();
        });
        assert!(receiver.answer(&Request::signed(EVENTS, body)).is_success());
    }
    wait_for_attempts(&receiver, types.len(), 1);
    receiver
}

#[track_caller]
fn wait_for_attempts(receiver: &Receiver, events: usize, attempts: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let listed = json(receiver, &["list", "--json"]);
        let tried = |event: &&Value| event["attempts"] == attempts && event["state"] != "leased";
        if listed.iter().filter(tried).count() == events {
            return;
        }
        assert!(Instant::now() < deadline, "not tried: {listed:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

const ONLINE: &str = "appliance/online";
const UNKNOWN: &str = "appliance/exploded";

#[test]
fn the_receiver_that_has_the_inbox_is_asked() {
    let receiver = with_events(&[ONLINE, ONLINE, UNKNOWN]);
    let states: Vec<_> = json(&receiver, &["list", "--json"]).iter().map(|event| event["state"].clone()).collect();
    assert_eq!(states, ["parked", "done", "done"]);
    assert_eq!(json(&receiver, &["list", "--json", "--type", UNKNOWN, "--since", "1h"]).len(), 1);
    let stats = &json(&receiver, &["stats", "--json"])[0];
    assert_eq!((&stats["done"], &stats["parked"], &stats["admitted"]), (&2.into(), &1.into(), &3.into()));
    let shown = run(&receiver, &["events", "show", "3"]);
    assert!(
        shown.stdout.contains("attempt     1 ") && shown.stdout.contains("parked: no event of this type"),
        "{shown:?}"
    );
    run(&receiver, &["events", "show", "4"]).assert_refused(&["there is no event 4"]);
    assert_eq!(run(&receiver, &["verify-inbox"]).code(), Some(0));
}

#[test]
fn what_is_replayed_is_handled_again_and_at_once() {
    let receiver = with_events(&[ONLINE, ONLINE, UNKNOWN]);
    let ended = run(&receiver, &["events", "replay", "--state", "done"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (Some(0), "2 events replayed"));
    wait_for_attempts(&receiver, 2, 2);
    let ended = run(&receiver, &["events", "retry", "3", "1"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (Some(1), "1 event retried\n1 event not, being done: 1"));
    wait_for_attempts(&receiver, 3, 2);
    assert_eq!(receiver.metric(r#"receiver_handled_total{provider="gridx",result="handled"}"#), Some(4));
}

#[test]
fn what_one_receiver_exports_another_one_imports() {
    let receiver = with_events(&[ONLINE, UNKNOWN, ONLINE]);
    let ended = run(&receiver, &["events", "export", "--to", "all.jsonl"]);
    assert_eq!(ended.stderr, "3 events written to all.jsonl");
    let other = Receiver::with_inbox().start();
    fs::copy(receiver.folder().join("all.jsonl"), other.folder().join("all.jsonl")).unwrap();
    assert_eq!(run(&other, &["events", "import", "all.jsonl"]).stdout, "3 kept, 0 were here already");
    assert_eq!(run(&other, &["events", "import", "all.jsonl"]).stdout, "0 kept, 3 were here already");
    assert_eq!(json(&other, &["export"]), json(&receiver, &["export"]));
    let again = events::changed(|event| event["id"] = "00000000-0000-4000-8000-000000000000".into());
    assert!(other.answer(&Request::signed(EVENTS, again)).is_success());
    let stats = &json(&other, &["stats", "--json"])[0];
    assert_eq!((&stats["done"], &stats["parked"], &stats["duplicates"]), (&2.into(), &1.into(), &1.into()));
}

#[test]
fn removes_what_is_old_beside_what_arrives() {
    let receiver = with_events(&[ONLINE, UNKNOWN]);
    assert_eq!(run(&receiver, &["events", "prune"]).stdout, "nothing is that old");
    assert_eq!(run(&receiver, &["events", "prune", "--older-than", "0s"]).stdout, "1 event removed");
    assert_eq!(json(&receiver, &["list", "--json"]).len(), 1);
}

#[test]
fn a_stopped_receiver_leaves_everything_to_the_command() {
    let receiver = with_events(&[ONLINE]);
    let folder = receiver.folder().to_owned();
    let ended = receiver.stop();
    let list = Invocation::new(&["events", "list", "--json"]).in_folder(&folder).run();
    assert!(list.stdout.contains(r#""state":"done""#), "{list:?} {ended:?}");
}
