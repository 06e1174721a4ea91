//! The end of a lease: written first, and only then believed.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::content::Standing;
use super::names::hour;
use super::shared::Shared;
use super::store::{Known, WriteError};
use crate::inbox::schedule::Next;
use crate::inbox::{Attempt, Ending, EventId, InboxError, Lease, SettleError, Settlement, State};

/// How long a lease lasts at least while its end is written.
const WRITING: Duration = Duration::from_secs(30);

impl Shared {
    pub(super) fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        let now = Instant::now();
        let mut local = self.local();
        if !local.schedule.extend(lease, now, now + time) {
            return Err(SettleError::LeaseLost);
        }
        if let Some(lending) = local.lent.get_mut(&lease.id) {
            lending.until = now + time;
        }
        Ok(())
    }

    pub(super) async fn settle(self: &Arc<Self>, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        let (now, clock) = (Instant::now(), SystemTime::now());
        if settlement == Settlement::Returned {
            // Nothing happened, so there is nothing to write.
            let mut local = self.local();
            let returned = local.schedule.settle(&lease, Next::Untried, now);
            return returned.map(|_| _ = local.lent.remove(&lease.id)).ok_or(SettleError::LeaseLost);
        }
        self.alive()?;
        let (lending, before) = {
            let mut local = self.local();
            let lending = local.lent.get(&lease.id).filter(|lending| lending.token == lease.token).cloned();
            let lending = lending.ok_or(SettleError::LeaseLost)?;
            if !local.schedule.extend(&lease, now, lending.until.max(now + WRITING)) {
                return Err(SettleError::LeaseLost);
            }
            (lending, local.known.get(&lease.id).cloned())
        };
        let (state, ending, error, after) = match settlement {
            Settlement::Done => (State::Done, Ending::Done, None, None),
            Settlement::Retry { error, after } => (State::Retrying, Ending::Failed, Some(error), Some(after)),
            Settlement::Dead { error } => (State::Dead, Ending::Dead, Some(error), None),
            Settlement::Parked { reason } => (State::Parked, Ending::Parked, Some(reason), None),
            Settlement::Returned => return Ok(()),
        };
        let past = match &before {
            Some(known) => Some(known.standing.clone()),
            // What an imported event has behind it stands in its message.
            None if lending.number > 1 => self.store.event(lease.id).await?.and_then(|kept| kept.past),
            None => None,
        };
        let mut attempts = past.map(|past| past.attempts).unwrap_or_default();
        attempts.push(Attempt { number: lending.number, ended_at: clock, ending, error });
        let standing = Standing {
            state,
            tries: lending.tries,
            next_attempt: after.map(|after| clock + after),
            attempts,
            bare: None,
        };
        let received_at = lending.event.received_at;
        if state == State::Done {
            self.mark_hour(hour(received_at), lease.id).await?;
        }
        let by = format!("{}.{}.{:x}", lease.id, self.me, lease.token);
        let written = self.store.write(lease.id, received_at, standing, before.as_ref(), Some(by)).await;
        self.settled(&lease, after.map(|after| now + after), written)
    }

    fn settled(
        &self,
        lease: &Lease,
        again: Option<Instant>,
        written: Result<Known, WriteError>,
    ) -> Result<(), SettleError> {
        let mut local = self.local();
        match (written, again) {
            (Ok(known), Some(due)) => {
                local.known.insert(lease.id, known);
                local.lent.remove(&lease.id);
                local.schedule.settle(lease, Next::Again(due), Instant::now());
                Ok(())
            }
            (Ok(_), None) => {
                local.end(lease.id);
                Ok(())
            }
            (Err(WriteError::Conflict), _) => {
                local.doubt(lease.id);
                Err(SettleError::LeaseLost)
            }
            (Err(WriteError::Unavailable(error)), _) => Err(error.into()),
        }
    }

    /// Sees to it that it is written which is the least event of an hour that is done. Whoever prunes looks for the
    /// hours, and whoever lists for where the events begin.
    pub(super) async fn mark_hour(&self, hour: u64, id: EventId) -> Result<(), InboxError> {
        // One at a time: at the turn of an hour many want the same.
        let mut hours = self.hours.lock().await;
        if hours.get(&hour).is_some_and(|least| *least <= id) {
            return Ok(());
        }
        let subject = self.store.names.hour(hour);
        for _ in 0..16 {
            let found = self.store.nodes.last(std::slice::from_ref(&subject), 0).await?.pop();
            let least = found.as_ref().and_then(|found| std::str::from_utf8(&found.payload).ok()?.parse().ok());
            if let Some(least) = least.map(EventId).filter(|least| *least <= id) {
                hours.insert(hour, least);
                return Ok(());
            }
            let expected = found.map_or(0, |found| found.sequence);
            match self.store.tell(subject.clone(), id.to_string().into(), Some(expected)).await {
                Ok(_) => {
                    hours.insert(hour, id);
                    return Ok(());
                }
                Err(WriteError::Conflict) => tokio::time::sleep(Duration::from_millis(20)).await,
                Err(WriteError::Unavailable(error)) => return Err(error),
            }
        }
        Err(InboxError::Unavailable("the hour of an event cannot be written: others write it all the time".to_owned()))
    }

    /// Tells the receiver that has the partition of a new event.
    pub(super) async fn hint(&self, subject: &str, id: EventId) {
        let Some(place) = self.store.names.place(subject) else { return };
        let mine = {
            let mut local = self.local();
            local.hint(place.part, &place.provider, id);
            local.owned.contains_key(&place.part)
        };
        if !mine {
            let hint = format!("{} {id}", place.provider);
            // If it gets lost, the next look at the stream finds the event.
            let _ = self.store.client.publish(self.store.names.hint(place.part), hint.into()).await;
        }
    }
}
