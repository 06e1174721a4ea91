//! The file: how it is made and opened, and how it is told from another one.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind::InvalidInput, ErrorKind::PermissionDenied, ErrorKind::Unsupported};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_millis(500);
/// Bytes to which the log of changes shrinks once it is copied into the file.
const LOG_LIMIT: i64 = 64 << 20;

/// What is added to the name of a file that is being written anew.
pub(super) const RESCUED: &str = ".rescued";

/// Which file is open; another one may come to stand at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inode {
    device: u64,
    number: u64,
}

impl Inode {
    /// That of the file with this data.
    pub(super) fn of(data: &Metadata) -> Self {
        Self { device: data.dev(), number: data.ino() }
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
    if !path.exists() && rescued.exists() && std::fs::rename(&rescued, path).is_ok() {
        let _ = sync_folder(path);
    }
    // A file that is there is not opened here: closing it again would take away the locks that SQLite has on it.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if made.is_ok() {
        // An event is safe only if the file is found again.
        sync_folder(path).map_err(|_| Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_DIR_FSYNC), None))?;
    }
    let _ = let_write(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Sets how the file is written. It must be known to be ours: this is noted in it.
pub(super) fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    // Every commit is on the disk before it is reported. Copying the log into the file is left to a thread of its own.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8192)
}

/// Opens the file once more, if it is still this one.
pub(super) fn open_again(path: &Path, same: Inode) -> rusqlite::Result<Connection> {
    let check = || match inode(path) {
        Ok(found) if found == same => Ok(()),
        _ => Err(moved()),
    };
    check()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    check()?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// SQLite's own error for a file that is no longer where it was.
pub(super) fn moved() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY_DBMOVED), None)
}

/// Makes the folder of a file, so that it is there for good.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    if folder.exists() {
        return Ok(());
    }
    make_folder(folder)?;
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_folder(folder),
    }
}

/// Has the disk remember which files are in the folder of `path`. What a crash leaves is up to the disk otherwise, also
/// for files whose content is safe.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Not every file system knows this, and not every folder that can be written can be read.
        Err(error) if matches!(error.kind(), InvalidInput | Unsupported | PermissionDenied) => Ok(()),
        synced => synced,
    }
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

/// Opens the file for reading; the one that is known to be the inbox, unless none is.
pub(super) fn open_for_reading(path: &Path, same: Option<Inode>) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match same {
        Some(same) => open_again(path, same)?,
        None => Connection::open_with_flags(path, flags)?,
    };
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
    let in_the_way =
        |error: &Error| matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly));
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

/// Where the file is that `path` leads to. Locks, logs and what is put aside belong beside it, whatever it is called by.
pub(super) fn resolve(path: &Path) -> PathBuf {
    let Ok(target) = std::fs::read_link(path) else { return path.to_owned() };
    let beside = || path.parent().map_or(target.clone(), |folder| folder.join(&target));
    std::fs::canonicalize(path).unwrap_or_else(|_| beside())
}

/// Which file stands at `path` now.
pub(super) fn inode(path: &Path) -> io::Result<Inode> {
    std::fs::metadata(path).map(|data| Inode::of(&data))
}
