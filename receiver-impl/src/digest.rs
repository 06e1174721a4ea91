//! The identity of a delivery that has none of its own: the digest of what was signed.
//!
//! Copies of a delivery differ in their timestamp and so in their signature; what is left of the signed text is the
//! same in all of them.

use bytes::Bytes;
use http::HeaderMap;
use ring::digest::{Context, SHA256};
use webhook_api::EventId;
use webhook_api::contract::{SignatureScheme, SignedPart};

use crate::hex::with_hex;

/// `sha256:` and the digest, in hexadecimal, of what `scheme` signs without its timestamp; of the body, where nothing
/// is signed.
pub(crate) fn of_signed(scheme: Option<&SignatureScheme>, headers: &HeaderMap, body: &Bytes) -> EventId {
    let parts = scheme.map_or(&[SignedPart::Body][..], |scheme| scheme.signed);
    if parts.iter().any(|part| matches!(part, SignedPart::Header(_))) {
        // The headers are not kept for later.
        let text = of(parts, headers, body);
        return EventId::digest(move || text);
    }
    let body = body.clone();
    EventId::digest(move || of(parts, &HeaderMap::new(), &body))
}

fn of(parts: &[SignedPart], headers: &HeaderMap, body: &[u8]) -> String {
    let mut digest = Context::new(&SHA256);
    for part in parts {
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
        assert_eq!(of_signed(None, &HeaderMap::new(), &Bytes::from_static(b"abc")).as_str(), expected);
    }

    #[test]
    fn is_that_of_all_that_is_signed_but_its_time() {
        let text = |signed: &'static [SignedPart], header: &'static str, body: &'static [u8]| {
            let scheme = SignatureScheme { signed, ..webhook_api::SIGNATURE_SCHEMES[0].clone() };
            let headers = HeaderMap::from_iter([(http::HeaderName::from_static("x-id"), header.parse().unwrap())]);
            of_signed(Some(&scheme), &headers, &Bytes::from_static(body)).to_string()
        };
        let with_header = &[SignedPart::Header("x-id"), SignedPart::Text("."), SignedPart::Timestamp, SignedPart::Body];
        assert_eq!(text(with_header, "1", b"abc"), of(&[SignedPart::Body], &HeaderMap::new(), b"1.abc"));
        assert_ne!(text(with_header, "2", b"abc"), text(with_header, "1", b"abc"));
        let without = &[SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body];
        assert_eq!(text(without, "1", b"abc"), text(without, "2", b"abc"));
    }
}
