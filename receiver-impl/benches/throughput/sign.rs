//! HMAC-SHA512, through the crate that the receiver verifies with, so that the bench compares everything but that.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

/// A secret, ready for use.
#[derive(Clone)]
pub(crate) struct Key(Hmac<Sha512>);

impl Key {
    pub(crate) fn new(secret: &str) -> crate::Result<Self> {
        Ok(Self(Hmac::new_from_slice(secret.as_bytes())?))
    }

    pub(crate) fn sign(&self, body: &[u8]) -> [u8; 64] {
        self.0.clone().chain_update(body).finalize().into_bytes().into()
    }

    pub(crate) fn verify(&self, body: &[u8], signature: &[u8]) -> bool {
        self.0.clone().chain_update(body).verify_slice(signature).is_ok()
    }
}
