//! What senders and those between often get wrong, each as a small change to the scheme, the keys or the body. The
//! engine says whether the request would verify then.

use std::fmt;

use http::HeaderMap;
use webhook_api::contract::{
    Algorithm, Blanks, Encoding, KeyEncoding, KeyRule, OnFault, RepeatedHeader, SignatureScheme, SignedPart,
};

use super::bodies::{self, BodyChange};
use crate::secrets::Secret;
use crate::signature::Verifier;

/// A body longer than this is not tried with two changes at once.
const LONG: usize = 256 << 10;
/// What secrets are often prefixed with.
const SECRET_PREFIX: &str = "whsec_";

/// One thing that would have to be otherwise for the signature to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// A signature in the header is right, but the header as a whole breaks the scheme's grammar.
    Grammar,
    /// The body is not the one that was signed.
    Body(BodyChange),
    /// Only the body was signed.
    BodyAlone,
    /// The pieces were signed without the text between them.
    NoTextBetween,
    /// Another algorithm made the signature.
    Algorithm(Algorithm),
    /// The signature is written otherwise.
    Encoding(Encoding),
    /// Nothing, or something else, stands before the signature.
    Prefix(&'static str),
    /// The signature stands in another header.
    Header(&'static str),
    /// The secret became a key in another way.
    Key(KeyChange),
}

/// How else a secret can become a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChange {
    /// Its characters are the key.
    AsText,
    /// Its characters are the key, without its prefix.
    AsTextWithoutPrefix,
    /// It was decoded from base64.
    Base64,
    /// It was decoded from base64, without its prefix.
    Base64WithoutPrefix,
    /// It was decoded from hexadecimal.
    Hex,
    /// A line end belongs to it.
    WithLineEnd,
}

/// A request as it might have been meant.
struct Attempt {
    scheme: SignatureScheme,
    keys: Vec<Secret>,
    /// The place among the bodies.
    body: usize,
}

/// The fewest changes, at most two, with which the request verifies, and the key that does it.
pub(super) fn find(
    scheme: &SignatureScheme,
    keys: &[Secret],
    headers: &HeaderMap,
    body: &[u8],
) -> Option<(Vec<Mistake>, u8)> {
    let mut others = bodies::variants(body);
    let mut mistakes: Vec<Mistake> = others.iter().map(|(change, _)| Mistake::Body(*change)).collect();
    let (mut bodies, of_bodies) = (vec![body.to_vec()], mistakes.len());
    bodies.extend(others.drain(..).map(|(_, body)| body));
    mistakes.extend(of_scheme(scheme, headers));

    let base = Attempt { scheme: lenient(scheme), keys: keys.to_vec(), body: 0 };
    let verifies = |attempt: Attempt| attempt.verifies(headers, &bodies);
    let change = |attempt: &Attempt, place: usize| {
        let mistake = mistakes.get(place)?;
        attempt.with(mistake, if place < of_bodies { place + 1 } else { 0 })
    };
    if let Some(slot) = verifies(base.copy()) {
        return Some((vec![Mistake::Grammar], slot));
    }
    let chosen = |places: &[usize]| places.iter().filter_map(|place| mistakes.get(*place).cloned()).collect();
    let singles: Vec<_> = (0..mistakes.len()).collect();
    for place in &singles {
        if let Some(slot) = change(&base, *place).and_then(verifies) {
            return Some((chosen(&[*place]), slot));
        }
    }
    if body.len() > LONG {
        return None;
    }
    for second in singles.iter().skip(of_bodies) {
        let Some(changed) = change(&base, *second) else { continue };
        for first in singles.iter().take(*second) {
            if let Some(slot) = change(&changed, *first).and_then(verifies) {
                return Some((chosen(&[*first, *second]), slot));
            }
        }
    }
    None
}

/// The scheme with a grammar that passes over what it does not understand.
fn lenient(scheme: &SignatureScheme) -> SignatureScheme {
    SignatureScheme {
        blanks: Blanks::Trim,
        malformed: OnFault::Ignore,
        others: OnFault::Ignore,
        repeated_header: RepeatedHeader::Join,
        separator: Some(scheme.separator.unwrap_or(',')),
        max_signatures: 16,
        ..copy(scheme)
    }
}

