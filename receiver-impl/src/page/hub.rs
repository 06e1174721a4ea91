//! Looks at the feed four times a second, takes in what came, and makes a frame of it for those who look on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use crate::inbox::{EventId, State, Summary};
use crate::watch::{Gathered, Now, Seen, Watcher};

use super::Shared;
use super::frame::{self, Changes};
use super::health::{self, Health};

/// Between two looks, and so between two frames.
const TICK: Duration = Duration::from_millis(250);
/// Every so many looks there are figures.
const FIGURES: u64 = 4;
/// How long frames are made after the last browser went, for one that comes back.
const LINGER: Duration = Duration::from_secs(30);
/// The most of each in a frame.
const ROWS: usize = 300;
const TURNED: usize = 1_000;
const TILES: usize = 1_000;
/// For so many looks it is remembered what became of an event: that may be known before the event itself is.
const MEMORY: u64 = 8;

/// What the hub knows from one look to the next.
#[derive(Default)]
struct Hub {
    tick: u64,
    recent: HashMap<EventId, (Now, u64)>,
    own: Option<(Watcher, Instant)>,
}

/// Looks for as long as it is polled.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut clock = interval(TICK);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut hub = Hub::default();
    loop {
        clock.tick().await;
        hub.look(&shared).await;
    }
}

impl Hub {
    async fn look(&mut self, shared: &Arc<Shared>) {
        self.tick += 1;
        let figures = self.tick.is_multiple_of(FIGURES);
        let watched = self.linger(shared);
        let gathered = shared.feed.gather();
        self.take_in(shared, &gathered, watched);
        if figures {
            health::sample(shared);
        }
        if !watched {
            return;
        }
        let mut changes = self.changes(gathered);
        if figures {
            changes.health = Some(Health::of(shared, shared.stats().await));
        }
        {
            let mut model = shared.model();
            let names = model.changed(TILES);
            changes.fleet = names.iter().filter_map(|name| frame::tile(&model.fleet, name)).collect();
        }
        if !changes.is_empty() {
            shared.ring().push(|place| frame::message(None, Some(place), &changes));
        }
    }

    /// Whether frames are to be made.
    fn linger(&mut self, shared: &Shared) -> bool {
        let others = shared.feed.watchers() - usize::from(self.own.is_some());
        match &mut self.own {
            None if others > 0 => self.own = Some((shared.feed.watch(), Instant::now())),
            Some((_, since)) if others > 0 => *since = Instant::now(),
            Some((_, since)) if since.elapsed() > LINGER => {
                self.own = None;
                self.recent = HashMap::new();
                shared.ring().forget();
            }
            Some(_) | None => {}
        }
        self.own.is_some()
    }

    fn take_in(&mut self, shared: &Shared, gathered: &Gathered, watched: bool) {
        let mut model = shared.model();
        // Whoever came since has the whole, and wants what comes after it.
        model.tell_changes(watched || shared.feed.is_watched());
        if let Some(gap) = gathered.missed {
            model.miss(gap);
        }
        for seen in &gathered.seen {
            model.see(seen);
        }
        drop(model);
        let oldest = self.tick.saturating_sub(MEMORY);
        self.recent.retain(|_, (_, at)| *at > oldest);
        for (id, now) in &gathered.changes {
            let before = self.recent.get(id).and_then(|(before, _)| before.attempts);
            self.recent.insert(*id, (Now { attempts: now.attempts.or(before), ..*now }, self.tick));
        }
    }

    fn changes(&self, gathered: Gathered) -> Changes {
        let Gathered { mut seen, changes, missing, lost_changes, missed: _ } = gathered;
        seen.sort_unstable_by_key(|seen| std::cmp::Reverse(seen.id));
        let more = seen.len().saturating_sub(ROWS) + missing;
        seen.truncate(ROWS);
        let new: HashSet<_> = seen.iter().map(|seen| seen.id).collect();
        let rows = seen.into_iter().map(|seen| self.row(seen)).collect();
        let ids: HashSet<_> = changes.into_iter().map(|(id, _)| id).filter(|id| !new.contains(id)).collect();
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        let lost = lost_changes || ids.len() > TURNED;
        let turned = ids.into_iter().take(TURNED).filter_map(|id| {
            let (now, _) = self.recent.get(&id)?;
            Some((id, now.state, now.attempts))
        });
        Changes { rows, more, turned: turned.collect(), lost, ..Changes::default() }
    }

    /// A new event, as it is by now.
    fn row(&self, seen: Seen) -> Summary {
        let now = self.recent.get(&seen.id).map(|(now, _)| *now);
        Summary {
            id: seen.id,
            provider: seen.provider.into_owned(),
            endpoint: seen.endpoint.into_owned(),
            event_type: seen.event_type,
            identity: seen.identity,
            received_at: seen.received_at,
            state: now.and_then(|now| now.state).unwrap_or(State::Pending),
            attempts: now.and_then(|now| now.attempts).unwrap_or(0),
            next_attempt: None,
            size: Some(seen.size as u64),
        }
    }
}

#[cfg(test)]
mod tests;
