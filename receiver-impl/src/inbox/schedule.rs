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
//! Events that wait for their next attempt make room for others: those whose time is furthest away are put away, and
//! read again when it comes.

mod lend;
mod terms;
mod turn;
mod window;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::event::{Event, EventId};
pub(crate) use terms::{IsLent, Lent, Next, Waiting, Wanted};

/// The most events of a provider that are held in memory.
const WINDOW: usize = if cfg!(test) { 64 } else { 50_000 };
/// The most events that wait in memory behind one that has their ordering key.
const KEY_WINDOW: usize = if cfg!(test) { 4 } else { 256 };
/// The most events that are put away and remembered because others wait behind them in their key.
const AWAY: usize = if cfg!(test) { 48 } else { 200_000 };
/// How many events a store reads again at a time.
const REFILL: usize = if cfg!(test) { 16 } else { 4096 };
/// The most bytes of events that the schedule holds for events whose turn is near; others are read again.
const CONTENT: usize = 8 << 20;

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
    /// When the first of those that were put away is due.
    later: Option<Instant>,
    /// How many are [`Place::Away`].
    away: usize,
    /// What the store was asked for last, so that everything gets its turn.
    asked: usize,
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
    /// First of its key, and put away until its time. It does not count as held.
    Away(Instant),
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
            later: None,
            away: 0,
            asked: 0,
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
