//! What can be wrong with configured keys. No variant holds a key.

use std::fmt;
use std::io;

use super::MAX_KEYS;

/// Why configured keys cannot be used.
#[derive(Debug)]
pub enum CredentialsError {
    /// A variable is set in both of its forms.
    BothForms {
        /// The variable with the keys.
        inline: String,
        /// The variable with a file's name.
        file: String,
    },
    /// A file cannot be read.
    Unreadable {
        /// The variable or setting, and the file.
        source: String,
        /// What the system says.
        error: io::Error,
    },
    /// A file is larger than 64 KiB.
    TooLarge {
        /// The variable or setting, and the file.
        source: String,
    },
    /// A value is not UTF-8.
    NotText {
        /// The variable or setting.
        source: String,
    },
    /// A value holds no key.
    Empty {
        /// The variable or setting.
        source: String,
    },
    /// A value holds more keys than are tried on every delivery.
    TooMany {
        /// The variable or setting.
        source: String,
        /// How many.
        found: usize,
    },
    /// A line is no key.
    Line {
        /// The variable or setting.
        source: String,
        /// Which line, counted from 1.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
}

/// Why a line is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// It begins or ends with a blank.
    OuterBlank,
    /// It has a control character.
    Control,
    /// The text begins with the mark that some editors put in front of UTF-8.
    ByteOrderMark,
    /// It is part of a PEM block, where shared secrets belong.
    Pem,
    /// A PEM block begins here and does not end.
    OpenPem,
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BothForms { inline, file } => write!(f, "{inline} and {file} are both set; unset one of them"),
            Self::Unreadable { source, error } => write!(f, "{source} cannot be read: {error}"),
            Self::TooLarge { source } => write!(f, "{source} is larger than 64 KiB; it should hold one key a line"),
            Self::NotText { source } => write!(f, "{source} is not UTF-8 text; it should hold one key a line"),
            Self::Empty { source } => {
                write!(f, "{source} is set but empty; put one key on each line, or unset it")
            }
            Self::TooMany { source, found } => {
                write!(f, "{source} holds {found} keys; at most {MAX_KEYS} can be live at once, so remove old ones")
            }
            Self::Line { source, line, fault } => write!(f, "{source}, line {line}: {fault}"),
        }
    }
}

impl fmt::Display for LineFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OuterBlank => "the key begins or ends with a blank; remove the blank",
            Self::Control => "the key has a control character; is the text damaged?",
            Self::ByteOrderMark => "the text begins with a byte order mark; save it as plain UTF-8",
            Self::Pem => "this is PEM text, not a shared secret; public keys belong in the variable with PUBLIC_KEYS",
            Self::OpenPem => "a PEM block begins here but has no end",
        })
    }
}

impl std::error::Error for CredentialsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            _ => None,
        }
    }
}
