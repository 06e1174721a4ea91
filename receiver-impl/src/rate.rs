//! A limit on how often something happens: a bucket of tokens, each of which comes back after a while.

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Lets so many things happen at once as may happen in a minute, and then one at a time.
///
/// It keeps one moment instead of a number of tokens: when the bucket will be full again.
#[derive(Debug)]
pub(crate) struct Rate {
    /// How long a token takes to come back.
    interval: Duration,
    full_at: Mutex<Option<Instant>>,
}

impl Rate {
    /// So often a minute.
    pub(crate) fn per_minute(number: NonZeroU32) -> Self {
        Self { interval: Duration::from_secs(60) / number.get(), full_at: Mutex::new(None) }
    }

    /// Takes a token.
    ///
    /// # Errors
    ///
    /// How long it takes until there is one.
    pub(crate) fn take(&self, now: Instant) -> Result<(), Duration> {
        // Whoever panicked with the lock in hand cannot have left half a moment behind.
        let mut full_at = self.full_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let after = full_at.map_or(now, |full_at| full_at.max(now)) + self.interval;
        let empty_for = after.duration_since(now).saturating_sub(Duration::from_secs(60));
        if empty_for.is_zero() {
            *full_at = Some(after);
            Ok(())
        } else {
            Err(empty_for)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(rate: &Rate, now: Instant) -> usize {
        (0..1000).take_while(|_| rate.take(now).is_ok()).count()
    }

    #[test]
    fn lets_a_minutes_worth_through_at_once_and_then_one_at_a_time() {
        let rate = Rate::per_minute(NonZeroU32::new(10).unwrap());
        let start = Instant::now();
        assert_eq!(taken(&rate, start), 10);
        assert_eq!(rate.take(start), Err(Duration::from_secs(6)));
        assert_eq!(taken(&rate, start + Duration::from_millis(5_999)), 0);
        assert_eq!(taken(&rate, start + Duration::from_secs(6)), 1);
        assert_eq!(taken(&rate, start + Duration::from_secs(18)), 2);
    }

    #[test]
    fn never_saves_up_more_than_a_minutes_worth() {
        for number in [1, 3, 7, 1000] {
            let rate = Rate::per_minute(NonZeroU32::new(number).unwrap());
            let start = Instant::now();
            assert_eq!(taken(&rate, start), number as usize);
            assert_eq!(taken(&rate, start + Duration::from_secs(86_400)), number as usize);
        }
    }
}
