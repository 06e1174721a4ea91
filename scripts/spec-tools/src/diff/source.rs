//! Where a spec or a crate comes from: a path, or `REV:PATH` in git.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::SystemTime;

use serde_json::Value;

use crate::document::{Document, LoadError};
use crate::source::Settings;
use crate::surface::{Surface, SurfaceError};

/// A path, or a path at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file or folder as it is now.
    Path(PathBuf),
    /// A file or folder as it was.
    Revision {
        /// What git knows the commit by.
        revision: String,
        /// The path, from the repository's root, or from here if it begins with `./`.
        path: String,
    },
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    /// What exists as a path is one; else what stands before the first colon is a revision.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !Path::new(text).exists()
            && let Some((revision, path)) = text.split_once(':')
            && !revision.is_empty()
            && !revision.starts_with('-')
        {
            return Ok(Self::Revision { revision: revision.to_owned(), path: path.to_owned() });
        }
        Ok(Self::Path(text.into()))
    }
}

impl Source {
    /// Reads a spec.
    ///
    /// # Errors
    /// Git or the system refuses, or the text is no spec.
    pub fn document(&self) -> Result<Document, SourceError> {
        match self {
            Self::Path(path) => Ok(crate::source::Source::load(path, &Settings::default())?.document),
            Self::Revision { revision, path } => {
                let text = git(&["show", &format!("{revision}:{path}")])?;
                let text = String::from_utf8(text).map_err(|_| SourceError::Git {
                    command: format!("git show {revision}:{path}"),
                    said: "that is no UTF-8 text".to_owned(),
                })?;
                let document = Document::parse(path, &text)?;
                // Without this, the other files of the spec would have to be there for nothing.
                let folder = if refers_elsewhere(document.value()) {
                    Unpacked::new(revision, parent(path))?
                } else {
                    Unpacked::empty()?
                };
                let file = folder.0.join(Path::new(path).file_name().unwrap_or_default());
                std::fs::write(&file, &text)
                    .map_err(|source| SourceError::Unwritable { path: file.clone(), source })?;
                let loaded = crate::source::Source::load(&file, &Settings::default())?;
                Ok(document.with_value(loaded.document.value().clone()))
            }
        }
    }

    /// Reads what a generated crate asks of the code that uses it.
    ///
    /// # Errors
    /// Git or the system refuses, or a file is not Rust.
    pub fn surface(&self) -> Result<Surface, SourceError> {
        match self {
            Self::Path(path) => Ok(Surface::read(path)?),
            Self::Revision { revision, path } => {
                let folder = Unpacked::new(revision, path)?;
                Ok(Surface::read(&folder.0)?)
            }
        }
    }
}

/// A folder of a revision, in a temporary place until this is dropped.
struct Unpacked(PathBuf);

impl Unpacked {
    fn empty() -> Result<Self, SourceError> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let place = std::env::temp_dir().join(format!("spec-diff-{}-{}", std::process::id(), since.as_nanos()));
        // A folder that somebody else has made is not ours to write in.
        std::fs::create_dir(&place).map_err(|source| SourceError::Unwritable { path: place.clone(), source })?;
        Ok(Self(place))
    }

    /// A folder of a revision; the root, if it has no name.
    fn new(revision: &str, path: &str) -> Result<Self, SourceError> {
        let folder = Self::empty()?;
        let root = git(&["rev-parse", "--show-toplevel"])?;
        let root = String::from_utf8_lossy(&root);
        // From the root, whatever the current folder is: elsewhere git takes that for a part of the path.
        let archive = git(&["-C", root.trim_end(), "archive", "--format=tar", &format!("{revision}:{path}")])?;
        let unwritable = |source| SourceError::Unwritable { path: folder.0.clone(), source };
        let mut tar = Command::new("tar")
            .args(["-x", "-f", "-", "-C"])
            .arg(&folder.0)
            .stdin(Stdio::piped())
            .spawn()
            .map_err(unwritable)?;
        let written = tar.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(&archive));
        let ended = tar.wait().map_err(unwritable)?;
        written.map_err(unwritable)?;
        if ended.success() { Ok(folder) } else { Err(unwritable(std::io::Error::other(format!("tar: {ended}")))) }
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The folder of a path in a revision; empty for the root.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a value refers to another file.
fn refers_elsewhere(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| match (name.as_str(), member) {
            ("$ref", Value::String(target)) => !target.starts_with('#'),
            ("example" | "examples", _) => false,
            _ => refers_elsewhere(member),
        }),
        Value::Array(items) => items.iter().any(refers_elsewhere),
        _ => false,
    }
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, SourceError> {
    let command = format!("git {}", arguments.join(" "));
    let fault = |said: String| SourceError::Git { command: command.clone(), said };
    let output = Command::new("git")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fault(format!("git does not start: {error}")))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(fault(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The spec cannot be read.
    #[error(transparent)]
    Spec(#[from] LoadError),
    /// The spec is in several files, and they do not fit together.
    #[error(transparent)]
    Parts(#[from] crate::source::SourceError),
    /// The crate cannot be read.
    #[error(transparent)]
    Crate(#[from] SurfaceError),
    /// Git refuses.
    #[error(
        "`{command}` failed: {said}; write a path, or REV:PATH with a revision that is here (in CI, fetch it first)"
    )]
    Git {
        /// What was asked.
        command: String,
        /// What it said.
        said: String,
    },
    /// The system refuses a temporary file.
    #[error("{}: {source}; set TMPDIR to a folder that can be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_path_from_a_revision() {
        let source = |text: &str| text.parse::<Source>().unwrap();
        assert_eq!(source("Cargo.toml"), Source::Path("Cargo.toml".into()));
        assert_eq!(source("no/such/file"), Source::Path("no/such/file".into()));
        let revision = Source::Revision { revision: "origin/main".to_owned(), path: "webhooks.yaml".to_owned() };
        assert_eq!(source("origin/main:webhooks.yaml"), revision);
        assert_eq!(source(":webhooks.yaml"), Source::Path(":webhooks.yaml".into()));
    }
}
