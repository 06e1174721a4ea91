//! What guards the endpoints of a provider: the spec's alternatives, as far as there are keys for them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use webhook_api::contract::{Endpoint, Provider, SignatureScheme};

use crate::config::Signatures;
use crate::schemes::{self, MissingScheme};
use crate::secrets::{Credentials, KeySet};

use super::authorization::Authorization;
use super::challenge::ChallengeKey;
use super::fault::KeyFault;
use super::refusal::Refusal;
use super::verify::{Verified, Verifier, VerifierError};

/// The guards of every endpoint of one provider. It never changes: other secrets make another one.
#[derive(Debug)]
pub struct ProviderGuards {
    provider: &'static Provider,
    authorization: Option<Authorization>,
    /// In the spec's order.
    endpoints: Vec<EndpointGuards>,
    verifiers: BTreeMap<&'static str, Arc<Verifier>>,
    keys: KeyCount,
}

/// How many keys of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCount {
    /// Shared secrets.
    pub secrets: usize,
    /// Public keys.
    pub public_keys: usize,
}

/// What a delivery to one endpoint must prove.
#[derive(Debug)]
pub struct EndpointGuards {
    /// Within one alternative, all must hold.
    alternatives: Vec<Vec<Arc<Verifier>>>,
    rule: Signatures,
    /// One alternative asks for nothing: the settings say that everybody may send events there.
    open: bool,
    challenge: Option<ChallengeKey>,
}

/// Why a provider has no guards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardError {
    /// A scheme of the spec cannot be put to work, whatever the keys.
    Scheme {
        /// Its name.
        scheme: &'static str,
        /// What is wrong with it.
        error: VerifierError,
    },
    /// A configured key fits none of the provider's schemes.
    Key {
        /// The variable or setting that has it.
        source: String,
        /// Its place there, counted from 1.
        slot: u8,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// Keys are configured for which the provider has no scheme.
    NoScheme {
        /// The provider's name.
        provider: &'static str,
        /// The variable or setting that has them.
        source: String,
    },
    /// An endpoint has no scheme at all.
    NoGuard(MissingScheme),
    /// An endpoint has no scheme with a key.
    Unguarded {
        /// The endpoint.
        endpoint: &'static str,
        /// The variables that would help.
        variables: String,
    },
}

impl ProviderGuards {
    /// The guards of `provider` with what is configured for it. A `tolerance`, in seconds, goes over the schemes' own.
    ///
    /// # Errors
    ///
    /// [`GuardError`], which never holds a key.
    pub fn new(
        provider: &'static Provider,
        credentials: &Credentials,
        rule: Signatures,
        tolerance: Option<u64>,
    ) -> Result<Self, GuardError> {
        let verifiers = verifiers(provider, credentials, tolerance)?;
        let guards = |endpoint: &&'static Endpoint| {
            let alternatives: Vec<Vec<_>> = endpoint
                .guards
                .iter()
                .filter_map(|all| all.iter().map(|scheme| verifiers.get(scheme.name).cloned()).collect())
                .collect();
            schemes::of_endpoint(endpoint).map_err(GuardError::NoGuard)?;
            let open = endpoint.guards.iter().any(|all| all.is_empty());
            if alternatives.is_empty() {
                return Err(unguarded(endpoint));
            }
            let challenge = ChallengeKey::new(endpoint, credentials.secrets.as_ref());
            Ok(EndpointGuards { alternatives, rule, open, challenge })
        };
        let endpoints = provider.endpoints.iter().map(guards).collect::<Result<_, _>>()?;
        let authorization = credentials.authorization.as_ref().map(Authorization::new);
        let number = |keys: &Option<KeySet>| keys.as_ref().map_or(0, |keys| keys.keys().len());
        let keys = KeyCount { secrets: number(&credentials.secrets), public_keys: number(&credentials.public_keys) };
        Ok(Self { provider, authorization, endpoints, verifiers, keys })
    }

    /// The provider.
    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// Checks the `Authorization` that every request must have besides its signature, if one is configured.
    ///
    /// # Errors
    ///
    /// [`Refusal::MissingAuthorization`] or [`Refusal::WrongAuthorization`].
    pub fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        self.authorization.as_ref().map_or(Ok(()), |authorization| authorization.check(headers))
    }

    /// The guards of the endpoint with this id; `None` if it is not the provider's.
    pub fn endpoint(&self, id: &str) -> Option<&EndpointGuards> {
        self.endpoint_at(self.provider.endpoints.iter().position(|endpoint| endpoint.id == id)?)
    }

    /// The guards of the provider's endpoint in this place, counted from 0.
    pub fn endpoint_at(&self, place: usize) -> Option<&EndpointGuards> {
        self.endpoints.get(place)
    }

    /// How many keys are in force.
    pub fn keys(&self) -> KeyCount {
        self.keys
    }

    /// Whether a key in this place, counted from 1, is in force for a scheme.
    pub fn has_key(&self, scheme: &str, slot: u8) -> bool {
        self.verifiers.get(scheme).is_some_and(|verifier| verifier.has_key(slot))
    }
}

