//! How long to wait before an event is tried again.

use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::config::Handling;

/// A time between none and a bound that doubles with each try. Events that failed together, because what they need was
/// away, so come back spread over the whole time and not together.
pub(super) fn pause(handling: &Handling, tries: u32) -> Duration {
    spread(bound(handling, tries), fraction())
}

/// The longest pause after so many tries.
fn bound(handling: &Handling, tries: u32) -> Duration {
    let factor = 1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX);
    handling.retry_first.saturating_mul(factor).min(handling.retry_most)
}

/// A part of `bound`, as large as `fraction` of the whole range of numbers.
fn spread(bound: Duration, fraction: u32) -> Duration {
    bound.mul_f64(f64::from(fraction) / f64::from(u32::MAX))
}

fn fraction() -> u32 {
    let mut bytes = [0_u8; 4];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => u32::from_le_bytes(bytes),
        // A machine that has no random bytes still has to wait.
        Err(_) => u32::MAX / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handling(first: u64, most: u64) -> Handling {
        let (retry_first, retry_most) = (Duration::from_secs(first), Duration::from_secs(most));
        Handling { concurrency: 1, max_attempts: 12, retry_first, retry_most }
    }

    #[test]
    fn the_bound_doubles_up_to_the_longest() {
        let handling = handling(1, 600);
        let bounds = (1..=12).map(|tries| bound(&handling, tries).as_secs()).collect::<Vec<_>>();
        assert_eq!(bounds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    }

    #[test]
    fn no_number_of_tries_is_too_large() {
        for tries in [0, 31, 32, 33, 64, u32::MAX] {
            let bound = bound(&handling(1, 600), tries).as_secs();
            assert!(bound == 600 || tries == 0 && bound == 1, "{tries}: {bound}");
        }
        assert_eq!(bound(&handling(u64::MAX, u64::MAX), 40), Duration::from_secs(u64::MAX));
    }

    #[test]
    fn pauses_are_spread_over_the_whole_time() {
        assert_eq!(spread(Duration::from_secs(8), 0), Duration::ZERO);
        assert_eq!(spread(Duration::from_secs(8), u32::MAX), Duration::from_secs(8));
        let pauses = (0..1000).map(|_| pause(&handling(8, 8), 1).as_secs()).collect::<Vec<_>>();
        for second in 0..8 {
            let there = pauses.iter().filter(|pause| **pause == second).count();
            assert!((50..250).contains(&there), "{there} of 1000 pauses are between {second} and {} s", second + 1);
        }
    }
}
