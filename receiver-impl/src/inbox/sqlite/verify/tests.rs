use std::time::SystemTime;

use bytes::Bytes;

use super::*;
use crate::inbox::sqlite::{Sqlite, SqliteOptions, file};
use crate::inbox::{Event, Inbox as _, Retention, Settlement};
use crate::scratch::Folder;

const HOUR: Duration = Duration::from_secs(3600);

fn event(number: u64) -> Event {
    Event {
        provider: "gridx".into(),
        endpoint: "gridxEvents".into(),
        event_type: None,
        identity: number.to_string(),
        identity_is_digest: false,
        ordering_key: number.is_multiple_of(2).then(|| "key".to_owned()),
        received_at: SystemTime::now(),
        headers: http::HeaderMap::new(),
        body: Bytes::from_static(b"{}"),
        matched: Vec::new(),
    }
}

/// A file with an event in each state that a file knows, and one more that waits.
async fn filled() -> Folder {
    let folder = Folder::new();
    let day = Duration::from_secs(86_400);
    let inbox = Sqlite::open(SqliteOptions {
        path: folder.join("inbox.db"),
        queue: 16,
        retention: Retention { bodies: day, identities: day, digests: day },
        longest_wait: day,
        note: String::new(),
    })
    .unwrap();
    inbox.admit((0..5).map(|number| event(2 * number + 1)).chain([event(2)]).collect()).await.unwrap();
    let error = || "no".to_owned();
    let settlements = [
        Settlement::Done,
        Settlement::Retry { error: error(), after: day },
        Settlement::Dead { error: error() },
        Settlement::Parked { reason: error() },
    ];
    let leased = inbox.take("gridx", settlements.len(), day).await.unwrap();
    for (leased, settlement) in leased.into_iter().zip(settlements) {
        inbox.settle(leased.lease, settlement).await.unwrap();
    }
    inbox.close().await;
    folder
}

/// The checks that fail once these statements were run on a sound file.
async fn after(sql: &str) -> Vec<&'static str> {
    let folder = filled().await;
    file::open(&folder.join("inbox.db")).unwrap().execute_batch(sql).unwrap();
    let verdict = verify(&folder.join("inbox.db"), HOUR).unwrap();
    verdict.checks.iter().filter(|check| check.wrong > 0).map(|check| check.name).collect()
}

#[tokio::test]
async fn a_file_that_was_written_by_an_inbox_is_sound() {
    let folder = filled().await;
    let verdict = verify(&folder.join("inbox.db"), HOUR).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert_eq!(verdict.events, 6);
    let counts: Vec<_> = verdict.states.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, [2, 1, 1, 1, 1]);
}

#[tokio::test]
async fn finds_what_was_lost() {
    assert_eq!(
        after("DELETE FROM event WHERE id = 2").await,
        ["open-events", "attempts-of-events", "bodies-of-events", "counters"]
    );
    assert_eq!(after("DELETE FROM content WHERE event = 5").await, ["open-bodies"]);
    assert_eq!(after("DELETE FROM attempt WHERE event = 1").await, ["done"]);
    assert_eq!(after("DELETE FROM open WHERE event = 5").await, ["done"]);
    assert_eq!(after("DELETE FROM attempt WHERE event = 3").await, ["open-attempts"]);
}

#[tokio::test]
async fn finds_what_is_there_twice() {
    let copy = "INSERT INTO event SELECT 7, provider, endpoint, type, identity, digest, ordering_key, received_at + 5,
                    matched FROM event WHERE id = 1;
                INSERT INTO attempt SELECT 7, number, ended_at, ending, error FROM attempt WHERE event = 1;
                UPDATE counter SET value = 7 WHERE name IN ('last', 'kept');";
    assert_eq!(after(copy).await, ["doubles"]);
    let later = "UPDATE event SET received_at = received_at + 3600000000 WHERE id = 7;";
    assert_eq!(after(&format!("{copy}{later}")).await, Vec::<&str>::new());
}

#[tokio::test]
async fn finds_states_that_contradict_each_other() {
    assert_eq!(after("UPDATE open SET state = 9 WHERE event = 5").await, ["open-states"]);
    assert_eq!(after("UPDATE open SET provider = 'nursa' WHERE event = 5").await, ["open-attempts"]);
    assert_eq!(after("UPDATE attempt SET number = 2 WHERE event = 1").await, ["attempts"]);
    assert_eq!(after("UPDATE open SET key = 1 WHERE event = 5").await, ["ordering"]);
    assert_eq!(after("UPDATE counter SET value = 3 WHERE name = 'last'").await, ["counters"]);
    assert_eq!(after("UPDATE counter SET value = 1 WHERE name = 'sealed'").await, ["identities", "counters"]);
    assert_eq!(after("INSERT INTO identity VALUES (0, 5, 1)").await, ["identities"]);
    assert_eq!(after("INSERT INTO identity VALUES (1, 5, 90000)").await, ["identities"]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_not_sound_and_one_that_is_not_there_cannot_be_checked() {
    let folder = Folder::new();
    assert!(verify(&folder.join("inbox.db"), HOUR).unwrap_err().to_string().contains("there is no such file"));
    std::fs::write(folder.join("inbox.db"), "x".repeat(5000)).unwrap();
    assert!(!verify(&folder.join("inbox.db"), HOUR).unwrap().is_sound());
    std::fs::remove_file(folder.join("inbox.db")).unwrap();
    Connection::open(folder.join("inbox.db")).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    assert!(verify(&folder.join("inbox.db"), HOUR).unwrap_err().to_string().contains("another program"));
}

#[tokio::test]
async fn finds_damage_inside_the_file() {
    let folder = filled().await;
    let mut bytes = std::fs::read(folder.join("inbox.db")).unwrap();
    assert!(bytes.len() > 8192, "{}", bytes.len());
    bytes[4096..8192].fill(0x5a);
    std::fs::write(folder.join("inbox.db"), bytes).unwrap();
    let verdict = verify(&folder.join("inbox.db"), HOUR).unwrap();
    assert!(!verdict.is_sound(), "{verdict:?}");
}
