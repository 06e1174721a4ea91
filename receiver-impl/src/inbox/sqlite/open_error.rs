//! Why a file cannot be an inbox.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Note;
use crate::log_text::Shown;

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
