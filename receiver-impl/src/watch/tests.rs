//! What onlookers are told, and that they cost a bounded amount.

use std::borrow::Cow;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use http::HeaderMap;
use webhook_api::PROVIDERS;

use super::*;
use crate::inbox::Memory;
use crate::inbox::troubled::Troubled;

const HOUR: Duration = Duration::from_secs(3600);

fn watched() -> (Watched<Memory>, Arc<Feed>) {
    let inbox = Arc::new(Memory::new(Retention { bodies: HOUR, identities: HOUR, digests: HOUR }));
    let feed = Arc::new(Feed::default());
    (Watched::new(inbox, Arc::clone(&feed)), feed)
}

fn event(number: usize, event_type: &str, size: usize) -> Event {
    Event {
        provider: Cow::Borrowed(PROVIDERS[0].name),
        endpoint: Cow::Borrowed(PROVIDERS[0].endpoints[0].id),
        event_type: Some(event_type.to_owned()),
        identity: number.to_string(),
        identity_is_digest: false,
        ordering_key: None,
        received_at: UNIX_EPOCH,
        headers: HeaderMap::new(),
        body: Bytes::from(vec![b' '; size]),
        matched: Vec::new(),
    }
}

async fn take(watched: &Watched<Memory>) -> Lease {
    watched.take(PROVIDERS[0].name, 1, HOUR).await.unwrap().remove(0).lease
}

#[tokio::test]
async fn tells_what_is_new_and_no_copies() {
    let (watched, feed) = watched();
    let events = vec![event(1, "appliance/online", 10), event(1, "appliance/online", 10), event(2, "ping", 20)];
    watched.admit(events).await.unwrap();
    let Gathered { seen, missed, .. } = feed.gather();
    let told: Vec<_> = seen.iter().map(|seen| (seen.id.0, seen.size, seen.body.as_ref().unwrap().len())).collect();
    // A ping says nothing that is shown, so its body is not held.
    assert_eq!(told, [(1, 10, 10), (2, 20, 0)]);
    assert_eq!(missed, None);
    assert!(feed.gather().seen.is_empty());
}

#[tokio::test]
async fn tells_changes_to_whoever_looks() {
    let (watched, feed) = watched();
    watched.admit(vec![event(1, "ping", 1), event(2, "ping", 1)]).await.unwrap();
    let lease = take(&watched).await;
    watched.settle(lease, Settlement::Done).await.unwrap();
    assert_eq!(feed.gather().changes, []);
    let watcher = feed.watch();
    let lease = take(&watched).await;
    let error = "no".to_owned();
    watched.settle(lease, Settlement::Dead { error }).await.unwrap();
    watched.change(vec![EventId(2)], Change::Replay).await.unwrap();
    watched.change(vec![EventId(1)], Change::Remove).await.unwrap();
    let Gathered { changes, lost_changes, .. } = feed.gather();
    let changes: Vec<_> = changes.into_iter().map(|(id, now)| (id.0, now.state, now.attempts)).collect();
    let tried = [(2, Some(State::Leased), Some(0)), (2, Some(State::Dead), Some(1))];
    assert_eq!(changes, [tried[0], tried[1], (2, Some(State::Pending), None), (1, None, None)]);
    assert!(!lost_changes);
    watched.change(vec![EventId(9)], Change::Replay).await.unwrap();
    assert!(feed.gather().lost_changes, "nothing came of it");
    drop(watcher);
    assert!(!feed.is_watched());
}

#[tokio::test]
async fn holds_a_bounded_amount_and_says_what_is_missing() {
    let (watched, feed) = watched();
    // Sixteen mebibytes, and one event more.
    watched.admit((0..513).map(|number| event(number, "appliance/online", 32 << 10)).collect()).await.unwrap();
    let Gathered { seen, missed, .. } = feed.gather();
    assert_eq!((seen.len(), missed), (512, Some((EventId(513), EventId(513)))));
    watched.admit(vec![event(1_000, "appliance/online", 1 << 20)]).await.unwrap();
    let Gathered { seen, missed, .. } = feed.gather();
    assert_eq!((seen.len(), missed), (0, Some((EventId(514), EventId(514)))));
    watched.admit((2_000..12_000).map(|number| event(number, "ping", 1)).collect()).await.unwrap();
    let Gathered { seen, missed, .. } = feed.gather();
    assert_eq!((seen.len(), missed), (8_192, Some((EventId(514 + 8_193), EventId(10_514)))));
    let long = |number: usize| event(number, "appliance/online", if number.is_multiple_of(2) { 1 } else { 1 << 20 });
    watched.admit((20_000..20_010).map(long).collect()).await.unwrap();
    let Gathered { seen, missed, missing, .. } = feed.gather();
    assert_eq!((seen.len(), missing, missed), (5, 5, Some((EventId(10_516), EventId(10_524)))));
}

#[tokio::test]
async fn an_admission_that_nobody_waits_for_is_told_once_a_worker_has_the_event() {
    let (inbox, feed) = (Arc::new(Troubled::default()), Arc::new(Feed::default()));
    let watched = Watched::new(Arc::clone(&inbox), Arc::clone(&feed));
    inbox.answer_ms.store(3_600_000, std::sync::atomic::Ordering::Relaxed);
    let given_up = tokio::time::timeout(Duration::from_millis(20), watched.admit(vec![event(1, "ping", 3)])).await;
    assert!(given_up.is_err());
    inbox.answer_ms.store(0, std::sync::atomic::Ordering::Relaxed);
    let again = watched.admit(vec![event(1, "ping", 3), event(2, "ping", 3)]).await.unwrap();
    assert_eq!(again[0], Admission::Duplicate(EventId(1)));
    let ids = |seen: Vec<Seen>| seen.into_iter().map(|seen| (seen.id.0, seen.size)).collect::<Vec<_>>();
    assert_eq!(ids(feed.gather().seen), [(2, 3)]);
    watched.take(PROVIDERS[0].name, 2, HOUR).await.unwrap();
    assert_eq!(ids(feed.gather().seen), [(1, 3)]);
}

#[tokio::test]
async fn what_is_imported_is_to_be_read() {
    let (watched, feed) = watched();
    let (other, _) = self::watched();
    other.admit(vec![event(1, "ping", 1)]).await.unwrap();
    let record = other.show(EventId(1)).await.unwrap().unwrap();
    watched.import(vec![record.clone(), record]).await.unwrap();
    assert_eq!(feed.gather().missed, Some((EventId(1), EventId(1))));
}
