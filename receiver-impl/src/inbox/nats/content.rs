//! An event as a message, and what became of it as another.
//!
//! The body is the message's payload, byte for byte. Everything else stands in one header, as JSON, which has a form for
//! every text and none that ends a line.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use async_nats::header::HeaderMap;
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::inbox::event::{optional_time, time};
use crate::inbox::line::Octets;
use crate::inbox::{Attempt, Event, EventId, InboxError, Matched, Record, State};

use super::fetch::Message;

/// The header.
const EVENT: &str = "Receiver-Event";

/// All of an event but its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Head<'a> {
    provider: Cow<'a, str>,
    endpoint: Cow<'a, str>,
    #[serde(rename = "type")]
    event_type: Option<Cow<'a, str>>,
    identity: Cow<'a, str>,
    identity_is_digest: bool,
    ordering_key: Option<Cow<'a, str>>,
    #[serde(with = "time")]
    pub(super) received_at: SystemTime,
    matched: Cow<'a, [Matched]>,
    headers: Vec<(Cow<'a, str>, Octets<'a>)>,
    /// The body is no longer kept.
    #[serde(default)]
    pub(super) bare: bool,
    /// The event's id, where it is not the message's sequence.
    #[serde(default)]
    pub(super) id: Option<EventId>,
    /// What it has behind it, if it was imported.
    #[serde(default)]
    pub(super) past: Option<Standing>,
}

/// Where an event is in its life.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) state: State,
    /// How often it was tried since it was admitted or replayed.
    pub(super) tries: u32,
    #[serde(with = "optional_time", default, skip_serializing_if = "Option::is_none")]
    pub(super) next_attempt: Option<SystemTime>,
    pub(super) attempts: Vec<Attempt>,
    /// What is left of the event once its body is no longer kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bare: Option<Box<Bare>>,
}

/// What is left of an event without its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Bare {
    head: Head<'static>,
    /// The message that keeps the identity.
    pub(super) stub: u64,
}

/// An event, read from its message.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// Its id.
    pub(super) id: EventId,
    /// The message's sequence: the same, unless the message only keeps the identity.
    pub(super) sequence: u64,
    /// Its subject.
    pub(super) subject: String,
    pub(super) event: Arc<Event>,
    pub(super) has_body: bool,
    pub(super) past: Option<Standing>,
}

impl<'a> Head<'a> {
    fn of(event: &'a Event) -> Self {
        let headers = event.headers.iter();
        Self {
            provider: Cow::Borrowed(&event.provider),
            endpoint: Cow::Borrowed(&event.endpoint),
            event_type: event.event_type.as_deref().map(Cow::Borrowed),
            identity: Cow::Borrowed(&event.identity),
            identity_is_digest: event.identity_is_digest,
            ordering_key: event.ordering_key.as_deref().map(Cow::Borrowed),
            received_at: event.received_at,
            matched: Cow::Borrowed(&event.matched),
            headers: headers.map(|(name, value)| (name.as_str().into(), Octets::of(value.as_bytes()))).collect(),
            bare: false,
            id: None,
            past: None,
        }
    }

    fn event(self, body: Bytes) -> Result<Event, String> {
        let mut headers = http::HeaderMap::with_capacity(self.headers.len());
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
            headers.append(name, HeaderValue::from_bytes(&value.bytes()?).map_err(|error| error.to_string())?);
        }
        Ok(Event {
            provider: self.provider.into_owned().into(),
            endpoint: self.endpoint.into_owned().into(),
            event_type: self.event_type.map(Cow::into_owned),
            identity: self.identity.into_owned(),
            identity_is_digest: self.identity_is_digest,
            ordering_key: self.ordering_key.map(Cow::into_owned),
            received_at: self.received_at,
            headers,
            body,
            matched: self.matched.into_owned(),
        })
    }
}

/// The headers and the payload of a new event's message.
pub(super) fn message(event: &Event, has_body: bool, past: Option<Standing>) -> (HeaderMap, Bytes) {
    let head = Head { bare: !has_body, past, ..Head::of(event) };
    (headers(&head), event.body.clone())
}

