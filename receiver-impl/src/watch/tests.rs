//! What onlookers are told, and that they cost a bounded amount.

use std::borrow::Cow;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use http::HeaderMap;
use webhook_api::PROVIDERS;

use super::*;
use crate::inbox::Memory;

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
    watched.change(vec![EventId(2), EventId(9)], Change::Replay).await.unwrap();
    watched.change(vec![EventId(1)], Change::Remove).await.unwrap();
    let changes: Vec<_> = feed.gather().changes.into_iter().map(|(id, now)| (id.0, now.state)).collect();
    let expected = [(2, Some(State::Leased)), (2, Some(State::Dead)), (2, Some(State::Pending)), (1, None)];
    assert_eq!(changes, expected);
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
