//! Whatever a scheme signs verifies under it, and no single changed bit does.

use super::schemes::*;
use super::*;

const NOW: u64 = 1_767_225_600;
const BODY: &[u8] = br#"{"id":"evt_1","name":"Dach S\u00fcd"}"#;

fn request(keyed: &Keyed) -> HeaderMap {
    signed(keyed.scheme, &[keyed.private], headers(&[("webhook-id", "msg_1")]), BODY, NOW)
}

#[test]
fn what_is_signed_verifies_under_every_scheme() {
    for keyed in ALL {
        let verdict = verifier(keyed.scheme, &[keyed.public]).verify(&request(keyed), BODY, NOW);
        assert_eq!(verdict.unwrap().scheme.name, keyed.scheme.name);
    }
}

#[test]
fn a_signature_of_one_scheme_never_passes_under_another() {
    for signing in ALL {
        for checking in ALL.iter().filter(|checking| checking.scheme.name != signing.scheme.name) {
            let verifier = verifier(checking.scheme, &[checking.public]);
            assert!(verifier.verify(&request(signing), BODY, NOW).is_err());
        }
    }
}

#[test]
fn no_changed_bit_of_the_body_passes() {
    for keyed in ALL {
        let (verifier, request) = (verifier(keyed.scheme, &[keyed.public]), request(keyed));
        for bit in 0..BODY.len() * 8 {
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            assert!(verifier.verify(&request, &body, NOW).is_err(), "{}: bit {bit}", keyed.scheme.name);
        }
        for other in [&BODY[1..], &BODY[..BODY.len() - 1], b"", &[BODY, b" "].concat()] {
            assert!(verifier.verify(&request, other, NOW).is_err(), "{}", keyed.scheme.name);
        }
    }
}

#[test]
fn no_changed_bit_of_a_header_passes() {
    for keyed in ALL {
        let (verifier, request) = (verifier(keyed.scheme, &[keyed.public]), request(keyed));
        let is_signed = |name: &HeaderName| name != "webhook-id" || keyed.signs_id();
        for (name, value) in request.iter().filter(|(name, _)| is_signed(name)) {
            for bit in 0..value.len() * 8 {
                let mut bytes = value.as_bytes().to_vec();
                bytes[bit / 8] ^= 1 << (bit % 8);
                let Ok(changed) = HeaderValue::from_bytes(&bytes) else { continue };
                let mut changed_request = request.clone();
                changed_request.insert(name, changed);
                let passes = verifier.verify(&changed_request, BODY, NOW).is_ok();
                assert_eq!(passes, is_same_hex(value.as_bytes(), &bytes), "{}: {name}, bit {bit}", keyed.scheme.name);
            }
        }
    }
}

/// Whether two values differ only in the case of hexadecimal digits behind the last `=`: the same bytes, in hexadecimal.
fn is_same_hex(left: &[u8], right: &[u8]) -> bool {
    let start = left.iter().rposition(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
    let (left, left_digits) = left.split_at(start);
    let (right, right_digits) = right.split_at(start);
    let hex = left_digits.len() >= 64 && left_digits.iter().all(u8::is_ascii_hexdigit);
    hex && left == right && left_digits.eq_ignore_ascii_case(right_digits)
}
