//! A provider's file of secrets, as the receiver reads it: one secret a line. It is changed by writing another file and
//! renaming that, so that the running receiver finds either all of the old lines or all of the new ones.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::secrets::{Credentials, KeyFiles, MAX_KEYS, Secret};

/// A file of secrets, which nobody else changes while this is there.
#[derive(Debug)]
pub struct SecretsFile {
    path: PathBuf,
    _lock: File,
}

/// What is wrong with a file of secrets. No variant holds a secret.
#[derive(Debug)]
pub enum SecretsFileError {
    /// The system's: which file, and what it says.
    Io(PathBuf, io::Error),
    /// Another command changes it.
    Busy(PathBuf),
    /// What stands in it cannot be used.
    Unfit(String),
    /// There is no room for another line.
    Full(PathBuf),
}

impl SecretsFile {
    /// Takes a file, which need not be there yet.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`].
    pub fn open(path: &Path) -> Result<Self, SecretsFileError> {
        let io = |error| SecretsFileError::Io(path.to_owned(), error);
        // A link is followed, so that it stays one.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(io(error)),
        };
        // The folder is locked, since the file itself is replaced.
        let lock = File::open(folder(&path)).map_err(|error| SecretsFileError::Io(folder(&path).to_owned(), error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(SecretsFileError::Busy(path)),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its secrets; none, if it is not there.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`], if the receiver could not read it either.
    pub fn read(&self) -> Result<Vec<Secret>, SecretsFileError> {
        match fs::read_to_string(&self.path).map(Zeroizing::new) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Ok(text) if text.trim().is_empty() => return Ok(Vec::new()),
            _ => {}
        }
        let files = KeyFiles { secrets: Some(self.path.clone()), ..KeyFiles::default() };
        let credentials = Credentials::read("file", &files, &|_| None);
        let credentials = credentials.map_err(|error| SecretsFileError::Unfit(error.to_string()))?;
        Ok(credentials.secrets.map(|keys| keys.keys().to_vec()).unwrap_or_default())
    }

    /// Adds a secret, in front of the others or behind them. `false`: it was there already, wherever.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`]; the file is as it was then.
    pub fn add(&self, secret: &Secret, first: bool) -> Result<bool, SecretsFileError> {
        let mut secrets = self.read()?;
        if secrets.iter().any(|known| known.expose() == secret.expose()) {
            return Ok(false);
        }
        if secrets.len() == MAX_KEYS {
            return Err(SecretsFileError::Full(self.path.clone()));
        }
        let place = if first { 0 } else { secrets.len() };
        secrets.insert(place, secret.clone());
        self.write(&secrets).map(|()| true)
    }

    /// Puts a secret that is there in front of the others.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`]; the file is as it was then.
    pub fn put_first(&self, secret: &Secret) -> Result<bool, SecretsFileError> {
        let mut secrets = self.read()?;
        match secrets.iter().position(|known| known.expose() == secret.expose()) {
            None | Some(0) => Ok(false),
            Some(place) => {
                let secret = secrets.remove(place);
                secrets.insert(0, secret);
                self.write(&secrets).map(|()| true)
            }
        }
    }

    /// Keeps the secrets that `keep` says; the last one stays in any case, since a receiver takes no empty file.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`]; the file is as it was then.
    pub fn retain(&self, keep: impl Fn(&Secret) -> bool) -> Result<usize, SecretsFileError> {
        let secrets = self.read()?;
        let kept: Vec<_> = secrets.iter().filter(|secret| keep(secret)).cloned().collect();
        if kept.is_empty() || kept.len() == secrets.len() {
            return Ok(0);
        }
        self.write(&kept).map(|()| secrets.len() - kept.len())
    }

    /// Whether the file can be replaced, so that a secret which is seen only once finds its place.
    ///
    /// # Errors
    ///
    /// [`SecretsFileError`], if not.
    pub fn check_writable(&self) -> Result<(), SecretsFileError> {
        if self.read()?.len() == MAX_KEYS {
            return Err(SecretsFileError::Full(self.path.clone()));
        }
        let (temporary, file) = self.temporary(&self.path)?;
        drop(file);
        fs::remove_file(&temporary).map_err(|error| SecretsFileError::Io(temporary, error))
    }

    fn write(&self, secrets: &[Secret]) -> Result<(), SecretsFileError> {
        let mut text =
            Zeroizing::new(String::with_capacity(secrets.iter().map(|secret| secret.expose().len() + 1).sum()));
        for secret in secrets {
            text.push_str(secret.expose());
            text.push('\n');
        }
        self.replace(&self.path, text.as_bytes())
    }

    /// Puts another content in the place of this file, or of one beside it.
    pub(super) fn replace(&self, path: &Path, content: &[u8]) -> Result<(), SecretsFileError> {
        let (temporary, mut file) = self.temporary(path)?;
        let written =
            file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, path));
        if let Err(error) = written {
            // What is left over would hold secrets.
            let _ = fs::remove_file(&temporary);
            return Err(SecretsFileError::Io(path.to_owned(), error));
        }
        File::open(folder(path))
            .and_then(|folder| folder.sync_all())
            .map_err(|error| SecretsFileError::Io(path.to_owned(), error))
    }

    /// A new file beside another, for its owner alone: the other one's, if there is one.
    fn temporary(&self, path: &Path) -> Result<(PathBuf, File), SecretsFileError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".new.{}", std::process::id()));
        let temporary = path.with_file_name(name);
        let io = |error| SecretsFileError::Io(temporary.clone(), error);
        // One of an earlier process with the same id.
        let _ = fs::remove_file(&temporary);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary).map_err(io)?;
        if let Ok(old) = fs::metadata(&self.path) {
            let new = file.metadata().map_err(io)?;
            let owned = if (old.uid(), old.gid()) == (new.uid(), new.gid()) {
                Ok(())
            } else {
                // The receiver may run as somebody else, and must be able to read what it could read before.
                fchown(&file, Some(old.uid()), Some(old.gid()))
            };
            // A group that was let in on purpose stays in; a file that everybody could read was a slip.
            let mode = if old.mode() & 0o007 == 0 { old.mode() & 0o770 | 0o600 } else { 0o600 };
            let owned = owned.and_then(|()| file.set_permissions(fs::Permissions::from_mode(mode)));
            if let Err(error) = owned {
                let _ = fs::remove_file(&temporary);
                return Err(io(error));
            }
        }
        Ok((temporary, file))
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl fmt::Display for SecretsFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Busy(path) => {
                write!(f, "another `receiver subscriptions` is changing {}; wait until it has ended", path.display())
            }
            Self::Unfit(what) => f.write_str(what),
            Self::Full(path) => write!(
                f,
                "{} holds {MAX_KEYS} secrets, the most that may be live at once; remove the lines of old ones",
                path.display()
            ),
        }
    }
}

