//! What is due, in memory: whose turn it is, who waits behind whom, what is lent until when.
//!
//! A store in this process tells the schedule what it keeps and asks it what to lend. There is one lane for each
//! provider. In a lane the oldest event goes first, except that
//!
//! * of the events with the same ordering key only the first takes part, be it lent or waiting for its next attempt;
//!   the others wait behind it until it is done, dead or parked;
//! * an event that failed does not take part before its time.
//!
//! Leases are known here alone. If the process ends, so do they, and the store gives the events out again when it is
//! opened. All times are those of the monotonic clock, so nobody who sets the machine's clock moves them.
//!
//! Memory is bounded: a lane holds at most [`WINDOW`] events, and at most [`KEY_WINDOW`] that wait behind one key. Of
//! what goes beyond, the lane only knows where it begins; [`Schedule::wants`] says what the store is to read again.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::event::{Event, EventId};
use super::lease::Lease;

/// The most events of a provider that are held in memory.
const WINDOW: usize = if cfg!(test) { 64 } else { 50_000 };
/// The most events that wait in memory behind one that has their ordering key.
const KEY_WINDOW: usize = if cfg!(test) { 4 } else { 256 };
/// How many events a store reads again at a time.
const REFILL: usize = if cfg!(test) { 16 } else { 4096 };
/// The most bytes of events that the schedule holds for events whose turn is near; others are read again.
const CONTENT: usize = 8 << 20;

/// What the store knows of an event that waits.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) id: EventId,
    /// What stands for its ordering key, if it has one.
    pub(crate) key: Option<i64>,
    /// How often it was tried since it was admitted or replayed.
    pub(crate) tries: u32,
    /// How often it was tried at all.
    pub(crate) attempts: u32,
    /// When it may be tried; `None` for at once.
    pub(crate) due: Option<Instant>,
    /// The event, if it is at hand.
    pub(crate) content: Option<Arc<Event>>,
}

/// An event that was lent.
#[derive(Debug)]
pub(crate) struct Lent {
    pub(crate) lease: Lease,
    pub(crate) tries: u32,
    pub(crate) attempts: u32,
    pub(crate) content: Option<Arc<Event>>,
}

/// A worker has the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IsLent;

/// What follows the end of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The event is done, dead or parked: those behind it go on.
    Gone,
    /// It was tried, and is tried again at this time.
    Again(Instant),
    /// It was not tried.
    Untried,
}

/// Where a store is to read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Any event of the lane, from this one on.
    From(EventId),
    /// Only events with this key, from this one on.
    OfKey(i64, EventId),
}

impl Key {
    /// Lets go of those that wait, from one on.
    fn put_down_from(&mut self, id: EventId) -> BTreeSet<EventId> {
        self.beyond = Some(self.beyond.map_or(id, |beyond| beyond.min(id)));
        self.behind.split_off(&id)
    }
}

impl Wanted {
    /// The most events to read.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::From(_) => REFILL,
            Self::OfKey(..) => KEY_WINDOW,
        }
    }
}

/// The lanes of all providers.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    lanes: Vec<Lane>,
    entries: HashMap<EventId, Entry>,
    /// Events whose end the store has yet to write down. What it reads meanwhile does not know of it.
    ending: HashSet<EventId>,
    tokens: u64,
    content: usize,
}

#[derive(Debug)]
struct Lane {
    provider: String,
    /// Told that something may have become due.
    changed: Arc<Notify>,
    held: usize,
    ready: BTreeSet<EventId>,
    delayed: BTreeSet<(Instant, EventId)>,
    leases: BTreeSet<(Instant, EventId)>,
    keys: HashMap<i64, Key>,
    /// The first event that is not held although it waits, apart from those behind a key.
    beyond: Option<EventId>,
    /// Keys whose events in memory are used up, with more in the store.
    thirsty: BTreeSet<i64>,
}

/// The events of one ordering key.
#[derive(Debug)]
struct Key {
    /// The only one that takes part.
    first: EventId,
    behind: BTreeSet<EventId>,
    /// The first event of the key that is not held.
    beyond: Option<EventId>,
}

