//! Changes from outside: nobody is lent an event meanwhile, and those behind it in its key neither lose their turn nor
//! take it too early.

use tokio::time::Instant;

use super::{IsLent, Place, Schedule, weight};
use crate::inbox::event::EventId;

impl Schedule {
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
            Place::Delayed(due) | Place::Away(due) => Some(due),
            _ => None,
        });
        if let Place::Away(_) = place {
            self.lanes[lane].away -= 1;
            self.lanes[lane].held += 1;
        }
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

    /// Forgets an event, so that those behind it go on.
    pub(crate) fn remove(&mut self, id: EventId) {
        let Some(entry) = self.entries.remove(&id) else { return };
        self.content -= entry.content.as_ref().map_or(0, |event| weight(event));
        self.leave(entry.lane, entry.place, id);
        let of = &mut self.lanes[entry.lane];
        let count = if matches!(entry.place, Place::Away(_)) { &mut of.away } else { &mut of.held };
        *count -= 1;
        let Some(key) = entry.key else { return };
        match of.keys.get_mut(&key) {
            Some(events) if events.first == id => self.advance(entry.lane, key),
            Some(events) => _ = events.behind.remove(&id),
            None => {}
        }
    }

    pub(super) fn leave(&mut self, lane: usize, place: Place, id: EventId) {
        let of = &mut self.lanes[lane];
        match place {
            Place::Ready => _ = of.ready.remove(&id),
            Place::Delayed(due) => _ = of.delayed.remove(&(due, id)),
            Place::Lent { until, .. } => _ = of.leases.remove(&(until, id)),
            Place::Behind | Place::Held(_) | Place::Away(_) => {}
        }
    }

    /// Lets the next event of a key take part, now that its first is gone.
    pub(super) fn advance(&mut self, lane: usize, key: i64) {
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
}
