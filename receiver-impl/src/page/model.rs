//! What is known by now: the fleet, how much came in, and what is still to be read from the inbox.

use std::collections::HashSet;
use std::time::SystemTime;

use crate::fleet::{Fleet, Name, Told, is_about};
use crate::inbox::{EventId, Summary};
use crate::watch::Seen;

use super::pulse::Pulse;

/// Events that may be noted as counted, although they lie among those that are to be read.
const COUNTED: usize = 1 << 16;
/// Ranges of ids that may wait to be read; more become one.
const GAPS: usize = 64;

/// What is known.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) fleet: Fleet,
    pub(super) traffic: Vec<Traffic>,
    /// Ranges of ids, both ends included, whose events are still to be read; the last is the next.
    gaps: Vec<(EventId, EventId)>,
    /// How many events were read from the inbox so far.
    pub(super) read: u64,
    /// Tiles that changed since they were last told of; nobody is told while nobody looks.
    dirty: HashSet<Name>,
    told: bool,
    /// Events that were seen and lie among those to be read.
    counted: HashSet<EventId>,
    /// Whether it is known what was there at the start.
    begun: bool,
}

/// What came in from one provider.
#[derive(Debug)]
pub(super) struct Traffic {
    pub(super) provider: String,
    /// Events that were kept.
    pub(super) kept: Pulse,
    /// Requests that were refused.
    pub(super) refused: Pulse,
    /// How many refusals there were at the last look.
    pub(super) refusals: u64,
    /// The last event: when it arrived, and its type.
    pub(super) last: Option<(SystemTime, Option<String>)>,
}

impl Model {
    pub(super) fn new<'a>(providers: impl IntoIterator<Item = &'a str>) -> Self {
        let traffic = providers.into_iter().map(Traffic::new).collect();
        let (dirty, counted) = (HashSet::new(), HashSet::new());
        let (told, begun) = (false, false);
        Self { fleet: Fleet::default(), traffic, gaps: Vec::new(), read: 0, dirty, told, counted, begun }
    }

    /// Takes a new event in.
    pub(super) fn see(&mut self, seen: &Seen) {
        let to_be_read = !self.begun || self.gaps.iter().any(|(first, last)| (*first..=*last).contains(&seen.id));
        if to_be_read && self.counted.len() < COUNTED {
            self.counted.insert(seen.id);
        }
        self.count(&seen.provider, seen.received_at, seen.event_type.as_deref());
        if let (Some(event_type), Some(body)) = (seen.event_type.as_deref(), &seen.body) {
            let (id, provider, received_at) = (seen.id, &*seen.provider, seen.received_at);
            self.tell(Told { id, provider, event_type, received_at, body });
        }
    }

    /// Takes in what an event says.
    pub(super) fn tell(&mut self, told: Told<'_>) {
        let Self { fleet, dirty, told: wanted, .. } = self;
        fleet.tell(told, &mut |place, id| {
            if *wanted {
                dirty.insert((place, id.to_owned()));
            }
        });
    }

    /// Whether somebody wants to know which tiles change.
    pub(super) fn tell_changes(&mut self, wanted: bool) {
        self.told = wanted;
        if !wanted {
            self.dirty.clear();
        }
    }

    /// Up to so many tiles that changed, which count as told from now on.
    pub(super) fn changed(&mut self, most: usize) -> Vec<Name> {
        let changed: Vec<_> = self.dirty.iter().take(most).cloned().collect();
        changed.iter().for_each(|name| _ = self.dirty.remove(name));
        changed
    }

    /// Notes what is there at the start, if anything is.
    pub(super) fn begin(&mut self, newest: Option<EventId>) {
        self.begun = true;
        if let Some(newest) = newest {
            self.miss((EventId(1), newest));
        }
    }

    /// Counts an event that was read, unless it was counted when it was seen.
    pub(super) fn count_read(&mut self, event: &Summary) {
        self.read += 1;
        if !self.counted.remove(&event.id) {
            self.count(&event.provider, event.received_at, event.event_type.as_deref());
        }
    }

    /// Counts an event that arrived at a time.
    fn count(&mut self, provider: &str, received_at: SystemTime, event_type: Option<&str>) {
        // A clock that was ahead would keep everything that comes after out of the plot.
        let received_at = received_at.min(SystemTime::now());
        let traffic = self.traffic(provider);
        traffic.kept.add(received_at, 1);
        if traffic.last.as_ref().is_none_or(|(last, _)| *last < received_at) {
            traffic.last = Some((received_at, event_type.map(str::to_owned)));
        }
    }

    /// Whether an event's body has to be read.
    pub(super) fn wants(provider: &str, event_type: Option<&str>) -> bool {
        event_type.is_some_and(|event_type| is_about(provider, event_type))
    }

    /// What came in from a provider.
    pub(super) fn traffic(&mut self, provider: &str) -> &mut Traffic {
        let place = self.traffic.iter().position(|traffic| traffic.provider == provider).unwrap_or_else(|| {
            self.traffic.push(Traffic::new(provider));
            self.traffic.len() - 1
        });
        &mut self.traffic[place]
    }

    /// Notes events that are to be read.
    pub(super) fn miss(&mut self, gap: (EventId, EventId)) {
        self.gaps.push(gap);
        if self.gaps.len() > GAPS
            && let (Some(first), Some(last)) =
                (self.gaps.iter().map(|gap| gap.0).min(), self.gaps.iter().map(|gap| gap.1).max())
        {
            // What is read twice changes nothing.
            self.gaps = vec![(first, last)];
        }
    }

    /// The range to read next.
    pub(super) fn gap(&self) -> Option<(EventId, EventId)> {
        self.gaps.last().copied()
    }

    /// Notes that of a range everything from `first` on is read; `None`: all of it.
    pub(super) fn close(&mut self, gap: (EventId, EventId), first: Option<EventId>) {
        let Some(place) = self.gaps.iter().position(|open| *open == gap) else { return };
        match first.filter(|first| *first > gap.0) {
            Some(first) => self.gaps[place].1 = EventId(first.0 - 1),
            None => _ = self.gaps.remove(place),
        }
        if self.gaps.is_empty() {
            self.counted = HashSet::new();
        }
    }

    /// How many ids are still to be looked at.
    pub(super) fn left(&self) -> u64 {
        self.gaps.iter().map(|(first, last)| last.0.saturating_sub(first.0) + 1).sum()
    }
}

