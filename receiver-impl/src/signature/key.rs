//! Configured text to keys. The algorithm decides the type of a key, so a public key can never verify an HMAC.

use webhook_api::contract::{Algorithm, KeyEncoding, KeyRule, SignatureScheme};
use zeroize::Zeroizing;

use crate::secrets::Secret;

use super::fault::{KeyFault, SchemeFault};
use super::header::Candidates;
use super::mac::MacKey;
use super::payload::Payload;
use super::pem;
use super::public::{Ed25519Key, RsaKey};
use super::text;

/// More than the PEM text of the largest key that is accepted.
const MAX_TEXT: usize = 8192;

/// A key for one scheme, with its place among the configured ones, counted from 1.
#[derive(Debug)]
pub(super) struct Slotted<K> {
    pub(super) slot: u8,
    pub(super) key: K,
}

/// The keys of one scheme, all for its algorithm.
#[derive(Debug)]
pub(super) enum Keys {
    Mac(Vec<Slotted<MacKey>>),
    Rsa(Vec<Slotted<RsaKey>>),
    Ed25519(Vec<Slotted<Ed25519Key>>),
}

impl Keys {
    /// No keys yet, of the kind that the scheme needs.
    pub(super) fn none(scheme: &SignatureScheme) -> Result<Self, SchemeFault> {
        let hmac = scheme.algorithm.is_hmac();
        match (scheme.algorithm, scheme.key.encoding) {
            (_, KeyEncoding::Pem) if hmac => Err(SchemeFault::KeyEncoding),
            (_, KeyEncoding::Utf8) if !hmac => Err(SchemeFault::KeyEncoding),
            (Algorithm::RsaPkcs1Sha256, _) => Ok(Self::Rsa(Vec::new())),
            (Algorithm::Ed25519, _) => Ok(Self::Ed25519(Vec::new())),
            _ => Ok(Self::Mac(Vec::new())),
        }
    }