#[derive(Debug)]
struct Entry {
    lane: usize,
    key: Option<i64>,
    tries: u32,
    attempts: u32,
    content: Option<Arc<Event>>,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ready,
    Delayed(Instant),
    Behind,
    /// Somebody is changing it. It keeps its turn, but is not lent. If it was delayed, until when.
    Held(Option<Instant>),
    Lent {
        token: u64,
        until: Instant,
    },
}

impl Lane {
    fn new(provider: &str, beyond: Option<EventId>) -> Self {
        Self {
            provider: provider.to_owned(),
            changed: Arc::default(),
            held: 0,
            ready: BTreeSet::new(),
            delayed: BTreeSet::new(),
            leases: BTreeSet::new(),
            keys: HashMap::new(),
            beyond,
            thirsty: BTreeSet::new(),
        }
    }
}

impl Schedule {
    /// The lane of a provider, made if there is none; its events from `beyond` on, if any, are still to be read.
    pub(crate) fn lane(&mut self, provider: &str, beyond: Option<EventId>) -> usize {
        if let Some(lane) = self.lanes.iter().position(|lane| lane.provider == provider) {
            return lane;
        }
        self.lanes.push(Lane::new(provider, beyond));
        self.lanes.len() - 1
    }

    /// What is notified when something may have become due in a lane.
    pub(crate) fn changed(&self, lane: usize) -> Arc<Notify> {
        Arc::clone(&self.lanes[lane].changed)
    }

