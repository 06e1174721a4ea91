//! The one thread that writes. It takes all that waits, does it in one transaction, and only then answers: while a
//! commit waits for the disk the next ones gather, so that the busier it gets the less a single event costs.
//!
//! A store that fails is no reason to end. Everything that is asked of it is answered with the reason, settlements are
//! kept until they can be written, and a few times a second the writer tries again.

mod answer;
mod opening;
mod refill;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use rusqlite::TransactionBehavior;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::Shared;
use super::apply::Counters;
use super::fault::{Fault, fault};
use super::owner::Ownership;
use super::queue::{Batch, Settle};
use super::schema::SchemaError;
use crate::inbox::{EventId, InboxError};
use answer::refuse;
use opening::{Open, Unusable};
use work::{Done, Work};

/// How long the writer sleeps when there is nothing to do, and between two tries of a store that fails.
const PAUSE: Duration = Duration::from_millis(250);

/// What the thread has.
pub(super) struct Writer {
    shared: Arc<Shared>,
    open: Option<Open>,
    /// Whether the file at the path was found to be an inbox.
    was_ours: bool,
    /// What could not be written yet.
    unsettled: Vec<Settle>,
    /// Whether the file was opened and not written since: only a write shows that it can be.
    unproven: bool,
    down: Option<Down>,
    /// Whether the schedule may want more from the file.
    reads_on: bool,
    /// Given up last, when the file is closed.
    owner: Arc<Ownership>,
}

/// A store that fails.
struct Down {
    reason: String,
    again: Instant,
}

const PANICKED: &str = "the inbox's writer panicked, which is a mistake in the receiver: please report it";

/// Turns health red when a panic passes: sooner than those who wait for an answer learn that there is none.
struct Alarm(Arc<Shared>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.set_health(Err(PANICKED.to_owned()));
        }
    }
}

impl Writer {
    /// Opens the file, if that can be done at once; a fault that may pass is none here.
    pub(super) fn new(shared: Arc<Shared>, owner: Arc<Ownership>) -> Result<Self, SchemaError> {
        let mut writer = Self::closed(shared, owner);
        let proven = match writer.ensure_open() {
            Err(Unusable::Never(error)) => return Err(error),
            Err(Unusable::Fault(fault)) => Err(fault),
            Ok(()) => writer.transact(&Batch::default()).map(drop),
        };
        match proven {
            Err(fault) => writer.fail(fault),
            Ok(()) => writer.refill(),
        }
        Ok(writer)
    }

    /// One that has yet to open the file.
    fn closed(shared: Arc<Shared>, owner: Arc<Ownership>) -> Self {
        Self {
            shared,
            open: None,
            was_ours: false,
            unsettled: Vec::new(),
            unproven: true,
            down: None,
            reads_on: false,
            owner,
        }
    }

    /// Works until the queue is closed and empty, whatever happens.
    ///
    /// A panic is a mistake in this program. It ends the transaction, which is not committed, and nobody whom it would
    /// have answered is told of a success. What the schedule knows may be half true then, so all of it is read again.
    pub(super) fn run(mut self) {
        let (shared, owner) = (Arc::clone(&self.shared), Arc::clone(&self.owner));
        while catch_unwind(AssertUnwindSafe(|| self.work())).is_err() {
            let reason = PANICKED.to_owned();
            error!(reason, "the inbox keeps nothing now; it is opened again");
            shared.set_health(Err(reason.clone()));
            // The file is closed, and with it the transaction.
            self = Self::closed(Arc::clone(&shared), Arc::clone(&owner));
            shared.readers.forget();
            shared.schedule().clear(Some(EventId(0)));
            self.down = Some(Down { reason, again: Instant::now() + PAUSE });
        }
    }

    fn work(&mut self) {
        let mut patience = PAUSE;
        while let Some(batch) = self.shared.queue.next(patience) {
            self.turn(batch);
            let full = self.open.as_ref().is_some_and(|open| open.seen.is_full(open.counters.last));
            patience = if (full || self.reads_on) && self.down.is_none() { Duration::ZERO } else { PAUSE };
        }
        if !self.unsettled.is_empty() {
            warn!(events = self.unsettled.len(), "these events ended, but that could not be written: they come again");
        }
    }

