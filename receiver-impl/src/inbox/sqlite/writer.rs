//! The one thread that writes. It takes all that waits, does it in one transaction, and only then answers: while a
//! commit waits for the disk the next ones gather, so that the busier it gets the less a single event costs.
//!
//! A store that fails is no reason to end. Everything that is asked of it is answered with the reason, settlements are
//! kept until they can be written, and a few times a second the writer tries again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::apply::{self, Counters, Effect, Incoming};
use super::checkpoint::Checkpointer;
use super::fault::{Fault, fault};
use super::file::{self, Inode, Ownership};
use super::prune::Pruner;
use super::queue::{Admit, Batch, Settle, Wish};
use super::rows::PENDING;
use super::schema::{self, SchemaError};
use super::seen::Seen;
use super::{Shared, reader};
use crate::inbox::schedule::{Waiting, wait};
use crate::inbox::{Admission, Changed, EventId, InboxError, Pruned};

/// How long the writer sleeps when there is nothing to do, and between two tries of a store that fails.
const PAUSE: Duration = Duration::from_millis(250);

/// What the thread has.
pub(super) struct Writer {
    shared: Arc<Shared>,
    open: Option<Open>,
    /// What could not be written yet.
    unsettled: Vec<Settle>,
    /// Whether the file was opened and not written since: only a write shows that it can be.
    unproven: bool,
    down: Option<Down>,
    /// Given up last, when the file is closed.
    owner: Arc<Ownership>,
}

/// A file in use.
struct Open {
    connection: Connection,
    inode: Inode,
    seen: Seen,
    counters: Counters,
    pruner: Pruner,
    checkpointer: Checkpointer,
}

/// A store that fails.
struct Down {
    reason: String,
    again: Instant,
}

/// What a transaction did, to be told once it is committed.
#[derive(Default)]
struct Done {
    admissions: Vec<Vec<Admission>>,
    wish: Option<Granted>,
    sealed: bool,
}

enum Granted {
    Changed(Vec<Effect>),
    Imported(Vec<Admission>),
    Pruned(Pruned),
}

/// Why a file is not used.
pub(super) enum Unusable {
    /// Not by this program: it must not be touched.
    Never(SchemaError),
    Fault(Fault),
}

