//! The provider's file of secrets and its notes, for commands that put a secret into it.

use std::path::PathBuf;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::session::Session;
use crate::commands::Failure;
use crate::config::variable;
use crate::secrets::Secret;
use crate::subscriptions::{Notebook, SPARE, SecretsFile, SecretsFileError};

/// The file and its notes.
#[derive(Debug)]
pub(super) struct Vault {
    pub(super) file: SecretsFile,
    pub(super) notes: Notebook,
}

impl Vault {
    /// The file that the receiver reads.
    pub(super) fn open(session: &Session<'_>) -> Result<Self, Failure> {
        let path = path(session)?;
        let file = SecretsFile::open(&path).map_err(Failure::run)?;
        file.check_writable().map_err(Failure::run)?;
        let notes = Notebook::open(&file).map_err(Failure::run)?;
        Ok(Self { file, notes })
    }

    /// Its secrets.
    pub(super) fn secrets(&self) -> Result<Vec<Secret>, Failure> {
        self.file.read().map_err(Failure::run)
    }

    /// A secret for what is about to be registered: the one that an earlier try left in the file, or a new one, which the
    /// caller puts there.
    pub(super) fn spare(&mut self) -> Result<Secret, Failure> {
        if let Some(left) = self.secrets()?.into_iter().find(|secret| self.notes.has(SPARE, secret)) {
            return Ok(left);
        }
        let secret = make_up()?;
        self.notes.renew(SPARE, &secret, None);
        self.notes.retain_newest(SPARE);
        self.save()?;
        Ok(secret)
    }

    /// Notes that a subscription has a secret.
    pub(super) fn note(&mut self, subscription: &str, secret: &Secret) -> Result<(), Failure> {
        if self.notes.has(subscription, secret) {
            return Ok(());
        }
        self.notes.renew(subscription, secret, None);
        self.save()
    }

    pub(super) fn save(&self) -> Result<(), Failure> {
        self.notes.save(&self.file).map_err(Failure::run)
    }

    /// Adds a secret and says where it is. `true`: it was not there before.
    pub(super) fn add(&self, secret: &Secret, first: bool) -> Result<bool, SecretsFileError> {
        self.file.add(secret, first)
    }
}

fn path(session: &Session<'_>) -> Result<PathBuf, Failure> {
    if let Some(path) = &session.common.secrets_file {
        return Ok(path.clone());
    }
    let provider = session.api.provider();
    let (inline, file) = (variable(provider, "SECRETS"), variable(provider, "SECRETS_FILE"));
    if std::env::var_os(&inline).is_some() {
        return Err(Failure::usage(format_args!(
            "{inline} holds the secrets itself, and cannot be changed for a receiver that runs; put them into a file that \
             {file} names, for the receiver and here"
        )));
    }
    if let Some(path) = std::env::var_os(&file) {
        return Ok(path.into());
    }
    session.common.config(session.api)?.1.files.secrets.ok_or_else(|| {
        Failure::usage(format_args!(
            "a secret needs a file that the receiver reads: set {file}, for the receiver and here, or \
             `providers.{provider}.secrets-file` in receiver.toml, or give `--secrets-file`"
        ))
    })
}

/// 32 random bytes as text. HPE takes at most 100 characters, and of any kind.
pub(super) fn make_up() -> Result<Secret, Failure> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Failure::run("the system has no random bytes"))?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}
