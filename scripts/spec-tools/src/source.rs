//! A spec as it is published: one file or many, OpenAPI 3.0 or 3.1, with `webhooks` or `paths`, with our extensions or
//! with none.
//!
//! [`Source::load`] makes one document of it in which every reference of a schema is `#/components/schemas/NAME` and
//! every webhook has a path, so that nothing behind it needs to know of files.

mod bundle;
mod files;
pub(crate) mod place;
mod settings;
pub(crate) mod webhooks;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub use self::files::BundleError;
pub use self::settings::{Endpoints, Leniency, Settings, SettingsError};
use crate::document::{Document, LoadError};

/// A published spec, in one piece.
#[derive(Debug)]
pub struct Source {
    /// The document: its references are local. Lines are those of the file that was named.
    pub document: Document,
    /// SHA-256 of every file that was read, in hexadecimal.
    pub digest: String,
    /// What the spec and the command line say of its generation.
    pub settings: Settings,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file cannot be read, or is not one document that JSON could say.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A reference leads nowhere.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The settings in the spec make no sense.
    #[error("{}: {error}", path.display())]
    Settings {
        /// The spec.
        path: PathBuf,
        /// What is wrong.
        error: SettingsError,
    },
}

impl Source {
    /// Reads a spec with all that it refers to. What `asked` leaves open, the spec's own settings say.
    ///
    /// # Errors
    /// [`SourceError`], with file and place.
    pub fn load(path: &Path, asked: &Settings) -> Result<Self, SourceError> {
        let document = Document::load(path)?;
        let declared =
            Settings::of(document.value()).map_err(|error| SourceError::Settings { path: path.to_owned(), error })?;
        let settings = asked.clone().or(declared);
        let mut bundled = bundle::bundle(document.value(), path)?;
        let mut warnings = std::mem::take(&mut bundled.warnings);
        let mut value = bundled.value;
        webhooks::to_paths(&mut value, &settings, path, &mut warnings);
        let digest = crate::prepare::digest(&bundled.bytes);
        Ok(Self { document: document.with_value(value), digest, settings, warnings })
    }

    /// Reads a spec with all that it refers to as one document, and leaves its webhooks where they are.
    ///
    /// # Errors
    /// [`SourceError`], with file and place.
    pub fn bundled(path: &Path) -> Result<Document, SourceError> {
        let document = Document::load(path)?;
        let bundled = bundle::bundle(document.value(), path)?;
        Ok(document.with_value(bundled.value))
    }

    /// Whether somebody else wrote the spec, without a thought of receivers: it has none of our extensions.
    pub fn is_foreign(&self) -> bool {
        is_foreign(self.document.value())
    }
}

/// Whether a document has none of the extensions that say how deliveries are signed, told apart and answered.
pub fn is_foreign(value: &Value) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| !(name.starts_with("x-webhook-") && name != settings::EXTENSION) && is_foreign(value)),
        Value::Array(items) => items.iter().all(is_foreign),
        _ => true,
    }
}
