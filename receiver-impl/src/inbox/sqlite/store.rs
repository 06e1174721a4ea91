//! The file as an [`Inbox`].

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::lend::Lendings;
use super::queue::{Admit, Wish};
use super::{Sqlite, reader, rows};
use crate::inbox::{
    Admission, Change, Changed, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, Page, Pruned, Record,
    Retention, SettleError, Settlement, State, Stats, Summary,
};

impl Inbox for Sqlite {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        self.ask(|queue, reply| queue.admit(Admit { events, reply })).await
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        let (lane, changed) = {
            let mut schedule = self.shared.schedule();
            let lane = schedule.lane(provider, Some(EventId(0)));
            (lane, schedule.changed(lane))
        };
        // A lane that is new is empty until the writer fills it.
        self.shared.queue.nudge();
        loop {
            let told = changed.notified();
            if self.shared.closed.load(Relaxed) {
                return Err(InboxError::Closed);
            }
            let now = Instant::now();
            let (lent, due) = {
                let mut schedule = self.shared.schedule();
                let lent = schedule.take(lane, most, now, now + lease);
                (Lendings { shared: &self.shared, events: lent }, schedule.next_due(lane))
            };
            if !lent.events.is_empty() {
                let leased = self.with_content(lent).await?;
                if !leased.is_empty() {
                    return Ok(leased);
                }
                continue;
            }
            match due {
                Some(due) => _ = tokio::time::timeout_at(due, told).await,
                None => told.await,
            }
        }
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        let now = Instant::now();
        if self.shared.schedule().extend(lease, now, now + time) { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        let (reply, written) = oneshot::channel();
        self.settle_later(&lease, &settlement, Some(reply))?;
        Ok(written.await.unwrap_or_else(|_| Err(self.shared.unanswered()))?)
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        let limit = limit.max(1);
        let mut page = Page::default();
        // They are few, and the file does not know which.
        let among = (filter.states == [State::Leased]).then(|| self.lent());
        let mut before = after;
        loop {
            let wanted = limit + 1 - page.events.len();
            let (of, among) = (filter.clone(), among.clone());
            let list = move |connection: &Connection| reader::list(connection, &of, among, before, wanted);
            let found = self.read(list).await?;
            let last = found.last().filter(|_| found.len() == wanted).map(|event| event.id);
            let mut found = found;
            self.mark_lent(&mut found);
            page.events.extend(found.into_iter().filter(|event| filter.fits(event)));
            if page.events.len() > limit {
                page.events.truncate(limit);
                page.next = page.events.last().map(|event| event.id);
                return Ok(page);
            }
            let Some(last) = last else { return Ok(page) };
            before = Some(last);
        }
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        let mut found = self.read(move |connection| reader::show(connection, id)).await?;
        if let Some(record) = &mut found
            && self.lent().contains(&id)
        {
            record.state = State::Leased;
        }
        Ok(found)
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        self.ask(|queue, reply| queue.wish(Wish::Change { ids, change, reply })).await
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        self.ask(|queue, reply| queue.wish(Wish::Import { records, reply })).await
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        let retention = *retention;
        self.ask(|queue, reply| queue.wish(Wish::Prune { retention, now, reply })).await
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        let ([pending, retrying, dead, parked], oldest, kept, removed) = self
            .read(|connection| {
                let (open, oldest) = reader::open(connection)?;
                Ok((open, oldest, rows::counter(connection, "kept")?, rows::counter(connection, "removed")?))
            })
            .await?;
        let (mut fresh, mut again) = (0, 0);
        for (_, tried) in self.shared.schedule().lent_now(Instant::now()) {
            *(if tried { &mut again } else { &mut fresh }) += 1;
        }
        let figures = &self.shared.figures;
        let open = pending + retrying + dead + parked;
        Ok(Stats {
            pending: pending.saturating_sub(fresh),
            leased: fresh + again,
            retrying: retrying.saturating_sub(again),
            done: kept.saturating_sub(removed).saturating_sub(open),
            dead,
            parked,
            duplicates: figures.duplicates.load(Relaxed),
            oldest_seconds: oldest.and_then(|at| at.elapsed().ok()).map_or(0, |age| age.as_secs()),
            commits: figures.commits.load(Relaxed),
            admitted: figures.admitted.load(Relaxed),
        })
    }

    fn health(&self) -> Result<(), String> {
        self.shared.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn close(&self) {
        self.shared.closed.store(true, Relaxed);
        // Before the writer closes its own: whoever closes the file last copies the log into it, and of two at once neither
        // is the last.
        self.shared.readers.forget();
        self.shared.queue.close();
        let lanes: Vec<_> = {
            let schedule = self.shared.schedule();
            schedule.lanes().map(|(lane, _)| schedule.changed(lane)).collect()
        };
        lanes.iter().for_each(|lane| lane.notify_waiters());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // A writer that panicked has said so.
            let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        }
    }
}

impl Sqlite {
    fn lent(&self) -> HashSet<EventId> {
        self.shared.schedule().lent_now(Instant::now()).map(|(id, _)| id).collect()
    }

    /// The file does not know what is lent.
    fn mark_lent(&self, events: &mut [Summary]) {
        let lent = self.lent();
        for event in events.iter_mut().filter(|event| lent.contains(&event.id)) {
            event.state = State::Leased;
        }
    }
}