/// `SignatureScheme` is a table's row and no value to pass around, except here.
fn copy(scheme: &SignatureScheme) -> SignatureScheme {
    SignatureScheme { ..*scheme }
}

/// The mistakes that this scheme leaves room for.
fn of_scheme(scheme: &SignatureScheme, headers: &HeaderMap) -> Vec<Mistake> {
    let mut found = Vec::new();
    if scheme.signed != [SignedPart::Body] {
        found.push(Mistake::BodyAlone);
    }
    if scheme.signed.iter().any(|part| matches!(part, SignedPart::Text(_))) {
        found.push(Mistake::NoTextBetween);
    }
    let encodings = [Encoding::Hex, Encoding::Base64, Encoding::Base64Any];
    found.extend(encodings.into_iter().filter(|other| *other != scheme.encoding).map(Mistake::Encoding));
    if !scheme.prefix.is_empty() {
        found.push(Mistake::Prefix(""));
    }
    found.extend(prefixes(scheme, headers).into_iter().map(Mistake::Prefix));
    found.extend(other_headers(scheme, headers).into_iter().map(Mistake::Header));
    if scheme.algorithm.is_hmac() {
        let algorithms = [Algorithm::HmacSha256, Algorithm::HmacSha512, Algorithm::HmacSha384, Algorithm::HmacSha1];
        found.extend(algorithms.into_iter().filter(|other| *other != scheme.algorithm).map(Mistake::Algorithm));
        found.extend(
            [
                KeyChange::AsText,
                KeyChange::AsTextWithoutPrefix,
                KeyChange::Base64,
                KeyChange::Base64WithoutPrefix,
                KeyChange::Hex,
                KeyChange::WithLineEnd,
            ]
            .map(Mistake::Key),
        );
    }
    found
}

/// What stands in the header where the scheme's prefix should.
fn prefixes(scheme: &SignatureScheme, headers: &HeaderMap) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for line in headers.get_all(scheme.header).iter().filter_map(|line| line.to_str().ok()) {
        for element in line.split([scheme.separator.unwrap_or(','), ',', ' ']).take(16) {
            let Some((name, digits)) = element.split_once(['=', ':']) else { continue };
            let prefix = element.get(..name.len() + 1).unwrap_or_default();
            if digits.len() > 16 && prefix != scheme.prefix && !found.contains(&prefix) {
                found.push(leak(prefix));
            }
        }
    }
    found
}

/// Other headers in which there could be a signature.
fn other_headers(scheme: &SignatureScheme, headers: &HeaderMap) -> Vec<&'static str> {
    let could = |name: &&str| ["signature", "hmac", "digest", "hash"].iter().any(|word| name.contains(word));
    let own = |name: &&str| name.eq_ignore_ascii_case(scheme.header);
    headers.keys().map(http::HeaderName::as_str).filter(|name| could(name) && !own(name)).map(leak).collect()
}

/// Schemes are made of texts that live for ever, and so does this one: as long as the command runs.
fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

impl Attempt {
    fn copy(&self) -> Self {
        Self { scheme: copy(&self.scheme), keys: self.keys.clone(), body: self.body }
    }

    /// The same with one thing otherwise; `None` if that makes no sense.
    fn with(&self, mistake: &Mistake, body: usize) -> Option<Self> {
        let mut changed = self.copy();
        let scheme = &mut changed.scheme;
        match mistake {
            Mistake::Grammar => return None,
            Mistake::Body(_) => changed.body = body,
            Mistake::BodyAlone => {
                scheme.signed = &[SignedPart::Body];
                scheme.timestamp = None;
            }
            Mistake::NoTextBetween => {
                let parts = scheme.signed.iter().copied().filter(|part| !matches!(part, SignedPart::Text(_)));
                scheme.signed = Box::leak(parts.collect());
            }
            Mistake::Algorithm(algorithm) => scheme.algorithm = *algorithm,
            Mistake::Encoding(encoding) => scheme.encoding = *encoding,
            Mistake::Prefix(prefix) => scheme.prefix = prefix,
            Mistake::Header(header) => scheme.header = header,
            Mistake::Key(change) => changed.change_keys(*change),
        }
        Some(changed)
    }

