//! Whose secret a line of the file is, and when an old one may go: a small file beside the file of secrets, named after
//! it (`gridx.subscriptions.json`). Providers do not say which secret a subscription has, so this cannot be asked. It
//! holds fingerprints, no secrets. Where it is missing, nothing is lost but the knowledge of which line is which.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::secrets_file::{SecretsFile, SecretsFileError};
use crate::inbox::rfc3339;
use crate::secrets::Secret;

/// Whose a secret is that was put into the file for a subscription which is still to be registered.
pub const SPARE: &str = "(none yet)";

/// The notes of one file of secrets.
#[derive(Debug)]
pub struct Notebook {
    path: PathBuf,
    notes: Notes,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Notes {
    secrets: Vec<Entry>,
}

/// A secret of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The subscription, as its provider calls it.
    pub subscription: String,
    /// The secret's fingerprint.
    pub secret: String,
    /// When it may go, if a newer one has taken its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// The beginning of the SHA-256 of a secret, in hexadecimal: enough to tell one from another.
pub fn fingerprint(secret: &Secret) -> String {
    Sha256::digest(secret.expose().as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Entry {
    /// When it may go.
    pub fn until(&self) -> Option<SystemTime> {
        let until = self.until.as_deref()?;
        DateTime::parse_from_rfc3339(until).ok().map(|time| time.with_timezone(&Utc).into())
    }
}

impl Notebook {
    /// Reads the notes of a file of secrets.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`], if there are some that cannot be read.
    pub fn open(file: &SecretsFile) -> Result<Self, SecretsFileError> {
        let mut name = file.path().file_name().unwrap_or_default().to_owned();
        name.push(".subscriptions.json");
        let path = file.path().with_file_name(name);
        let notes = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                let path = path.display();
                SecretsFileError::Unfit(format!(
                    "{path} is not what this command wrote there ({error}); mend or remove it"
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Notes::default(),
            Err(error) => return Err(SecretsFileError::Io(path, error)),
        };
        Ok(Self { path, notes })
    }

    /// The secrets of a subscription.
    pub fn of<'n>(&'n self, subscription: &'n str) -> impl Iterator<Item = &'n Entry> {
        self.notes.secrets.iter().filter(move |entry| entry.subscription == subscription)
    }

    /// Whether a subscription has this secret, and no newer one.
    pub fn has(&self, subscription: &str, secret: &Secret) -> bool {
        let print = fingerprint(secret);
        self.of(subscription).any(|entry| entry.secret == print && entry.until.is_none())
    }

    /// Whether other subscriptions than this one need a secret.
    pub fn is_shared(&self, subscription: &str, secret: &str) -> bool {
        let others = self.notes.secrets.iter().filter(|entry| entry.subscription != subscription);
        others.into_iter().any(|entry| entry.secret == secret && entry.until.is_none())
    }

    /// Notes that a subscription has this secret from now on, and that its others may go at `until`.
    pub fn renew(&mut self, subscription: &str, secret: &Secret, until: Option<SystemTime>) {
        let print = fingerprint(secret);
        for entry in self.notes.secrets.iter_mut().filter(|entry| entry.subscription == subscription) {
            if entry.until.is_none() && entry.secret != print {
                entry.until = until.map(rfc3339);
            }
        }
        self.notes.secrets.retain(|entry| {
            entry.secret != print || (entry.subscription != subscription && entry.subscription != SPARE)
        });
        self.notes.secrets.push(Entry { subscription: subscription.to_owned(), secret: print, until: None });
    }

    /// Forgets all but the newest secret of a subscription.
    pub fn retain_newest(&mut self, subscription: &str) {
        let newest = self.of(subscription).last().map(|entry| entry.secret.clone());
        self.notes.secrets.retain(|entry| entry.subscription != subscription || Some(&entry.secret) == newest.as_ref());
    }

    /// Forgets secrets of a subscription.
    pub fn forget(&mut self, subscription: &str, secrets: &[String]) {
        self.notes.secrets.retain(|entry| entry.subscription != subscription || !secrets.contains(&entry.secret));
    }

    /// Writes the notes.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`]; they are as they were then.
    pub fn save(&self, file: &SecretsFile) -> Result<(), SecretsFileError> {
        let text =
            serde_json::to_string_pretty(&self.notes).map_err(|error| SecretsFileError::Unfit(error.to_string()))?;
        file.replace(&self.path, format!("{text}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn knows_whose_a_secret_is_and_until_when() {
        let mut notebook = Notebook { path: PathBuf::new(), notes: Notes::default() };
        let (old, new) = (Secret::new("old"), Secret::new("new"));
        let until = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        notebook.renew("a", &old, None);
        notebook.renew("b", &old, None);
        assert!(notebook.has("a", &old));
        notebook.renew("a", &new, Some(until));
        assert!(notebook.has("a", &new) && !notebook.has("a", &old));
        let retired: Vec<_> = notebook.of("a").filter_map(Entry::until).collect();
        assert_eq!(retired, [until]);
        assert!(notebook.is_shared("a", &fingerprint(&old)), "b still has it");
        notebook.forget("a", &[fingerprint(&old)]);
        assert_eq!(notebook.of("a").count(), 1);
        assert!(!serde_json::to_string(&notebook.notes).unwrap().contains("\"old\""));
    }
}
