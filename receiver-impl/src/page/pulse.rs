//! How much came in over the last hour, in steps of half a minute.

use std::time::SystemTime;

/// Seconds of a step.
pub(super) const STEP: u64 = 30;
/// Steps of an hour.
pub(super) const STEPS: usize = 120;

/// Counts by time, for the last hour.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    /// The step that the last count is of, counted from 1970.
    newest: u64,
    /// In a circle: that of step `n` stands at `n % STEPS`.
    counts: [u32; STEPS],
}

impl Default for Pulse {
    fn default() -> Self {
        Self { newest: 0, counts: [0; STEPS] }
    }
}

impl Pulse {
    /// Counts what happened at a time, unless that is over an hour before the latest.
    pub(super) fn add(&mut self, at: SystemTime, number: u32) {
        let step = step(at);
        self.advance(step);
        if self.newest - step < STEPS as u64 {
            let count = &mut self.counts[place(step)];
            *count = count.saturating_add(number);
        }
    }

    /// The counts of the hour before `now`, the oldest first.
    pub(super) fn hour(&self, now: SystemTime) -> Vec<u32> {
        let now = step(now);
        let first = now.saturating_sub(STEPS as u64 - 1);
        let held = |step: u64| step <= self.newest && self.newest - step < STEPS as u64;
        (first..=now).map(|step| if held(step) { self.counts[place(step)] } else { 0 }).collect()
    }

    fn advance(&mut self, step: u64) {
        if step <= self.newest {
            return;
        }
        if step - self.newest >= STEPS as u64 {
            self.counts = [0; STEPS];
        } else {
            (self.newest + 1..=step).for_each(|step| self.counts[place(step)] = 0);
        }
        self.newest = step;
    }
}

fn step(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / STEP
}

fn place(step: u64) -> usize {
    usize::try_from(step % STEPS as u64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_010 + seconds)
    }

    #[test]
    fn counts_by_time_whatever_order_it_is_told_in() {
        let mut pulse = Pulse::default();
        for (seconds, number) in [(3_600, 1), (3_570, 2), (31, 3), (29, 4), (0, 5)] {
            pulse.add(at(seconds), number);
        }
        let hour = pulse.hour(at(3_600));
        assert_eq!((hour.len(), hour[119], hour[118], hour[0]), (STEPS, 1, 2, 3));
        assert_eq!(hour.iter().sum::<u32>(), 6);
    }

    #[test]
    fn what_is_over_an_hour_old_is_gone() {
        let mut pulse = Pulse::default();
        pulse.add(at(0), 7);
        assert_eq!(pulse.hour(at(0))[119], 7);
        assert_eq!(pulse.hour(at(3_570))[0], 7);
        assert_eq!(pulse.hour(at(3_600)).iter().sum::<u32>(), 0);
        pulse.add(at(100_000), 1);
        assert_eq!(pulse.hour(at(100_000)).iter().sum::<u32>(), 1);
        pulse.add(at(0), 9);
        assert_eq!(pulse.hour(at(100_000)).iter().sum::<u32>(), 1);
    }
}
