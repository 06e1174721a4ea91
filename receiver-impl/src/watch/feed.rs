//! What gathers between two looks.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;

use crate::fleet;
use crate::inbox::{Event, EventId, State};

use super::given_up::GivenUp;

/// The most new events that are held, and the most bytes of their bodies.
const EVENTS: usize = 8_192;
const BYTES: usize = 16 << 20;
/// A longer body is read from the inbox.
const LONG: usize = 64 << 10;
/// The most changes of state that are held.
const CHANGES: usize = 32_768;

/// A new event, as far as onlookers need it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) id: EventId,
    pub(crate) provider: Cow<'static, str>,
    pub(crate) endpoint: Cow<'static, str>,
    pub(crate) event_type: Option<String>,
    pub(crate) identity: String,
    pub(crate) received_at: SystemTime,
    pub(crate) size: usize,
    /// A copy, so that nothing else of the connection's buffer is held; `None` where it is too long, and empty where it
    /// says nothing that is shown.
    pub(crate) body: Option<Bytes>,
}

/// Where an event is by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Now {
    /// `None`: it is removed.
    pub(crate) state: Option<State>,
    /// How often it was tried, if that is known.
    pub(crate) attempts: Option<u32>,
}

/// Everything since the last look.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// New events, in no order.
    pub(crate) seen: Vec<Seen>,
    /// What became of events, the latest last.
    pub(crate) changes: Vec<(EventId, Now)>,
    /// Among these ids, both ends included, are new events that did not fit in.
    pub(crate) missed: Option<(EventId, EventId)>,
    /// How many they are: ids of events that did fit in may lie between.
    pub(crate) missing: usize,
    /// Changes were lost.
    pub(crate) lost_changes: bool,
}

/// Where it gathers.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    held: Mutex<Held>,
    watchers: AtomicUsize,
    /// Whether admissions were given up of which it is not known what became of them.
    uncertain: AtomicBool,
}

#[derive(Debug, Default)]
struct Held {
    gathered: Gathered,
    bytes: usize,
    given_up: GivenUp,
}

/// Somebody who looks at changes of state; they are told while there is one.
#[derive(Debug)]
pub(crate) struct Watcher(Arc<Feed>);

impl Seen {
    /// An event that has no id yet.
    pub(super) fn of(event: &Event) -> Self {
        let shown = event.event_type.as_deref().is_some_and(|name| fleet::is_about(&event.provider, name));
        Self {
            id: EventId(0),
            provider: event.provider.clone(),
            endpoint: event.endpoint.clone(),
            event_type: event.event_type.clone(),
            identity: event.identity.clone(),
            received_at: event.received_at,
            size: event.body.len(),
            body: match event.body.len() {
                _ if !shown => Some(Bytes::new()),
                0..=LONG => Some(Bytes::copy_from_slice(&event.body)),
                _ => None,
            },
        }
    }
}

impl Feed {
    /// Whether anybody looks at changes of state.
    pub(crate) fn is_watched(&self) -> bool {
        self.watchers.load(Relaxed) > 0
    }

    /// Looks at them from now on.
    pub(crate) fn watch(self: &Arc<Self>) -> Watcher {
        self.watchers.fetch_add(1, Relaxed);
        Watcher(Arc::clone(self))
    }

    /// How many do.
    pub(crate) fn watchers(&self) -> usize {
        self.watchers.load(Relaxed)
    }

    /// Takes what has gathered.
    pub(crate) fn gather(&self) -> Gathered {
        let mut held = self.held();
        held.bytes = 0;
        std::mem::take(&mut held.gathered)
    }

    /// Holds new events, as many as fit.
    pub(super) fn keep(&self, events: impl Iterator<Item = Seen>) {
        let mut held = self.held();
        for seen in events {
            held.given_up.forget(&seen.provider, &seen.identity);
            match seen.body.as_ref().map(Bytes::len) {
                Some(length) if held.gathered.seen.len() < EVENTS && held.bytes + length <= BYTES => {
                    held.bytes += length;
                    held.gathered.seen.push(seen);
                }
                _ => held.gathered.miss(seen.id),
            }
        }
    }

    /// Notes events whose admission nobody waits for any more: the inbox may have them or not.
    pub(super) fn give_up(&self, events: Vec<Seen>) {
        let mut held = self.held();
        events.into_iter().for_each(|seen| held.given_up.note(seen.provider, seen.identity));
        self.uncertain.store(true, Relaxed);
    }

    /// Holds those of these events whose admission was given up: a worker has them, so they were kept.
    pub(super) fn find<'a>(&self, leased: impl Iterator<Item = (EventId, &'a Event)>) {
        if !self.uncertain.load(Relaxed) {
            return;
        }
        let found: Vec<_> = {
            let held = self.held();
            let events = leased.filter(|(_, event)| held.given_up.has(&event.provider, &event.identity));
            events.map(|(id, event)| Seen { id, ..Seen::of(event) }).collect()
        };
        self.keep(found.into_iter());
        let held = self.held();
        self.uncertain.store(!held.given_up.is_empty(), Relaxed);
    }

    /// Notes that changes of state are not as they were told.
    pub(super) fn lose_changes(&self) {
        self.held().gathered.lost_changes = true;
    }

    /// Notes that there are new events, without what they are.
    pub(crate) fn miss(&self, ids: impl Iterator<Item = EventId>) {
        let mut held = self.held();
        ids.for_each(|id| held.gathered.miss(id));
    }

    /// Holds changes of state, as many as fit.
    pub(super) fn turn(&self, changes: impl IntoIterator<Item = (EventId, Now)>) {
        let mut held = self.held();
        for change in changes {
            if held.gathered.changes.len() < CHANGES {
                held.gathered.changes.push(change);
            } else {
                held.gathered.lost_changes = true;
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Nothing that runs with the lock in hand panics half way.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gathered {
    fn miss(&mut self, id: EventId) {
        self.missing += 1;
        self.missed = Some(self.missed.map_or((id, id), |(first, last)| (first.min(id), last.max(id))));
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.watchers.fetch_sub(1, Relaxed);
    }
}