impl EndpointGuards {
    /// Checks a request whose raw `body` arrived at `now`, in seconds since 1970, and says what verified it: nothing
    /// for an endpoint that is open to everybody.
    ///
    /// # Errors
    ///
    /// If every alternative refuses, the refusal that got furthest. An older or weaker scheme beside a good signature
    /// is no fault; which schemes count is for the spec and the configuration to say.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8], now: u64) -> Result<Vec<Verified>, Refusal> {
        let hold = |all: &[Arc<Verifier>]| all.iter().map(|one| one.verify(headers, body, now)).collect();
        let mut refused: Option<Refusal> = None;
        let mut verified = Vec::new();
        for alternative in &self.alternatives {
            let result: Result<Vec<_>, Refusal> = hold(alternative);
            match (result, self.rule) {
                (Ok(found), Signatures::Any) => return Ok(found),
                (Ok(found), Signatures::All) => verified.extend(found),
                (Err(refusal), Signatures::Any) => {
                    refused = Some(refused.map_or(refusal, |before| before.more_telling(refusal)));
                }
                (Err(refusal), Signatures::All) => return Err(refusal),
            }
        }
        match refused {
            Some(refusal) => Err(refusal),
            None if verified.is_empty() && !self.open => Err(Refusal::NoMatch),
            None => Ok(verified),
        }
    }

    /// The MAC of a challenge's `token`, as the provider expects it. It is as good as a signature: the token must be one
    /// that can never be an event. `None` where the spec declares no challenge, or there is no shared secret.
    pub fn answer_challenge(&self, token: &str) -> Option<String> {
        self.challenge.as_ref().map(|key| key.answer(token))
    }

    /// The schemes that are in force here.
    pub fn schemes(&self) -> impl Iterator<Item = &'static SignatureScheme> {
        self.verifiers().map(Verifier::scheme)
    }

    /// What checks them.
    pub fn verifiers(&self) -> impl Iterator<Item = &Verifier> {
        self.alternatives.iter().flatten().map(Arc::as_ref)
    }
}

/// A verifier for each scheme of the provider that has a key, by name.
fn verifiers(
    provider: &'static Provider,
    credentials: &Credentials,
    tolerance: Option<u64>,
) -> Result<BTreeMap<&'static str, Arc<Verifier>>, GuardError> {
    let declared = provider.endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten().copied();
    let schemes: BTreeMap<_, _> = declared.map(|scheme| (scheme.name, scheme)).collect();
    let mut verifiers = BTreeMap::new();
    for (hmac, keys) in [(true, &credentials.secrets), (false, &credentials.public_keys)] {
        let Some(keys) = keys else { continue };
        let mut fits = vec![Err(None); keys.keys().len()];
        for scheme in schemes.values().filter(|scheme| scheme.algorithm.is_hmac() == hmac) {
            let fitting = fitting(scheme, keys, &mut fits)?;
            let verifier = match Verifier::with_slots(scheme, fitting) {
                Err(VerifierError::NoKeys) => continue,
                verifier => verifier.map_err(|error| GuardError::Scheme { scheme: scheme.name, error })?,
            };
            let verifier = match tolerance {
                Some(seconds) => verifier.with_tolerance(seconds),
                None => verifier,
            };
            verifiers.insert(scheme.name, Arc::new(verifier));
        }
        // A provider may sign in two ways with keys of two kinds, so a key need only fit one scheme; but it must do that.
        for (slot, fit) in (1..).zip(fits) {
            let source = || keys.source().to_owned();
            match fit {
                Ok(()) => (),
                Err(Some(fault)) => return Err(GuardError::Key { source: source(), slot, fault }),
                Err(None) => return Err(GuardError::NoScheme { provider: provider.name, source: source() }),
            }
        }
    }
    Ok(verifiers)
}

/// The keys that fit `scheme`, with their places; and in `fits` what is known of each so far.
fn fitting<'k>(
    scheme: &'static SignatureScheme,
    keys: &'k KeySet,
    fits: &mut [Result<(), Option<KeyFault>>],
) -> Result<Vec<(u8, &'k crate::secrets::Secret)>, GuardError> {
    let mut fitting = Vec::new();
    for ((slot, key), fit) in (1..).zip(keys.keys()).zip(fits) {
        match Verifier::with_slots(scheme, [(slot, key)]) {
            Ok(_) => {
                *fit = Ok(());
                fitting.push((slot, key));
            }
            Err(VerifierError::Key { fault, .. }) => *fit = fit.or(Err(Some(fault))),
            Err(error) => return Err(GuardError::Scheme { scheme: scheme.name, error }),
        }
    }
    Ok(fitting)
}

fn unguarded(endpoint: &Endpoint) -> GuardError {
    let mut kinds: Vec<_> =
        endpoint.guards.iter().copied().flatten().map(|scheme| scheme.algorithm.is_hmac()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let variable = |hmac: &bool| Credentials::variable(endpoint.provider, *hmac);
    GuardError::Unguarded {
        endpoint: endpoint.id,
        variables: kinds.iter().rev().map(variable).collect::<Vec<_>>().join(" or "),
    }
}

impl fmt::Display for GuardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme { scheme, error } => write!(f, "the signature scheme `{scheme}` cannot be used: {error}"),
            Self::Key { source, slot, fault } => write!(f, "{source}: key {slot} {fault}"),
            Self::NoScheme { provider, source } => {
                write!(f, "{source} is set, but no scheme of `{provider}` takes such keys; unset it")
            }
            Self::NoGuard(missing) => missing.fmt(f),
            Self::Unguarded { endpoint, variables } => {
                write!(f, "nothing would guard the endpoint `{endpoint}`; set {variables}")
            }
        }
    }
}

impl std::error::Error for GuardError {}
