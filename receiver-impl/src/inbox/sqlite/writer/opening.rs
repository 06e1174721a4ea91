//! The file in use: opened, looked after, and exchanged when it is gone or broken.

use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::time::SystemTime;

use rusqlite::Connection;
use tracing::{error, warn};

use super::Writer;
use crate::inbox::EventId;
use crate::inbox::sqlite::apply::Counters;
use crate::inbox::sqlite::aside;
use crate::inbox::sqlite::checkpoint::Checkpointer;
use crate::inbox::sqlite::fault::{Fault, fault};
use crate::inbox::sqlite::file::{self, Inode};
use crate::inbox::sqlite::prune::Pruner;
use crate::inbox::sqlite::schema::{self, SchemaError};
use crate::inbox::sqlite::seen::Seen;

/// A file in use.
pub(super) struct Open {
    pub(super) connection: Connection,
    pub(super) inode: Inode,
    pub(super) seen: Seen,
    pub(super) counters: Counters,
    pub(super) pruner: Pruner,
    pub(super) checkpointer: Checkpointer,
}

/// Why a file is not used.
pub(super) enum Unusable {
    /// Not by this program: it must not be touched.
    Never(SchemaError),
    Fault(Fault),
}

impl Writer {
    pub(super) fn ensure_open(&mut self) -> Result<(), Unusable> {
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
            let aside = aside::rescue(&open.connection, path, SystemTime::now())
                .map_err(|what| Fault::Passing(format!("the inbox {} cannot be restored: {what}", path.display())))?;
            self.owner.renew(path).map_err(|error| Fault::Passing(format!("{}: {error}", path.display())))?;
            if let Some(aside) = aside {
                warn!(aside = %aside.display(), "another file stood there; it is put aside");
            }
            self.open = None;
            self.shared.readers.forget();
        }
        let was_ours = self.was_ours;
        let broken = |error: rusqlite::Error| match fault(&error, path) {
            Fault::Corrupt(_) if !was_ours && !aside::may_be_ours(path) => Unusable::Never(SchemaError::NoDatabase),
            fault => Unusable::Fault(fault),
        };
        let unfit = |error| match error {
            SchemaError::Sqlite(error) => broken(error),
            error => Unusable::Never(error),
        };
        let mut connection = file::open(path).map_err(broken)?;
        // First, so that nothing is written into a database of another program.
        schema::refuse_foreign(&connection).map_err(unfit)?;
        file::set_up(&connection).map_err(broken)?;
        schema::migrate(&mut connection, schema::STEPS).map_err(unfit)?;
        self.was_ours = true;
        let seen = Seen::load(&connection).map_err(broken)?;
        let counters = Counters::load(&connection).map_err(broken)?;
        let inode = file::inode(path).map_err(|error| Fault::Passing(format!("{}: {error}", path.display())))?;
        let checkpointer = Checkpointer::start(path, inode, &mut connection).map_err(broken)?;
        self.shared.figures.duplicates.store(counters.duplicates, Relaxed);
        self.shared.readers.know(inode);
        self.unproven = true;
        self.open = Some(Open { connection, inode, seen, counters, pruner: Pruner::new(), checkpointer });
        Ok(())
    }

    /// A broken file is not written any more, and never deleted: a new one takes its place.
    pub(super) fn set_aside(&mut self, reason: &str) {
        self.open = None;
        self.shared.readers.forget();
        self.shared.schedule().clear(Some(EventId(0)));
        let path = &self.shared.path;
        match aside::put_aside(path, "corrupt", SystemTime::now()) {
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

/// Looks through the whole file; what a reader found may be wrong elsewhere, too.
fn check(connection: &Connection, path: &Path) -> Result<(), Fault> {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found {
        Ok(found) if found == "ok" => Ok(()),
        Ok(found) => Err(Fault::Corrupt(format!("the inbox {} is no sound database ({found})", path.display()))),
        Err(error) => Err(fault(&error, path)),
    }
}

impl Unusable {
    pub(super) fn into_fault(self) -> Fault {
        match self {
            Self::Never(error) => Fault::Passing(format!("the inbox is not used: {error}")),
            Self::Fault(fault) => fault,
        }
    }
}

impl From<Fault> for Unusable {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
