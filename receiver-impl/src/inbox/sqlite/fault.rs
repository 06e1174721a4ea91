//! What a failed statement means: whether waiting helps, and what to tell the operator.

use std::path::Path;

use rusqlite::{ErrorCode, ffi};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something that may pass.
    Passing(String),
    /// Something that may pass, but only when the file is opened anew: it can only be read, or somebody else wrote it.
    Reopen(String),
    /// The file is broken.
    Corrupt(String),
}

impl Fault {
    /// What is wrong, in words.
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Passing(reason) | Self::Reopen(reason) | Self::Corrupt(reason) => reason,
        }
    }
}

/// Reads an error.
pub(super) fn fault(error: &rusqlite::Error, path: &Path) -> Fault {
    let path = path.display();
    let passing = |what: &str| Fault::Passing(format!("{what} ({error})"));
    if error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_READONLY_DBMOVED) {
        return Fault::Reopen(format!("another file stands where the inbox {path} was; it is put right at once"));
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Fault::Corrupt(format!("the inbox {path} is no sound database ({error})"))
        }
        Some(ErrorCode::DiskFull) => {
            passing(&format!("there is no room for the inbox {path}: free some of the disk it is on"))
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            passing(&format!("another process holds the inbox {path}: wait for it, or stop it"))
        }
        Some(ErrorCode::ReadOnly) => {
            Fault::Reopen(format!("the inbox {path} cannot be written: make it and its folder writable ({error})"))
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            passing(&format!("the inbox {path} cannot be opened: see that its folder exists and is writable"))
        }
        Some(ErrorCode::ConstraintViolation) => {
            Fault::Reopen(format!("the inbox {path} was written by somebody else; it is read again ({error})"))
        }
        Some(ErrorCode::SystemIoFailure) => {
            passing(&format!("the inbox {path} cannot be read or written: look at the disk it is on"))
        }
        _ => passing(&format!("the inbox {path} cannot be used")),
    }
}
