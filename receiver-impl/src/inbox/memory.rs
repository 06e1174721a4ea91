//! The inbox in memory, for tests of handlers, workers and programs that embed the receiver.
//!
//! It keeps nothing when the process ends, so nobody who answers a provider may rely on it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use tokio::time::Instant;

use super::schedule::{Lent, Next, Schedule, Waiting, Wanted, wait};
use super::{
    Admission, Attempt, Change, Changed, Ending, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, PORTION,
    Page, Pruned, Record, Retention, SettleError, Settlement, State, Stats,
};

/// An event that was imported with a time for its next attempt waits no longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// An inbox that lives as long as this value.
#[derive(Debug)]
pub struct Memory {
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    retention: Retention,
    closed: bool,
    schedule: Schedule,
    rows: BTreeMap<EventId, Row>,
    /// The newest event of each provider and identity.
    identities: HashMap<(String, String), EventId>,
    /// A number for each provider and ordering key.
    keys: HashMap<(String, String), i64>,
    last: u64,
    duplicates: u64,
    admitted: u64,
}

#[derive(Debug)]
struct Row {
    record: Record,
    key: Option<i64>,
    tries: u32,
    due: Option<Instant>,
}

impl Memory {
    /// An empty one, which remembers identities as `retention` says.
    pub fn new(retention: Retention) -> Self {
        let held = Held {
            retention,
            closed: false,
            schedule: Schedule::default(),
            rows: BTreeMap::new(),
            identities: HashMap::new(),
            keys: HashMap::new(),
            last: 0,
            duplicates: 0,
            admitted: 0,
        };
        Self { held: Mutex::new(held) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing that runs with the lock in hand panics half way.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, Held>, InboxError> {
        let held = self.held();
        if held.closed { Err(InboxError::Closed) } else { Ok(held) }
    }
}

impl Inbox for Memory {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        let mut held = self.open()?;
        Ok(events.into_iter().map(|event| held.admit(event)).collect())
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        let changed = {
            let mut held = self.open()?;
            let lane = held.lane(provider);
            held.schedule.changed(lane)
        };
        loop {
            // Made before the look, so that nothing that happens after it goes unnoticed.
            let told = changed.notified();
            let due = {
                let mut held = self.open()?;
                let lane = held.lane(provider);
                let now = Instant::now();
                let lent = held.schedule.take(lane, most, now, now + lease);
                if !lent.is_empty() {
                    return Ok(lent.into_iter().filter_map(|lent| held.leased(lent)).collect());
                }
                [held.schedule.next_due(lane), held.schedule.wants_later(lane, now)].into_iter().flatten().min()
            };
            match due {
                Some(due) => _ = tokio::time::timeout_at(due, told).await,
                None => told.await,
            }
        }
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        let now = Instant::now();
        if self.open()?.schedule.extend(lease, now, now + time) { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        self.open()?.settle(&lease, settlement)
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        let held = self.open()?;
        let until = after.unwrap_or(EventId(u64::MAX));
        let lent = held.lent();
        let of = held.rows.range(..until).rev().map(|(_, row)| row.seen(&lent).summary());
        let mut events: Vec<_> = of.filter(|event| filter.fits(event)).take(limit.max(1) + 1).collect();
        let more = events.len() > limit.max(1);
        events.truncate(limit.max(1));
        let next = events.last().filter(|_| more).map(|last| last.id);
        Ok(Page { events, next })
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        let held = self.open()?;
        let lent = held.lent();
        Ok(held.rows.get(&id).map(|row| row.seen(&lent)))
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        let mut held = self.open()?;
        Ok(ids.into_iter().map(|id| held.change(id, change)).collect())
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        let mut held = self.open()?;
        Ok(records.into_iter().map(|record| held.keep(record)).collect())
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        Ok(self.open()?.prune(retention, now))
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        let held = self.open()?;
        let mut stats = Stats { duplicates: held.duplicates, admitted: held.admitted, ..Stats::default() };
        let mut oldest = None;
        let lent = held.lent();
        for record in held.rows.values().map(|row| row.seen(&lent)) {
            let count = match record.state {
                State::Pending => &mut stats.pending,
                State::Leased => &mut stats.leased,
                State::Retrying => &mut stats.retrying,
                State::Done => &mut stats.done,
                State::Dead => &mut stats.dead,
                State::Parked => &mut stats.parked,
            };
            *count += 1;
            if matches!(record.state, State::Pending | State::Leased | State::Retrying) {
                let received_at = record.event.received_at;
                oldest = Some(oldest.map_or(received_at, |oldest: SystemTime| oldest.min(received_at)));
            }
        }
        stats.oldest_seconds = oldest.and_then(|oldest| oldest.elapsed().ok()).map_or(0, |age| age.as_secs());
        Ok(stats)
    }

    fn health(&self) -> Result<(), String> {
        self.open().map(drop).map_err(|error| error.to_string())
    }

    async fn close(&self) {
        let mut held = self.held();
        held.closed = true;
        for (lane, _) in held.schedule.lanes() {
            held.schedule.changed(lane).notify_waiters();
        }
    }
}

impl Held {
    fn admit(&mut self, event: Event) -> Admission {
        let record = Record {
            id: EventId(0),
            event: Arc::new(event),
            has_body: true,
            state: State::Pending,
            next_attempt: None,
            attempts: Vec::new(),
        };
        let admission = self.keep(record);
        *(if matches!(admission, Admission::Kept(_)) { &mut self.admitted } else { &mut self.duplicates }) += 1;
        admission
    }

    fn keep(&mut self, record: Record) -> Admission {
        let event = &*record.event;
        let identity = (event.provider.to_string(), event.identity.clone());
        if let Some(id) = self.identities.get(&identity).copied().filter(|id| self.remembers(*id, event)) {
            return Admission::Duplicate(id);
        }
        self.last += 1;
        let id = EventId(self.last);
        self.identities.insert(identity, id);
        let key = event.ordering_key.clone().map(|key| self.key(event.provider.to_string(), key));
        let now = (Instant::now(), SystemTime::now());
        let due = record.next_attempt.map(|due| now.0 + wait(due, now.1, LONGEST_WAIT));
        let tries = record.attempts.last().map_or(0, |last| last.number);
        let state = if record.state == State::Leased { State::Pending } else { record.state };
        let lane = self.lane(&record.event.provider);
        self.rows.insert(id, Row { record: Record { id, state, ..record }, key, tries, due });
        self.schedule(lane, id);
        Admission::Kept(id)
    }

    /// Whether the event `id` still counts as the one of which `event` is a copy.
    fn remembers(&self, id: EventId, event: &Event) -> bool {
        let Some(kept) = self.rows.get(&id) else { return false };
        let window = if event.identity_is_digest { self.retention.digests } else { self.retention.identities };
        // An event from the future means that the clock was set back.
        event.received_at.duration_since(kept.record.event.received_at).map_or(true, |age| age <= window)
    }

    fn key(&mut self, provider: String, key: String) -> i64 {
        let next = i64::try_from(self.keys.len()).unwrap_or(i64::MAX);
        *self.keys.entry((provider, key)).or_insert(next)
    }

    /// The lane of a provider, with everything in it that there is room for.
    fn lane(&mut self, provider: &str) -> usize {
        let lane = self.schedule.lane(provider, None);
        while let Some(wanted) = self.schedule.wants(lane, Instant::now()) {
            let of = |row: &&Row| row.waits() && row.record.event.provider == provider;
            let from = |from| self.rows.range(from..).map(|(_, row)| row).filter(of);
            let rows: Vec<_> = match wanted {
                Wanted::From(id) => from(id).collect(),
                Wanted::OfKey(key, id) => from(id).filter(|row| row.key == Some(key)).collect(),
                Wanted::Due(_) => {
                    let mut rows: Vec<_> = from(EventId(0)).filter(|row| row.due.is_some()).collect();
                    rows.sort_by_key(|row| row.due);
                    rows
                }
            };
            let next = rows.get(wanted.limit()).map(|next| next.record.id);
            let events = rows.into_iter().take(wanted.limit()).map(Row::waiting).collect();
            self.schedule.refill(lane, wanted, events, next);
        }
        lane
    }

    fn schedule(&mut self, lane: usize, id: EventId) {
        if let Some(row) = self.rows.get(&id).filter(|row| row.waits()) {
            self.schedule.add(lane, row.waiting());
        }
    }

    fn leased(&self, lent: Lent) -> Option<Leased> {
        let Lent { lease, tries, attempts, .. } = lent;
        let event = Arc::clone(&self.rows.get(&lease.id)?.record.event);
        Some(Leased { lease, attempt: attempts + 1, tries: tries + 1, event })
    }

    fn settle(&mut self, lease: &Lease, settlement: Settlement) -> Result<(), SettleError> {
        let (now, clock) = (Instant::now(), SystemTime::now());
        let (state, next, ending, error, after) = match settlement {
            Settlement::Done => (State::Done, Next::Gone, Ending::Done, None, None),
            Settlement::Retry { error, after } => {
                (State::Retrying, Next::Again(now + after), Ending::Failed, Some(error), Some(after))
            }
            Settlement::Dead { error } => (State::Dead, Next::Gone, Ending::Dead, Some(error), None),
            Settlement::Parked { reason } => (State::Parked, Next::Gone, Ending::Parked, Some(reason), None),
            Settlement::Returned => {
                let settled = self.schedule.settle(lease, Next::Untried, now);
                return settled.map(drop).ok_or(SettleError::LeaseLost);
            }
        };
        let (number, tries) = self.schedule.settle(lease, next, now).ok_or(SettleError::LeaseLost)?;
        if let Some(row) = self.rows.get_mut(&lease.id) {
            (row.tries, row.due) = (tries, after.map(|after| now + after));
            row.record.state = state;
            row.record.next_attempt = after.map(|after| clock + after);
            row.record.attempts.push(Attempt { number, ended_at: clock, ending, error });
        }
        self.schedule.ended(lease.id);
        Ok(())
    }

    fn change(&mut self, id: EventId, change: Change) -> Changed {
        let lent = self.lent();
        let Some(row) = self.rows.get_mut(&id) else { return Changed::Unknown };
        let state = row.seen(&lent).state;
        if !change.fits(state) {
            return Changed::NotIn(state);
        }
        match change {
            Change::Replay | Change::Retry if !row.record.has_body => return Changed::NoBody,
            Change::Replay | Change::Retry => row.record.state = State::Pending,
            Change::Park => row.record.state = State::Parked,
            Change::Remove => {}
        }
        (row.tries, row.due, row.record.next_attempt) = (0, None, None);
        let provider = row.record.event.provider.to_string();
        self.schedule.remove(id);
        if change == Change::Remove {
            self.rows.remove(&id);
        }
        let lane = self.lane(&provider);
        self.schedule(lane, id);
        Changed::Changed
    }

    fn prune(&mut self, retention: &Retention, now: SystemTime) -> Pruned {
        let older = |row: &Row, age| {
            row.record.state == State::Done
                && now.duration_since(row.record.event.received_at).is_ok_and(|past| past > age)
        };
        let portion = |of: &dyn Fn(&Row) -> bool| {
            let found = self.rows.iter().filter(|(_, row)| of(row)).map(|(id, _)| *id);
            found.take(PORTION).collect::<Vec<_>>()
        };
        let events = portion(&|row| older(row, retention.identities));
        let bodies = portion(&|row| row.record.has_body && older(row, retention.bodies));
        for id in &bodies {
            let Some(row) = self.rows.get_mut(id) else { continue };
            let event = Event { headers: HeaderMap::new(), body: Bytes::new(), ..(*row.record.event).clone() };
            (row.record.event, row.record.has_body) = (Arc::new(event), false);
        }
        for id in &events {
            self.rows.remove(id);
        }
        let more = bodies.len() == PORTION || events.len() == PORTION;
        Pruned { bodies: bodies.len() as u64, events: events.len() as u64, more }
    }

    /// What workers have.
    fn lent(&self) -> HashSet<EventId> {
        self.schedule.lent_now(Instant::now()).map(|(id, _)| id).collect()
    }
}

impl Row {
    fn waits(&self) -> bool {
        matches!(self.record.state, State::Pending | State::Retrying)
    }

    /// The record as it is seen from outside while workers have these events.
    fn seen(&self, lent: &HashSet<EventId>) -> Record {
        let mut record = self.record.clone();
        if lent.contains(&record.id) {
            (record.state, record.next_attempt) = (State::Leased, None);
        }
        record
    }

    fn waiting(&self) -> Waiting {
        let attempts = self.record.attempts.last().map_or(0, |last| last.number);
        let (id, key, tries, due) = (self.record.id, self.key, self.tries, self.due);
        Waiting { id, key, tries, attempts, due, content: None }
    }
}
