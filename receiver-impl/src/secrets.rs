//! Secrets and public keys: where they come from, and that they never come out again.
//!
//! Each provider has `NAME_SECRETS` (shared secrets), `NAME_PUBLIC_KEYS` and `NAME_AUTHORIZATION` (values of the header
//! that a delivery must have besides its signature), and for each a form with `_FILE` behind it that names a file
//! instead; setting both forms is an error, because one of them would be silently ignored. The text has one key a line;
//! public keys may also be PEM blocks. Blank lines and line ends of either kind are passed over.
//! Nothing else is: a blank at either end of a line is refused rather than trimmed or kept, since it is either a slip or
//! a secret that no other tool would carry unharmed.

mod error;
mod lines;

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::config::variable;

pub use error::{CredentialsError, LineFault};

/// The largest file of keys.
const MAX_FILE: usize = 64 << 10;
/// The most keys of one kind, all of which are tried on every delivery.
pub const MAX_KEYS: usize = 16;

/// A text that signs or verifies. It prints as `[redacted]`, and its memory is overwritten when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text over as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text. Keep it out of everything that is written.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What is configured for one provider.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Shared secrets, for HMAC.
    pub secrets: Option<KeySet>,
    /// Public keys, for everything else.
    pub public_keys: Option<KeySet>,
    /// Values of `Authorization`, one of which every request must have.
    pub authorization: Option<KeySet>,
}

/// Where a provider's keys stand, if the environment does not say.
#[derive(Debug, Clone, Default)]
pub struct KeyFiles {
    /// The shared secrets.
    pub secrets: Option<PathBuf>,
    /// The public keys.
    pub public_keys: Option<PathBuf>,
    /// The values of `Authorization`.
    pub authorization: Option<PathBuf>,
}

/// Keys of one kind, at least one, in the order of their lines.
#[derive(Debug, Clone)]
pub struct KeySet {
    source: String,
    keys: Vec<Secret>,
    file: Option<PathBuf>,
}

/// The kinds of key, which have different variables and different rules for lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Secrets,
    PublicKeys,
    Authorization,
}

impl Credentials {
    /// Reads what `env` and the files of the configuration, which `env` goes over, say for `provider`.
    ///
    /// # Errors
    ///
    /// [`CredentialsError`] names the variable, never the secret.
    pub fn read(
        provider: &str,
        files: &KeyFiles,
        env: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, CredentialsError> {
        Ok(Self {
            secrets: Kind::Secrets.read(provider, files.secrets.as_deref(), env)?,
            public_keys: Kind::PublicKeys.read(provider, files.public_keys.as_deref(), env)?,
            authorization: Kind::Authorization.read(provider, files.authorization.as_deref(), env)?,
        })
    }

    /// One shared secret that was made up rather than configured.
    pub fn made_up(secret: Secret) -> Self {
        let secrets = KeySet { source: "the secret made up at start".to_owned(), keys: vec![secret], file: None };
        Self { secrets: Some(secrets), public_keys: None, authorization: None }
    }

    /// Whether nothing that verifies a signature is configured, so that the provider is off.
    pub fn is_empty(&self) -> bool {
        self.secrets.is_none() && self.public_keys.is_none()
    }

    /// Whether these are the same keys in the same places.
    pub fn is_same_as(&self, other: &Self) -> bool {
        fn texts(keys: Option<&KeySet>) -> impl Iterator<Item = &str> {
            keys.into_iter().flat_map(KeySet::keys).map(Secret::expose)
        }
        let same = |one: &Option<KeySet>, other: &Option<KeySet>| texts(one.as_ref()).eq(texts(other.as_ref()));
        same(&self.secrets, &other.secrets)
            && same(&self.public_keys, &other.public_keys)
            && same(&self.authorization, &other.authorization)
    }

    /// The files that the keys came from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        [&self.secrets, &self.public_keys, &self.authorization]
            .into_iter()
            .flatten()
            .filter_map(|keys| keys.file.as_deref())
    }

    /// The variable for shared secrets or, if `hmac` is false, for public keys.
    pub fn variable(provider: &str, hmac: bool) -> String {
        variable(provider, if hmac { Kind::Secrets } else { Kind::PublicKeys }.name())
    }
}

impl KeySet {
    /// The variable or setting that has the keys.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The keys.
    pub fn keys(&self) -> &[Secret] {
        &self.keys
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Secrets => "SECRETS",
            Self::PublicKeys => "PUBLIC_KEYS",
            Self::Authorization => "AUTHORIZATION",
        }
    }

    fn setting(self) -> &'static str {
        match self {
            Self::Secrets => "secrets-file",
            Self::PublicKeys => "public-keys-file",
            Self::Authorization => "authorization-file",
        }
    }

    fn read(
        self,
        provider: &str,
        configured: Option<&Path>,
        env: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Option<KeySet>, CredentialsError> {
        let inline = variable(provider, self.name());
        let file = format!("{inline}_FILE");
        match (env(&inline), env(&file), configured) {
            (Some(_), Some(_), _) => Err(CredentialsError::BothForms { inline, file }),
            (Some(text), None, _) => {
                let text = text.into_string().map_err(|_| CredentialsError::NotText { source: inline.clone() })?;
                self.parse(inline, &Zeroizing::new(text), None).map(Some)
            }
            (None, Some(path), _) => self.read_file(&file, PathBuf::from(path)).map(Some),
            (None, None, Some(path)) => {
                let setting = format!("providers.{provider}.{}", self.setting());
                self.read_file(&setting, path.to_owned()).map(Some)
            }
            (None, None, None) => Ok(None),
        }
    }

    fn read_file(self, name: &str, path: PathBuf) -> Result<KeySet, CredentialsError> {
        let source = format!("{name} ({})", path.display());
        let bytes = match read_bounded(&path) {
            Ok(bytes) => bytes,
            Err(error) => return Err(CredentialsError::Unreadable { source, error }),
        };
        if bytes.len() > MAX_FILE {
            return Err(CredentialsError::TooLarge { source });
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.parse(source, text, Some(path)),
            Err(_) => Err(CredentialsError::NotText { source }),
        }
    }

    fn parse(self, source: String, text: &str, file: Option<PathBuf>) -> Result<KeySet, CredentialsError> {
        let keys = match self {
            Self::Secrets | Self::Authorization => lines::secrets(text),
            Self::PublicKeys => lines::public_keys(text),
        };
        match keys {
            Err((line, fault)) => Err(CredentialsError::Line { source, line, fault }),
            Ok(keys) if keys.is_empty() => Err(CredentialsError::Empty { source }),
            Ok(keys) if keys.len() > MAX_KEYS => Err(CredentialsError::TooMany { source, found: keys.len() }),
            Ok(keys) => Ok(KeySet { source, keys, file }),
        }
    }
}

/// Reads one byte more than is allowed, so that the caller can tell.
fn read_bounded(path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let limit = MAX_FILE + 1;
    // The room is reserved at once: a growing vector leaves copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
    File::open(path)?.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
