//! The file: who owns it, how it is opened, and what is done with one that is broken or gone.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_millis(500);
/// How long somebody who only wants to know the [`owner`] may be in the way, and how often.
const GLANCE: Duration = Duration::from_millis(10);
const GLANCES: u32 = 5;
/// Bytes to which the log of changes shrinks once it is copied into the file.
const LOG_LIMIT: i64 = 64 << 20;

/// The right to be the one process that writes a file, held until dropped. The lock is the system's, so it ends with
/// the process, however that ends.
#[derive(Debug)]
pub(super) struct Ownership(Mutex<File>);

/// What is added to the name of a file that is being written anew.
const RESCUED: &str = ".rescued";

/// Which file is open; another one may come to stand at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inode {
    device: u64,
    number: u64,
}

/// Another process owns the file, which left a note for others.
#[derive(Debug)]
pub(super) enum OwnError {
    Owned { note: String },
    Io(io::Error),
}

impl Ownership {
    /// Takes the ownership of the inbox at `path`.
    pub(super) fn take(path: &Path) -> Result<Self, OwnError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(OwnError::Io)?;
        }
        let lock = beside(path, ".lock");
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock)
            .map_err(OwnError::Io)?;
        let mut locked = file.try_lock();
        for _ in 0..GLANCES {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            std::thread::sleep(GLANCE);
            locked = file.try_lock();
        }
        match locked {
            Ok(()) => Ok(Self(Mutex::new(file))),
            Err(TryLockError::WouldBlock) => {
                // Without the note the fact remains.
                Err(OwnError::Owned { note: std::fs::read_to_string(lock).unwrap_or_default() })
            }
            Err(TryLockError::Error(error)) => Err(OwnError::Io(error)),
        }
    }

    /// Takes the lock again if its file was taken away, so that nobody else becomes the owner; the note stays.
    pub(super) fn renew(&self, path: &Path) -> io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let data = file.metadata()?;
        if inode(&beside(path, ".lock")).is_ok_and(|found| found == Inode { device: data.dev(), number: data.ino() }) {
            return Ok(());
        }
        let mut note = Vec::new();
        file.rewind()?;
        io::copy(&mut *file, &mut note)?;
        let new = Self::take(path).map_err(|error| match error {
            OwnError::Owned { note } => io::Error::other(format!("another process has the inbox ({note})")),
            OwnError::Io(error) => error,
        })?;
        *file = new.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&note)
    }

    /// Leaves a note for those who come later.
    pub(super) fn note(&self, note: &str) -> io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(note.as_bytes())
    }
}

/// The note of the process that owns the inbox at `path`; `None` if none does. Takes nothing from anybody, but for a
/// moment in which nobody else can become the owner.
pub(super) fn owner(path: &Path) -> io::Result<Option<String>> {
    let lock = beside(path, ".lock");
    let file = match File::open(&lock) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => std::fs::read_to_string(lock).map(Some),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// `path` with something added to its name.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Opens the file for writing; makes it, readable for its owner alone, if there is none.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    // What SQLite cannot open it reports itself, better.
    // A process that was killed while it wrote the file anew left it under this name.
    let rescued = beside(path, RESCUED);
    if !path.exists() && rescued.exists() {
        let _ = std::fs::rename(&rescued, path);
    }
    // A file that is there is not opened here: closing it again would take away the locks that SQLite has on it.
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let _ = let_write(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Every commit is on the disk before it is reported. Copying the log into the file is left to a thread of its own.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8192)?;
    Ok(connection)
}

/// Makes the log as writable as the file. SQLite gives it the file's permissions when it makes it, and a log that was
/// made while the file could not be written would keep it so.
fn let_write(path: &Path) -> io::Result<()> {
    let permissions = std::fs::metadata(path)?.permissions();
    for suffix in ["-wal", "-shm"] {
        let log = beside(path, suffix);
        if std::fs::metadata(&log).is_ok_and(|found| found.permissions().mode() != permissions.mode()) {
            std::fs::set_permissions(&log, permissions.clone())?;
        }
    }
    Ok(())
}

/// Opens the file for reading.
pub(super) fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Opens the file for reading, and leaves it, its log and its folder as they are as far as SQLite can: one that was put
/// aside, or that cannot be written.
pub(super) fn open_unchanged(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usable = |connection: Connection| {
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Only a look shows whether the log can be read.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    let opened = Connection::open_with_flags(path, flags).and_then(usable);
    let in_the_way = |error: &rusqlite::Error| {
        matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
    };
    let has_log = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    match opened {
        // Its folder cannot be written, so that there is no place for what readers share. Without a log nobody can be
        // changing the file, and there is nothing to share.
        Err(error) if in_the_way(&error) && path.exists() && !has_log => {
            let mut url = "file:".to_owned();
            for byte in path.as_os_str().as_encoded_bytes() {
                match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => url.push(char::from(*byte)),
                    byte => url.push_str(&format!("%{byte:02X}")),
                }
            }
            url.push_str("?immutable=1");
            Connection::open_with_flags(url, flags | OpenFlags::SQLITE_OPEN_URI).and_then(usable)
        }
        opened => opened,
    }
}

/// Which file stands at `path` now.
pub(super) fn inode(path: &Path) -> io::Result<Inode> {
    std::fs::metadata(path).map(|data| Inode { device: data.dev(), number: data.ino() })
}

/// Puts a file aside, with its log, and says where it is now.
pub(super) fn put_aside(path: &Path, why: &str, now: SystemTime) -> io::Result<PathBuf> {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let aside = (0..)
        .map(|n| beside(path, &if n == 0 { format!(".{why}-{seconds}") } else { format!(".{why}-{seconds}-{n}") }))
        .find(|aside| !aside.exists());
    let aside = aside.unwrap_or_else(|| beside(path, why));
    // The log first: without its file it is nothing that SQLite would look at.
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(beside(path, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, &aside)?;
    Ok(aside)
}

/// Writes all that an open connection still sees to `path`, where its file stood before somebody took it away. What
/// stands there now is put aside; where, if there is something.
pub(super) fn rescue(connection: &Connection, path: &Path, now: SystemTime) -> Result<Option<PathBuf>, String> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    let new = beside(path, RESCUED);
    remove(&new)?;
    // SQLite takes an empty file for none, and leaves its permissions.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new);
    made.map_err(|error| format!("{}: {error}", new.display()))?;
    let Some(text) = new.to_str() else { return Err(format!("{} is not UTF-8", new.display())) };
    connection.execute("VACUUM INTO ?1", [text]).map_err(|error| error.to_string())?;
    File::open(&new).and_then(|file| file.sync_all()).map_err(|error| error.to_string())?;
    let aside = match path.exists() {
        true => Some(put_aside(path, "replaced", now).map_err(|error| error.to_string())?),
        false => None,
    };
    // A log of the old file must not be taken for one of the new.
    remove(&beside(path, "-wal"))?;
    remove(&beside(path, "-shm"))?;
    std::fs::rename(&new, path).map_err(|error| error.to_string())?;
    Ok(aside)
}

fn remove(path: &Path) -> Result<(), String> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(format!("{}: {error}", path.display())),
        _ => Ok(()),
    }
}
