//! The words in which a store and its schedule speak of events.

use std::sync::Arc;

use tokio::time::Instant;

use super::{KEY_WINDOW, REFILL};
use crate::inbox::event::{Event, EventId};
use crate::inbox::lease::Lease;

/// What the store knows of an event that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) id: EventId,
    /// What stands for its ordering key, if it has one.
    pub(crate) key: Option<i64>,
    /// How often it was tried since it was admitted or replayed.
    pub(crate) tries: u32,
    /// How often it was tried at all.
    pub(crate) attempts: u32,
    /// When it may be tried; `None` for at once.
    pub(crate) due: Option<Instant>,
    /// The event, if it is at hand.
    pub(crate) content: Option<Arc<Event>>,
}

/// An event that was lent.
#[derive(Debug)]
pub(crate) struct Lent {
    pub(crate) lease: Lease,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) content: Option<Arc<Event>>,
}

/// A worker has the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IsLent;

/// What follows the end of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The event is done, dead or parked: those behind it go on.
    Gone,
    /// It was tried, and is tried again at this time.
    Again(Instant),
    /// It was not tried.
    Untried,
}

/// Where a store is to read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Any event of the lane, from this one on.
    From(EventId),
    /// Only events with this key, from this one on.
    OfKey(i64, EventId),
    /// So many of those that wait for their next attempt, whose time comes first.
    Due(usize),
}

impl Wanted {
    /// The most events to read.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::From(_) => REFILL,
            Self::OfKey(..) => KEY_WINDOW,
            Self::Due(most) => most,
        }
    }
}
