//! What this receiver knows of the events of its partitions: whose turn it is, who has what, and how far it has read.
//!
//! The [schedule](crate::inbox::schedule) is the one that the inbox in a file has. It is filled from the streams, a
//! partition at a time, from where the partition's *floor* says that all earlier events are ended. When a partition goes
//! to another receiver, everything here is forgotten and read anew, which also takes every lease with it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::names::{PARTITIONS, provider_token};
use super::store::Known;
use crate::inbox::schedule::{Schedule, Waiting, Wanted};
use crate::inbox::{Event, EventId};

/// How often a server that does not have an event yet of which we were told is asked again, before the stream's leader is
/// asked whether there is one at all.
const LAG: u32 = 400;

/// From where on the events of each provider are to be read in a partition.
pub(super) type Floors = BTreeMap<String, u64>;

#[derive(Debug, Default)]
pub(super) struct Local {
    pub(super) schedule: Schedule,
    lanes: Vec<Lane>,
    /// Every event that was read and is not ended, by its place and by its id.
    waiting: BTreeSet<(usize, u8, EventId)>,
    places: HashMap<EventId, Spot>,
    /// What is written of those.
    pub(super) known: HashMap<EventId, Known>,
    pub(super) lent: HashMap<EventId, Lending>,
    pub(super) owned: BTreeMap<u8, Owned>,
    /// Counts how often all was forgotten.
    epoch: u64,
    /// Nothing is lent, because partitions are about to go elsewhere.
    paused: bool,
    /// Readings under way, and what ended since the first of them began: they do not know of it.
    readings: usize,
    ended: HashSet<EventId>,
}

/// A partition of this receiver.
#[derive(Debug)]
pub(super) struct Owned {
    /// The message that says so.
    pub(super) sequence: u64,
    /// The floors that it tells.
    pub(super) floors: Floors,
}

/// Where an event waits.
#[derive(Debug, Clone, Copy)]
struct Spot {
    lane: usize,
    part: u8,
    key: Option<i64>,
}

/// An event that somebody has.
#[derive(Debug, Clone)]
pub(super) struct Lending {
    pub(super) token: u64,
    pub(super) number: u32,
    pub(super) tries: u32,
    pub(super) until: Instant,
    pub(super) event: Arc<Event>,
}

#[derive(Debug)]
struct Lane {
    token: String,
    parts: Vec<Cursor>,
    reading: Arc<tokio::sync::Mutex<()>>,
}

/// How far a partition was read.
#[derive(Debug, Clone, Copy, Default)]
struct Cursor {
    /// What to read next.
    next: u64,
    /// There is something to read, and at least up to this event.
    hint: Option<u64>,
    /// The first one of which we were told.
    first: Option<u64>,
    /// How often the server did not have it.
    lag: u32,
}

/// What to read of a partition.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) epoch: u64,
    pub(super) provider: String,
    pub(super) wanted: Wanted,
    pub(super) parts: Vec<Piece>,
}

/// A partition that is to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) part: u8,
    /// From where on.
    pub(super) from: u64,
    /// Whether the end is to be believed only if the stream's leader says so.
    pub(super) sure: bool,
}

/// What was read of a partition.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) part: u8,
    pub(super) events: Vec<Found>,
    /// What to read next.
    pub(super) next: u64,
    pub(super) end: bool,
}

/// An event that waits.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) part: u8,
    pub(super) waiting: Waiting,
    pub(super) known: Option<Known>,
}

impl Local {
    /// The lane of a provider.
    pub(super) fn lane(&mut self, provider: &str) -> usize {
        let lane = self.schedule.lane(provider, None);
        if lane == self.lanes.len() {
            let parts = vec![Cursor::default(); PARTITIONS.into()];
            self.lanes.push(Lane { token: provider_token(provider), parts, reading: Arc::default() });
            let owned: Vec<_> = self.owned.keys().copied().collect();
            self.begin(lane, &owned);
        }
        lane
    }

    pub(super) fn reading(&self, lane: usize) -> Arc<tokio::sync::Mutex<()>> {
        self.lanes.get(lane).map(|lane| Arc::clone(&lane.reading)).unwrap_or_default()
    }