    fn change_keys(&mut self, change: KeyChange) {
        let (encoding, without_prefix, end) = match change {
            KeyChange::AsText => (KeyEncoding::Utf8, false, ""),
            KeyChange::AsTextWithoutPrefix => (KeyEncoding::Utf8, true, ""),
            KeyChange::Base64 => (KeyEncoding::Base64, false, ""),
            KeyChange::Base64WithoutPrefix => (KeyEncoding::Base64, true, ""),
            KeyChange::Hex => (KeyEncoding::Hex, true, ""),
            KeyChange::WithLineEnd => (self.scheme.key.encoding, false, "\n"),
        };
        let declared = self.scheme.key.prefix;
        for key in &mut self.keys {
            let text = key.expose();
            let stripped = || {
                let own = Some(declared).filter(|prefix| !prefix.is_empty());
                own.and_then(|prefix| text.strip_prefix(prefix)).or_else(|| text.strip_prefix(SECRET_PREFIX))
            };
            let text = if without_prefix { stripped().unwrap_or(text) } else { text };
            *key = Secret::new(format!("{text}{end}"));
        }
        self.scheme.key = KeyRule { encoding, prefix: "" };
    }

    /// The key with which the request verifies at any time.
    fn verifies(self, headers: &HeaderMap, bodies: &[Vec<u8>]) -> Option<u8> {
        let scheme: &'static SignatureScheme = Box::leak(Box::new(self.scheme));
        let body = bodies.get(self.body)?;
        // A key that is none under this change must not keep the others from being tried.
        (1..).zip(&self.keys).find_map(|(slot, key)| {
            let verifier = Verifier::new(scheme, std::slice::from_ref(key)).ok()?.with_tolerance(u64::MAX);
            verifier.verify(headers, body, 0).is_ok().then_some(slot)
        })
    }
}

impl Mistake {
    /// A stable word for programs.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Grammar => "header_grammar",
            Self::Body(change) => change.id(),
            Self::BodyAlone => "body_signed_alone",
            Self::NoTextBetween => "no_text_between",
            Self::Algorithm(_) => "other_algorithm",
            Self::Encoding(_) => "other_encoding",
            Self::Prefix(_) => "other_prefix",
            Self::Header(_) => "other_header",
            Self::Key(_) => "other_key_bytes",
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grammar => f.write_str("a signature is right, but the header around it breaks the scheme's grammar"),
            Self::Body(change) => change.fmt(f),
            Self::BodyAlone => f.write_str("only the body was signed, without what the scheme puts around it"),
            Self::NoTextBetween => f.write_str("the pieces were signed without the text that the scheme puts between"),
            Self::Algorithm(algorithm) => write!(f, "the signature was made with {}", name(*algorithm)),
            Self::Encoding(Encoding::Hex) => f.write_str("the signature is written in hexadecimal"),
            Self::Encoding(Encoding::Base64) => f.write_str("the signature is written in base64"),
            Self::Encoding(Encoding::Base64Any) => {
                f.write_str("the signature is written in base64 without padding, or of the URL alphabet")
            }
            Self::Prefix("") => f.write_str("the signature lacks its prefix"),
            Self::Prefix(prefix) => write!(f, "the signature has the prefix `{prefix}`"),
            Self::Header(header) => write!(f, "the signature stands in `{header}`"),
            Self::Key(change) => change.fmt(f),
        }
    }
}

impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsText => "the sender took the secret's characters as the key, and did not decode them",
            Self::AsTextWithoutPrefix => "the sender took the secret's characters without the prefix as the key",
            Self::Base64 => "the sender decoded the secret from base64",
            Self::Base64WithoutPrefix => "the sender took the prefix off the secret and decoded it from base64",
            Self::Hex => "the sender decoded the secret from hexadecimal",
            Self::WithLineEnd => "a line end belongs to the sender's secret; it was read from a file as it is",
        })
    }
}

/// What people call an algorithm.
pub(crate) fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "HMAC-SHA1",
        Algorithm::HmacSha256 => "HMAC-SHA256",
        Algorithm::HmacSha384 => "HMAC-SHA384",
        Algorithm::HmacSha512 => "HMAC-SHA512",
        Algorithm::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
        Algorithm::Ed25519 => "Ed25519",
    }
}
