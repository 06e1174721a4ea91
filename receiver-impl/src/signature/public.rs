//! Public keys: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017) and Ed25519 (RFC 8032), checked when they are configured.

use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};

use super::der::{BIT_STRING, Reader, SEQUENCE};
use super::fault::KeyFault;
use super::key::{PublicBytes, Verify};

/// The longest RSA signature looked at: that of a key of 4096 bits.
pub(super) const MAX_RSA: usize = 512;
/// The length of an Ed25519 signature.
pub(super) const ED25519_LEN: usize = 64;

/// `AlgorithmIdentifier` contents: rsaEncryption with NULL parameters (RFC 3279), and Ed25519 with none (RFC 8410).
const RSA_ENCRYPTION: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const ID_ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];

/// An RSA public key.
#[derive(Debug)]
pub(super) struct RsaKey(RsaPublicKeyComponents<Vec<u8>>);

/// An Ed25519 public key.
#[derive(Debug)]
pub(super) struct Ed25519Key(UnparsedPublicKey<[u8; 32]>);

impl RsaKey {
    pub(super) fn new(bytes: &PublicBytes) -> Result<Self, KeyFault> {
        let pkcs1 = match bytes {
            PublicBytes::Pkcs1(der) => Some(der.as_slice()),
            PublicBytes::Spki(der) => spki(der, RSA_ENCRYPTION),
            PublicBytes::Raw(der) => Some(spki(der, RSA_ENCRYPTION).unwrap_or(der)),
        };
        let (n, e) = pkcs1.and_then(components).ok_or(KeyFault::NotRsa)?;
        let bits = n.len() * 8 - n.first().map_or(0, |byte| byte.leading_zeros() as usize);
        if !(2048..=MAX_RSA * 8).contains(&bits) {
            return Err(KeyFault::RsaSize(bits));
        }
        if is_even(n) {
            return Err(KeyFault::NotRsa);
        }
        if is_even(e) || e == [1] || e.len() > 4 {
            return Err(KeyFault::RsaExponent);
        }
        Ok(Self(RsaPublicKeyComponents { n: n.to_vec(), e: e.to_vec() }))
    }
}

impl Verify for RsaKey {
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        signature.len() == self.0.n.len() && self.0.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }
}

impl Ed25519Key {
    pub(super) fn new(bytes: &PublicBytes) -> Result<Self, KeyFault> {
        let key = match bytes {
            PublicBytes::Pkcs1(_) => None,
            PublicBytes::Spki(der) => spki(der, ID_ED25519),
            PublicBytes::Raw(bytes) => Some(spki(bytes, ID_ED25519).unwrap_or(bytes)),
        };
        let key = key.and_then(|key| key.try_into().ok()).ok_or(KeyFault::NotEd25519)?;
        Ok(Self(UnparsedPublicKey::new(&ED25519, key)))
    }
}

impl Verify for Ed25519Key {
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(message, signature).is_ok()
    }
}

/// The key inside a `SubjectPublicKeyInfo` of just this algorithm.
fn spki<'a>(der: &'a [u8], algorithm: &[u8]) -> Option<&'a [u8]> {
    let mut outer = Reader::new(der);
    let mut inner = Reader::new(outer.read(SEQUENCE)?);
    let found = inner.read(SEQUENCE)?;
    let bits = inner.read(BIT_STRING)?;
    let whole = outer.is_empty() && inner.is_empty();
    // The first byte of a bit string counts the unused bits of its last one.
    bits.strip_prefix(&[0]).filter(|_| whole && found == algorithm)
}

/// Modulus and exponent of an `RSAPublicKey`.
fn components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut outer = Reader::new(der);
    let mut inner = Reader::new(outer.read(SEQUENCE)?);
    let (n, e) = (inner.read_positive()?, inner.read_positive()?);
    (outer.is_empty() && inner.is_empty()).then_some((n, e))
}

fn is_even(number: &[u8]) -> bool {
    number.last().is_none_or(|byte| byte % 2 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An `RSAPublicKey` with a modulus of this many bytes, made of one repeated byte.
    fn pkcs1(modulus_len: usize, byte: u8, exponent: &[u8]) -> PublicBytes {
        let integer = |magnitude: &[u8]| {
            let len = u16::try_from(magnitude.len()).unwrap();
            match len {
                0..0x80 => [&[0x02, len as u8][..], magnitude].concat(),
                0x80..0x100 => [&[0x02, 0x81, len as u8][..], magnitude].concat(),
                _ => [&[0x02, 0x82][..], &len.to_be_bytes(), magnitude].concat(),
            }
        };
        let contents = [integer(&vec![byte; modulus_len]), integer(exponent)].concat();
        let len = u16::try_from(contents.len()).unwrap().to_be_bytes();
        PublicBytes::Pkcs1([&[0x30, 0x82][..], &len, &contents].concat())
    }

    #[test]
    fn takes_rsa_keys_of_2048_to_4096_bits_only() {
        let fault = |len, byte| RsaKey::new(&pkcs1(len, byte, &[1, 0, 1])).err();
        assert_eq!(fault(257, 1), None);
        assert_eq!(fault(256, 0x7f), Some(KeyFault::RsaSize(2047)));
        assert_eq!(fault(512, 0x7f), None);
        assert_eq!(fault(513, 0x7f), Some(KeyFault::RsaSize(4103)));
    }

    #[test]
    fn refuses_unfit_exponents_and_even_moduli() {
        let fault = |byte, exponent: &[u8]| RsaKey::new(&pkcs1(300, byte, exponent)).err();
        assert_eq!(fault(0x7f, &[3]), None);
        assert_eq!(fault(0x7f, &[1]), Some(KeyFault::RsaExponent));
        assert_eq!(fault(0x7f, &[2]), Some(KeyFault::RsaExponent));
        assert_eq!(fault(0x7f, &[1, 0, 0, 0, 1]), Some(KeyFault::RsaExponent));
        assert_eq!(fault(0x7e, &[3]), Some(KeyFault::NotRsa));
    }

    #[test]
    fn refuses_broken_structures() {
        let PublicBytes::Pkcs1(good) = pkcs1(300, 0x7f, &[3]) else { unreachable!() };
        for len in 0..good.len() {
            assert!(RsaKey::new(&PublicBytes::Pkcs1(good[..len].to_vec())).is_err(), "{len}");
        }
        let trailing = [&good[..], &[0]].concat();
        assert_eq!(RsaKey::new(&PublicBytes::Pkcs1(trailing)).err(), Some(KeyFault::NotRsa));
        assert_eq!(RsaKey::new(&PublicBytes::Spki(good)).err(), Some(KeyFault::NotRsa));
    }

    #[test]
    fn takes_an_ed25519_key_of_32_bytes_bare_or_wrapped() {
        let spki = [&[0x30, 42, 0x30, 5][..], ID_ED25519, &[0x03, 33, 0], &[9; 32]].concat();
        assert!(Ed25519Key::new(&PublicBytes::Raw(vec![9; 32].into())).is_ok());
        assert!(Ed25519Key::new(&PublicBytes::Raw(spki.clone().into())).is_ok());
        assert!(Ed25519Key::new(&PublicBytes::Spki(spki.clone())).is_ok());
        assert_eq!(Ed25519Key::new(&PublicBytes::Raw(vec![9; 31].into())).err(), Some(KeyFault::NotEd25519));
        assert_eq!(RsaKey::new(&PublicBytes::Spki(spki)).err(), Some(KeyFault::NotRsa));
    }
}
