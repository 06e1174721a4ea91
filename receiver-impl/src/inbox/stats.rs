//! Figures about an inbox.

use serde::{Deserialize, Serialize};

/// How many events are in each state, and what happened so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Waiting for a worker.
    pub pending: u64,
    /// With a worker.
    pub leased: u64,
    /// Waiting for their next attempt.
    pub retrying: u64,
    /// Handled.
    pub done: u64,
    /// Failed for good.
    pub dead: u64,
    /// Put aside.
    pub parked: u64,
    /// Copies that came and were not kept again, since the inbox was made.
    pub duplicates: u64,
    /// Seconds since the oldest event that waits, or is with a worker, was received; 0 if there is none.
    pub oldest_seconds: u64,
    /// Commits of admissions and settlements since the process began; 0 where the store has none.
    pub commits: u64,
    /// Events admitted since the process began.
    pub admitted: u64,
}
