//! The inbox in a file: one machine, one process, every event on the disk before its provider is answered.
//!
//! One thread writes; readers see the file beside it. What is due, and who has it, is known in memory alone: the process
//! owns the file, so its leases need not outlive it.

mod apply;
mod checkpoint;
mod fault;
mod file;
mod filter;
mod note;
mod prune;
mod queue;
mod reader;
mod rows;
mod schema;
mod seen;
pub mod verify;
mod view;
mod writer;

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::log_text::Shown;

use super::schedule::{Lent, Next, Schedule};
use super::{
    Admission, Attempt, Change, Changed, Ending, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, Page,
    Pruned, Record, Retention, SettleError, Settlement, State, Stats, Summary,
};
use fault::Fault;
pub use note::Note;
pub use view::View;

use file::{OwnError, Ownership};
use queue::{Admit, Queue, Reply, Settle, Then, Wish};
use reader::Readers;
use writer::Writer;

/// What a file's inbox is told.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The file. It and its folder are made if they are not there.
    pub path: PathBuf,
    /// How many admissions may wait for the writer.
    pub queue: usize,
    /// For how long identities are remembered.
    pub retention: Retention,
    /// The longest time that an event waits for its next attempt, whatever the clock says.
    pub longest_wait: Duration,
    /// What to tell another process that wants the file: a [`Note`], unless it is for people alone.
    pub note: String,
}

/// An inbox in a file of SQLite. A clone is the same inbox.
#[derive(Debug, Clone)]
pub struct Sqlite {
    shared: Arc<Shared>,
    writer: Arc<Mutex<Option<std::thread::JoinHandle<()>>>>,
    /// The writer's.
    owner: Weak<Ownership>,
}

/// Who owns the inbox in the file `path`: what that process says of itself; `None` if nobody does.
///
/// # Errors
///
/// The system's.
pub fn owner(path: &Path) -> io::Result<Option<String>> {
    file::owner(path)
}

/// Why a file cannot be an inbox.
#[derive(Debug)]
pub enum OpenError {
    /// Another process has it.
    Owned {
        /// The file.
        path: PathBuf,
        /// What that process says of itself.
        note: String,
    },
    /// It is not to be touched; why.
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The system says no.
    Io {
        /// The file.
        path: PathBuf,
        /// What it says.
        error: io::Error,
    },
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    queue: Queue,
    schedule: Mutex<Schedule>,
    health: Mutex<Result<(), String>>,
    readers: Readers,
    figures: Figures,
    retention: Retention,
    longest_wait: Duration,
    /// A reader found the file broken.
    suspect: AtomicBool,
    closed: AtomicBool,
}

/// Counts since the process began.
#[derive(Debug, Default)]
struct Figures {
    commits: AtomicU64,
    admitted: AtomicU64,
    duplicates: AtomicU64,
}

