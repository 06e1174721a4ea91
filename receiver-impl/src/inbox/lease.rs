//! An event in the hands of a worker.

use std::sync::Arc;
use std::time::Duration;

use super::event::{Event, EventId};

/// The right to settle an event, for a time. Only the one that was given last is good.
#[derive(Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which event.
    pub id: EventId,
    /// Which of the leases that the event had.
    pub token: u64,
    /// The number that the try has once it is settled, as [`Leased::attempt`].
    pub attempt: u32,
}

/// An event that was lent to a worker.
#[derive(Debug)]
pub struct Leased {
    /// What to settle it with.
    pub lease: Lease,
    /// The number of this try, counted from 1 over the whole life of the event. A lease that was over before it was
    /// settled left no try behind, and its number goes to the next one.
    pub attempt: u32,
    /// Which try this is since the event was admitted or replayed: what a limit on attempts counts.
    pub tries: u32,
    /// The event.
    pub event: Arc<Event>,
}

/// What became of an event that was lent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It is handled.
    Done,
    /// It failed, and is to be tried again after a time.
    Retry {
        /// What went wrong.
        error: String,
        /// How long from now.
        after: Duration,
    },
    /// It failed for good, or once too often.
    Dead {
        /// What went wrong.
        error: String,
    },
    /// It is of no known type, or not of its type's shape.
    Parked {
        /// Which of the two, and how.
        reason: String,
    },
    /// It was not tried: another worker may have it at once.
    Returned,
}