    pub(super) fn add(&mut self, scheme: &SignatureScheme, slot: u8, text: &Secret) -> Result<(), KeyFault> {
        let text = text.expose();
        match self {
            Self::Mac(keys) => {
                let key = MacKey::new(scheme.algorithm, &secret(scheme.key, text)?)?;
                keys.push(Slotted { slot, key });
            }
            Self::Rsa(keys) => keys.push(Slotted { slot, key: RsaKey::new(&public(scheme.key, text)?)? }),
            Self::Ed25519(keys) => keys.push(Slotted { slot, key: Ed25519Key::new(&public(scheme.key, text)?)? }),
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.slots().count()
    }

    /// The places that have a key, counted from 1.
    pub(super) fn slots(&self) -> impl Iterator<Item = u8> {
        let (mac, rsa, ed25519): (&[_], &[_], &[_]) = match self {
            Self::Mac(keys) => (keys, &[], &[]),
            Self::Rsa(keys) => (&[], keys, &[]),
            Self::Ed25519(keys) => (&[], &[], keys),
        };
        let mac = mac.iter().map(|key: &Slotted<MacKey>| key.slot);
        let rsa = rsa.iter().map(|key: &Slotted<RsaKey>| key.slot);
        mac.chain(rsa).chain(ed25519.iter().map(|key: &Slotted<Ed25519Key>| key.slot))
    }
}

/// A key that tells whether it made one signature.
pub(super) trait Verify {
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// The slot of the first key that made any of the candidates. Nothing here is secret, so the first hit ends it.
pub(super) fn search<K: Verify, const WIDTH: usize>(
    keys: &[Slotted<K>],
    payload: &Payload<'_>,
    candidates: &Candidates<WIDTH>,
) -> Option<u8> {
    let message = payload.joined();
    let made_one = |key: &&Slotted<K>| candidates.iter().any(|candidate| key.key.verifies(&message, candidate));
    keys.iter().find(made_one).map(|key| key.slot)
}

/// The bytes of a shared secret.
pub(super) fn secret(rule: KeyRule, text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    if pem::looks_like_pem(text) {
        return Err(KeyFault::PemAsSecret);
    }
    let bytes = raw(rule, text)?;
    if bytes.is_empty() { Err(KeyFault::Empty) } else { Ok(bytes) }
}

/// The bytes of a public key, by the structure around it.
pub(super) enum PublicBytes {
    /// A `SubjectPublicKeyInfo` (RFC 5280), which names its algorithm.
    Spki(Vec<u8>),
    /// An `RSAPublicKey` (RFC 8017).
    Pkcs1(Vec<u8>),
    /// Bytes without a PEM label: the key itself, or either of the structures.
    Raw(Zeroizing<Vec<u8>>),
}

fn public(rule: KeyRule, text: &str) -> Result<PublicBytes, KeyFault> {
    if text.len() > MAX_TEXT {
        return Err(KeyFault::TooLong);
    }
    if !pem::looks_like_pem(text) {
        return raw(rule, text).map(PublicBytes::Raw);
    }
    let block = pem::decode(text).ok_or(KeyFault::NotPublicPem)?;
    match block.label {
        "PUBLIC KEY" => Ok(PublicBytes::Spki(block.der)),
        "RSA PUBLIC KEY" => Ok(PublicBytes::Pkcs1(block.der)),
        label if label.ends_with("PRIVATE KEY") => Err(KeyFault::PrivateKey),
        _ => Err(KeyFault::NotPublicPem),
    }
}

fn raw(rule: KeyRule, text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    if text.len() > MAX_TEXT {
        return Err(KeyFault::TooLong);
    }
    let text = text.strip_prefix(rule.prefix).unwrap_or(text);
    let bytes = match rule.encoding {
        KeyEncoding::Utf8 => text.as_bytes().to_vec(),
        KeyEncoding::Base64 => text::base64_key(text).ok_or(KeyFault::NotBase64)?,
        KeyEncoding::Hex => text::hex_key(text).ok_or(KeyFault::NotHex)?,
        KeyEncoding::Pem => return Err(KeyFault::NotPublicPem),
    };
    Ok(Zeroizing::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF8: KeyRule = KeyRule { encoding: KeyEncoding::Utf8, prefix: "" };
    const WHSEC: KeyRule = KeyRule { encoding: KeyEncoding::Base64, prefix: "whsec_" };

    fn fault(rule: KeyRule, text: &str) -> KeyFault {
        secret(rule, text).unwrap_err()
    }

    #[test]
    fn takes_a_secret_as_its_bytes_unless_the_scheme_says_more() {
        assert_eq!(secret(UTF8, "whsec_0f1e").unwrap().as_slice(), b"whsec_0f1e");
        assert_eq!(secret(WHSEC, "whsec_AQID").unwrap().as_slice(), [1, 2, 3]);
        assert_eq!(secret(WHSEC, "AQID").unwrap().as_slice(), [1, 2, 3]);
        let hex = KeyRule { encoding: KeyEncoding::Hex, prefix: "" };
        assert_eq!(secret(hex, "0aFF").unwrap().as_slice(), [10, 255]);
    }

    #[test]
    fn an_empty_secret_is_none_even_behind_its_prefix() {
        assert_eq!(fault(UTF8, ""), KeyFault::Empty);
        assert_eq!(fault(WHSEC, "whsec_"), KeyFault::Empty);
    }

    #[test]
    fn pem_text_is_never_a_secret() {
        let pem = "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----";
        for text in [pem, "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", &format!("x{pem}")] {
            assert_eq!(fault(UTF8, text), KeyFault::PemAsSecret);
            assert_eq!(fault(WHSEC, text), KeyFault::PemAsSecret);
        }
    }

    #[test]
    fn refuses_a_secret_that_is_not_in_its_encoding() {
        assert_eq!(fault(WHSEC, "whsec_not base64"), KeyFault::NotBase64);
        assert_eq!(fault(KeyRule { encoding: KeyEncoding::Hex, prefix: "" }, "abc"), KeyFault::NotHex);
        assert_eq!(fault(UTF8, &"x".repeat(8193)), KeyFault::TooLong);
    }

    #[test]
    fn says_when_a_private_key_stands_where_a_public_one_belongs() {
        let rule = KeyRule { encoding: KeyEncoding::Pem, prefix: "" };
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            let pem = format!("-----BEGIN {label}-----\nAQID\n-----END {label}-----");
            assert!(matches!(public(rule, &pem), Err(KeyFault::PrivateKey)));
        }
        assert!(matches!(public(rule, "AQID"), Err(KeyFault::NotPublicPem)));
    }
}
