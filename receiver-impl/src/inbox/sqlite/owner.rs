//! Who owns the file: one process at a time may write it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::file::{Inode, beside, inode, make_folder};

/// How long somebody who only wants to know the [`owner`] may be in the way, and how often.
const GLANCE: Duration = Duration::from_millis(10);
const GLANCES: u32 = 5;
/// The right to be the one process that writes a file, held until dropped. The lock is the system's, so it ends with
/// the process, however that ends.
#[derive(Debug)]
pub(super) struct Ownership(Mutex<File>);

/// Another process owns the file, which left a note for others.
#[derive(Debug)]
pub(super) enum OwnError {
    Owned { note: String },
    Io(io::Error),
}

impl Ownership {
    /// Takes the ownership of the inbox at `path`.
    pub(super) fn take(path: &Path) -> Result<Self, OwnError> {
        make_folder(path).map_err(OwnError::Io)?;
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
        if inode(&beside(path, ".lock")).is_ok_and(|found| found == Inode::of(&data)) {
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

/// Takes the lock's file away again: what stands at `path` is nothing that anybody may own.
pub(super) fn withdraw(path: &Path) {
    // One that stays does no harm.
    let _ = std::fs::remove_file(beside(path, ".lock"));
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