impl Writer {
    /// Opens the file, if that can be done at once; a fault that may pass is none here.
    pub(super) fn new(shared: Arc<Shared>, owner: Arc<Ownership>) -> Result<Self, SchemaError> {
        let mut writer = Self { shared, open: None, unsettled: Vec::new(), unproven: true, down: None, owner };
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

    /// Works until the queue is closed and empty.
    pub(super) fn run(mut self) {
        let mut patience = PAUSE;
        while let Some(batch) = self.shared.queue.next(patience) {
            self.turn(batch);
            let full = self.open.as_ref().is_some_and(|open| open.seen.is_full(open.counters.last));
            patience = if full && self.down.is_none() { Duration::ZERO } else { PAUSE };
        }
        if !self.unsettled.is_empty() {
            warn!(events = self.unsettled.len(), "these events ended, but that could not be written: they come again");
        }
    }

    fn turn(&mut self, mut batch: Batch) {
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

    fn ensure_open(&mut self) -> Result<(), Unusable> {
        let path = &self.shared.path;
        if self.shared.suspect.swap(false, Relaxed)
            && let Some(open) = &self.open
        {
            check(&open.connection, path)?;
        }
        if let Some(open) = &self.open {
            if file::inode(path).is_ok_and(|inode| inode == open.inode) {
                return Ok(());
            }
            error!(path = %path.display(), "the inbox was taken away while in use; what it held is written there anew");
            let aside = file::rescue(&open.connection, path, SystemTime::now())
                .map_err(|what| Fault::Passing(format!("the inbox {} cannot be restored: {what}", path.display())))?;
            self.owner.renew(path).map_err(|error| Fault::Passing(format!("{}: {error}", path.display())))?;
            if let Some(aside) = aside {
                warn!(aside = %aside.display(), "another file stood there; it is put aside");
            }
            self.open = None;
            self.shared.readers.forget();
        }
        let broken = |error: rusqlite::Error| Unusable::Fault(fault(&error, path));
        let mut connection = file::open(path).map_err(broken)?;
        schema::migrate(&mut connection, schema::STEPS).map_err(|error| match error {
            SchemaError::Sqlite(error) => broken(error),
            error => Unusable::Never(error),
        })?;
        let seen = Seen::load(&connection).map_err(broken)?;
        let counters = Counters::load(&connection).map_err(broken)?;
        let inode = file::inode(path).map_err(|error| Fault::Passing(format!("{}: {error}", path.display())))?;
        let checkpointer = Checkpointer::start(path, &mut connection).map_err(broken)?;
        self.shared.figures.duplicates.store(counters.duplicates, Relaxed);
        self.unproven = true;
        self.open = Some(Open { connection, inode, seen, counters, pruner: Pruner::new(), checkpointer });
        Ok(())
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

    /// Schedules what is new, and answers everybody.
    fn tell(&mut self, batch: Batch, done: Done) {
        let mut schedule = self.shared.schedule();
        let mut waiting = Vec::new();
        for settle in self.unsettled.drain(..) {
            schedule.ended(settle.id);
            waiting.extend(settle.reply);
        }
        let mut admitted = Vec::with_capacity(batch.admissions.len());
        for (Admit { events, reply }, admissions) in batch.admissions.into_iter().zip(done.admissions) {
            for (event, admission) in events.into_iter().zip(&admissions) {
                let Admission::Kept(id) = *admission else { continue };
                let lane = schedule.lane(&event.provider, Some(EventId(0)));
                let key = apply::key(&event);
                let content = Some(Arc::new(event));
                schedule.add(lane, Waiting { id, key, tries: 0, attempts: 0, due: None, content });
                self.shared.figures.admitted.fetch_add(1, Relaxed);
            }
            admitted.push((reply, admissions));
        }
        // Whoever waited for an answer may be gone: its request was given up.
        match (batch.wish, done.wish) {
            (Some(Wish::Change { ids, reply, .. }), Some(Granted::Changed(effects))) => {
                let mut changed = Vec::with_capacity(ids.len());
                for (id, effect) in ids.into_iter().zip(effects) {
                    match &effect {
                        Effect::None(_) => schedule.let_go(id),
                        Effect::Gone => schedule.remove(id),
                        Effect::Handle { provider, key, attempts } => {
                            let lane = schedule.lane(provider, Some(EventId(0)));
                            let (key, attempts) = (*key, *attempts);
                            schedule.add(lane, Waiting { id, key, tries: 0, attempts, due: None, content: None });
                        }
                    }
                    changed.push(match effect {
                        Effect::None(why) => why,
                        _ => Changed::Changed,
                    });
                }
                let _ = reply.send(Ok(changed));
            }
            (Some(Wish::Import { records, reply }), Some(Granted::Imported(admissions))) => {
                for (record, admission) in records.iter().zip(&admissions) {
                    if let Admission::Kept(id) = admission {
                        let lane = schedule.lane(&record.event.provider, Some(EventId(0)));
                        schedule.read_again(lane, *id);
                    }
                }
                let _ = reply.send(Ok(admissions));
            }
            (Some(Wish::Prune { reply, .. }), Some(Granted::Pruned(pruned))) => _ = reply.send(Ok(pruned)),
            _ => {}
        }
        drop(schedule);
        for (reply, admissions) in admitted {
            let _ = reply.send(Ok(admissions));
        }
        for reply in waiting {
            let _ = reply.send(Ok(()));
        }
    }

    /// Reads for the schedule what it lacks.
    fn refill(&mut self) {
        let Some(open) = &self.open else { return };
        let wanted: Vec<_> = {
            let mut schedule = self.shared.schedule();
            let lanes: Vec<_> = schedule.lanes().map(|(lane, provider)| (lane, provider.to_owned())).collect();
            lanes.into_iter().filter_map(|(lane, provider)| Some((lane, provider, schedule.wants(lane)?))).collect()
        };
        for (lane, provider, wanted) in wanted {
            match reader::waiting(&open.connection, &provider, wanted) {
                Ok(rows) => {
                    let more = rows.len() == wanted.limit();
                    let (now, clock) = (Instant::now(), SystemTime::now());
                    let due = |due| now + wait(due, clock, self.shared.longest_wait);
                    let rows = rows.into_iter().map(|(event, at)| Waiting { due: at.map(due), ..event }).collect();
                    self.shared.schedule().refill(lane, wanted, rows, more);
                }
                Err(error) => warn!(%error, "what waits in the inbox cannot be read now; it is tried again"),
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

    /// A broken file is not written any more, and never deleted: a new one takes its place.
    fn set_aside(&mut self, reason: &str) {
        self.open = None;
        self.shared.readers.forget();
        self.shared.schedule().clear(Some(EventId(0)));
        let path = &self.shared.path;
        match file::put_aside(path, "corrupt", SystemTime::now()) {
            Ok(aside) => error!(
                reason,
                aside = %aside.display(),
                "the inbox is broken: it is put aside and a new one begun; `sqlite3 FILE .recover` may save what it \
                 holds, and `receiver events export --inbox sqlite:FILE` what can still be read"
            ),
            Err(error) => error!(%error, reason, "the inbox is broken, and cannot be put aside"),
        }
    }
}

/// A transaction under way.
struct Work<'a> {
    transaction: &'a Transaction<'a>,
    seen: &'a mut Seen,
    counters: &'a mut Counters,
    pruner: &'a mut Pruner,
    /// Events that the schedule is not to lend meanwhile.
    held: &'a mut Vec<EventId>,
    shared: &'a Shared,
}

impl Work<'_> {
    fn all(mut self, batch: &Batch, settlements: &[Settle]) -> rusqlite::Result<Done> {
        let mut done = Done { admissions: Vec::with_capacity(batch.admissions.len()), ..Done::default() };
        for settle in settlements {
            apply::settle(self.transaction, settle)?;
        }
        for admit in &batch.admissions {
            done.admissions.push(self.admit(admit)?);
        }
        done.wish = batch.wish.as_ref().map(|wish| self.grant(wish)).transpose()?;
        if self.seen.is_full(self.counters.last) {
            self.seen.seal(self.transaction, self.counters.last)?;
            done.sealed = true;
        }
        Ok(done)
    }

    fn admit(&mut self, admit: &Admit) -> rusqlite::Result<Vec<Admission>> {
        let retention = &self.shared.retention;
        let keep = |event| {
            let incoming = Incoming { event, open: Some(PENDING), due: None, attempts: &[], has_body: true };
            apply::keep(self.transaction, self.seen, self.counters, retention, &incoming)
        };
        admit.events.iter().map(keep).collect()
    }

    fn grant(&mut self, wish: &Wish) -> rusqlite::Result<Granted> {
        let (transaction, counters) = (self.transaction, &mut *self.counters);
        Ok(match wish {
            Wish::Change { ids, change, .. } => {
                let now = Instant::now();
                let effect = |id: &EventId| {
                    let lent = self.shared.schedule().hold_back(*id, now).is_err();
                    self.held.push(*id);
                    apply::change(transaction, counters, *id, *change, lent)
                };
                Granted::Changed(ids.iter().map(effect).collect::<Result<_, _>>()?)
            }
            Wish::Import { records, .. } => {
                let retention = &self.shared.retention;
                let import = |record| apply::import(transaction, self.seen, counters, retention, record);
                Granted::Imported(records.iter().map(import).collect::<Result<_, _>>()?)
            }
            Wish::Prune { retention, now, .. } => {
                Granted::Pruned(self.pruner.portion(transaction, self.seen, counters, retention, *now)?)
            }
        })
    }
}

/// Looks through the whole file; what a reader found may be wrong elsewhere, too.
fn check(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(found) => Err(Fault::Corrupt(format!("the inbox {} is no sound database ({found})", path.display()))),
        Err(error) => Err(fault(&error, path)),
    }
}

fn refuse(batch: Batch, error: &InboxError) {
    // Whoever waited for an answer may be gone.
    for admit in batch.admissions {
        let _ = admit.reply.send(Err(error.clone()));
    }
    match batch.wish {
        Some(Wish::Change { reply, .. }) => _ = reply.send(Err(error.clone())),
        Some(Wish::Import { reply, .. }) => _ = reply.send(Err(error.clone())),
        Some(Wish::Prune { reply, .. }) => _ = reply.send(Err(error.clone())),
        None => {}
    }
}

impl Unusable {
    fn into_fault(self) -> Fault {
        match self {
            Self::Never(error) => Fault::Passing(error.to_string()),
            Self::Fault(fault) => fault,
        }
    }
}

impl From<Fault> for Unusable {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
