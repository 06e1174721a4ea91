//! A file that nobody writes, looked at and left as it is: the inbox of a stopped receiver, or one that was put aside.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::fault::{Fault, fault};
use super::schema::{self, SchemaError};
use super::{OpenError, file, reader, rows};
use crate::inbox::{EventId, Filter, InboxError, Page, Record, State, Stats};

/// An inbox that can only be read. Nothing in it is leased.
#[derive(Debug)]
pub struct View {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl View {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// [`OpenError::Refused`].
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let refused = |reason| OpenError::Refused { path: path.to_owned(), reason };
        let connection = open(path).map_err(|error| refused(error.to_string()))?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned() })
    }

    /// As [`Inbox::list`](crate::inbox::Inbox::list).
    ///
    /// # Errors
    ///
    /// [`InboxError::Unavailable`].
    pub fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        let mut filter = filter.clone();
        let states = filter.states.len();
        filter.states.retain(|state| *state != State::Leased);
        if filter.states.is_empty() && states > 0 {
            return Ok(Page::default());
        }
        let limit = limit.max(1);
        let mut events = self.read(|connection| reader::list(connection, &filter, None, after, limit + 1))?;
        let more = events.len() > limit;
        events.truncate(limit);
        Ok(Page { next: events.last().map(|last| last.id).filter(|_| more), events })
    }

    /// As [`Inbox::show`](crate::inbox::Inbox::show).
    ///
    /// # Errors
    ///
    /// [`InboxError::Unavailable`].
    pub fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        self.read(|connection| reader::show(connection, id))
    }

    /// As [`Inbox::stats`](crate::inbox::Inbox::stats).
    ///
    /// # Errors
    ///
    /// [`InboxError::Unavailable`].
    pub fn stats(&self) -> Result<Stats, InboxError> {
        self.read(|connection| {
            let ([pending, retrying, dead, parked], oldest) = reader::open(connection)?;
            let counter = |name| rows::counter(connection, name);
            let open = pending + retrying + dead + parked;
            Ok(Stats {
                pending,
                retrying,
                done: counter("kept")?.saturating_sub(counter("removed")?).saturating_sub(open),
                dead,
                parked,
                duplicates: counter("duplicates")?,
                oldest_seconds: oldest.and_then(|at| at.elapsed().ok()).map_or(0, |age| age.as_secs()),
                ..Stats::default()
            })
        })
    }

    fn read<T>(&self, what: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, InboxError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        what(&connection).map_err(|error| InboxError::Unavailable(reason(&error, &self.path)))
    }
}

/// Opens a file that has the tables of an inbox, for reading alone.
pub(super) fn open(path: &Path) -> Result<Connection, SchemaError> {
    let connection = file::open_unchanged(&file::resolve(path))?;
    schema::check(&connection)?;
    Ok(connection)
}

/// What to tell people.
pub(super) fn reason(error: &rusqlite::Error, path: &Path) -> String {
    match fault(error, path) {
        Fault::Passing(reason) | Fault::Reopen(reason) | Fault::Corrupt(reason) => reason,
    }
}