impl std::error::Error for SecretsFileError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    fn texts(file: &SecretsFile) -> Vec<String> {
        file.read().unwrap().iter().map(|secret| secret.expose().to_owned()).collect()
    }

    #[test]
    fn adds_moves_and_removes_lines_and_keeps_the_others() {
        let folder = Folder::new();
        let file = SecretsFile::open(&folder.join("s")).unwrap();
        for (secret, first) in [("one", false), ("two", false), ("zero", true)] {
            assert!(file.add(&Secret::new(secret), first).unwrap());
        }
        assert!(!file.add(&Secret::new("two"), true).unwrap());
        assert_eq!(texts(&file), ["zero", "one", "two"]);
        assert!(file.put_first(&Secret::new("two")).unwrap());
        assert_eq!(file.retain(|secret| secret.expose() != "one").unwrap(), 1);
        assert_eq!(texts(&file), ["two", "zero"]);
        assert_eq!(file.retain(|_| false).unwrap(), 0, "the last secrets stay");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_is_for_its_owner_and_a_chosen_group_alone() {
        let folder = Folder::new();
        for (before, after) in [(None, 0o600), (Some(0o640), 0o640), (Some(0o644), 0o600), (Some(0o400), 0o600)] {
            let path = folder.join("s");
            let _ = fs::remove_file(&path);
            if let Some(mode) = before {
                fs::write(&path, "old\n").unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
            SecretsFile::open(&path).unwrap().add(&Secret::new("new"), true).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, after, "{before:?}");
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = Folder::new();
        fs::write(folder.join("real"), "old\n").unwrap();
        std::os::unix::fs::symlink("real", folder.join("link")).unwrap();
        SecretsFile::open(&folder.join("link")).unwrap().add(&Secret::new("new"), false).unwrap();
        assert!(fs::symlink_metadata(folder.join("link")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(folder.join("real")).unwrap(), "old\nnew\n");
    }

    #[test]
    fn only_one_command_at_a_time_changes_it() {
        let folder = Folder::new();
        let first = SecretsFile::open(&folder.join("s")).unwrap();
        assert!(matches!(SecretsFile::open(&folder.join("s")), Err(SecretsFileError::Busy(_))));
        drop(first);
        assert!(SecretsFile::open(&folder.join("s")).is_ok());
    }
}
