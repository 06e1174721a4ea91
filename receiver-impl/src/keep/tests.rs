use std::sync::atomic::Ordering::Relaxed;
use std::time::SystemTime;

use bytes::Bytes;
use webhook_api::{Match, PROVIDERS};

use super::*;
use crate::inbox::EventId;
use crate::inbox::troubled::Troubled;
use crate::metrics::Metrics;

/// A type that no spec has.
const UNKNOWN: &str = "no/such/event";

struct Kept {
    inbox: Arc<Troubled>,
    keep: Keep<Troubled>,
    metrics: Metrics,
}

fn kept(timeout: Duration) -> Kept {
    let (inbox, metrics) = (Arc::new(Troubled::default()), Metrics::default());
    let endpoints = PROVIDERS.iter().flat_map(|provider| provider.endpoints).copied();
    let keep = Keep::new(Arc::clone(&inbox), endpoints, timeout, metrics.inbox().0);
    Kept { inbox, keep, metrics }
}

fn delivery(id: &str, event_type: &str) -> Delivery {
    let endpoint = PROVIDERS[0].endpoints[0];
    Delivery {
        endpoint,
        event_id: webhook_api::EventId::named(id),
        event_type: Some(event_type.to_owned()),
        body: Bytes::from_static(b"{}"),
        headers: HeaderMap::new(),
        received_at: SystemTime::UNIX_EPOCH,
        attempt: 1,
        ordering_key: Some("/systems/1".to_owned()),
        matched: vec![Match { scheme: endpoint.guards[0][0].name, slot: 2 }],
    }
}

fn known() -> &'static str {
    PROVIDERS[0].endpoints[0].events[0].name
}

impl Kept {
    async fn take(&self, id: &str, event_type: &str) -> Outcome {
        self.keep.take(delivery(id, event_type)).await
    }

    async fn event(&self, id: u64) -> Option<Arc<Event>> {
        Some(self.inbox.show(EventId(id)).await.unwrap()?.event)
    }

    #[track_caller]
    fn assert_metric(&self, line: &str) {
        let text = self.metrics.text().unwrap();
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
}

#[tokio::test]
async fn what_is_kept_is_accepted_and_counted() {
    let kept = kept(Duration::from_secs(5));
    assert_eq!(kept.take("1", known()).await, Outcome::Accepted);
    let event = kept.event(1).await.unwrap();
    let endpoint = PROVIDERS[0].endpoints[0];
    assert_eq!((&*event.provider, &*event.endpoint), (endpoint.provider, endpoint.id));
    assert_eq!((event.identity.as_str(), event.event_type.as_deref()), ("1", Some(known())));
    assert_eq!(event.ordering_key.as_deref(), Some("/systems/1"));
    assert_eq!((&event.body[..], event.received_at), (&b"{}"[..], SystemTime::UNIX_EPOCH));
    assert_eq!(event.matched, [Matched { scheme: endpoint.guards[0][0].name.into(), slot: 2 }]);
    kept.assert_metric("receiver_inbox_admitted_total 1");
    kept.assert_metric("receiver_inbox_duplicates_total 0");
}

#[tokio::test]
async fn a_copy_is_accepted_and_counted_as_one() {
    let kept = kept(Duration::from_secs(5));
    for _ in 0..3 {
        assert_eq!(kept.take("1", known()).await, Outcome::Accepted);
    }
    assert_eq!(kept.event(2).await, None);
    kept.assert_metric("receiver_inbox_admitted_total 1");
    kept.assert_metric("receiver_inbox_duplicates_total 2");
}

#[tokio::test]
async fn what_no_spec_knows_is_kept_and_parked() {
    let kept = kept(Duration::from_secs(5));
    assert_eq!(kept.take("1", UNKNOWN).await, Outcome::Parked);
    let untyped = Delivery { event_type: None, ..delivery("2", "") };
    assert_eq!(kept.keep.take(untyped).await, Outcome::Parked);
    kept.assert_metric("receiver_inbox_admitted_total 2");
}

#[tokio::test]
async fn a_batch_is_kept_as_a_whole_and_has_its_worst_outcome() {
    let kept = kept(Duration::from_secs(5));
    assert_eq!(kept.keep.take_all(Vec::new()).await, Outcome::Accepted);
    let batch = || vec![delivery("1", known()), delivery("1", known()), delivery("2", known())];
    assert_eq!(kept.keep.take_all(batch()).await, Outcome::Accepted);
    kept.assert_metric("receiver_inbox_duplicates_total 1");
    kept.inbox.admit_failures.store(1, Relaxed);
    let batch = || vec![delivery("3", known()), delivery("4", UNKNOWN)];
    assert_eq!(kept.keep.take_all(batch()).await, Outcome::Retry);
    assert_eq!(kept.event(3).await, None);
    assert_eq!(kept.keep.take_all(batch()).await, Outcome::Parked);
    kept.assert_metric("receiver_inbox_admitted_total 4");
    kept.assert_metric(r#"receiver_inbox_unavailable_total{reason="inbox_unavailable"} 2"#);
}

#[tokio::test]
async fn an_inbox_that_keeps_nothing_asks_the_provider_to_send_again() {
    let kept = kept(Duration::from_secs(5));
    kept.inbox.admit_failures.store(1, Relaxed);
    assert_eq!(kept.take("1", known()).await, Outcome::Retry);
    assert_eq!(kept.take("1", known()).await, Outcome::Accepted);
    kept.inbox.close().await;
    assert_eq!(kept.take("2", known()).await, Outcome::Retry);
    kept.assert_metric(r#"receiver_inbox_unavailable_total{reason="inbox_unavailable"} 1"#);
    kept.assert_metric(r#"receiver_inbox_unavailable_total{reason="inbox_closed"} 1"#);
}

#[tokio::test]
async fn an_inbox_that_takes_too_long_asks_the_provider_to_send_again() {
    let kept = kept(Duration::from_millis(50));
    kept.inbox.admit_ms.store(60_000, Relaxed);
    assert_eq!(kept.take("1", known()).await, Outcome::Retry);
    kept.assert_metric(r#"receiver_inbox_unavailable_total{reason="inbox_slow"} 1"#);
}

#[test]
fn keeps_the_headers_that_matter_and_none_that_is_a_secret() {
    for endpoint in PROVIDERS.iter().flat_map(|provider| provider.endpoints) {
        let mut sent = HeaderMap::new();
        for name in ["authorization", "proxy-authorization", "cookie", "host", "accept", "x-forwarded-for"] {
            sent.append(name, "no".parse().unwrap());
        }
        for name in ["content-type", "user-agent", "date", "traceparent", "tracestate"] {
            sent.append(name, "yes".parse().unwrap());
        }
        for scheme in endpoint.guards.iter().copied().flatten() {
            let name: HeaderName = scheme.header.parse().unwrap();
            sent.insert(&name, "yes".parse().unwrap());
            sent.append(name, "yes".parse().unwrap());
        }
        let number = sent.values().filter(|value| *value == "yes").count();
        let kept = KeptHeaders::new(endpoint).of(&sent);
        assert!(kept.values().all(|value| value == "yes"), "{}: {kept:?}", endpoint.id);
        assert_eq!(kept.len(), number, "{}: {kept:?}", endpoint.id);
    }
}
