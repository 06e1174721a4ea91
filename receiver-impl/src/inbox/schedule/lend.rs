//! Whose turn it is, who has what, and what follows when it is given back.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::{Lent, Next, Place, Schedule, weight};
use crate::inbox::event::EventId;
use crate::inbox::lease::Lease;

impl Schedule {
    /// Lends up to `most` events until `until`, the oldest first.
    pub(crate) fn take(&mut self, lane: usize, most: usize, now: Instant, until: Instant) -> Vec<Lent> {
        self.wake(lane, now);
        let mut lent = Vec::with_capacity(most.min(self.lanes[lane].ready.len()));
        while lent.len() < most {
            let Some(id) = self.lanes[lane].ready.pop_first() else { break };
            let Some(entry) = self.entries.get_mut(&id) else { continue };
            self.tokens += 1;
            let token = self.tokens;
            entry.place = Place::Lent { token, until };
            self.lanes[lane].leases.insert((until, id));
            let content = entry.content.take();
            self.content -= content.as_ref().map_or(0, |event| weight(event));
            let lease = Lease { id, token, attempt: entry.attempts + 1 };
            lent.push(Lent { lease, tries: entry.tries, attempts: entry.attempts, content });
        }
        if !self.lanes[lane].ready.is_empty() {
            // For another taker, if there is one.
            self.lanes[lane].changed.notify_one();
        }
        lent
    }

    /// When something becomes due that is not yet.
    pub(crate) fn next_due(&self, lane: usize) -> Option<Instant> {
        let of = &self.lanes[lane];
        let first = |set: &BTreeSet<(Instant, EventId)>| set.first().map(|(when, _)| *when);
        [first(&of.delayed), first(&of.leases)].into_iter().flatten().min()
    }

    pub(super) fn wake(&mut self, lane: usize, now: Instant) {
        let of = &mut self.lanes[lane];
        while let Some((when, id)) = of.delayed.first().copied().filter(|(when, _)| *when <= now) {
            of.delayed.remove(&(when, id));
            of.ready.insert(id);
            if let Some(entry) = self.entries.get_mut(&id) {
                entry.place = Place::Ready;
            }
        }
        while let Some((when, id)) = of.leases.first().copied().filter(|(when, _)| *when <= now) {
            of.leases.remove(&(when, id));
            of.ready.insert(id);
            if let Some(entry) = self.entries.get_mut(&id) {
                // Whoever had it may have tried it. Nothing is written of that, so it has no number.
                entry.tries += 1;
                entry.place = Place::Ready;
            }
        }
    }

    /// Makes a lease end at `until`; false if it is over.
    pub(crate) fn extend(&mut self, lease: &Lease, now: Instant, until: Instant) -> bool {
        let Some((lane, old)) = self.lent(lease, now) else { return false };
        let of = &mut self.lanes[lane];
        of.leases.remove(&(old, lease.id));
        of.leases.insert((until, lease.id));
        if let Some(entry) = self.entries.get_mut(&lease.id) {
            entry.place = Place::Lent { token: lease.token, until };
        }
        true
    }

    /// The end of these events, which [`Next::Gone`] announced, is written down.
    pub(crate) fn ended(&mut self, id: EventId) {
        self.ending.remove(&id);
    }

    /// Ends a lease. The number of this attempt and the tries so far, this one included; `None` if it is over.
    pub(crate) fn settle(&mut self, lease: &Lease, next: Next, now: Instant) -> Option<(u32, u32)> {
        let (lane, until) = self.lent(lease, now)?;
        self.lanes[lane].leases.remove(&(until, lease.id));
        let entry = self.entries.get_mut(&lease.id)?;
        let of = &mut self.lanes[lane];
        let (number, tries) = (entry.attempts + 1, entry.tries + 1);
        match next {
            Next::Gone => {
                self.remove(lease.id);
                self.ending.insert(lease.id);
            }
            Next::Again(due) => {
                (entry.attempts, entry.tries) = (number, tries);
                entry.place = Place::Delayed(due);
                of.delayed.insert((due, lease.id));
                of.changed.notify_one();
            }
            Next::Untried => {
                entry.place = Place::Ready;
                of.ready.insert(lease.id);
                of.changed.notify_one();
            }
        }
        Some((number, tries))
    }

    pub(super) fn lent(&self, lease: &Lease, now: Instant) -> Option<(usize, Instant)> {
        let entry = self.entries.get(&lease.id)?;
        match entry.place {
            Place::Lent { token, until } if token == lease.token && until > now => Some((entry.lane, until)),
            _ => None,
        }
    }

    /// Whether an event is known here.
    pub(crate) fn holds(&self, id: EventId) -> bool {
        self.entries.contains_key(&id)
    }

    /// The events that are lent, each with whether it was tried before.
    pub(crate) fn lent_now(&self, now: Instant) -> impl Iterator<Item = (EventId, bool)> + use<'_> {
        let leases = self.lanes.iter().flat_map(move |lane| lane.leases.range((now, EventId(u64::MAX))..));
        leases.map(|(_, id)| (*id, self.entries.get(id).is_some_and(|entry| entry.tries > 0)))
    }
}