/// The headers of the message that keeps the identity of an event whose body goes, and what is written of it.
pub(super) fn stub(id: EventId, event: &Event) -> (HeaderMap, impl FnOnce(u64) -> Box<Bare> + use<>) {
    let bare = Event { body: Bytes::new(), headers: http::HeaderMap::new(), ..event.clone() };
    let owned = |event: Event| Head {
        provider: event.provider,
        endpoint: event.endpoint,
        event_type: event.event_type.map(Cow::Owned),
        identity: event.identity.into(),
        identity_is_digest: event.identity_is_digest,
        ordering_key: event.ordering_key.map(Cow::Owned),
        received_at: event.received_at,
        matched: event.matched.into(),
        headers: Vec::new(),
        bare: true,
        id: Some(id),
        past: None,
    };
    let head = owned(bare);
    (headers(&head), move |stub| Box::new(Bare { head, stub }))
}

fn headers(head: &Head<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // Every member has a form in JSON.
    headers.insert(EVENT, serde_json::to_string(head).unwrap_or_default());
    headers
}

impl Kept {
    /// Reads a message.
    pub(super) fn read(message: Message) -> Result<Self, InboxError> {
        let broken = |what: &str| {
            let (sequence, subject) = (message.sequence, &message.subject);
            InboxError::Unavailable(format!("the message {sequence} of {subject} is no event: {what}"))
        };
        let head = message.headers.get(EVENT).ok_or_else(|| broken("it lacks its header"))?;
        let head: Head<'static> = serde_json::from_str(head.as_str()).map_err(|error| broken(&error.to_string()))?;
        let id = head.id.unwrap_or(EventId(message.sequence));
        let (has_body, past) = (!head.bare, head.past.clone());
        let event = head.event(message.payload.clone()).map_err(|what| broken(&what))?;
        let Message { sequence, subject, .. } = message;
        Ok(Self { id, sequence, subject, event: Arc::new(event), has_body, past })
    }

    /// The same, unless it is none of ours: then it is said, and nobody waits for it.
    pub(super) fn readable(message: Message) -> Option<Self> {
        Self::read(message).inspect_err(|error| warn!("left out: {error}")).ok()
    }

    /// Whether the message only keeps the identity of an event.
    pub(super) fn is_stub(&self) -> bool {
        self.id.0 != self.sequence
    }

    /// All that is known of the event.
    pub(super) fn record(&self, standing: Option<&Standing>) -> Record {
        let (state, next_attempt, attempts) = match standing.or(self.past.as_ref()) {
            Some(standing) => (standing.state, standing.next_attempt, standing.attempts.clone()),
            None => (State::Pending, None, Vec::new()),
        };
        Record { id: self.id, event: Arc::clone(&self.event), has_body: self.has_body, state, next_attempt, attempts }
    }
}

impl Standing {
    /// Of an event that nobody tried yet, or that is to be handled as if nobody had.
    pub(super) fn pending(attempts: Vec<Attempt>) -> Self {
        Self { state: State::Pending, tries: 0, next_attempt: None, attempts, bare: None }
    }

    /// What an imported event has behind it; `None` if that is nothing.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let state = if record.state == State::Leased { State::Pending } else { record.state };
        if state == State::Pending && record.attempts.is_empty() {
            return None;
        }
        let tries = record.attempts.last().map_or(0, |last| last.number);
        Some(Self { state, tries, next_attempt: record.next_attempt, attempts: record.attempts.clone(), bare: None })
    }

    pub(super) fn read(payload: &[u8]) -> Result<Self, InboxError> {
        serde_json::from_slice(payload)
            .map_err(|error| InboxError::Unavailable(format!("what is written of an event is not understood: {error}")))
    }

    pub(super) fn payload(&self) -> Bytes {
        // Every member has a form in JSON.
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    pub(super) fn waits(&self) -> bool {
        matches!(self.state, State::Pending | State::Retrying)
    }

    /// The number of the last attempt.
    pub(super) fn number(&self) -> u32 {
        self.attempts.last().map_or(0, |last| last.number)
    }

    /// All that is known of an event without its body.
    pub(super) fn bare_record(&self, id: EventId) -> Option<Record> {
        let event = self.bare.as_ref()?.head.clone().event(Bytes::new()).ok()?;
        let (state, next_attempt, attempts) = (self.state, self.next_attempt, self.attempts.clone());
        Some(Record { id, event: Arc::new(event), has_body: false, state, next_attempt, attempts })
    }
}