    pub(super) fn lanes(&self) -> Vec<Arc<Notify>> {
        (0..self.lanes.len()).map(|lane| self.schedule.changed(lane)).collect()
    }

    /// Reads these partitions from their floors on.
    fn begin(&mut self, lane: usize, parts: &[u8]) {
        for part in parts {
            let Some(owned) = self.owned.get(part) else { continue };
            let Some(of) = self.lanes.get_mut(lane) else { continue };
            let next = owned.floors.get(&of.token).copied().unwrap_or(0);
            of.parts[usize::from(*part)] = Cursor { next, hint: Some(0), ..Cursor::default() };
        }
        self.look(lane);
    }

    /// Has the lane read again.
    pub(super) fn look(&mut self, lane: usize) {
        let Some(of) = self.lanes.get(lane) else { return };
        let dirty = |part: &&u8| of.parts[usize::from(**part)].hint.is_some();
        let from = self.owned.keys().filter(dirty).map(|part| of.parts[usize::from(*part)].next).min();
        if let Some(from) = from {
            self.schedule.read_again(lane, EventId(from));
            self.schedule.changed(lane).notify_one();
        }
    }

    /// These partitions are this receiver's from now on.
    pub(super) fn own(&mut self, parts: BTreeMap<u8, Owned>) {
        let new: Vec<_> = parts.keys().copied().collect();
        self.owned.extend(parts);
        (0..self.lanes.len()).for_each(|lane| self.begin(lane, &new));
    }

    /// These are not any more. All leases are over.
    pub(super) fn disown(&mut self, parts: &[u8]) {
        self.epoch += 1;
        for part in self.owned.keys().copied().collect::<Vec<_>>() {
            let floors = self.floors(part);
            if let Some(owned) = self.owned.get_mut(&part) {
                owned.floors = floors;
            }
        }
        self.owned.retain(|part, _| !parts.contains(part));
        self.schedule.clear(None);
        self.waiting.clear();
        self.places.clear();
        self.known.clear();
        self.lent.clear();
        let left: Vec<_> = self.owned.keys().copied().collect();
        (0..self.lanes.len()).for_each(|lane| self.begin(lane, &left));
    }

    /// From where on a partition has events that are not ended.
    pub(super) fn floors(&self, part: u8) -> Floors {
        let mut floors = self.owned.get(&part).map(|owned| owned.floors.clone()).unwrap_or_default();
        for (lane, of) in self.lanes.iter().enumerate() {
            let first = self.waiting.range((lane, part, EventId(0))..=(lane, part, EventId(u64::MAX))).next();
            let next = of.parts[usize::from(part)].next;
            floors.insert(of.token.clone(), first.map_or(next, |(_, _, id)| id.0.min(next)));
        }
        floors
    }

    /// Lends nothing, or again what there is.
    pub(super) fn pause(&mut self, paused: bool) {
        if self.paused && !paused {
            // Those who found nothing meanwhile wait to be told.
            (0..self.lanes.len()).for_each(|lane| self.schedule.changed(lane).notify_one());
        }
        self.paused = paused;
    }

    /// Whether nothing is lent.
    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Counts how often all was forgotten.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// A partition has something to read from this event on, read before or not.
    pub(super) fn lower(&mut self, part: u8, token: &str, floor: EventId) {
        let Some(lane) = self.lanes.iter().position(|lane| lane.token == token) else { return };
        let first = self.waiting.range((lane, part, EventId(0))..=(lane, part, EventId(u64::MAX))).next();
        let next = self.lanes[lane].parts[usize::from(part)].next;
        let known = first.map_or(next, |(_, _, id)| id.0.min(next));
        if floor.0 < known {
            self.read_again(lane, part, floor);
        }
    }