impl Traffic {
    fn new(provider: &str) -> Self {
        let (kept, refused) = (Pulse::default(), Pulse::default());
        Self { provider: provider.to_owned(), kept, refused, refusals: 0, last: None }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn gap(first: u64, last: u64) -> (EventId, EventId) {
        (EventId(first), EventId(last))
    }

    #[test]
    fn reads_gaps_from_their_newer_end() {
        let mut model = Model::new(["gridx"]);
        model.miss(gap(1, 100));
        model.miss(gap(200, 300));
        assert_eq!((model.gap(), model.left()), (Some(gap(200, 300)), 201));
        model.close(gap(200, 300), Some(EventId(250)));
        assert_eq!(model.gap(), Some(gap(200, 249)));
        model.close(gap(200, 249), Some(EventId(200)));
        assert_eq!(model.gap(), Some(gap(1, 100)));
        model.close(gap(1, 100), None);
        assert_eq!((model.gap(), model.left()), (None, 0));
    }

    #[test]
    fn what_comes_from_the_future_counts_as_now() {
        let mut model = Model::new(["gridx"]);
        let now = SystemTime::now();
        model.count("gridx", now + Duration::from_secs(86_400), None);
        model.count("gridx", now, None);
        let traffic = model.traffic("gridx");
        assert_eq!(traffic.kept.hour(now + Duration::from_secs(60)).iter().sum::<u32>(), 2);
        assert!(traffic.last.as_ref().is_some_and(|(at, _)| *at < now + Duration::from_secs(3_600)));
    }

    #[test]
    fn many_gaps_become_one() {
        let mut model = Model::new([]);
        (0..=GAPS as u64).for_each(|n| model.miss(gap(n * 10 + 1, n * 10 + 2)));
        assert_eq!(model.gap(), Some(gap(1, 642)));
    }
}
