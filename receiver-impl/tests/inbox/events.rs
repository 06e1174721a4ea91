//! Events to be kept.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use receiver::inbox::{Event, Matched};

/// Whose events most tests use.
pub(crate) const PROVIDER: &str = "gridx";

/// An event with this identity, of now.
pub(crate) fn event(identity: &str) -> Event {
    let mut headers = HeaderMap::new();
    headers.append("content-type", HeaderValue::from_static("application/json"));
    Event {
        provider: PROVIDER.into(),
        endpoint: "gridxEvents".into(),
        event_type: Some("appliance/online".to_owned()),
        identity: identity.to_owned(),
        identity_is_digest: false,
        ordering_key: None,
        received_at: now(),
        headers,
        body: Bytes::from(format!("{{\"id\":\"{identity}\"}}")),
        matched: vec![Matched { scheme: "gridxSignature".into(), slot: 1 }],
    }
}

/// One that is kept in order with others of the same key.
pub(crate) fn keyed(identity: &str, key: &str) -> Event {
    Event { ordering_key: Some(key.to_owned()), ..event(identity) }
}

/// One whose identity is a digest.
pub(crate) fn digest(identity: &str) -> Event {
    Event { identity_is_digest: true, ..event(identity) }
}

/// One of another provider.
pub(crate) fn of(provider: &'static str, identity: &str) -> Event {
    Event { provider: provider.into(), ..event(identity) }
}

/// The same, received so much later.
pub(crate) fn later(event: Event, time: Duration) -> Event {
    Event { received_at: event.received_at + time, ..event }
}

/// The same, received so much earlier.
pub(crate) fn earlier(event: Event, time: Duration) -> Event {
    Event { received_at: event.received_at - time, ..event }
}

/// The time to the millisecond, which is what every store keeps.
pub(crate) fn now() -> SystemTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_millis(since.as_millis() as u64)
}
