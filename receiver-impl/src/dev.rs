//! `serve --dev`: secrets made up for a receiver on one's own machine, and kept where `send` finds them.
//!
//! They live as long as the receiver: a file per provider below `data/dev/`, which git ignores and nobody else may
//! read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};
use webhook_api::contract::Provider;

use crate::hex::hex;
use crate::secrets::{Credentials, Secret};

/// Where the files are, from the folder that the receiver is started in.
const FOLDER: &str = "data/dev";

/// The secrets made up so far. Their files go when this does.
#[derive(Debug)]
pub(crate) struct DevSecrets {
    folder: PathBuf,
    made_up: Vec<(&'static Provider, Secret)>,
}

impl Default for DevSecrets {
    fn default() -> Self {
        Self { folder: PathBuf::from(FOLDER), made_up: Vec::new() }
    }
}

impl DevSecrets {
    /// Makes up a secret for a provider and keeps it. `None` for a provider that signs with private keys alone.
    ///
    /// # Errors
    ///
    /// The system's: no random bytes, or the file cannot be written.
    pub(crate) fn make_up(&mut self, provider: &'static Provider) -> io::Result<Option<Credentials>> {
        let mut schemes = provider.endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten();
        if !schemes.any(|scheme| scheme.algorithm.is_hmac()) {
            return Ok(None);
        }
        let secret = random()?;
        let path = path(&self.folder, provider.name);
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        // A file that is there may be readable by others, and would keep its mode.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(secret.expose().as_bytes())?;
        self.made_up.push((provider, secret.clone()));
        Ok(Some(Credentials::made_up(secret)))
    }

    /// The providers that got a secret, with it.
    pub(crate) fn made_up(&self) -> &[(&'static Provider, Secret)] {
        &self.made_up
    }
}

impl Drop for DevSecrets {
    fn drop(&mut self) {
        for (provider, secret) in &self.made_up {
            let path = path(&self.folder, provider.name);
            // Another receiver may have put its own secret there in the meantime.
            if fs::read_to_string(&path).is_ok_and(|text| text == secret.expose()) {
                // What cannot be removed is a secret that no receiver knows any more.
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// The secret that a receiver in dev mode, started in this folder, made up for a provider.
pub(crate) fn secret(provider: &str) -> Option<Secret> {
    fs::read_to_string(path(Path::new(FOLDER), provider)).ok().map(Secret::new)
}

fn path(folder: &Path, provider: &str) -> PathBuf {
    folder.join(format!("{provider}.secret"))
}

/// 32 random bytes in hexadecimal, which is a key in every text form that schemes have.
fn random() -> io::Result<Secret> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no random bytes"))?;
    Ok(Secret::new(hex(&bytes)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use webhook_api::PROVIDERS;

    use super::*;

    #[test]
    fn keeps_a_secret_for_its_owner_alone_and_takes_it_away_in_the_end() {
        let folder = std::env::temp_dir().join(format!("receiver-dev-{}", std::process::id()));
        let mut secrets = DevSecrets { folder: folder.clone(), made_up: Vec::new() };
        let credentials = secrets.make_up(&PROVIDERS[0]).unwrap().unwrap();
        let path = path(&folder, PROVIDERS[0].name);
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let kept = fs::read_to_string(&path).unwrap();
        drop(secrets);
        let gone = !path.exists();
        fs::remove_dir(folder).unwrap();

        assert_eq!(mode, 0o600);
        assert_eq!((kept.len(), kept.as_str()), (64, credentials.secrets.unwrap().keys()[0].expose()));
        assert!(gone);
    }
}
