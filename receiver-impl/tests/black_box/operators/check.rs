//! `receiver verify-inbox`.

use std::fs;

use receiver::inbox::State::{Dead, Done, Pending};
use rusqlite::Connection;
use serde_json::Value;

use super::kept::Kept;

#[test]
fn a_sound_inbox_is_said_to_be_sound() {
    let kept = Kept::with(&[Pending, Done, Dead]);
    let before = fs::read(kept.file()).unwrap();
    let ended = kept.run(&["verify-inbox"]);
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    let lines: Vec<_> = ended.stdout.lines().collect();
    let (last, checks) = lines.split_last().unwrap();
    assert!(checks.iter().all(|line| line.starts_with("ok ")), "{ended:?}");
    assert_eq!(*last, "sound: 3 events, 1 pending, 0 retrying, 1 done, 1 dead, 0 parked");
    assert_eq!(fs::read(kept.file()).unwrap(), before);
}

#[test]
fn what_was_lost_is_named() {
    let kept = Kept::with(&[Pending, Done, Dead]);
    Connection::open(kept.file()).unwrap().execute("DELETE FROM content WHERE event = 3", []).unwrap();
    let ended = kept.run(&["verify-inbox", "data/inbox.db"]);
    assert_eq!(ended.code(), Some(1), "{ended:?}");
    assert!(ended.stdout.contains("WRONG  open-bodies") && ended.stdout.contains("event 3"), "{ended:?}");
    assert!(ended.stdout.contains("NOT SOUND: 3 events"), "{ended:?}");
    let ended = kept.run(&["verify-inbox", "--json"]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code(), &report["sound"], &report["events"]), (Some(1), &false.into(), &3.into()));
    let wrong: Vec<_> = report["checks"].as_array().unwrap().iter().filter(|check| check["wrong"] != 0).collect();
    assert_eq!((wrong.len(), &wrong[0]["check"]), (1, &"open-bodies".into()), "{report}");
}

#[test]
fn what_cannot_be_checked_is_neither_sound_nor_unsound() {
    let kept = Kept::empty();
    let ended = kept.run(&["verify-inbox"]);
    assert_eq!(ended.code(), Some(2));
    ended.assert_refused(&["./data/inbox.db cannot be checked: there is no such file"]);
    Connection::open(kept.folder().join("mine.db")).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    let ended = kept.run(&["verify-inbox", "mine.db"]);
    assert_eq!(ended.code(), Some(2));
    ended.assert_refused(&["another program"]);
}
