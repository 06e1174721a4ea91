//! HMAC, through the crates that the receiver verifies with, so that the bench compares everything but that.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

/// A hash that a provider signs with.
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sha512,
}

/// A secret, ready for use.
#[derive(Clone)]
pub(crate) enum Key {
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Key {
    pub(crate) fn new(hash: Hash, secret: &str) -> crate::Result<Self> {
        Ok(match hash {
            Hash::Sha256 => Self::Sha256(Hmac::new_from_slice(secret.as_bytes())?),
            Hash::Sha512 => Self::Sha512(Hmac::new_from_slice(secret.as_bytes())?),
        })
    }

    /// The signature of the pieces, in hexadecimal.
    pub(crate) fn sign(&self, pieces: &[&[u8]]) -> String {
        let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sha256(key) => hex(&absorb(key, pieces).finalize().into_bytes()),
            Self::Sha512(key) => hex(&absorb(key, pieces).finalize().into_bytes()),
        }
    }

    pub(crate) fn verify(&self, pieces: &[&[u8]], signature: &[u8]) -> bool {
        match self {
            Self::Sha256(key) => absorb(key, pieces).verify_slice(signature).is_ok(),
            Self::Sha512(key) => absorb(key, pieces).verify_slice(signature).is_ok(),
        }
    }
}

fn absorb<M: Mac + Clone>(key: &M, pieces: &[&[u8]]) -> M {
    let mut mac = key.clone();
    pieces.iter().for_each(|piece| mac.update(piece));
    mac
}