    /// Every lane with its provider.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lanes.iter().map(|lane| lane.provider.as_str()).enumerate()
    }

    /// Forgets everything but the lanes, which are to be read again from `beyond` on.
    pub(crate) fn clear(&mut self, beyond: Option<EventId>) {
        self.entries.clear();
        self.ending.clear();
        self.content = 0;
        for lane in &mut self.lanes {
            *lane = Lane { changed: Arc::clone(&lane.changed), ..Lane::new(&lane.provider, beyond) };
        }
    }

    /// A new event, or one that is to be handled again. What is held already stays as it is.
    pub(crate) fn add(&mut self, lane: usize, event: Waiting) {
        let held = |entry: &&mut Entry| matches!(entry.place, Place::Held(_));
        if let Some(entry) = self.entries.get_mut(&event.id).filter(held) {
            (entry.tries, entry.attempts, entry.place) = (event.tries, event.attempts, Place::Held(event.due));
            return self.let_go(event.id);
        }
        let of = &self.lanes[lane];
        if of.beyond.is_some() || of.held >= WINDOW {
            if !self.entries.contains_key(&event.id) {
                self.read_again(lane, event.id);
            }
            return;
        }
        self.hold(lane, event);
    }

    /// What a store read again because it was [wanted](Self::wants), in order; `more` if it stopped at a limit.
    pub(crate) fn refill(&mut self, lane: usize, wanted: Wanted, events: Vec<Waiting>, more: bool) {
        let next = events.last().filter(|_| more).map(|last| EventId(last.id.0 + 1));
        match wanted {
            Wanted::From(_) => self.lanes[lane].beyond = next,
            Wanted::OfKey(key, _) => {
                self.lanes[lane].thirsty.remove(&key);
                if let Some(key) = self.lanes[lane].keys.get_mut(&key) {
                    key.beyond = None;
                }
            }
        }
        for event in events {
            self.hold(lane, event);
        }
        if let Wanted::OfKey(key, from) = wanted {
            self.pour(lane, key, next.map(|next| next.max(from)));
        }
    }

    fn hold(&mut self, lane: usize, event: Waiting) {
        let Waiting { id, key, tries, attempts, due, content } = event;
        if self.entries.contains_key(&id) || self.ending.contains(&id) {
            return;
        }
        let of = &mut self.lanes[lane];
        let place = match key.and_then(|key| of.keys.get_mut(&key)) {
            Some(key) if key.beyond.is_some() || key.behind.len() >= KEY_WINDOW => {
                key.beyond = Some(key.beyond.map_or(id, |beyond| beyond.min(id)));
                return;
            }
            Some(key) => {
                key.behind.insert(id);
                Place::Behind
            }
            None => {
                if let Some(key) = key {
                    of.keys.insert(key, Key { first: id, behind: BTreeSet::new(), beyond: None });
                }
                match due {
                    Some(due) => {
                        of.delayed.insert((due, id));
                        Place::Delayed(due)
                    }
                    None => {
                        of.ready.insert(id);
                        Place::Ready
                    }
                }
            }
        };
        of.held += 1;
        if place != Place::Behind {
            of.changed.notify_one();
        }
        let content = content.filter(|event| self.content + weight(event) <= CONTENT);
        self.content += content.as_ref().map_or(0, |event| weight(event));
        self.entries.insert(id, Entry { lane, key, tries, attempts, content, place });
    }

    /// Sets where the events of a key go on that are not held, and asks for them if nobody of the key is left.
    fn pour(&mut self, lane: usize, key: i64, beyond: Option<EventId>) {
        let of = &mut self.lanes[lane];
        let Some(events) = of.keys.get_mut(&key) else { return };
        events.beyond = match (events.beyond, beyond) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        // The first is gone, or has come back and stands behind itself.
        if self.entries.get(&events.first).is_none_or(|first| first.place == Place::Behind) {
            self.advance(lane, key);
        }
    }

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
            lent.push(Lent { lease: Lease { id, token }, tries: entry.tries, attempts: entry.attempts, content });
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

    fn wake(&mut self, lane: usize, now: Instant) {
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

    fn lent(&self, lease: &Lease, now: Instant) -> Option<(usize, Instant)> {
        let entry = self.entries.get(&lease.id)?;
        match entry.place {
            Place::Lent { token, until } if token == lease.token && until > now => Some((entry.lane, until)),
            _ => None,
        }
    }

    /// Sees to it that nobody is lent an event while it is changed, unless somebody has it. An
    /// event that is first of its key keeps its turn; [`Self::remove`], [`Self::add`] or [`Self::let_go`] ends this.
    pub(crate) fn hold_back(&mut self, id: EventId, now: Instant) -> Result<(), IsLent> {
        let Some(entry) = self.entries.get_mut(&id) else { return Ok(()) };
        let (lane, place) = (entry.lane, entry.place);
        match place {
            Place::Lent { until, .. } if until > now => return Err(IsLent),
            // Its turn may come at any moment. So it and those behind it are put down, and read again after the change.
            Place::Behind => {
                self.put_down_from(lane, id);
                return Ok(());
            }
            _ => {}
        }
        entry.place = Place::Held(match place {
            Place::Delayed(due) => Some(due),
            _ => None,
        });
        self.leave(lane, place, id);
        Ok(())
    }

    /// Lends an event again that was held back and not changed.
    pub(crate) fn let_go(&mut self, id: EventId) {
        let Some(entry) = self.entries.get_mut(&id) else { return };
        let Place::Held(due) = entry.place else { return };
        let of = &mut self.lanes[entry.lane];
        match due {
            Some(due) => {
                entry.place = Place::Delayed(due);
                of.delayed.insert((due, id));
            }
            None => {
                entry.place = Place::Ready;
                of.ready.insert(id);
            }
        }
        of.changed.notify_one();
    }

    fn leave(&mut self, lane: usize, place: Place, id: EventId) {
        let of = &mut self.lanes[lane];
        match place {
            Place::Ready => _ = of.ready.remove(&id),
            Place::Delayed(due) => _ = of.delayed.remove(&(due, id)),
            Place::Lent { until, .. } => _ = of.leases.remove(&(until, id)),
            Place::Behind | Place::Held(_) => {}
        }
    }

    /// Has the store read a lane again from an event on, of which it may know more than the schedule.
    pub(crate) fn read_again(&mut self, lane: usize, id: EventId) {
        let of = &mut self.lanes[lane];
        of.beyond = Some(of.beyond.map_or(id, |beyond| beyond.min(id)));
    }

    /// The events that are lent, each with whether it was tried before.
    pub(crate) fn lent_now(&self, now: Instant) -> impl Iterator<Item = (EventId, bool)> + use<'_> {
        let leases = self.lanes.iter().flat_map(move |lane| lane.leases.range((now, EventId(u64::MAX))..));
        leases.map(|(_, id)| (*id, self.entries.get(id).is_some_and(|entry| entry.tries > 0)))
    }

    /// Forgets an event, so that those behind it go on.
    pub(crate) fn remove(&mut self, id: EventId) {
        let Some(entry) = self.entries.remove(&id) else { return };
        self.content -= entry.content.as_ref().map_or(0, |event| weight(event));
        self.leave(entry.lane, entry.place, id);
        let of = &mut self.lanes[entry.lane];
        of.held -= 1;
        let Some(key) = entry.key else { return };
        match of.keys.get_mut(&key) {
            Some(events) if events.first == id => self.advance(entry.lane, key),
            Some(events) => _ = events.behind.remove(&id),
            None => {}
        }
    }

    /// Lets the next event of a key take part, now that its first is gone.
    fn advance(&mut self, lane: usize, key: i64) {
        let of = &mut self.lanes[lane];
        let Some(events) = of.keys.get_mut(&key) else { return };
        match events.behind.pop_first() {
            Some(next) => {
                events.first = next;
                of.ready.insert(next);
                if let Some(entry) = self.entries.get_mut(&next) {
                    entry.place = Place::Ready;
                }
            }
            // The key stays, so that what is admitted meanwhile does not go before what the store still has.
            None if events.beyond.is_some() => _ = of.thirsty.insert(key),
            None => _ = of.keys.remove(&key),
        }
        of.changed.notify_one();
    }

    /// What a store should read again for a lane, at most [`Wanted::limit`] events, and hand to [`Self::refill`].
    pub(crate) fn wants(&mut self, lane: usize) -> Option<Wanted> {
        let of = &mut self.lanes[lane];
        if let Some(key) = of.thirsty.first()
            && let Some(from) = of.keys.get(key).and_then(|events| events.beyond)
        {
            return Some(Wanted::OfKey(*key, from));
        }
        let from = of.beyond?;
        if of.held + REFILL > WINDOW && of.ready.len() + of.leases.len() < REFILL {
            self.put_down(lane);
        }
        let of = &self.lanes[lane];
        (of.held + REFILL <= WINDOW).then_some(Wanted::From(from))
    }

    /// Makes room for events that can go on, by letting go of those behind a first that waits for its next attempt.
    fn put_down(&mut self, lane: usize) {
        let delayed = |entry: &Entry| matches!(entry.place, Place::Delayed(_));
        let waits = |events: &&Key| self.entries.get(&events.first).is_some_and(delayed);
        let keys = self.lanes[lane].keys.values();
        let behind: Vec<_> = keys.filter(waits).filter_map(|events| events.behind.first().copied()).collect();
        behind.into_iter().for_each(|id| self.put_down_from(lane, id));
    }

    /// Lets go of an event that waits behind another, and of all behind it.
    fn put_down_from(&mut self, lane: usize, id: EventId) {
        let key = self.entries.get(&id).and_then(|entry| entry.key);
        let of = &mut self.lanes[lane];
        let Some(events) = key.and_then(|key| of.keys.get_mut(&key)) else { return };
        let put_down = events.put_down_from(id);
        of.held -= put_down.len();
        for id in put_down {
            let entry = self.entries.remove(&id);
            self.content -= entry.and_then(|entry| entry.content).map_or(0, |event| weight(&event));
        }
    }
}

/// About how many bytes an event takes.
fn weight(event: &Event) -> usize {
    let headers: usize = event.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 64).sum();
    event.body.len() + headers + 512
}

/// How long from `now` until `due` by the machine's clock, but never longer than `most`: a clock that was set must not
/// put an event off for years.
pub(crate) fn wait(due: std::time::SystemTime, now: std::time::SystemTime, most: Duration) -> Duration {
    due.duration_since(now).unwrap_or_default().min(most)
}

#[cfg(test)]
mod tests;
