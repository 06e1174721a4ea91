//! The provider's half: the headers that a provider would send with a body. For the test sender and for tests.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use webhook_api::contract::{Algorithm, Endpoint, SignatureScheme};

use crate::secrets::Secret;

use super::fault::{KeyFault, SchemeFault};
use super::header::Grammar;
use super::key;
use super::mac::MacKey;
use super::payload::{Payload, Template};
use super::pem;
use super::refusal::Refusal;
use super::timestamp::Freshness;

/// Signs under one scheme.
#[derive(Debug)]
pub struct Signer {
    grammar: Grammar,
    template: Template,
    freshness: Option<Freshness>,
    keys: Vec<SigningKey>,
    /// The length of an HMAC; `None` for other algorithms.
    tag_len: Option<usize>,
}

#[derive(Debug)]
enum SigningKey {
    Mac(MacKey),
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Why nothing is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignError {
    /// The scheme cannot be put to work.
    Scheme(SchemeFault),
    /// A key is none for this scheme.
    Key {
        /// Its place, counted from 1.
        slot: usize,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// There is no key, or none for any scheme of the endpoint.
    NoKeys,
    /// One header of the scheme cannot carry a signature of each key.
    TooManyKeys,
    /// A header that is to be signed is unfit.
    Headers(Refusal),
    /// The cryptographic library refused to sign.
    Library,
}

impl Signer {
    /// A signer with shared secrets, or with private keys in PEM text (`PRIVATE KEY`, PKCS #8), whichever the scheme
    /// needs. Every key makes a signature.
    ///
    /// # Errors
    ///
    /// [`SignError`], which never holds a key.
    pub fn new(scheme: &'static SignatureScheme, keys: &[Secret]) -> Result<Self, SignError> {
        let freshness = Freshness::new(scheme).map_err(SignError::Scheme)?;
        let element = freshness.as_ref().and_then(Freshness::element);
        let grammar = Grammar::new(scheme, element).map_err(SignError::Scheme)?;
        if keys.is_empty() {
            return Err(SignError::NoKeys);
        }
        if !grammar.has_room_for(keys.len()) {
            return Err(SignError::TooManyKeys);
        }
        let key = |(slot, text)| SigningKey::new(scheme, text).map_err(|fault| SignError::Key { slot, fault });
        Ok(Self {
            grammar,
            template: Template::new(scheme).map_err(SignError::Scheme)?,
            freshness,
            keys: (1..).zip(keys).map(key).collect::<Result<_, _>>()?,
            tag_len: scheme.algorithm.signature_len().filter(|_| scheme.algorithm.is_hmac()),
        })
    }

    /// The headers to send with `body` at `now`, in seconds since 1970: the signature's, and the timestamp's if it has
    /// one of its own. Other headers that the scheme signs must stand in `headers`.
    ///
    /// # Errors
    ///
    /// [`SignError::Headers`] if they do not; [`SignError::Library`].
    pub fn sign(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: u64,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
        let time = self.freshness.as_ref().map(|freshness| freshness.write(now));
        let time_text = time.as_deref().unwrap_or_default().as_bytes();
        let payload = self.template.fill(headers, time_text, body).map_err(SignError::Headers)?;
        let signatures: Vec<_> = self.keys.iter().map(|key| self.signature(key, &payload)).collect::<Result<_, _>>()?;
        let value = |bytes: &[u8]| HeaderValue::from_bytes(bytes).map_err(|_| SignError::Library);
        let mut signed = Vec::with_capacity(2);
        if let Some(name) = self.freshness.as_ref().and_then(Freshness::own_header) {
            signed.push((name.clone(), value(time_text)?));
        }
        signed.push((self.grammar.header.clone(), value(&self.grammar.write(time.as_deref(), &signatures))?));
        Ok(signed)
    }

    fn signature(&self, key: &SigningKey, payload: &Payload<'_>) -> Result<Vec<u8>, SignError> {
        match key {
            SigningKey::Mac(key) => Ok(key.compute(payload).iter().copied().take(self.tag_len.unwrap_or(0)).collect()),
            SigningKey::Ed25519(key) => Ok(key.sign(&payload.joined()).as_ref().to_vec()),
            SigningKey::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &payload.joined(), &mut signature)
                    .map_err(|_| SignError::Library)?;
                Ok(signature)
            }
        }
    }
}

impl SigningKey {
    fn new(scheme: &SignatureScheme, text: &Secret) -> Result<Self, KeyFault> {
        let pkcs8 = || match pem::decode(text.expose()) {
            Some(block) if block.label == "PRIVATE KEY" => Ok(block.der),
            _ => Err(KeyFault::NotPrivatePem),
        };
        match scheme.algorithm {
            Algorithm::RsaPkcs1Sha256 => RsaKeyPair::from_pkcs8(&pkcs8()?).map(Self::Rsa).map_err(|_| KeyFault::NotRsa),
            Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8()?)
                .map(Self::Ed25519)
                .map_err(|_| KeyFault::NotEd25519),
            hmac => MacKey::new(hmac, &key::secret(scheme.key, text.expose())?).map(Self::Mac),
        }
    }
}

/// The headers that the provider of `endpoint` would send with `body` if it held these shared `secrets`.
///
/// A scheme whose header is a list carries a signature of each secret. Schemes with one signature a header stand for
/// one secret each, in the spec's order. Schemes with private keys are left out: only the provider has those.
///
/// # Errors
///
/// [`SignError`]; [`SignError::NoKeys`] if none of the endpoint's schemes signs with a secret.
pub fn sign_delivery(
    endpoint: &Endpoint,
    secrets: &[Secret],
    headers: &HeaderMap,
    body: &[u8],
    now: u64,
) -> Result<Vec<(HeaderName, HeaderValue)>, SignError> {
    let mut schemes: Vec<&'static SignatureScheme> = Vec::new();
    for scheme in endpoint.guards.iter().copied().flatten().filter(|scheme| scheme.algorithm.is_hmac()) {
        if !schemes.contains(scheme) {
            schemes.push(scheme);
        }
    }
    let mut single = secrets.chunks(1);
    let mut signed = Vec::new();
    for scheme in schemes {
        let keys = if scheme.separator.is_some() { Some(secrets) } else { single.next() };
        if let Some(keys) = keys {
            signed.extend(Signer::new(scheme, keys)?.sign(headers, body, now)?);
        }
    }
    let is_open = endpoint.guards.iter().any(|all| all.is_empty());
    if signed.is_empty() && !is_open { Err(SignError::NoKeys) } else { Ok(signed) }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(fault) => write!(f, "the signature scheme cannot be used: {fault}"),
            Self::Key { slot, fault } => write!(f, "key {slot} {fault}"),
            Self::NoKeys => f.write_str("there is no key to sign with"),
            Self::TooManyKeys => f.write_str("one header cannot carry a signature of each key; give fewer"),
            Self::Headers(refusal) => write!(f, "a header that is to be signed is unfit: {refusal}"),
            Self::Library => f.write_str("the cryptographic library refused to sign"),
        }
    }
}

impl std::error::Error for SignError {}
