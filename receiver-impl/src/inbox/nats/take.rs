//! Lending events: read from the streams what is not known yet, and give out what is due.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::Instant;

use super::content::Kept;
use super::fetch::BATCH;
use super::local::{Found, Lending, Piece, Plan, Read, due};
use super::shared::Shared;
use super::store::{AT_ONCE, unavailable};
use crate::inbox::schedule::{Lent, Next, Waiting, Wanted};
use crate::inbox::{InboxError, Leased};

/// How soon a receiver that could not say that it lives looks whether it can.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a server that lags behind may take before it is asked again.
const LAG: Duration = Duration::from_millis(5);
/// Bytes of bodies that a reading holds; other bodies are read again when their event is lent.
pub(super) const CONTENT: usize = 8 << 20;
/// How often it is asked again.
const LAGS: usize = 400;

impl Shared {
    pub(super) async fn take(
        self: &Arc<Self>,
        provider: &str,
        most: usize,
        time: Duration,
    ) -> Result<Vec<Leased>, InboxError> {
        let (lane, changed) = {
            let mut local = self.local();
            let lane = local.lane(provider);
            (lane, local.schedule.changed(lane))
        };
        loop {
            // Made before the look, so that nothing that happens after it goes unnoticed.
            let told = changed.notified();
            if self.closed.load(Relaxed) {
                return Err(InboxError::Closed);
            }
            self.read_lane(lane).await?;
            let (lent, due) = {
                let mut local = self.local();
                // Whoever is not heard of lends nothing: others may have its events.
                let (now, paused) = (Instant::now(), local.is_paused() || self.alive().is_err());
                let lent = if paused { Vec::new() } else { local.schedule.take(lane, most, now, now + time) };
                let due = [local.schedule.next_due(lane), local.schedule.wants_later(lane, now)];
                let due = due.into_iter().flatten().min().filter(|_| !paused);
                (Lendings { shared: self, events: lent, epoch: local.epoch() }, due)
            };
            if !lent.events.is_empty() {
                let leased = self.with_content(lent, time).await?;
                if !leased.is_empty() {
                    return Ok(leased);
                }
                continue;
            }
            let due = if self.alive().is_err() { Some(Instant::now() + PAUSE) } else { due };
            match due {
                Some(due) => _ = tokio::time::timeout_at(due, told).await,
                None => told.await,
            }
        }
    }

    /// Reads what the lane wants.
    async fn read_lane(self: &Arc<Self>, lane: usize) -> Result<(), InboxError> {
        let reading = self.local().reading(lane);
        // One at a time: a second one would read the same.
        let _one = reading.lock().await;
        loop {
            let Some(plan) = self.local().plan(lane) else { return Ok(()) };
            let mut giving_up = GivingUp { shared: Some(self.as_ref()) };
            let reads = self.read(lane, &plan).await?;
            giving_up.shared = None;
            if self.local().fill(lane, &plan, reads) {
                let shared = Arc::clone(self);
                tokio::spawn(async move {
                    tokio::time::sleep(LAG).await;
                    shared.local().look(lane);
                });
            }
        }
    }