    /// There is a new event.
    pub(super) fn hint(&mut self, part: u8, token: &str, id: EventId) {
        if !self.owned.contains_key(&part) {
            return;
        }
        let Some(lane) = self.lanes.iter().position(|lane| lane.token == token) else { return };
        let cursor = &mut self.lanes[lane].parts[usize::from(part)];
        if id.0 >= cursor.next {
            cursor.hint = Some(cursor.hint.map_or(id.0, |hint| hint.max(id.0)));
            cursor.first = Some(cursor.first.map_or(id.0, |first| first.min(id.0)));
            cursor.lag = 0;
            self.look(lane);
        }
    }

    /// There may be new events anywhere: hints get lost.
    pub(super) fn hint_all(&mut self, sure: bool) {
        for lane in 0..self.lanes.len() {
            for part in self.owned.keys() {
                let cursor = &mut self.lanes[lane].parts[usize::from(*part)];
                cursor.hint = Some(cursor.hint.unwrap_or(0));
                cursor.lag = if sure { LAG } else { cursor.lag };
            }
            self.look(lane);
        }
    }

    /// An event that waits is to be read again.
    pub(super) fn read_again(&mut self, lane: usize, part: u8, id: EventId) {
        if let Some(of) = self.lanes.get_mut(lane) {
            let cursor = &mut of.parts[usize::from(part)];
            cursor.next = cursor.next.min(id.0);
            cursor.hint = Some(cursor.hint.map_or(id.0, |hint| hint.max(id.0)));
        }
        self.look(lane);
    }

    /// What is to be read for a lane, if anything; followed by [`Self::fill`] or [`Self::give_up`].
    pub(super) fn plan(&mut self, lane: usize) -> Option<Plan> {
        let wanted = self.schedule.wants(lane, Instant::now())?;
        let of = self.lanes.get(lane)?;
        let parts = match wanted {
            Wanted::OfKey(_, from) => vec![Piece { part: 0, from: from.0, sure: true }],
            Wanted::Due(_) => Vec::new(),
            Wanted::From(_) => {
                let cursors = self.owned.keys().map(|part| (*part, of.parts[usize::from(*part)]));
                let dirty = cursors.filter(|(_, cursor)| cursor.hint.is_some());
                dirty.map(|(part, cursor)| Piece { part, from: cursor.next, sure: cursor.lag >= LAG }).collect()
            }
        };
        self.readings += 1;
        Some(Plan { epoch: self.epoch, provider: of.token.clone(), wanted, parts })
    }

    /// A reading is over.
    fn read(&mut self) {
        self.readings = self.readings.saturating_sub(1);
        if self.readings == 0 {
            self.ended.clear();
        }
    }

    /// Nothing could be read.
    pub(super) fn give_up(&mut self) {
        self.read();
    }

    /// Takes in what was read. Whether a server has to be asked again because it lags behind.
    pub(super) fn fill(&mut self, lane: usize, plan: &Plan, mut reads: Vec<Read>) -> bool {
        if plan.epoch != self.epoch {
            self.read();
            return false;
        }
        // Events come in the order of their ids, so nothing is taken in from beyond what was read of all.
        let cut = reads.iter().filter(|read| !read.end).map(|read| read.next).min().unwrap_or(u64::MAX);
        let mut lags = false;
        let in_order = matches!(plan.wanted, Wanted::From(_));
        let mut events: Vec<Found> = Vec::new();
        for read in &mut reads {
            // Never further back than where it began.
            let piece = plan.parts.iter().find(|piece| piece.part == read.part);
            let (from, sure) = piece.map_or((0, false), |piece| (piece.from, piece.sure));
            let next = read.next.min(cut).max(from);
            let more = next < read.next || !read.end;
            events.extend(read.events.drain(..).filter(|found| found.waiting.id.0 < cut));
            if !in_order {
                continue;
            }
            let cursor = &mut self.lanes[lane].parts[usize::from(read.part)];
            if from != cursor.next {
                // Something further back is to be read again.
                continue;
            }
            cursor.next = next;
            // Told of more than the server has yet.
            let missing = !sure && cursor.hint.is_some_and(|hint| hint >= next);
            if more {
                continue;
            }
            if missing {
                cursor.lag += 1;
                lags = true;
            } else {
                (cursor.hint, cursor.first, cursor.lag) = (None, None, 0);
            }
        }
        if in_order {
            events.sort_by_key(|found| found.waiting.id);
        }
        events.retain(|found| !self.ended.contains(&found.waiting.id));
        self.read();
        // Where to go on with all partitions, the cursors say.
        let next = reads.iter().filter(|read| !in_order && !read.end).map(|read| EventId(read.next)).min();
        let mut waiting = Vec::with_capacity(events.len());
        for Found { part, waiting: event, known } in events {
            self.note(lane, part, &event, known);
            waiting.push(event);
        }
        self.schedule.refill(lane, plan.wanted, waiting, next);
        if !lags {
            self.look(lane);
        }
        lags
    }

