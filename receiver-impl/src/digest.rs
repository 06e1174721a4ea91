//! The identity of a delivery that has none of its own: the digest of what was signed.
//!
//! Copies of a delivery differ in their timestamp and so in their signature; what is left of the signed text is the
//! same in all of them.

use http::HeaderMap;
use ring::digest::{Context, SHA256};
use webhook_api::contract::{SignatureScheme, SignedPart};

use crate::hex::with_hex;

/// `sha256:` and the digest, in hexadecimal, of what `scheme` signs without its timestamp; of the body, where nothing
/// is signed.
pub(crate) fn of_signed(scheme: Option<&SignatureScheme>, headers: &HeaderMap, body: &[u8]) -> String {
    let mut digest = Context::new(&SHA256);
    for part in scheme.map_or(&[SignedPart::Body][..], |scheme| scheme.signed) {
        match part {
            SignedPart::Body => digest.update(body),
            SignedPart::Text(text) => digest.update(text.as_bytes()),
            SignedPart::Header(name) => digest.update(headers.get(*name).map_or(b"", |value| value.as_bytes())),
            SignedPart::Timestamp => {}
        }
    }
    with_hex("sha256:".to_owned(), digest.finish().as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_digest_of_the_body_where_nothing_else_is_signed() {
        let expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_signed(None, &HeaderMap::new(), b"abc"), expected);
    }
}
