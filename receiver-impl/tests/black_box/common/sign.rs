//! Signs as providers do, with nothing of the receiver's: not even the crates, as far as HMAC goes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

/// The element of `X-Signature` for `body`: `sha512=` and 128 hexadecimal digits.
pub(crate) fn sign(secret: &str, body: impl AsRef<[u8]>) -> String {
    format!("sha512={}", hmac(hmac::HMAC_SHA512, secret, body.as_ref()))
}

/// The 64 hexadecimal digits of the HMAC-SHA256 of `message`.
pub(crate) fn hmac_sha256(secret: &str, message: impl AsRef<[u8]>) -> String {
    hmac(hmac::HMAC_SHA256, secret, message.as_ref())
}

fn hmac(algorithm: hmac::Algorithm, secret: &str, message: &[u8]) -> String {
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    hmac::sign(&key, message).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value of `X-Signature-Rs256` for `body`, made with the private half of [`RSA_KEY`].
pub(crate) fn sign_rs256(body: impl AsRef<[u8]>) -> String {
    let pem = include_str!("../../data/rsa-2048.private.pem");
    let text: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(text).unwrap()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body.as_ref(), &mut signature).unwrap();
    BASE64_STANDARD.encode(signature)
}

/// A public key in PEM.
pub(crate) const RSA_KEY: &str = include_str!("../../data/rsa-2048.public.pem");

#[test]
fn signs_the_worked_example_as_its_provider_does() {
    let body = r#"{"id":"c1a7b2f4-6d1e-4f0b-9b52-0d3e8a6f7c90","source":"/accounts/2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","specVersion":"1.0","time":"2026-07-01T12:00:00Z","type":"ping","data":{"message":"integration check"}}"#;
    let secret = "whsec_b7d0c2f4e6a8198374655647382910aabbccddeeff00112233445566778899";
    assert_eq!(
        sign(secret, body),
        "sha512=f115eae82806e77596e070423d619cca8c24437374723d9665474e2ece509cf0\
         edd13ae95bed2485506a70672bd82071580dbef780476e44fe96876d0bbeaf19"
    );
}
