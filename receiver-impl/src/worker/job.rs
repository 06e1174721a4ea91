//! One event: tried, and settled.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::{Instrument as _, debug, error, warn};

use super::lane::Lane;
use super::{Phase, backoff, delivery};
use crate::attempt::{Dispatch, Ended, attempt};
use crate::inbox::{Event, Inbox, InboxError, Lease, Leased, SettleError, Settlement};
use crate::log_text::clip;
use crate::metrics::HandlerCounters;
use crate::trace;

/// The first pause before a settlement that failed is tried again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Handles an event that is lent until `until`. The slot is free when the handler has returned.
pub(super) async fn run<D: Dispatch, I: Inbox>(
    lane: Arc<Lane<D, I>>,
    leased: Leased,
    until: Instant,
    slot: OwnedSemaphorePermit,
    task: OwnedSemaphorePermit,
) {
    let Leased { lease, attempt, tries, event } = leased;
    let settlement = match *lane.phase.borrow() {
        Phase::Working => None,
        Phase::Stopping | Phase::Cut => Some(Settlement::Returned),
    };
    let settlement = match settlement {
        Some(settlement) => settlement,
        None => {
            let span = trace::handling(&event, attempt);
            handle(&lane, event, attempt, tries).instrument(span).await
        }
    };
    drop(slot);
    count(&lane.of.counters, &settlement);
    settle(&lane, lease, settlement, until).await;
    drop(task);
}

fn count(counters: &HandlerCounters, settlement: &Settlement) {
    let settled = &counters.settled;
    match settlement {
        Settlement::Done => settled.done.inc(),
        Settlement::Retry { .. } => settled.retry.inc(),
        Settlement::Dead { .. } => settled.dead.inc(),
        Settlement::Parked { .. } => settled.parked.inc(),
        Settlement::Returned => return,
    };
}

/// Runs the handler and says what becomes of the event.
async fn handle<D: Dispatch, I: Inbox>(lane: &Lane<D, I>, event: Arc<Event>, number: u32, tries: u32) -> Settlement {
    let of = &lane.of;
    if tries > of.handling.max_attempts {
        let error = "its handler blocked its thread until the lease was over, each time".to_owned();
        error!(provider = of.provider.name, event_id = clip(&event.identity), "dead: {error}");
        return Settlement::Dead { error };
    }
    let delivery = match delivery::of(of.provider, event, number) {
        Ok(delivery) => delivery,
        Err(reason) => {
            warn!(provider = of.provider.name, reason, "parked: no endpoint takes this event any more");
            of.counters.unknown_event.inc();
            return Settlement::Parked { reason };
        }
    };
    let mut phase = lane.phase.clone();
    let ended = tokio::select! {
        biased;
        ended = attempt(&*lane.handlers, &delivery, of.deadline, &of.counters) => ended,
        _ = phase.wait_for(|phase| *phase == Phase::Cut) => {
            let error = "the receiver was stopped before the handler returned".to_owned();
            return Settlement::Retry { error, after: Duration::ZERO };
        }
    };
    let error = ended.fault().unwrap_or_default();
    match &ended {
        Ended::Handled => Settlement::Done,
        Ended::UnknownEvent | Ended::InvalidEvent(_) => {
            ended.log(&delivery, "");
            Settlement::Parked { reason: error }
        }
        Ended::FailedForGood(_) => {
            ended.log(&delivery, "it is dead");
            Settlement::Dead { error }
        }
        Ended::Failed(_) | Ended::Panicked(_) | Ended::TimedOut(_) if tries >= of.handling.max_attempts => {
            ended.log(&delivery, &format!("it is dead after {tries} tries"));
            Settlement::Dead { error }
        }
        Ended::Failed(_) | Ended::Panicked(_) | Ended::TimedOut(_) => {
            let after = backoff::pause(&of.handling, tries);
            ended.log(&delivery, &format!("it is tried again in {:.1} s", after.as_secs_f64()));
            Settlement::Retry { error, after }
        }
    }
}

/// Tells the inbox, as often as it takes, while the lease lasts.
async fn settle<D, I: Inbox>(lane: &Lane<D, I>, lease: Lease, settlement: Settlement, until: Instant) {
    let provider = lane.of.provider.name;
    let (mut pause, most) = PAUSES;
    loop {
        let again = Lease { id: lease.id, token: lease.token, attempt: lease.attempt };
        let error = match lane.inbox.settle(again, settlement.clone()).await {
            Ok(()) => return,
            Err(SettleError::Inbox(InboxError::Closed)) => {
                return debug!(provider, id = %lease.id, "not settled: closed");
            }
            Err(SettleError::LeaseLost) => {
                return warn!(provider, id = %lease.id, "{}", SettleError::LeaseLost);
            }
            Err(SettleError::Inbox(error)) => error,
        };
        if Instant::now() + pause >= until {
            return error!(provider, id = %lease.id, "not settled, it will be handled again: {error}");
        }
        debug!(provider, id = %lease.id, ?pause, "not settled yet: {error}");
        let mut phase = lane.phase.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(most),
            _ = phase.wait_for(|phase| *phase == Phase::Cut) => return,
        }
    }
}
