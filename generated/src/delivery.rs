//! What a handler is given, and what it may answer.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;

use crate::contract::{Endpoint, Event, ValueSource};
use crate::event_id::EventId;

/// One authentic delivery, as it arrived.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The endpoint that took it.
    pub endpoint: &'static Endpoint,
    /// The event's identity: the same for every copy that the provider sends. Use it to make handlers idempotent.
    pub event_id: EventId,
    /// The event type as the body names it; `None` if the body does not say.
    pub event_type: Option<String>,
    /// The exact bytes that were signed and received; of a batch, those of this one event, which are a part of them.
    pub body: Bytes,
    /// The request's headers. Only those that the scheme signs are authentic.
    pub headers: HeaderMap,
    /// When it arrived.
    pub received_at: SystemTime,
    /// Which try this is, counted from 1.
    pub attempt: u32,
    /// The text by which the provider keeps events in order, such as the device that they are about; `None` if the spec
    /// names no such place, or the body has nothing there.
    pub ordering_key: Option<String>,
    /// The signature schemes that verified it; empty where the endpoint has no guard.
    pub matched: Vec<Match>,
}

/// A signature scheme that verified a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The scheme's name.
    pub scheme: &'static str,
    /// Which of its keys matched, counted from 1 in the order in which they are configured.
    pub slot: u8,
}

impl Delivery {
    /// The declared events that this may be, the likeliest first; see [`Endpoint::candidates`].
    pub fn candidates(&self) -> impl Iterator<Item = (&'static Endpoint, &'static Event)> {
        let event_type = self.event_type.as_deref();
        event_type.into_iter().flat_map(|event_type| self.endpoint.candidates(event_type))
    }

    /// The fault of a delivery that does not say what it is.
    pub(crate) fn untyped(&self) -> Option<InvalidEvent> {
        let place = match (&self.event_type, self.endpoint.event_type.source) {
            (Some(_), _) | (None, None) => return None,
            (None, Some(ValueSource::Pointer(pointer))) => format!("the body has no text at {pointer}"),
            (None, Some(ValueSource::Header(name))) => format!("there is no header {name}"),
        };
        Some(InvalidEvent::Unreadable { reason: format!("{place} to name the event's type") })
    }
}

/// What became of a delivery that was handed to a handler.
#[derive(Debug)]
pub enum Disposition {
    /// A method for its event took it.
    Handled,
    /// Its type is not in the spec; the handler's `unknown_event` saw it.
    UnknownEvent,
    /// Its body does not fit its schema; the handler's `invalid_event` saw it.
    InvalidEvent(InvalidEvent),
}

/// Why a body does not fit the schema of its event.
#[derive(Debug, Clone)]
pub enum InvalidEvent {
    /// It is not JSON, or not of the schema's shape.
    Unreadable {
        /// What the decoder found, with line and column.
        reason: String,
    },
    /// It has the schema's shape, but a value breaks one of the schema's limits.
    Unfit {
        /// Every broken limit.
        reason: String,
    },
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { reason } => write!(f, "the body does not have the shape of its schema: {reason}"),
            Self::Unfit { reason } => write!(f, "the body breaks a limit of its schema: {reason}"),
        }
    }
}

impl std::error::Error for InvalidEvent {}

/// Why a handler did not finish.
///
/// Any error converts with `?` into one that is worth another try. Use [`HandlerError::permanent`] for what no further
/// try can mend.
pub struct HandlerError {
    source: Box<dyn std::error::Error + Send + Sync>,
    permanent: bool,
}

impl HandlerError {
    /// A fault that may pass: the event is tried again.
    pub fn retry(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: error.into(), permanent: false }
    }

    /// A fault that stays: the event is not tried again.
    pub fn permanent(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: error.into(), permanent: true }
    }

    /// Whether another try is useless.
    pub fn is_permanent(&self) -> bool {
        self.permanent
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerError").field("permanent", &self.permanent).field("source", &self.source).finish()
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for HandlerError {
    fn from(error: E) -> Self {
        Self::retry(error)
    }
}
