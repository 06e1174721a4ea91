//! What the process that owns a file tells others of itself, so that a command can ask it instead of the file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The owner of a file: one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its process.
    pub pid: u32,
    /// The address of its admin port: `http://127.0.0.1:8081`. `None` while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<String>,
}

impl Note {
    /// About this process.
    pub fn of_this_process(admin: Option<String>) -> Self {
        Self { pid: std::process::id(), admin }
    }

    /// Reads what [`Display`](fmt::Display) wrote; `None` if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        for admin in [None, Some("http://[::1]:8081".to_owned())] {
            let note = Note { pid: 7, admin };
            assert_eq!(Note::parse(&note.to_string()), Some(note));
        }
        assert_eq!(Note::parse(""), None);
        assert_eq!(Note::parse("the bench"), None);
    }
}
