//! What waits for the writer: admissions up to a bound, settlements, and the wishes of operators.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use crate::inbox::{Admission, Attempt, Change, Changed, Event, EventId, InboxError, Pruned, Record, Retention};

/// Where an answer goes. One that nobody waits for any more is dropped.
pub(super) type Reply<T> = oneshot::Sender<Result<T, InboxError>>;

/// Events to keep.
#[derive(Debug)]
pub(super) struct Admit {
    pub(super) events: Vec<Event>,
    pub(super) reply: Reply<Vec<Admission>>,
}

/// What became of an event.
#[derive(Debug)]
pub(super) struct Settle {
    pub(super) id: EventId,
    pub(super) attempt: Attempt,
    pub(super) then: Then,
    pub(super) reply: Option<Reply<()>>,
}

/// Where an event goes after an attempt.
#[derive(Debug, Clone, Copy)]
pub(super) enum Then {
    Done,
    Again { tries: u32, due: SystemTime },
    Dead,
    Parked,
}

/// What an operator wishes, or age.
#[derive(Debug)]
pub(super) enum Wish {
    Change { ids: Vec<EventId>, change: Change, reply: Reply<Vec<Changed>> },
    Import { records: Vec<Record>, reply: Reply<Vec<Admission>> },
    Prune { retention: Retention, now: SystemTime, reply: Reply<Pruned> },
}

/// What the writer does in one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) admissions: Vec<Admit>,
    pub(super) settlements: Vec<Settle>,
    /// One at a time, so that long work leaves room for admissions.
    pub(super) wish: Option<Wish>,
}

/// The most admissions and the most settlements of a transaction.
const MOST: usize = 1024;
/// No further admission joins a transaction that has bodies of this many bytes.
const MOST_BYTES: usize = 8 << 20;

/// The most bytes of bodies that wait, however few events they are; one event always may.
const MOST_WAITING: usize = 64 << 20;

impl Admit {
    fn bytes(&self) -> usize {
        self.events.iter().map(|event| event.body.len()).sum()
    }
}

/// The writer's queue. A clone is the same queue.
#[derive(Debug, Clone)]
pub(super) struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    filled: Condvar,
    limit: usize,
}

#[derive(Debug, Default)]
struct State {
    admissions: VecDeque<Admit>,
    /// Bytes of the bodies of `admissions`.
    bytes: usize,
    settlements: VecDeque<Settle>,
    wishes: VecDeque<Wish>,
    nudged: bool,
    closed: bool,
    writer_waits: bool,
}

impl Queue {
    /// A queue in which at most `limit` admissions wait.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Inner { state: Mutex::default(), filled: Condvar::new(), limit }))
    }

    /// Lets an admission wait, if there is room.
    pub(super) fn admit(&self, admit: Admit) -> Result<(), InboxError> {
        self.push(|state| {
            let bytes = state.bytes + admit.bytes();
            if state.admissions.len() >= self.0.limit || (bytes > MOST_WAITING && !state.admissions.is_empty()) {
                return Err(InboxError::Full);
            }
            state.bytes = bytes;
            state.admissions.push_back(admit);
            Ok(())
        })
    }

    /// Lets a settlement wait. Their number is bounded by that of the leases.
    pub(super) fn settle(&self, settle: Settle) -> Result<(), InboxError> {
        self.push(|state| {
            state.settlements.push_back(settle);
            Ok(())
        })
    }

    /// Lets a wish wait. Their number is bounded by that of the operators.
    pub(super) fn wish(&self, wish: Wish) -> Result<(), InboxError> {
        self.push(|state| {
            state.wishes.push_back(wish);
            Ok(())
        })
    }

    /// Lets the writer look after the schedule.
    pub(super) fn nudge(&self) {
        // A closed queue has nobody to nudge.
        let _ = self.push(|state| {
            state.nudged = true;
            Ok(())
        });
    }

    /// Takes nothing more; the writer ends once what waits is done.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.0.filled.notify_one();
    }

    /// What waits, after at most `patience`; `None` once the queue is closed and empty.
    pub(super) fn next(&self, patience: Duration) -> Option<Batch> {
        let mut state = self.lock();
        if state.is_empty() && !state.closed {
            state.writer_waits = true;
            let waited = self.0.filled.wait_timeout_while(state, patience, |state| state.is_empty() && !state.closed);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.writer_waits = false;
        }
        state.nudged = false;
        if state.closed && state.is_empty() {
            return None;
        }
        let mut bytes = 0;
        let admissions = state.admissions.iter().take(MOST).take_while(|admit| {
            let fits = bytes < MOST_BYTES;
            bytes += admit.bytes();
            fits
        });
        let admissions = admissions.count();
        state.bytes -= state.admissions.iter().take(admissions).map(Admit::bytes).sum::<usize>();
        let settlements = state.settlements.len().min(MOST);
        Some(Batch {
            admissions: state.admissions.drain(..admissions).collect(),
            settlements: state.settlements.drain(..settlements).collect(),
            wish: state.wishes.pop_front(),
        })
    }

    fn push(&self, put: impl FnOnce(&mut State) -> Result<(), InboxError>) -> Result<(), InboxError> {
        let mut state = self.lock();
        if state.closed {
            return Err(InboxError::Closed);
        }
        put(&mut state)?;
        let wake = std::mem::take(&mut state.writer_waits);
        drop(state);
        if wake {
            self.0.filled.notify_one();
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_empty(&self) -> bool {
        self.admissions.is_empty() && self.settlements.is_empty() && self.wishes.is_empty() && !self.nudged
    }
}
