//! The time, as something that a test can hold still.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Says what time it is.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Seconds since 1970.
    fn unix_seconds(&self) -> u64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// A clock that stands at one second.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub u64);

impl Clock for SystemClock {
    /// A clock set before 1970 reads 0: every signed timestamp is then refused, and the log says by how much.
    fn unix_seconds(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

impl Clock for FixedClock {
    fn unix_seconds(&self) -> u64 {
        self.0
    }
}
