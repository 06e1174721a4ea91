//! A spec in memory: its values, and the line that each of them stands on.
//!
//! YAML and JSON go through one parser, so that an error in a prepared JSON file has a line too. What YAML allows and a
//! spec has no use for is refused, with the line: see `yaml`. A [`Document`] that exists has no duplicate
//! keys and no values that JSON cannot say.

mod reference;
mod scalar;
mod yaml;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub use self::reference::ReferenceError;
use crate::pointer;

/// A YAML or JSON file with the positions of its values.
#[derive(Debug, Clone)]
pub struct Document {
    path: PathBuf,
    value: Value,
    lines: HashMap<String, usize>,
}

/// A value and the JSON pointer to it.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// Where it stands.
    pub pointer: String,
    /// What stands there.
    pub value: &'a Value,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, or is not one document that JSON could say.
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, LoadError> {
        let path = path.into();
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text),
            Err(source) => Err(LoadError::Unreadable { path, source }),
        }
    }

    /// Reads a text as if it were the content of the file at `path`.
    ///
    /// # Errors
    /// The text is not one document that JSON could say.
    pub fn parse(path: impl Into<PathBuf>, text: &str) -> Result<Self, LoadError> {
        let path = path.into();
        match yaml::parse(text) {
            Ok(yaml::Parsed { value, lines }) => Ok(Self { path, value, lines }),
            Err(yaml::Fault { line, message }) => Err(LoadError::Unfit { path, line, message }),
        }
    }

    /// A document made in memory; it has no lines.
    pub fn from_value(path: impl Into<PathBuf>, value: Value) -> Self {
        Self { path: path.into(), value, lines: HashMap::new() }
    }

    /// The same file with another value: what did not move keeps its line.
    #[must_use]
    pub fn with_value(self, value: Value) -> Self {
        Self { value, ..self }
    }

    /// The file that it came from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole of it.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The line, counted from 1, of the value at `pointer`: of its name where it has one. A value that is not in the
    /// source itself (it came through an alias, or is missing) has the line of the nearest place around it.
    pub fn line_of(&self, pointer: &str) -> Option<usize> {
        let mut place = Some(pointer);
        while let Some(pointer) = place {
            if let Some(line) = self.lines.get(pointer) {
                return Some(*line);
            }
            place = pointer::parent(pointer);
        }
        None
    }

    /// The value at `pointer`.
    pub fn node(&self, pointer: &str) -> Option<Node<'_>> {
        self.value.pointer(pointer).map(|value| Node { pointer: pointer.to_owned(), value })
    }

    /// The whole of it, as a node.
    pub fn root(&self) -> Node<'_> {
        Node { pointer: String::new(), value: &self.value }
    }

    /// The value at `pointer` or, where that is a `$ref`, what it leads to in the end.
    ///
    /// # Errors
    /// A `$ref` on the way names nothing, leads in a circle, or leaves the document.
    pub fn resolve(&self, pointer: &str) -> Result<Node<'_>, ReferenceError> {
        reference::resolve(self, pointer)
    }
}

impl<'a> Node<'a> {
    /// The member of this name.
    pub fn child(&self, name: &str) -> Option<Self> {
        self.value.get(name).map(|value| Self { pointer: pointer::child(&self.pointer, name), value })
    }

    /// Every member with its name; nothing where this is no object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), Self { pointer: pointer::child(&self.pointer, name), value }))
    }

    /// Every item; nothing where this is no list.
    pub fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { pointer: pointer::item(&self.pointer, index), value })
    }

    /// The text of the member of this name, if that is text.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read, or is not UTF-8.
    #[error("{}: {source}; check the path and that the file is UTF-8 text", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The text is not one document that JSON could say.
    #[error("{}:{line}: {message}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
}
