//! One scheme and its keys against one request.

use std::fmt;

use http::HeaderMap;
use webhook_api::Match;
use webhook_api::contract::SignatureScheme;

use crate::secrets::{MAX_KEYS, Secret};

use super::fault::{KeyFault, SchemeFault};
use super::header::{Candidates, Grammar};
use super::key::{self, Keys};
use super::mac::{self, MAX_TAG};
use super::payload::{Payload, Template};
use super::public::{ED25519_LEN, MAX_RSA};
use super::refusal::Refusal;
use super::timestamp::Freshness;

/// Checks signatures of one scheme. It holds everything that does not change between requests, ready for use.
#[derive(Debug)]
pub struct Verifier {
    scheme: &'static SignatureScheme,
    grammar: Grammar,
    template: Template,
    freshness: Option<Freshness>,
    keys: Keys,
}

/// That a delivery is authentic, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The scheme whose signature is right.
    pub scheme: &'static SignatureScheme,
    /// The place of the key that made it among the configured ones, counted from 1.
    pub slot: u8,
}

impl From<&Verified> for Match {
    fn from(verified: &Verified) -> Self {
        Self { scheme: verified.scheme.name, slot: verified.slot }
    }
}

/// Why there is no verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierError {
    /// The scheme cannot be put to work.
    Scheme(SchemeFault),
    /// A key is none for this scheme.
    Key {
        /// Its place, counted from 1.
        slot: u8,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// There is no key. Nothing verifies under an empty one.
    NoKeys,
    /// There are more keys than [`MAX_KEYS`].
    TooManyKeys,
}

/// That a scheme can be put to work, whatever the keys.
///
/// # Errors
///
/// [`SchemeFault`].
pub fn check_scheme(scheme: &SignatureScheme) -> Result<(), SchemeFault> {
    Keys::none(scheme)?;
    let freshness = Freshness::new(scheme)?;
    Grammar::new(scheme, freshness.as_ref().and_then(Freshness::element))?;
    Template::new(scheme).map(drop)
}

impl Verifier {
    /// A verifier for `scheme`: `keys` are shared secrets or public keys, whichever its algorithm needs.
    ///
    /// # Errors
    ///
    /// [`VerifierError`], which never holds a key.
    pub fn new(scheme: &'static SignatureScheme, keys: &[Secret]) -> Result<Self, VerifierError> {
        Self::with_slots(scheme, (1..).zip(keys))
    }

    /// As [`Verifier::new`], with keys that keep their places though others are left out.
    pub(super) fn with_slots<'k>(
        scheme: &'static SignatureScheme,
        slots: impl IntoIterator<Item = (u8, &'k Secret)>,
    ) -> Result<Self, VerifierError> {
        let mut keys = Keys::none(scheme).map_err(VerifierError::Scheme)?;
        for (slot, text) in slots {
            if keys.len() == MAX_KEYS {
                return Err(VerifierError::TooManyKeys);
            }
            keys.add(scheme, slot, text).map_err(|fault| VerifierError::Key { slot, fault })?;
        }
        if keys.len() == 0 {
            return Err(VerifierError::NoKeys);
        }
        let freshness = Freshness::new(scheme).map_err(VerifierError::Scheme)?;
        let element = freshness.as_ref().and_then(Freshness::element);
        Ok(Self {
            scheme,
            grammar: Grammar::new(scheme, element).map_err(VerifierError::Scheme)?,
            template: Template::new(scheme).map_err(VerifierError::Scheme)?,
            freshness,
            keys,
        })
    }

    /// Lets timestamps be this far from the clock, instead of what the scheme says.
    #[must_use]
    pub fn with_tolerance(mut self, seconds: u64) -> Self {
        if let Some(freshness) = &mut self.freshness {
            freshness.tolerance = seconds;
        }
        self
    }

    /// The scheme.
    pub fn scheme(&self) -> &'static SignatureScheme {
        self.scheme
    }

    /// Whether there is a key in this place, counted from 1.
    pub fn has_key(&self, slot: u8) -> bool {
        self.keys.slots().any(|found| found == slot)
    }

    /// Checks a request whose raw `body` arrived at `now`, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// The first check that failed. The age is checked last: [`Refusal::Stale`] means that the signature is right.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8], now: u64) -> Result<Verified, Refusal> {
        match &self.keys {
            Keys::Mac(keys) => self.run::<MAX_TAG>(headers, body, now, |p, c| mac::search(keys, p, c)),
            Keys::Rsa(keys) => self.run::<MAX_RSA>(headers, body, now, |p, c| key::search(keys, p, c)),
            Keys::Ed25519(keys) => self.run::<ED25519_LEN>(headers, body, now, |p, c| key::search(keys, p, c)),
        }
    }

    fn run<const WIDTH: usize>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: u64,
        search: impl FnOnce(&Payload<'_>, &Candidates<WIDTH>) -> Option<u8>,
    ) -> Result<Verified, Refusal> {
        let mut candidates = Candidates::new();
        let element = self.grammar.read(headers, &mut candidates)?;
        let timed = match &self.freshness {
            Some(freshness) => Some((freshness, freshness.read(headers, element)?)),
            None => None,
        };
        let timestamp = timed.map_or(&[][..], |(_, timestamp)| timestamp.text);
        let payload = self.template.fill(headers, timestamp, body)?;
        let slot = search(&payload, &candidates).ok_or(Refusal::NoMatch)?;
        if let Some((freshness, timestamp)) = timed {
            freshness.judge(timestamp, now)?;
        }
        Ok(Verified { scheme: self.scheme, slot })
    }
}

impl fmt::Display for VerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(fault) => fault.fmt(f),
            Self::Key { slot, fault } => write!(f, "key {slot} {fault}"),
            Self::NoKeys => f.write_str("there is no key"),
            Self::TooManyKeys => write!(f, "there are more than {MAX_KEYS} keys"),
        }
    }
}

impl std::error::Error for VerifierError {}
