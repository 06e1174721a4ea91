//! The answer to a challenge: a MAC of the provider's own text, which proves that the secret is known here.
//!
//! It is the one thing that this engine signs in earnest, and what it makes is as good as a signature. What may be
//! signed is for [`Handshake`](crate::handshake::Handshake) to say, which asks here last.

use webhook_api::contract::{Challenge, Encoding, Endpoint};

use crate::secrets::KeySet;

use super::key;
use super::mac::MacKey;
use super::payload::Payload;
use super::text;

/// The secret that answers an endpoint's challenges.
#[derive(Debug)]
pub(super) struct ChallengeKey {
    key: MacKey,
    len: usize,
    encoding: Encoding,
}

impl ChallengeKey {
    /// The first of `secrets`, read as the endpoint's first scheme with shared secrets reads it: a provider that has
    /// two tries its primary one first. `None` where there is no challenge to answer or nothing to answer it with.
    pub(super) fn new(endpoint: &Endpoint, secrets: Option<&KeySet>) -> Option<Self> {
        let Challenge { algorithm, encoding, .. } = *endpoint.challenge.as_ref()?;
        let mut schemes = endpoint.guards.iter().copied().flatten();
        let rule = schemes.find(|scheme| scheme.algorithm.is_hmac())?.key;
        let usable = |text: &crate::secrets::Secret| {
            let bytes = key::secret(rule, text.expose()).ok()?;
            MacKey::new(algorithm, &bytes).ok()
        };
        let key = secrets?.keys().iter().find_map(usable)?;
        Some(Self { key, len: algorithm.signature_len()?, encoding })
    }

    /// The MAC of `token` as the provider reads it.
    pub(super) fn answer(&self, token: &str) -> String {
        let mac = self.key.compute(&Payload::whole(token.as_bytes()));
        text::encode(self.encoding, mac.get(..self.len).unwrap_or(&mac))
    }
}