    fn turn(&mut self, mut batch: Batch) {
        let _alarm = Alarm(Arc::clone(&self.shared));
        #[cfg(test)]
        assert!(batch.admissions.is_empty() || !self.shared.panics.swap(false, Relaxed), "told to panic");
        self.unsettled.append(&mut batch.settlements);
        if let Some(down) = self.down.as_ref().filter(|down| down.again > Instant::now()) {
            refuse(batch, &InboxError::Unavailable(down.reason.clone()));
            return;
        }
        let mut done = self.try_once(&batch);
        if let Err(fault) = &done
            && let Some(wish) = batch.wish.take()
        {
            // Events that arrive must not suffer from what an operator asked for.
            let error = InboxError::Unavailable(fault.clone().into_reason());
            refuse(Batch { wish: Some(wish), ..Batch::default() }, &error);
            done = self.try_once(&batch);
        }
        match done {
            Ok(done) => {
                self.recovered();
                self.tell(batch, done);
                self.refill();
            }
            Err(fault) => {
                self.fail(fault);
                let reason = self.down.as_ref().map(|down| down.reason.clone()).unwrap_or_default();
                refuse(batch, &InboxError::Unavailable(reason));
            }
        }
    }

    fn try_once(&mut self, batch: &Batch) -> Result<Done, Fault> {
        self.ensure_open().map_err(Unusable::into_fault)?;
        self.transact(batch)
    }

    fn transact(&mut self, batch: &Batch) -> Result<Done, Fault> {
        let Some(open) = &mut self.open else { return Ok(Done::default()) };
        let idle = batch.admissions.is_empty() && batch.wish.is_none() && self.unsettled.is_empty();
        // Once the store failed, only a write shows that it does no longer.
        let prove = self.unproven || self.down.is_some();
        if idle && !prove && !open.seen.is_full(open.counters.last) {
            return Ok(Done::default());
        }
        let (before, swept) = (open.counters, open.pruner);
        let Open { connection, seen, counters, pruner, .. } = open;
        let mut held = Vec::new();
        let done = connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let shared = &*self.shared;
            let work = Work { transaction: &transaction, seen, counters, pruner, held: &mut held, shared };
            let done = work.all(batch, &self.unsettled)?;
            let written = if prove { Counters::UNKNOWN } else { before };
            counters.store(&transaction, written)?;
            transaction.commit()?;
            Ok(done)
        });
        match done {
            Ok(done) => {
                self.unproven = false;
                open.seen.commit();
                if done.sealed {
                    open.seen.sealed();
                }
                open.checkpointer.look(&open.connection);
                self.shared.figures.commits.fetch_add(1, Relaxed);
                self.shared.figures.duplicates.store(open.counters.duplicates, Relaxed);
                Ok(done)
            }
            Err(error) => {
                let mut schedule = self.shared.schedule();
                held.into_iter().for_each(|id| schedule.let_go(id));
                drop(schedule);
                open.seen.roll_back();
                (open.counters, open.pruner) = (before, swept);
                Err(fault(&error, &self.shared.path))
            }
        }
    }

    fn fail(&mut self, fault: Fault) {
        match &fault {
            Fault::Passing(_) => {}
            Fault::Reopen(_) => {
                self.open = None;
                self.shared.readers.forget();
            }
            Fault::Corrupt(reason) => self.set_aside(reason),
        }
        let reason = fault.into_reason();
        if self.down.as_ref().is_none_or(|down| down.reason != reason) {
            error!(reason, "the inbox keeps nothing now; providers are told to send again");
        }
        self.shared.set_health(Err(reason.clone()));
        self.down = Some(Down { reason, again: Instant::now() + PAUSE });
    }

    fn recovered(&mut self) {
        if self.down.take().is_some() {
            info!("the inbox keeps events again");
            self.shared.set_health(Ok(()));
        }
    }
}
