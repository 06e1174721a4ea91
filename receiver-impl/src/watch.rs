//! An inbox that tells what happens to its events, so that somebody can look on.
//!
//! Who looks on comes by a few times a second and takes what has gathered since: telling wakes nobody up, waits for
//! nobody, and holds a bounded amount, however slow or far away the onlookers are. What did not fit is noted as a
//! [gap](Gathered::missed), to be read from the inbox at leisure.

mod feed;
mod given_up;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::inbox::{
    Admission, Change, Changed, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, Page, Pruned, Record,
    Retention, SettleError, Settlement, State, Stats,
};

pub(crate) use feed::{Feed, Gathered, Now, Seen, Watcher};

/// An inbox whose [`Feed`] learns of everything.
#[derive(Debug)]
pub(crate) struct Watched<I> {
    inbox: Arc<I>,
    feed: Arc<Feed>,
}

impl<I> Watched<I> {
    /// This one, told to `feed`.
    pub(crate) fn new(inbox: Arc<I>, feed: Arc<Feed>) -> Self {
        Self { inbox, feed }
    }
}

impl<I: Inbox> Inbox for Watched<I> {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        // Whoever waits for this may give up. The inbox may keep the events all the same.
        let mut waits = Waits { feed: &self.feed, about: events.iter().map(Seen::of).collect() };
        let admissions = self.inbox.admit(events).await;
        let about = std::mem::take(&mut waits.about);
        let admissions = admissions?;
        let kept = about.into_iter().zip(&admissions).filter_map(|(seen, admission)| match admission {
            Admission::Kept(id) => Some(Seen { id: *id, ..seen }),
            Admission::Duplicate(_) => None,
        });
        self.feed.keep(kept);
        Ok(admissions)
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        let leased = self.inbox.take(provider, most, lease).await?;
        self.feed.find(leased.iter().map(|one| (one.lease.id, &*one.event)));
        if self.feed.is_watched() {
            self.feed.turn(leased.iter().map(|one| {
                // An attempt is one when it ends.
                (one.lease.id, Now { state: Some(State::Leased), attempts: Some(one.lease.attempt.saturating_sub(1)) })
            }));
        }
        Ok(leased)
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        self.inbox.extend(lease, time).await
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        let (id, attempt, watched) = (lease.id, lease.attempt, self.feed.is_watched());
        let (state, attempts) = match settlement {
            Settlement::Done => (State::Done, attempt),
            Settlement::Retry { .. } => (State::Retrying, attempt),
            Settlement::Dead { .. } => (State::Dead, attempt),
            Settlement::Parked { .. } => (State::Parked, attempt),
            Settlement::Returned => (State::Pending, attempt.saturating_sub(1)),
        };
        self.inbox.settle(lease, settlement).await?;
        if watched {
            self.feed.turn([(id, Now { state: Some(state), attempts: Some(attempts) })]);
        }
        Ok(())
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        self.inbox.list(filter, after, limit).await
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        self.inbox.show(id).await
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        let state = match change {
            Change::Replay | Change::Retry => Some(State::Pending),
            Change::Park => Some(State::Parked),
            Change::Remove => None,
        };
        let watched = self.feed.is_watched();
        if watched {
            // A worker may have the event before the inbox says that it is changed, and what it tells comes later.
            self.feed.turn(ids.iter().map(|id| (*id, Now { state, attempts: None })));
        }
        let changed = self.inbox.change(ids, change).await;
        let all = changed.as_ref().is_ok_and(|changed| changed.iter().all(|one| *one == Changed::Changed));
        if watched && !all {
            self.feed.lose_changes();
        }
        changed
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        let admissions = self.inbox.import(records).await?;
        self.feed.miss(admissions.iter().filter_map(|admission| match admission {
            Admission::Kept(id) => Some(*id),
            Admission::Duplicate(_) => None,
        }));
        Ok(admissions)
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        self.inbox.prune(retention, now).await
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        self.inbox.stats().await
    }

    fn health(&self) -> Result<(), String> {
        self.inbox.health()
    }

    async fn close(&self) {
        self.inbox.close().await;
    }
}

/// Events of which it is not known yet whether they are kept.
struct Waits<'a> {
    feed: &'a Feed,
    about: Vec<Seen>,
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if !self.about.is_empty() {
            self.feed.give_up(std::mem::take(&mut self.about));
        }
    }
}

#[cfg(test)]
mod tests;
