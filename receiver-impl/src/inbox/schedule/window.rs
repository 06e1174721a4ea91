//! What is held of all that waits, and where a store is to read on.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::{AWAY, CONTENT, Entry, KEY_WINDOW, Key, Place, REFILL, Schedule, WINDOW, Waiting, Wanted, weight};
use crate::inbox::event::EventId;

impl Schedule {
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

    /// What a store read again because it was [wanted](Self::wants), in order; `next` is where it stopped, if there may
    /// be more.
    pub(crate) fn refill(&mut self, lane: usize, wanted: Wanted, events: Vec<Waiting>, next: Option<EventId>) {
        match wanted {
            Wanted::Due(_) => {
                // Those that come now are not put away again, be they due or not.
                let later = events.last().and_then(|last| last.due).or(self.lanes[lane].later);
                self.lanes[lane].later = None;
                events.into_iter().for_each(|event| self.bring_back(lane, event));
                self.lanes[lane].later = later.filter(|_| next.is_some());
                return;
            }
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
        // Others that come later are put away, so this one would be next.
        let far = due.filter(|due| of.later.is_some_and(|later| *due >= later));
        if far.is_some() && key.is_none() {
            return;
        }
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
                    Some(due) if far.is_some() && of.away < AWAY => Place::Away(due),
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
        if let Place::Away(_) = place {
            of.away += 1;
            self.entries.insert(id, Entry { lane, key, tries, attempts, content: None, place });
            return;
        }
        of.held += 1;
        if place != Place::Behind {
            of.changed.notify_one();
        }
        let content = content.filter(|event| self.content + weight(event) <= CONTENT);
        self.content += content.as_ref().map_or(0, |event| weight(event));
        self.entries.insert(id, Entry { lane, key, tries, attempts, content, place });
    }

    /// Holds an event that was put away again.
    fn bring_back(&mut self, lane: usize, event: Waiting) {
        let away = |entry: &&mut Entry| matches!(entry.place, Place::Away(_));
        let Some(entry) = self.entries.get_mut(&event.id).filter(away) else { return self.hold(lane, event) };
        let of = &mut self.lanes[lane];
        (of.away, of.held) = (of.away - 1, of.held + 1);
        (entry.tries, entry.attempts, entry.place) = (event.tries, event.attempts, Place::Held(event.due));
        self.let_go(event.id);
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

    /// Has the store read a lane again from an event on, of which it may know more than the schedule.
    pub(crate) fn read_again(&mut self, lane: usize, id: EventId) {
        let of = &mut self.lanes[lane];
        of.beyond = Some(of.beyond.map_or(id, |beyond| beyond.min(id)));
    }

    /// What a store should read again for a lane, at most [`Wanted::limit`] events, and hand to [`Self::refill`].
    pub(crate) fn wants(&mut self, lane: usize, now: Instant) -> Option<Wanted> {
        // What is due is not put away again.
        self.wake(lane, now);
        let of = &self.lanes[lane];
        let of_key = of.thirsty.first().and_then(|key| Some(Wanted::OfKey(*key, of.keys.get(key)?.beyond?)));
        let is_due = of.later.is_some_and(|later| later <= now);
        let more = is_due || of.beyond.is_some();
        if more && of.held + REFILL > WINDOW && of.ready.len() + of.leases.len() < REFILL {
            self.put_down(lane);
        }
        let of = &mut self.lanes[lane];
        let has_room = of.held + REFILL <= WINDOW;
        let due = (is_due && has_room).then_some(Wanted::Due(of.held + REFILL));
        let from = of.beyond.filter(|_| has_room).map(Wanted::From);
        let all = [of_key, due, from];
        let next = (1..=all.len()).map(|step| (of.asked + step) % all.len()).find(|kind| all[*kind].is_some())?;
        of.asked = next;
        all[next]
    }

    /// When [`Self::wants`] says more, though nothing else happens.
    pub(crate) fn wants_later(&self, lane: usize, now: Instant) -> Option<Instant> {
        self.lanes[lane].later.filter(|later| *later > now)
    }

    /// Makes room for events that can go on, by letting go of those that cannot: those behind a first that waits for its
    /// next attempt, and then those that wait for it longest.
    fn put_down(&mut self, lane: usize) {
        let delayed = |entry: &Entry| matches!(entry.place, Place::Delayed(_) | Place::Away(_));
        let waits = |events: &&Key| self.entries.get(&events.first).is_some_and(delayed);
        let keys = self.lanes[lane].keys.values();
        let behind: Vec<_> = keys.filter(waits).filter_map(|events| events.behind.first().copied()).collect();
        behind.into_iter().for_each(|id| self.put_down_from(lane, id));
        while self.lanes[lane].held + 2 * REFILL > WINDOW && self.put_away_last(lane) {}
    }

    /// Puts away the event whose next attempt is the last of all, if there is one that can be.
    fn put_away_last(&mut self, lane: usize) -> bool {
        let of = &mut self.lanes[lane];
        let Some((due, id)) = of.delayed.last().copied() else { return false };
        let Some(entry) = self.entries.get_mut(&id) else { return false };
        if entry.key.is_some() {
            if of.away >= AWAY {
                return false;
            }
            of.away += 1;
            entry.place = Place::Away(due);
            self.content -= entry.content.take().map_or(0, |event| weight(&event));
        } else {
            let entry = self.entries.remove(&id);
            self.content -= entry.and_then(|entry| entry.content).map_or(0, |event| weight(&event));
        }
        of.delayed.remove(&(due, id));
        of.held -= 1;
        of.later = Some(of.later.map_or(due, |later| later.min(due)));
        true
    }

    /// Lets go of an event that waits behind another, and of all behind it.
    pub(super) fn put_down_from(&mut self, lane: usize, id: EventId) {
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

impl Key {
    /// Lets go of those that wait, from one on.
    fn put_down_from(&mut self, id: EventId) -> BTreeSet<EventId> {
        self.beyond = Some(self.beyond.map_or(id, |beyond| beyond.min(id)));
        self.behind.split_off(&id)
    }
}