impl Sqlite {
    /// Opens the file and starts to write it.
    ///
    /// A file that cannot be used for the moment is no error: the inbox then is not [healthy](Inbox::health), keeps
    /// nothing, and tries again by itself.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        let SqliteOptions { path, queue, retention, longest_wait, note } = options;
        let failed = |error| OpenError::Io { path: path.clone(), error };
        let owner = Ownership::take(&path).map_err(|error| match error {
            OwnError::Owned { note } => OpenError::Owned { path: path.clone(), note },
            OwnError::Io(error) => failed(error),
        })?;
        owner.note(&note).map_err(failed)?;
        let owner = Arc::new(owner);
        let told = Arc::downgrade(&owner);
        let shared = Arc::new(Shared {
            queue: Queue::new(queue),
            schedule: Mutex::default(),
            health: Mutex::new(Ok(())),
            readers: Readers::new(path.clone()),
            figures: Figures::default(),
            retention,
            longest_wait,
            suspect: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            path: path.clone(),
        });
        let writer = Writer::new(Arc::clone(&shared), owner)
            .map_err(|error| OpenError::Refused { path: path.clone(), reason: error.to_string() })?;
        let thread =
            std::thread::Builder::new().name("inbox".to_owned()).spawn(move || writer.run()).map_err(failed)?;
        Ok(Self { shared, writer: Arc::new(Mutex::new(Some(thread))), owner: told })
    }

    /// Tells other processes something new of this one, such as where its admin port is by now.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn tell(&self, note: &Note) -> io::Result<()> {
        // Without the writer nothing is owned any more.
        self.owner.upgrade().map_or(Ok(()), |owner| owner.note(&note.to_string()))
    }

    /// Asks the writer for something and waits for its answer.
    async fn ask<T>(&self, ask: impl FnOnce(&Queue, Reply<T>) -> Result<(), InboxError>) -> Result<T, InboxError> {
        let (reply, answer) = oneshot::channel();
        ask(&self.shared.queue, reply)?;
        // A writer that is gone without an answer means that the inbox is closed.
        answer.await.unwrap_or(Err(InboxError::Closed))
    }

    /// Reads something from the file, where waiting is allowed.
    async fn read<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, InboxError> {
        let shared = Arc::clone(&self.shared);
        let read =
            tokio::task::spawn_blocking(move || shared.readers.read(what).map_err(|error| shared.broken(&error)));
        read.await.unwrap_or_else(|error| Err(InboxError::Unavailable(format!("reading the inbox failed: {error}"))))
    }

    /// Reads the content of what is lent, where it is not at hand.
    async fn with_content(&self, lent: Lendings<'_>) -> Result<Vec<Leased>, InboxError> {
        let missing: Vec<_> =
            lent.events.iter().filter(|lent| lent.content.is_none()).map(|lent| lent.lease.id).collect();
        let mut read = if missing.is_empty() {
            Vec::new()
        } else {
            let content = move |connection: &Connection| {
                missing.into_iter().map(|id| Ok((id, reader::content(connection, id)?))).collect::<Result<Vec<_>, _>>()
            };
            self.read(content).await?
        };
        let mut read = read.drain(..);
        let mut leased = Vec::with_capacity(lent.events.len());
        for Lent { lease, tries, attempts, content } in lent.done() {
            let event = content.or_else(|| read.next().and_then(|(_, event)| event).map(Arc::new));
            match event {
                Some(event) => leased.push(Leased { lease, attempt: attempts + 1, tries: tries + 1, event }),
                // Nobody can handle it. It is not lost without a word, either.
                None => {
                    let error = "the event's content is missing from the inbox".to_owned();
                    // A lease that ended meanwhile comes here again.
                    let _ = self.settle_later(&lease, &Settlement::Dead { error }, None);
                }
            }
        }
        Ok(leased)
    }

    /// Ends a lease at once, and has that written down.
    fn settle_later(
        &self,
        lease: &Lease,
        settlement: &Settlement,
        reply: Option<Reply<()>>,
    ) -> Result<(), SettleError> {
        let (now, clock) = (Instant::now(), SystemTime::now());
        let (next, ending, error) = match settlement {
            Settlement::Done => (Next::Gone, Ending::Done, None),
            Settlement::Retry { error, after } => (Next::Again(now + *after), Ending::Failed, Some(error.clone())),
            Settlement::Dead { error } => (Next::Gone, Ending::Dead, Some(error.clone())),
            Settlement::Parked { reason } => (Next::Gone, Ending::Parked, Some(reason.clone())),
            Settlement::Returned => (Next::Untried, Ending::Failed, None),
        };
        let (number, tries) = self.shared.schedule().settle(lease, next, now).ok_or(SettleError::LeaseLost)?;
        let then = match settlement {
            Settlement::Done => Then::Done,
            Settlement::Retry { after, .. } => Then::Again { tries, due: clock + *after },
            Settlement::Dead { .. } => Then::Dead,
            Settlement::Parked { .. } => Then::Parked,
            Settlement::Returned => {
                // Nothing happened, so there is nothing to write.
                reply.into_iter().for_each(|reply| _ = reply.send(Ok(())));
                return Ok(());
            }
        };
        let attempt = Attempt { number, ended_at: clock, ending, error };
        Ok(self.shared.queue.settle(Settle { id: lease.id, attempt, then, reply })?)
    }
}

