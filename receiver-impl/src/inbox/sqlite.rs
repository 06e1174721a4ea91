//! The inbox in a file: one machine, one process, every event on the disk before its provider is answered.
//!
//! One thread writes; readers see the file beside it. What is due, and who has it, is known in memory alone: the process
//! owns the file, so its leases need not outlive it.

mod apply;
mod aside;
mod checkpoint;
mod fault;
mod file;
mod filter;
mod lend;
mod note;
mod open_error;
mod owner;
mod prune;
mod queue;
mod reader;
mod rows;
mod schema;
mod seen;
mod store;
pub mod verify;
mod view;
mod waiting;
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::schedule::Schedule;
use super::{InboxError, Retention};
pub use note::Note;
pub use open_error::OpenError;
pub use view::View;

use fault::Fault;
use owner::{OwnError, Ownership};
use queue::{Queue, Reply};
use reader::Readers;
use schema::SchemaError;
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
    owner::owner(&file::resolve(path))
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
    /// Makes the writer panic at its next turn.
    #[cfg(test)]
    panics: AtomicBool,
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
    /// A file that cannot be used for the moment is no error: the inbox then is not [healthy](super::Inbox::health), keeps
    /// nothing, and tries again by itself.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        let SqliteOptions { path, queue, retention, longest_wait, note } = options;
        let path = file::resolve(&path);
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
            #[cfg(test)]
            panics: AtomicBool::new(false),
            path: path.clone(),
        });
        let writer = Writer::new(Arc::clone(&shared), Arc::clone(&owner)).map_err(|error| {
            if matches!(error, SchemaError::Foreign | SchemaError::NoDatabase) {
                owner::withdraw(&path);
            }
            OpenError::Refused { path: path.clone(), reason: error.to_string() }
        })?;
        // From here on it is the writer's alone.
        drop(owner);
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
        answer.await.unwrap_or_else(|_| Err(self.shared.unanswered()))
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
}

impl Shared {
    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_health(&self, health: Result<(), String>) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// Why the writer went without an answer.
    fn unanswered(&self) -> InboxError {
        if self.closed.load(Relaxed) {
            InboxError::Closed
        } else {
            InboxError::Unavailable("the inbox's writer gave no answer; it is not known whether it was done".to_owned())
        }
    }

    fn broken(&self, error: &rusqlite::Error) -> InboxError {
        let fault = fault::fault(error, &self.path);
        match fault {
            Fault::Corrupt(_) => {
                self.suspect.store(true, Relaxed);
                self.queue.nudge();
            }
            Fault::Reopen(_) => self.queue.nudge(),
            Fault::Passing(_) => {}
        }
        InboxError::Unavailable(fault.into_reason())
    }
}

#[cfg(test)]
mod tests;
