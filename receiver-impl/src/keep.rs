//! The durable mode: an event is kept before its provider is answered, and handled afterwards by the
//! [workers](crate::worker).
//!
//! Success is answered once the inbox says that it has the event, or had it before. Whatever goes wrong until then is a
//! passing fault: the provider is asked to send again. So the worst that a broken store does is delay.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName};
use tracing::warn;
use webhook_api::Delivery;
use webhook_api::contract::{Endpoint, SignatureScheme, SignedPart, TimestampSource, ValueSource};

use crate::inbox::{Admission, Event, Inbox, Matched};
use crate::intake::{Intake, Outcome};
use crate::metrics::{InboxCounters, SLOW};

/// Keeps authentic deliveries in an inbox.
#[derive(Debug)]
pub struct Keep<I> {
    inbox: Arc<I>,
    endpoints: Vec<KeptHeaders>,
    timeout: Duration,
    counters: InboxCounters,
}

/// What of the headers of an endpoint's deliveries is kept.
#[derive(Debug)]
struct KeptHeaders {
    endpoint: &'static str,
    names: Vec<HeaderName>,
}

/// Headers that describe a body or where it comes from, whoever sends it.
const DESCRIBING: [&str; 5] = ["content-type", "user-agent", "date", "traceparent", "tracestate"];

/// Headers that hold what nobody may read later, also where a spec names them.
const SECRET: [HeaderName; 3] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];

impl<I: Inbox> Keep<I> {
    /// Keeps the deliveries of `endpoints` in `inbox`, if that takes no longer than `timeout`.
    pub fn new(
        inbox: Arc<I>,
        endpoints: impl IntoIterator<Item = &'static Endpoint>,
        timeout: Duration,
        counters: InboxCounters,
    ) -> Self {
        Self { inbox, endpoints: endpoints.into_iter().map(KeptHeaders::new).collect(), timeout, counters }
    }

    async fn keep(&self, endpoint: &'static str, outcome: Outcome, events: Vec<Event>) -> Outcome {
        let number = events.len() as u64;
        match tokio::time::timeout(self.timeout, self.inbox.admit(events)).await {
            Ok(Ok(admissions)) => {
                let kept = admissions.iter().filter(|admission| matches!(admission, Admission::Kept(_))).count() as u64;
                self.counters.admitted.inc_by(kept);
                self.counters.duplicates.inc_by(number - kept.min(number));
                outcome
            }
            Ok(Err(error)) => self.refuse(endpoint, number, error.reason(), &error),
            Err(_) => {
                let timeout = self.timeout;
                let what = format_args!("the inbox did not say within {timeout:?} that it has the event");
                self.refuse(endpoint, number, SLOW, &what)
            }
        }
    }

    fn refuse(&self, endpoint: &str, events: u64, reason: &'static str, what: &dyn fmt::Display) -> Outcome {
        self.counters.unavailable(reason, events);
        warn!(endpoint, events, reason, "not kept, the provider is asked to send again: {what}");
        Outcome::Retry
    }

    fn event(&self, delivery: Delivery) -> Event {
        let kept = self.endpoints.iter().find(|kept| kept.endpoint == delivery.endpoint.id);
        Event {
            provider: Cow::Borrowed(delivery.endpoint.provider),
            endpoint: Cow::Borrowed(delivery.endpoint.id),
            event_type: delivery.event_type,
            identity_is_digest: delivery.event_id.is_digest(),
            identity: delivery.event_id.into(),
            ordering_key: delivery.ordering_key,
            received_at: delivery.received_at,
            headers: kept.map(|kept| kept.of(&delivery.headers)).unwrap_or_default(),
            body: delivery.body,
            matched: delivery.matched.iter().map(Matched::from).collect(),
        }
    }
}

impl<I: Inbox> Intake for Keep<I> {
    async fn take(&self, delivery: Delivery) -> Outcome {
        let (endpoint, outcome) = (delivery.endpoint.id, taken(&delivery));
        self.keep(endpoint, outcome, vec![self.event(delivery)]).await
    }

    /// All members of a batch are kept, or none is.
    async fn take_all(&self, deliveries: Vec<Delivery>) -> Outcome {
        let Some(first) = deliveries.first() else { return Outcome::Accepted };
        let endpoint = first.endpoint.id;
        let outcome = deliveries.iter().map(taken).max().unwrap_or(Outcome::Accepted);
        let events = deliveries.into_iter().map(|delivery| self.event(delivery)).collect();
        self.keep(endpoint, outcome, events).await
    }
}

/// What a delivery that is kept comes to. One of no known type will be parked; whether a body fits its schema is seen
/// only when it is read, which is later.
fn taken(delivery: &Delivery) -> Outcome {
    if delivery.candidates().next().is_some() { Outcome::Accepted } else { Outcome::Parked }
}

impl KeptHeaders {
    fn new(endpoint: &'static Endpoint) -> Self {
        let schemes = endpoint.guards.iter().copied().flatten().copied().flat_map(of_scheme);
        let identity = endpoint.event_type.source.iter().chain(endpoint.event_id).filter_map(|source| match *source {
            ValueSource::Header(name) => Some(name),
            ValueSource::Pointer(_) => None,
        });
        let declared = endpoint.headers.iter().map(|header| header.name);
        let mut names: Vec<HeaderName> = Vec::new();
        for name in schemes.chain(identity).chain(declared).chain(DESCRIBING) {
            let Ok(name) = name.parse() else { continue };
            if !names.contains(&name) && !SECRET.contains(&name) {
                names.push(name);
            }
        }
        Self { endpoint: endpoint.id, names }
    }

    fn of(&self, headers: &HeaderMap) -> HeaderMap {
        let mut kept = HeaderMap::with_capacity(self.names.len().min(headers.len()));
        for name in &self.names {
            for value in headers.get_all(name) {
                kept.append(name, value.clone());
            }
        }
        kept
    }
}

/// The headers that a scheme reads or signs.
fn of_scheme(scheme: &SignatureScheme) -> impl Iterator<Item = &'static str> {
    let timestamp = scheme.timestamp.and_then(|rule| match rule.source {
        TimestampSource::Header(name) => Some(name),
        TimestampSource::Element(_) => None,
    });
    let signed = scheme.signed.iter().filter_map(|part| match *part {
        SignedPart::Header(name) => Some(name),
        SignedPart::Body | SignedPart::Timestamp | SignedPart::Text(_) => None,
    });
    [scheme.header].into_iter().chain(timestamp).chain(signed)
}

#[cfg(test)]
mod tests;
