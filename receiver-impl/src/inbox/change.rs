//! What an operator, or age, does to events.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::State;

/// What is to be done to an event from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Handle it again, whatever became of it, as if it had just been admitted.
    Replay,
    /// Try at once what is retrying, dead or parked.
    Retry,
    /// Put aside what waits or is dead.
    Park,
    /// Forget it altogether, unless it waits or is being handled.
    Remove,
}

/// What a change came to for one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// It is done.
    Changed,
    /// The event's state does not allow it.
    NotIn(State),
    /// Its body is no longer kept.
    NoBody,
    /// There is no such event.
    Unknown,
}

impl Change {
    /// Whether an event in this state can be changed so.
    pub fn fits(self, state: State) -> bool {
        match self {
            Self::Replay => matches!(state, State::Done | State::Dead | State::Parked | State::Retrying),
            Self::Retry => matches!(state, State::Retrying | State::Dead | State::Parked),
            Self::Park => matches!(state, State::Pending | State::Retrying | State::Dead),
            Self::Remove => matches!(state, State::Done | State::Dead | State::Parked),
        }
    }
}

/// How long things are kept. Nothing that waits, is dead or is parked goes away by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Bodies and headers of events that are done.
    pub bodies: Duration,
    /// Identities, and with them all that is left of an event. Not shorter than `bodies`.
    pub identities: Duration,
    /// For how long an equal delivery counts as a copy, where the identity is a digest.
    pub digests: Duration,
}

/// What a portion of pruning removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pruned {
    /// Events whose body and headers were removed.
    pub bodies: u64,
    /// Events that were removed altogether.
    pub events: u64,
    /// Whether there is more to remove.
    pub more: bool,
}
