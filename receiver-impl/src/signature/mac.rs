//! Shared secrets: HMAC (RFC 2104), keyed once, compared in constant time.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use webhook_api::contract::Algorithm;

use super::fault::KeyFault;
use super::header::Candidates;
use super::key::Slotted;
use super::payload::Payload;

/// The longest digest.
pub(super) const MAX_TAG: usize = 64;

/// A digest, with zeros behind it up to the longest one.
pub(super) type Tag = [u8; MAX_TAG];

/// A secret as the state of a hash that has absorbed it: a request clones the state and does not key it anew.
#[derive(Clone)]
pub(super) enum MacKey {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
}

impl MacKey {
    pub(super) fn new(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyFault> {
        match algorithm {
            Algorithm::HmacSha1 => Hmac::new_from_slice(secret).map(Self::Sha1),
            Algorithm::HmacSha256 => Hmac::new_from_slice(secret).map(Self::Sha256),
            Algorithm::HmacSha384 => Hmac::new_from_slice(secret).map(Self::Sha384),
            Algorithm::HmacSha512 => Hmac::new_from_slice(secret).map(Self::Sha512),
            Algorithm::RsaPkcs1Sha256 | Algorithm::Ed25519 => return Err(KeyFault::PemAsSecret),
        }
        .map_err(|_| KeyFault::Empty)
    }

    pub(super) fn compute(&self, payload: &Payload<'_>) -> Tag {
        match self {
            Self::Sha1(key) => tag(key.clone(), payload),
            Self::Sha256(key) => tag(key.clone(), payload),
            Self::Sha384(key) => tag(key.clone(), payload),
            Self::Sha512(key) => tag(key.clone(), payload),
        }
    }
}

fn tag(mut mac: impl Mac, payload: &Payload<'_>) -> Tag {
    for piece in payload.pieces() {
        mac.update(piece);
    }
    let digest = mac.finalize().into_bytes();
    let mut tag = [0; MAX_TAG];
    if let Some(room) = tag.get_mut(..digest.len()) {
        room.copy_from_slice(&digest);
    }
    tag
}

/// The slot of the first secret that made any of the candidates.
///
/// Each secret's digest is computed once, and every secret meets every candidate whatever matched before, so that the
/// time tells neither which one did nor how nearly.
pub(super) fn search(keys: &[Slotted<MacKey>], payload: &Payload<'_>, candidates: &Candidates<MAX_TAG>) -> Option<u8> {
    let mut found = Choice::from(0);
    let mut slot = 0;
    for key in keys {
        let tag = key.key.compute(payload);
        for candidate in candidates.padded() {
            let hit = equal(&tag, candidate);
            slot.conditional_assign(&key.slot, hit & !found);
            found |= hit;
        }
    }
    bool::from(found).then_some(slot)
}

fn equal(left: &Tag, right: &Tag) -> Choice {
    let (left, _) = left.as_chunks::<8>();
    let (right, _) = right.as_chunks::<8>();
    let words = left.iter().zip(right).map(|(left, right)| u64::from_ne_bytes(*left) ^ u64::from_ne_bytes(*right));
    words.fold(0, |different, word| different | word).ct_eq(&0)
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(algorithm: Algorithm, key: &[u8], message: &[u8]) -> Tag {
        MacKey::new(algorithm, key).unwrap().compute(&Payload::of(&[message]))
    }

    #[test]
    fn computes_the_published_digests() {
        // RFC 2202 and RFC 4231, second test case: key "Jefe", data "what do ya want for nothing?".
        for (algorithm, start) in [
            (Algorithm::HmacSha1, [0xef, 0xfc, 0xdf, 0x6a]),
            (Algorithm::HmacSha256, [0x5b, 0xdc, 0xc1, 0x46]),
            (Algorithm::HmacSha384, [0xaf, 0x45, 0xd2, 0xe3]),
            (Algorithm::HmacSha512, [0x16, 0x4b, 0x7a, 0x7b]),
        ] {
            let tag = digest(algorithm, b"Jefe", b"what do ya want for nothing?");
            assert_eq!(tag[..4], start);
            assert!(tag[algorithm.signature_len().unwrap()..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn a_message_in_pieces_is_the_message() {
        let key = MacKey::new(Algorithm::HmacSha256, b"key").unwrap();
        assert_eq!(key.compute(&Payload::of(&[b"1.", b"", b"body"])), key.compute(&Payload::of(&[b"1.body"])));
    }

    #[test]
    fn every_bit_counts_in_a_comparison() {
        let tag = digest(Algorithm::HmacSha512, b"key", b"body");
        assert!(bool::from(equal(&tag, &tag)));
        for bit in 0..MAX_TAG * 8 {
            let mut other = tag;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!bool::from(equal(&tag, &other)), "bit {bit}");
        }
    }

    #[test]
    fn never_prints_its_state() {
        assert_eq!(format!("{:?}", MacKey::new(Algorithm::HmacSha256, b"key").unwrap()), "MacKey([redacted])");
    }
}
