//! Taking away what is older than it need be, a portion at a time, so that admissions find their turn in between.
//!
//! How old something is, only the machine's clock can say, and that may be wrong: a clock that jumps a month ahead would
//! make everything old at once. So the clock is held against the monotonic one at each look, and at the first look
//! against the times of the newest events. After a jump nothing is taken away until the clock has gone on from there for
//! as long as it jumped, an hour at least and a day at most, in which somebody, or the time daemon, may set it right.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::inbox::{Filter, Inbox, InboxError, Retention};

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(60);
/// Between two portions of a round.
const BREATH: Duration = Duration::from_millis(20);
/// How much further than the monotonic clock the machine's clock may go between two looks.
const JUMP: Duration = Duration::from_secs(60 * 60);
/// How long it must stay after a jump, at least and at most.
const STAY: (Duration, Duration) = (Duration::from_secs(60 * 60), Duration::from_secs(24 * 60 * 60));
/// What may lie between two of the newest events, or the last one and now, and be no jump.
const SILENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// How many of the newest events are looked at: some of them may have come while the clock was wrong.
const NEWEST: usize = 100;

/// Keeps an inbox from growing without end; runs until it is dropped or the inbox is closed.
pub(crate) async fn run<I: Inbox>(inbox: Arc<I>, retention: Retention) {
    let mut clocks = None;
    loop {
        let now = SystemTime::now();
        if clocks.is_none() {
            clocks = times(&*inbox).await.map(|times| Clocks::after(&times, now, Instant::now()));
        }
        let agree = clocks.as_mut().is_some_and(|clocks| clocks.agree(now, Instant::now()));
        if agree && prune(&*inbox, &retention, now).await.is_break() {
            return;
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// When the newest events came, the last one first; `None` if the inbox does not say.
async fn times<I: Inbox>(inbox: &I) -> Option<Vec<SystemTime>> {
    let newest = inbox.list(&Filter::default(), None, NEWEST).await.ok()?;
    Some(newest.events.into_iter().map(|event| event.received_at).collect())
}

async fn prune<I: Inbox>(inbox: &I, retention: &Retention, now: SystemTime) -> ControlFlow<()> {
    let (mut bodies, mut events) = (0, 0);
    loop {
        match inbox.prune(retention, now).await {
            Ok(pruned) => {
                (bodies, events) = (bodies + pruned.bodies, events + pruned.events);
                if !pruned.more {
                    break;
                }
            }
            Err(InboxError::Closed) => return ControlFlow::Break(()),
            Err(error) => {
                // Whoever admits says so louder.
                debug!("nothing old is removed from the inbox for now: {error}");
                break;
            }
        }
        tokio::time::sleep(BREATH).await;
    }
    if (bodies, events) != (0, 0) {
        info!(bodies, events, "removed what was old from the inbox");
    }
    ControlFlow::Continue(())
}

/// The machine's clock and the monotonic one, as they were at the last look.
#[derive(Debug)]
struct Clocks {
    wall: SystemTime,
    monotonic: Instant,
    /// When the clock last jumped, while it is not believed, and how far it is ahead by now.
    jumped: Option<(Instant, Duration)>,
}

impl Clocks {
    fn new(wall: SystemTime, monotonic: Instant) -> Self {
        Self { wall, monotonic, jumped: None }
    }

    /// Clocks of a process that just began, where the newest events came at these times.
    fn after(times: &[SystemTime], wall: SystemTime, monotonic: Instant) -> Self {
        let later = [wall].into_iter().chain(times.iter().copied());
        let gaps = later.zip(times).map(|(later, earlier)| later.duration_since(*earlier).unwrap_or_default());
        let jump = gaps.max().filter(|gap| *gap > SILENCE);
        if let Some(gap) = jump {
            info!(?gap, "no events came for long, or the clock is wrong: nothing is removed from the inbox for a day");
        }
        Self { jumped: jump.map(|gap| (monotonic, gap)), ..Self::new(wall, monotonic) }
    }

    /// Whether the time that the machine's clock shows can be believed.
    fn agree(&mut self, wall: SystemTime, monotonic: Instant) -> bool {
        let passed = monotonic.saturating_duration_since(self.monotonic);
        let expected = self.wall + passed;
        (self.wall, self.monotonic) = (wall, monotonic);
        let before = self.jumped.map_or(Duration::ZERO, |(_, ahead)| ahead);
        let (jump, ahead) = match wall.duration_since(expected) {
            Ok(ahead) => (ahead, before + ahead),
            Err(back) => (back.duration(), before.saturating_sub(back.duration())),
        };
        if ahead <= JUMP {
            self.jumped = None;
        } else if jump > JUMP {
            if self.jumped.is_none() {
                warn!(
                    "the machine's clock went far ahead: nothing is removed from the inbox until it has stayed so for \
                     as long as it jumped, a day at most"
                );
            }
            self.jumped = Some((monotonic, ahead));
        }
        match self.jumped {
            Some((jumped, ahead)) if monotonic.saturating_duration_since(jumped) < ahead.clamp(STAY.0, STAY.1) => false,
            _ => {
                self.jumped = None;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;
    use crate::inbox::{Event, Memory, PORTION, Settlement};

    const MINUTE: Duration = Duration::from_secs(60);
    const DAY: Duration = Duration::from_secs(86_400);

    /// Two clocks that start together.
    struct Machine {
        clocks: Clocks,
        wall: SystemTime,
        monotonic: Instant,
    }

    impl Machine {
        fn new() -> Self {
            let (wall, monotonic) = (SystemTime::UNIX_EPOCH + DAY * 20_000, Instant::now());
            Self { clocks: Clocks::new(wall, monotonic), wall, monotonic }
        }

        fn after(&mut self, time: Duration) -> bool {
            (self.wall, self.monotonic) = (self.wall + time, self.monotonic + time);
            self.clocks.agree(self.wall, self.monotonic)
        }
    }

    #[tokio::test]
    async fn what_is_old_goes_at_the_start_and_all_of_it() {
        let retention = Retention { bodies: DAY, identities: DAY * 2, digests: DAY };
        let inbox = Arc::new(Memory::new(retention));
        let event = |number: usize| Event {
            provider: "gridx".into(),
            endpoint: "gridxEvents".into(),
            event_type: None,
            identity: number.to_string(),
            identity_is_digest: false,
            ordering_key: None,
            received_at: SystemTime::now() - DAY * 3,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            matched: Vec::new(),
        };
        inbox.admit((0..3 * PORTION).map(event).collect()).await.unwrap();
        // Others came since, so that the clock is believed.
        let since =
            |hours: u32| Event { received_at: SystemTime::now() - MINUTE * 60 * hours, ..event(hours as usize) };
        let since = [52, 30, 8].map(|hours| Event { identity: format!("since {hours} h"), ..since(hours) });
        inbox.admit(since.into()).await.unwrap();
        for _ in 1..3 * PORTION {
            let leased = inbox.take("gridx", 1, DAY).await.unwrap().remove(0);
            inbox.settle(leased.lease, Settlement::Done).await.unwrap();
        }
        let pruning = tokio::spawn(run(Arc::clone(&inbox), retention));
        while inbox.stats().await.unwrap().done > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(inbox.stats().await.unwrap().pending, 4);
        pruning.abort();
    }

    #[tokio::test]
    async fn clocks_that_go_together_are_believed() {
        let mut machine = Machine::new();
        assert!(machine.after(Duration::ZERO) && machine.after(MINUTE) && machine.after(DAY));
        machine.wall += MINUTE * 59;
        assert!(machine.after(MINUTE), "a small step is no jump");
    }

    #[tokio::test]
    async fn a_clock_that_jumped_ahead_is_believed_after_as_long_again() {
        for (jump, minutes) in [(61, 61), (5 * 60, 5 * 60), (30 * 24 * 60, 24 * 60)] {
            let mut machine = Machine::new();
            machine.wall += MINUTE * jump;
            for minute in 0..minutes {
                assert!(!machine.after(MINUTE), "{jump}: {minute}");
            }
            assert!(machine.after(MINUTE), "{jump}");
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_far_ahead_of_the_newest_events_is_not_believed_at_the_start() {
        let began = Machine::new();
        let day = |number: u32| began.wall + DAY * number;
        for (times, agree) in [
            (vec![], true),
            (vec![day(0), day(0) - MINUTE, day(0) - DAY], true),
            // It is set right again.
            (vec![day(30_000), day(0)], false),
            (vec![day(0) - DAY * 2], false),
            // One event came with the wrong clock.
            (vec![day(0) - MINUTE, day(0) - DAY * 30_000], false),
        ] {
            let mut machine = Machine { clocks: Clocks::after(&times, began.wall, began.monotonic), ..Machine::new() };
            (machine.wall, machine.monotonic) = (began.wall, began.monotonic);
            assert_eq!(machine.after(MINUTE), agree, "{times:?}");
            assert!(agree || !machine.after(DAY - MINUTE * 2) && machine.after(MINUTE * 2), "{times:?}");
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_set_right_again_is_believed_at_once() {
        let mut machine = Machine::new();
        machine.wall += DAY * 30;
        assert!(!machine.after(MINUTE));
        machine.wall -= DAY * 10;
        assert!(!machine.after(MINUTE), "it is still 20 days ahead");
        machine.wall -= DAY * 20;
        assert!(machine.after(MINUTE));
    }

    #[tokio::test]
    async fn each_jump_begins_the_time_anew() {
        let mut machine = Machine::new();
        machine.wall += DAY;
        assert!(!machine.after(MINUTE));
        assert!(!machine.after(DAY - MINUTE));
        machine.wall += DAY;
        assert!(!machine.after(MINUTE));
        assert!(!machine.after(DAY - MINUTE));
        assert!(machine.after(MINUTE));
    }
}
