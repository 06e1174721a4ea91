//! Two ways to sign, and which of them count.

use crate::common::http::Answer;
use crate::common::{EVENTS, RSA_KEY, Receiver, Request, SECRET, events, sign, sign_rs256};

const DIGEST: &str = "X-Signature";
const RS256: &str = "X-Signature-Rs256";

/// A receiver with a secret and a public key.
fn receiver(signatures: &str) -> Receiver {
    Receiver::with_secrets(SECRET).env("GRIDX_PUBLIC_KEYS", RSA_KEY).env("GRIDX_SIGNATURES", signatures).start()
}

/// The answer to a delivery with these signatures; `Some(false)` is one that is well-formed but wrong.
fn answer(receiver: &Receiver, digest: Option<bool>, rs256: Option<bool>) -> Answer {
    let body = events::good();
    let signed = |right: bool| if right { body.clone() } else { b"{}".to_vec() };
    let mut request = Request::unsigned(EVENTS, body.clone());
    if let Some(right) = digest {
        request = request.header(DIGEST, sign(SECRET, signed(right)));
    }
    if let Some(right) = rs256 {
        request = request.header(RS256, sign_rs256(signed(right)));
    }
    receiver.answer(&request)
}

#[test]
fn any_needs_one_good_signature_and_ignores_a_bad_one_beside_it() {
    let receiver = receiver("any");
    for (digest, rs256) in
        [(Some(true), None), (None, Some(true)), (Some(true), Some(false)), (Some(false), Some(true))]
    {
        answer(&receiver, digest, rs256).assert_bare(204);
    }
    for (digest, rs256) in [(None, None), (Some(false), None), (None, Some(false)), (Some(false), Some(false))] {
        answer(&receiver, digest, rs256).assert_bare(401);
    }
}

#[test]
fn all_needs_every_signature_to_be_good() {
    let receiver = receiver("all");
    answer(&receiver, Some(true), Some(true)).assert_bare(204);
    for digest in [None, Some(false), Some(true)] {
        for rs256 in [None, Some(false), Some(true)] {
            if (digest, rs256) != (Some(true), Some(true)) {
                answer(&receiver, digest, rs256).assert_bare(401);
            }
        }
    }
}

#[test]
fn any_is_what_holds_where_nothing_is_said() {
    let receiver = Receiver::with_secrets(SECRET).env("GRIDX_PUBLIC_KEYS", RSA_KEY).start();
    answer(&receiver, Some(true), None).assert_bare(204);
    answer(&receiver, None, Some(true)).assert_bare(204);
}

#[test]
fn rs256_counts_for_nothing_without_a_public_key() {
    let receiver = Receiver::start();
    answer(&receiver, None, Some(true)).assert_bare(401);
    answer(&receiver, Some(true), Some(false)).assert_bare(204);
}

#[test]
fn all_means_the_schemes_that_have_a_key() {
    let receiver = Receiver::with_secrets(SECRET).env("GRIDX_SIGNATURES", "all").start();
    answer(&receiver, Some(true), None).assert_bare(204);
    answer(&receiver, None, Some(true)).assert_bare(401);
}

#[test]
fn a_digest_counts_for_nothing_without_a_secret() {
    let receiver = Receiver::unconfigured().env("GRIDX_PUBLIC_KEYS", RSA_KEY).start();
    answer(&receiver, None, Some(true)).assert_bare(204);
    answer(&receiver, Some(true), None).assert_bare(401);
    // The public key is no secret, and neither is nothing.
    let body = events::good();
    for key in ["", RSA_KEY, RSA_KEY.trim_end()] {
        receiver.answer(&Request::signed_with(key, EVENTS, body.clone())).assert_bare(401);
    }
}

#[test]
fn refuses_an_rs256_header_that_stands_twice_or_is_damaged() {
    let receiver = receiver("any");
    let body = events::good();
    let right = sign_rs256(&body);
    let request = Request::unsigned(EVENTS, body);
    receiver.answer(&request.clone().header(RS256, right.as_str()).header(RS256, right.as_str())).assert_bare(401);
    for value in
        ["", "no base64!", &right[1..], &right[..right.len() - 4], &format!("{right}AAAA"), &format!("rs256={right}")]
    {
        receiver.answer(&request.clone().header(RS256, value)).assert_bare(401);
    }
}

#[test]
fn takes_several_public_keys_from_a_file() {
    // The vectors' key before the one that signs.
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../data/vectors.json")).unwrap();
    let other = vectors.as_array().unwrap().iter().find_map(|vector| vector["public_key_pem"].as_str()).unwrap();
    let receiver = Receiver::unconfigured()
        .file("keys.pem", format!("{}\n{RSA_KEY}", other.trim_end()))
        .env("GRIDX_PUBLIC_KEYS_FILE", "keys.pem")
        .start();
    answer(&receiver, None, Some(true)).assert_bare(204);
}

#[test]
fn refuses_to_start_with_a_public_key_that_is_none() {
    for key in ["nonsense", "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----"]
    {
        Receiver::unconfigured().env("GRIDX_PUBLIC_KEYS", key).run().assert_refused(&["GRIDX_PUBLIC_KEYS"]);
    }
}
