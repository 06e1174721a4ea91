//! Kept, answered, handled: the life of an event where the receiver has an inbox.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{EVENTS, PATIENCE, Receiver, Request, events};

/// Where a receiver in this folder has its inbox.
fn inbox(folder: &Path) -> PathBuf {
    folder.join("data/inbox.db")
}

/// One with the inbox of another one.
fn with_inbox_of(folder: &Path) -> Receiver {
    Receiver::with_inbox().env("RECEIVER_INBOX", format!("sqlite:{}", inbox(folder).display())).start()
}

/// A good event with an identity of its own for each number.
fn event(number: u32) -> Vec<u8> {
    events::changed(|event| event["id"] = format!("00000000-0000-4000-8000-{number:012}").into())
}

fn send(receiver: &Receiver, body: Vec<u8>, status: u16) {
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(status);
}

/// How often handlers were called, by what they log.
fn handled(log: &str) -> usize {
    log.lines().filter(|line| line.contains("receiver::handlers")).count()
}

#[test]
fn an_event_is_kept_by_default_and_handled_after_the_answer() {
    let receiver = Receiver::with_inbox().start();
    send(&receiver, event(1), 204);
    receiver.logs().wait_for(&["receiver::handlers", events::MODEL]);
    assert!(inbox(receiver.folder()).exists());
    receiver.wait_for_metric("receiver_inbox_admitted_total", 1);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 1);
    receiver.wait_for_metric(r#"receiver_handled_total{provider="gridx",result="handled"}"#, 1);
    assert!(receiver.metric("receiver_inbox_commits_total").is_some_and(|commits| commits >= 1));
    assert_eq!(receiver.stop().code(), Some(0));
}

#[test]
fn a_copy_is_accepted_and_handled_once_also_after_a_restart() {
    let first = Receiver::with_inbox().start();
    for _ in 0..3 {
        send(&first, event(1), 204);
    }
    first.wait_for_metric("receiver_inbox_duplicates_total", 2);
    first.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 1);
    let folder = first.folder().to_owned();
    let first = first.stop();
    let second = with_inbox_of(&folder);
    send(&second, event(1), 204);
    send(&second, event(2), 204);
    second.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 2);
    let second = second.stop();
    assert_eq!((handled(&first.stderr), handled(&second.stderr)), (1, 1));
}

#[test]
fn what_was_answered_survives_a_kill() {
    let first = Receiver::with_inbox().start();
    for id in 0..50 {
        send(&first, event(id), 204);
    }
    let folder = first.folder().to_owned();
    first.signal("KILL");
    let first = first.wait();
    let second = with_inbox_of(&folder);
    second.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 50);
    let handled = handled(&first.stderr) + handled(&second.stop().stderr);
    assert!(handled <= 100, "{handled}");
}

#[test]
fn what_no_spec_knows_is_parked_and_answered_so() {
    let receiver = Receiver::with_inbox().start();
    send(&receiver, events::changed(|event| event["type"] = "no/such/event".into()), 202);
    receiver.logs().wait_for(&["parked", "no event of this type"]);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
}

#[test]
fn what_does_not_fit_its_schema_is_accepted_and_parked() {
    let receiver = Receiver::with_inbox().start();
    send(&receiver, events::changed(|event| event["data"] = 7.into()), 204);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
    send(&receiver, b"{\"type\":\"appliance/online\",\"da".to_vec(), 202);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 2);
}

#[test]
fn a_stop_handles_what_has_begun_and_loses_nothing() {
    let first = Receiver::with_inbox().start();
    let mut connection = first.connect();
    for id in 0..200 {
        connection.exchange(&Request::signed(EVENTS, event(id))).assert_bare(204);
    }
    drop(connection);
    let folder = first.folder().to_owned();
    let first = first.stop();
    assert_eq!(first.code(), Some(0), "{first:?}");
    let second = with_inbox_of(&folder);
    second.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 200);
    assert_eq!(handled(&first.stderr) + handled(&second.stop().stderr), 200);
}

#[test]
fn without_an_inbox_nothing_is_written() {
    let receiver = Receiver::with_args(&["--inbox", "none"]).start();
    send(&receiver, event(1), 204);
    assert!(!inbox(receiver.folder()).exists());
    assert_eq!(receiver.metric("receiver_inbox_admitted_total"), None);
    assert_eq!(receiver.get_admin("/readyz").status, 200);
}

#[test]
fn a_second_receiver_does_not_touch_the_inbox_of_the_first() {
    let first = Receiver::with_inbox().start();
    let second =
        Receiver::with_inbox().env("RECEIVER_INBOX", format!("sqlite:{}", inbox(first.folder()).display())).run();
    second.assert_refused(&["another process has the inbox", "--inbox"]);
    send(&first, event(1), 204);
}

#[test]
fn an_inbox_that_cannot_be_had_is_said_so() {
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", "sqlite:/proc/nowhere/inbox.db").run();
    refused.assert_refused(&["/proc/nowhere/inbox.db"]);
    let refused = Receiver::with_inbox().env("RECEIVER_INBOX", "postgres:x").run();
    refused.assert_refused(&["`postgres:x` is no inbox", "sqlite:PATH"]);
}

#[test]
fn an_inbox_that_breaks_is_not_ready_and_asks_to_send_again_until_it_is_well() {
    let receiver = Receiver::with_inbox().start();
    send(&receiver, event(1), 204);
    let (data, away) = (receiver.folder().join("data"), receiver.folder().join("away"));
    fs::rename(&data, &away).unwrap();
    // A file where the folder was: nothing can be made there.
    fs::write(&data, "").unwrap();
    let answer = receiver.answer(&Request::signed(EVENTS, event(2)));
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (503, true), "{answer:?}");
    let red = receiver.get_admin("/readyz");
    assert!(red.status == 503 && red.text().contains("inbox_unavailable"), "{red:?}");
    fs::remove_file(&data).unwrap();
    fs::rename(&away, &data).unwrap();
    let deadline = std::time::Instant::now() + PATIENCE;
    while receiver.get_admin("/readyz").status != 200 {
        assert!(std::time::Instant::now() < deadline, "it does not recover");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    send(&receiver, event(2), 204);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, 2);
}
