//! What only happens when something is wrong inside, or for a moment; the rest is tested from outside.

use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;

use super::*;
use crate::inbox::{Admission, Event, EventId, Filter, Inbox as _, Settlement};
use crate::scratch::Folder;

const DAY: Duration = Duration::from_secs(86_400);

fn open(path: &Path) -> Sqlite {
    let retention = Retention { bodies: DAY, identities: DAY, digests: DAY };
    let (path, note) = (path.to_owned(), String::new());
    Sqlite::open(SqliteOptions { path, queue: 16, retention, longest_wait: DAY, note }).unwrap()
}

fn event(identity: &str) -> Event {
    Event {
        provider: "gridx".into(),
        endpoint: "gridxEvents".into(),
        event_type: None,
        identity: identity.to_owned(),
        identity_is_digest: false,
        ordering_key: None,
        received_at: SystemTime::now(),
        headers: http::HeaderMap::new(),
        body: Bytes::from_static(b"{}"),
        matched: Vec::new(),
    }
}

async fn until_well(inbox: &Sqlite) {
    while inbox.health().is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_writer_that_panics_says_so_answers_nobody_with_success_and_begins_anew() {
    let folder = Folder::new();
    let inbox = open(&folder.join("inbox.db"));
    inbox.admit(vec![event("before")]).await.unwrap();
    let leased = inbox.take("gridx", 1, DAY).await.unwrap().remove(0);

    // More than once, as a test that is held up may look at health only after it got well.
    let mut seen = false;
    for _ in 0..9 {
        inbox.shared.panics.store(true, Relaxed);
        let answer = inbox.admit(vec![event("lost")]).await;
        let Err(InboxError::Unavailable(_)) = answer else { panic!("{answer:?}") };
        seen |= inbox.health().is_err_and(|reason| reason.contains("panicked"));
        until_well(&inbox).await;
        if seen {
            break;
        }
    }
    assert!(seen, "health stays green");

    assert_eq!(inbox.admit(vec![event("lost")]).await.unwrap(), [Admission::Kept(EventId(2))]);
    assert_eq!(inbox.admit(vec![event("before")]).await.unwrap(), [Admission::Duplicate(EventId(1))]);
    assert!(inbox.settle(leased.lease, Settlement::Done).await.is_err(), "whoever had an event has it no longer");
    let again = inbox.take("gridx", 9, DAY).await.unwrap();
    assert_eq!(again[0].event.identity, "before");
    inbox.close().await;
}

#[tokio::test]
async fn a_file_that_takes_the_place_of_the_inbox_is_never_read_as_if_it_were_it() {
    let folder = Folder::new();
    let (path, other) = (folder.join("inbox.db"), folder.join("other.db"));
    let theirs = open(&other);
    theirs.admit(vec![event("theirs")]).await.unwrap();
    theirs.close().await;
    let inbox = open(&path);
    inbox.admit(vec![event("ours")]).await.unwrap();

    std::fs::rename(&other, &path).unwrap();
    inbox.shared.readers.forget();
    let identities = loop {
        // It may say that it cannot read now, but nothing else.
        if let Ok(page) = inbox.list(&Filter::default(), None, 9).await {
            break page.events.into_iter().map(|event| event.identity).collect::<Vec<_>>();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(identities, ["ours"]);
    inbox.close().await;
}