    /// Those of a lane that wait for their next attempt, the soonest first. What is known of them is all in memory.
    pub(super) fn soonest(&self, lane: usize, most: usize, longest: Duration) -> Read {
        let waits = self.known.iter().filter_map(|(id, known)| Some((known.standing.next_attempt?, *id)));
        let here = |id: &EventId| self.places.get(id).is_some_and(|spot| spot.lane == lane);
        let mut ids: Vec<_> = waits.filter(|(_, id)| here(id)).collect();
        ids.sort_unstable();
        let end = ids.len() <= most;
        ids.truncate(most);
        let found = |(due_at, id): (SystemTime, EventId)| {
            let (Spot { part, key, .. }, known) = (*self.places.get(&id)?, self.known.get(&id)?);
            let (tries, attempts) = (known.standing.tries, known.standing.number());
            let due = due(Some(due_at), longest);
            let waiting = Waiting { id, key, tries, attempts, due, content: None };
            Some(Found { part, waiting, known: None })
        };
        Read { part: 0, events: ids.into_iter().filter_map(found).collect(), next: 0, end }
    }

    /// An event waits.
    fn note(&mut self, lane: usize, part: u8, waiting: &Waiting, known: Option<Known>) {
        let Waiting { id, key, .. } = *waiting;
        self.waiting.insert((lane, part, id));
        self.places.insert(id, Spot { lane, part, key });
        if let Some(known) = known {
            self.known.insert(id, known);
        }
    }

    /// An event is to be handled again: it keeps its turn if it has one.
    pub(super) fn again(&mut self, lane: usize, part: u8, waiting: Waiting, known: Known) {
        let id = waiting.id;
        self.note(lane, part, &waiting, Some(known));
        self.schedule.add(lane, waiting);
        if !self.schedule.holds(id) {
            self.read_again(lane, part, id);
        }
    }

    /// An event is done, dead or parked.
    pub(super) fn end(&mut self, id: EventId) {
        self.schedule.remove(id);
        self.schedule.ended(id);
        self.known.remove(&id);
        self.lent.remove(&id);
        if self.readings > 0 {
            self.ended.insert(id);
        }
        if let Some(Spot { lane, part, .. }) = self.places.remove(&id) {
            self.waiting.remove(&(lane, part, id));
        }
    }

    /// Somebody else wrote what became of an event. Whether it still waits, the streams say.
    pub(super) fn doubt(&mut self, id: EventId) {
        let place = self.places.get(&id).copied();
        self.end(id);
        self.ended.remove(&id);
        if let Some(Spot { lane, part, .. }) = place {
            self.read_again(lane, part, id);
        }
    }

    /// The first event that waits, be it read or not.
    pub(super) fn first(&self) -> Option<EventId> {
        let read = self.places.keys().copied();
        let parts = self.lanes.iter().flat_map(|lane| lane.parts.iter());
        read.chain(parts.filter_map(|cursor| cursor.first).map(EventId)).min()
    }

    /// The events that somebody has.
    pub(super) fn lent_now(&self) -> Vec<EventId> {
        self.schedule.lent_now(Instant::now()).map(|(id, _)| id).collect()
    }
}

/// When an event is due by the monotonic clock.
pub(super) fn due(next_attempt: Option<SystemTime>, most: Duration) -> Option<Instant> {
    let wait = crate::inbox::schedule::wait(next_attempt?, SystemTime::now(), most);
    Some(Instant::now() + wait)
}