impl Inbox for Sqlite {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        self.ask(|queue, reply| queue.admit(Admit { events, reply })).await
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        let (lane, changed) = {
            let mut schedule = self.shared.schedule();
            let lane = schedule.lane(provider, Some(EventId(0)));
            (lane, schedule.changed(lane))
        };
        // A lane that is new is empty until the writer fills it.
        self.shared.queue.nudge();
        loop {
            let told = changed.notified();
            if self.shared.closed.load(Relaxed) {
                return Err(InboxError::Closed);
            }
            let now = Instant::now();
            let (lent, due) = {
                let mut schedule = self.shared.schedule();
                let lent = schedule.take(lane, most, now, now + lease);
                (Lendings { shared: &self.shared, events: lent }, schedule.next_due(lane))
            };
            if !lent.events.is_empty() {
                let leased = self.with_content(lent).await?;
                if !leased.is_empty() {
                    return Ok(leased);
                }
                continue;
            }
            match due {
                Some(due) => _ = tokio::time::timeout_at(due, told).await,
                None => told.await,
            }
        }
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        let now = Instant::now();
        if self.shared.schedule().extend(lease, now, now + time) { Ok(()) } else { Err(SettleError::LeaseLost) }
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        let (reply, written) = oneshot::channel();
        self.settle_later(&lease, &settlement, Some(reply))?;
        Ok(written.await.unwrap_or(Err(InboxError::Closed))?)
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        let limit = limit.max(1);
        let mut page = Page::default();
        // They are few, and the file does not know which.
        let among = (filter.states == [State::Leased]).then(|| self.lent());
        let mut before = after;
        loop {
            let wanted = limit + 1 - page.events.len();
            let (of, among) = (filter.clone(), among.clone());
            let list = move |connection: &Connection| reader::list(connection, &of, among, before, wanted);
            let found = self.read(list).await?;
            let last = found.last().filter(|_| found.len() == wanted).map(|event| event.id);
            let mut found = found;
            self.mark_lent(&mut found);
            page.events.extend(found.into_iter().filter(|event| filter.fits(event)));
            if page.events.len() > limit {
                page.events.truncate(limit);
                page.next = page.events.last().map(|event| event.id);
                return Ok(page);
            }
            let Some(last) = last else { return Ok(page) };
            before = Some(last);
        }
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        let mut found = self.read(move |connection| reader::show(connection, id)).await?;
        if let Some(record) = &mut found
            && self.lent().contains(&id)
        {
            record.state = State::Leased;
        }
        Ok(found)
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        self.ask(|queue, reply| queue.wish(Wish::Change { ids, change, reply })).await
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        self.ask(|queue, reply| queue.wish(Wish::Import { records, reply })).await
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        let retention = *retention;
        self.ask(|queue, reply| queue.wish(Wish::Prune { retention, now, reply })).await
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        let ([pending, retrying, dead, parked], oldest, kept, removed) = self
            .read(|connection| {
                let (open, oldest) = reader::open(connection)?;
                Ok((open, oldest, rows::counter(connection, "kept")?, rows::counter(connection, "removed")?))
            })
            .await?;
        let (mut fresh, mut again) = (0, 0);
        for (_, tried) in self.shared.schedule().lent_now(Instant::now()) {
            *(if tried { &mut again } else { &mut fresh }) += 1;
        }
        let figures = &self.shared.figures;
        let open = pending + retrying + dead + parked;
        Ok(Stats {
            pending: pending.saturating_sub(fresh),
            leased: fresh + again,
            retrying: retrying.saturating_sub(again),
            done: kept.saturating_sub(removed).saturating_sub(open),
            dead,
            parked,
            duplicates: figures.duplicates.load(Relaxed),
            oldest_seconds: oldest.and_then(|at| at.elapsed().ok()).map_or(0, |age| age.as_secs()),
            commits: figures.commits.load(Relaxed),
            admitted: figures.admitted.load(Relaxed),
        })
    }

    fn health(&self) -> Result<(), String> {
        self.shared.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn close(&self) {
        self.shared.closed.store(true, Relaxed);
        self.shared.queue.close();
        self.shared.readers.forget();
        let lanes: Vec<_> = {
            let schedule = self.shared.schedule();
            schedule.lanes().map(|(lane, _)| schedule.changed(lane)).collect()
        };
        lanes.iter().for_each(|lane| lane.notify_waiters());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            // A writer that panicked has said so.
            let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        }
    }
}

impl Sqlite {
    fn lent(&self) -> HashSet<EventId> {
        self.shared.schedule().lent_now(Instant::now()).map(|(id, _)| id).collect()
    }

    /// The file does not know what is lent.
    fn mark_lent(&self, events: &mut [Summary]) {
        let lent = self.lent();
        for event in events.iter_mut().filter(|event| lent.contains(&event.id)) {
            event.state = State::Leased;
        }
    }
}

impl Shared {
    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_health(&self, health: Result<(), String>) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    fn broken(&self, error: &rusqlite::Error) -> InboxError {
        let fault = fault::fault(error, &self.path);
        if matches!(fault, Fault::Corrupt(_)) {
            self.suspect.store(true, Relaxed);
            self.queue.nudge();
        }
        InboxError::Unavailable(fault.into_reason())
    }
}

/// What was lent to somebody who may go away before it reaches them.
struct Lendings<'a> {
    shared: &'a Shared,
    events: Vec<Lent>,
}

impl Lendings<'_> {
    fn done(mut self) -> Vec<Lent> {
        std::mem::take(&mut self.events)
    }
}

impl Drop for Lendings<'_> {
    fn drop(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let mut schedule = self.shared.schedule();
        for lent in &self.events {
            schedule.settle(&lent.lease, Next::Untried, Instant::now());
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owned { path, note } => {
                let note = match Note::parse(note) {
                    Some(Note { pid, admin: None }) => format!(" (process {pid})"),
                    Some(Note { pid, admin: Some(admin) }) => format!(" (process {pid}, whose admin port is {admin})"),
                    None if note.is_empty() => String::new(),
                    None => format!(" ({})", Shown(note)),
                };
                let path = path.display();
                write!(f, "another process has the inbox {path}{note}: stop it, or name another file with `--inbox`")
            }
            Self::Refused { path, reason } => write!(f, "the inbox {} is not used: {reason}", path.display()),
            Self::Io { path, error } => {
                write!(f, "the inbox {} cannot be had: {error}; see that its folder is writable", path.display())
            }
        }
    }
}

impl std::error::Error for OpenError {}