    async fn read(&self, lane: usize, plan: &Plan) -> Result<Vec<Read>, InboxError> {
        let (names, limit) = (&self.store.names, plan.wanted.limit());
        let budget = &AtomicUsize::new(CONTENT);
        match plan.wanted {
            Wanted::Due(most) => Ok(vec![self.local().soonest(lane, most, self.longest_wait)]),
            Wanted::OfKey(key, from) => {
                let filter = names.events_of_key(&plan.provider, key);
                let piece = Piece { part: 0, from: from.0, sure: true };
                Ok(vec![self.read_waiting(piece, &filter, limit, budget).await?])
            }
            Wanted::From(_) => {
                let limit = (limit / plan.parts.len().max(1)).max(BATCH);
                let reads = plan.parts.iter().map(|piece| async move {
                    let filter = names.events_of(piece.part, &plan.provider);
                    self.read_waiting(*piece, &filter, limit, budget).await
                });
                stream::iter(reads.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await
            }
        }
    }

    /// Reads events that wait, from one on, until there are so many or no more.
    pub(super) async fn read_waiting(
        &self,
        piece: Piece,
        filter: &str,
        limit: usize,
        budget: &AtomicUsize,
    ) -> Result<Read, InboxError> {
        let Piece { part, from, sure } = piece;
        let mut read = Read { part, events: Vec::new(), next: from, end: false };
        let mut lag = 0;
        while !read.end && read.events.len() < limit {
            let found = self.store.events.run(filter, read.next, BATCH).await?;
            read.end = found.end;
            if let Some(last) = found.messages.last() {
                read.next = last.sequence + 1;
            }
            if sure && read.end && self.store.is_more(filter, read.next).await? {
                // Whoever answered lags behind the leader.
                if lag == LAGS {
                    return Err(unavailable("no server is up to date with the stream of the events"));
                }
                (read.end, lag) = (false, lag + 1);
                tokio::time::sleep(LAG).await;
            }
            let kept: Vec<_> = found.messages.into_iter().filter_map(Kept::readable).collect();
            let kept: Vec<_> = kept.into_iter().filter(|kept| !kept.is_stub()).collect();
            if kept.is_empty() {
                continue;
            }
            let mut known = self.store.known(kept.iter().map(|kept| (kept.id, kept.event.received_at))).await?;
            for kept in kept {
                let known = known.remove(&kept.id);
                let standing = known.as_ref().map(|known| &known.standing).or(kept.past.as_ref());
                if standing.is_some_and(|standing| !standing.waits()) {
                    continue;
                }
                let place = self.store.names.place(&kept.subject);
                let waiting = Waiting {
                    id: kept.id,
                    key: place.as_ref().and_then(|place| place.key),
                    tries: standing.map_or(0, |standing| standing.tries),
                    attempts: standing.map_or(0, |standing| standing.number()),
                    // Of what was imported and not yet written down, nobody would remember the time.
                    due: due(known.as_ref().and_then(|known| known.standing.next_attempt), self.longest_wait),
                    content: spend(budget, kept.event.body.len()).then_some(kept.event),
                };
                read.events.push(Found { part: place.map_or(part, |place| place.part), waiting, known });
            }
        }
        Ok(read)
    }

    /// Reads the content of what is lent, where it is not at hand.
    async fn with_content(&self, lent: Lendings<'_>, time: Duration) -> Result<Vec<Leased>, InboxError> {
        let missing: Vec<_> =
            lent.events.iter().filter(|lent| lent.content.is_none()).map(|lent| lent.lease.id).collect();
        // As the leader has it: another server may not have it yet, or not know that it is gone.
        let read = missing.iter().map(|id| self.store.newest(None, id.0));
        let read: Vec<_> = stream::iter(read.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await?;
        let mut read = read.into_iter();
        let mut leased = Vec::with_capacity(lent.events.len());
        let until = Instant::now() + time;
        let mut local = self.local();
        if local.epoch() != lent.epoch || self.alive().is_err() {
            // While they were read, others may have got them.
            drop(local);
            drop(lent);
            return Ok(leased);
        }
        for Lent { lease, tries, attempts, content } in lent.done() {
            let event = content.or_else(|| read.next().flatten().map(|kept| kept.event));
            let Some(event) = event else {
                // Somebody removed it.
                local.end(lease.id);
                continue;
            };
            let (number, tries) = (attempts + 1, tries + 1);
            let lending = Lending { token: lease.token, number, tries, until, event: Arc::clone(&event) };
            local.lent.insert(lease.id, lending);
            leased.push(Leased { lease, attempt: number, tries, event });
        }
        Ok(leased)
    }
}

/// Whether so many bytes are left to be held; then they are not any more.
fn spend(budget: &AtomicUsize, bytes: usize) -> bool {
    budget.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(bytes)).is_ok()
}

/// A reading that may end early.
struct GivingUp<'a> {
    shared: Option<&'a Shared>,
}

impl Drop for GivingUp<'_> {
    fn drop(&mut self) {
        if let Some(shared) = self.shared {
            shared.local().give_up();
        }
    }
}

/// What was lent to somebody who may go away before it reaches them.
struct Lendings<'a> {
    shared: &'a Shared,
    events: Vec<Lent>,
    /// When that was, as [`Local::epoch`](super::local::Local::epoch) counts.
    epoch: u64,
}

impl Lendings<'_> {
    fn done(mut self) -> Vec<Lent> {
        std::mem::take(&mut self.events)
    }
}

impl Drop for Lendings<'_> {
    fn drop(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let mut local = self.shared.local();
        for lent in &self.events {
            local.schedule.settle(&lent.lease, Next::Untried, Instant::now());
        }
    }
}
