use http::{HeaderName, HeaderValue};
use webhook_api::contract::{Algorithm, Encoding};
use webhook_api::schemes::{GREENLAKE_SIGNATURE, GRIDX_SIGNATURE, NURSA_SIGNATURE};

use super::*;
use crate::signature::Signer;

const SECRET: &str = "whsec_QUJDREVG";
const BODY: &str = r#"{"type":"ping","data":{"message":"Dach S\u00fcd / Nord"}}"#;
const NOW: u64 = 1_767_225_600;

fn secret(text: &str) -> Vec<Secret> {
    vec![Secret::new(text)]
}

/// What is said of a request with these headers, under a scheme and its two secrets.
fn said(scheme: &'static SignatureScheme, headers: &HeaderMap, body: &str) -> Diagnosis {
    let keys = [Secret::new("another"), Secret::new(SECRET)];
    let verifier = Verifier::new(scheme, &keys).unwrap();
    diagnose(&verifier, Some(&keys), headers, body.as_bytes(), NOW)
}

/// The headers that a sender puts on a body which signs by `scheme` with `secret`.
fn signed(scheme: &'static SignatureScheme, key: &str, body: &str) -> HeaderMap {
    let signed = Signer::new(scheme, &secret(key)).unwrap().sign(&HeaderMap::new(), body.as_bytes(), NOW).unwrap();
    signed.into_iter().collect()
}

fn ids(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis.mistakes.iter().map(Mistake::id).collect()
}

/// The one mistake that is found when what was signed is `body` and what arrived is [`BODY`].
fn mistake_of_body(body: &str) -> String {
    let diagnosis = said(&NURSA_SIGNATURE, &signed(&NURSA_SIGNATURE, SECRET, body), BODY);
    assert_eq!((diagnosis.mistakes.len(), diagnosis.mistaken_slot), (1, Some(2)), "{body:?}");
    diagnosis.mistakes[0].to_string()
}

/// What is found when the sender signs by another scheme or secret.
fn mistake_of_sender(scheme: &'static SignatureScheme, key: &str) -> Vec<&'static str> {
    ids(&said(&GREENLAKE_SIGNATURE, &signed(scheme, key, BODY), BODY))
}

#[test]
fn a_request_that_verifies_has_no_mistakes() {
    for scheme in [&GRIDX_SIGNATURE, &GREENLAKE_SIGNATURE, &NURSA_SIGNATURE] {
        let diagnosis = said(scheme, &signed(scheme, SECRET, BODY), BODY);
        assert_eq!((diagnosis.verdict.map(|verified| verified.slot), diagnosis.mistakes), (Ok(2), vec![]));
    }
}

#[test]
fn finds_what_became_of_the_body() {
    assert!(mistake_of_body(&format!("{BODY}\n")).contains("a line end (LF) behind the body"));
    assert!(mistake_of_body(&format!("{BODY}\r\n")).contains("a line end (CR LF) behind the body"));
    assert!(mistake_of_body(&BODY.replace("\\u00fc", "\u{fc}")).contains("no escapes that need not be"));
    assert!(mistake_of_body(&BODY.replace('/', "\\/")).contains("`\\/` for each slash"));
    assert!(mistake_of_body(&BODY.replace(':', ": ").replace(',', ", ")).contains("a blank behind each comma"));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(BODY).unwrap()).unwrap();
    assert!(mistake_of_body(&pretty).contains("is indented"));
}

#[test]
fn finds_what_an_editor_added_to_the_body() {
    let headers = signed(&GRIDX_SIGNATURE, SECRET, BODY);
    for (arrived, id) in [
        (format!("{BODY}\n"), "line_end_added"),
        (format!("{BODY}\r\n"), "line_end_added"),
        (format!("\u{feff}{BODY}"), "byte_order_mark_added"),
    ] {
        assert_eq!(ids(&said(&GRIDX_SIGNATURE, &headers, &arrived)), [id], "{arrived:?}");
    }
    let lines = "{\n\"type\": 1\n}";
    let headers = signed(&GRIDX_SIGNATURE, SECRET, lines);
    assert_eq!(ids(&said(&GRIDX_SIGNATURE, &headers, &lines.replace('\n', "\r\n"))), ["line_ends_changed"]);
}

#[test]
fn finds_that_the_body_was_signed_without_the_time() {
    let whole: &SignatureScheme = leaked(|scheme| {
        scheme.signed = &[SignedPart::Body];
        scheme.timestamp = None;
    });
    let value = signed(whole, SECRET, BODY)["nursa-signature"].to_str().unwrap().to_owned();
    let headers = HeaderMap::from_iter([header("nursa-signature", &format!("t={NOW},{value}"))]);
    let diagnosis = said(&NURSA_SIGNATURE, &headers, BODY);
    assert_eq!(ids(&diagnosis), ["body_signed_alone"]);
    assert_eq!(diagnosis.verdict, Err(Refusal::NoMatch));
}

#[test]
fn finds_that_the_full_stop_was_left_out() {
    let joined = leaked(|scheme| scheme.signed = &[SignedPart::Timestamp, SignedPart::Body]);
    assert_eq!(ids(&said(&NURSA_SIGNATURE, &signed(joined, SECRET, BODY), BODY)), ["no_text_between"]);
}

#[test]
fn finds_another_algorithm_encoding_prefix_or_header() {
    const HMAC: Algorithm = Algorithm::HmacSha512;
    static SHA512: SignatureScheme = SignatureScheme { algorithm: HMAC, ..GREENLAKE_SIGNATURE };
    static BOTH: SignatureScheme = SignatureScheme { algorithm: HMAC, prefix: "sha512=", ..GREENLAKE_SIGNATURE };
    static BASE64: SignatureScheme = SignatureScheme { encoding: Encoding::Base64, ..GREENLAKE_SIGNATURE };
    static BARE: SignatureScheme = SignatureScheme { prefix: "", ..GREENLAKE_SIGNATURE };
    static V1: SignatureScheme = SignatureScheme { prefix: "v1=", ..GREENLAKE_SIGNATURE };
    static MOVED: SignatureScheme = SignatureScheme { header: "X-Hub-Signature-256", ..GREENLAKE_SIGNATURE };
    assert_eq!(mistake_of_sender(&SHA512, SECRET), ["other_algorithm"]);
    assert_eq!(mistake_of_sender(&BASE64, SECRET), ["other_encoding"]);
    assert_eq!(mistake_of_sender(&BARE, SECRET), ["other_prefix"]);
    assert_eq!(mistake_of_sender(&V1, SECRET), ["other_prefix"]);
    assert_eq!(mistake_of_sender(&MOVED, SECRET), ["other_header"]);
    assert_eq!(mistake_of_sender(&BOTH, SECRET), ["other_prefix", "other_algorithm"]);
}

#[test]
fn finds_what_else_the_sender_made_of_the_secret() {
    for key in ["QUJDREVG", "ABCDEF", "whsec_QUJDREVG\n"] {
        assert_eq!(mistake_of_sender(&GREENLAKE_SIGNATURE, key), ["other_key_bytes"], "{key:?}");
    }
}

#[test]
fn finds_two_mistakes_at_once() {
    let headers = signed(&GREENLAKE_SIGNATURE, "ABCDEF", &format!("{BODY}\n"));
    assert_eq!(ids(&said(&GREENLAKE_SIGNATURE, &headers, BODY)), ["line_end_lost", "other_key_bytes"]);
}

#[test]
fn finds_a_right_signature_in_a_wrong_header() {
    let value = signed(&GRIDX_SIGNATURE, SECRET, BODY)["x-signature"].to_str().unwrap().to_owned();
    let headers = HeaderMap::from_iter([header("x-signature", &format!("{value} ,t=1"))]);
    let diagnosis = said(&GRIDX_SIGNATURE, &headers, BODY);
    assert_eq!((ids(&diagnosis), diagnosis.verdict.is_err()), (vec!["header_grammar"], true));
}

#[test]
fn finds_nothing_where_another_secret_signed() {
    let diagnosis = said(&NURSA_SIGNATURE, &signed(&NURSA_SIGNATURE, "stranger", BODY), BODY);
    assert_eq!((diagnosis.mistakes, diagnosis.verdict), (vec![], Err(Refusal::NoMatch)));
}

#[test]
fn takes_the_header_apart() {
    let digits = "0".repeat(64);
    let long = format!("t={NOW}, v1={digits} ,v1=,v1=0,v1=zz,v1={}z,v0={digits},nonsense", "0".repeat(63));
    let headers = HeaderMap::from_iter([header("nursa-signature", &long)]);
    let diagnosis = said(&NURSA_SIGNATURE, &headers, BODY);
    let malformed = |fault: &str| Content::Malformed(fault.to_owned());
    let contents: Vec<_> = diagnosis.elements.into_iter().map(|element| element.content).collect();
    assert_eq!(
        contents,
        [
            Content::Timestamp(NOW.to_string()),
            Content::Signature(32),
            malformed("it is empty"),
            malformed("1 hexadecimal digits are an odd number"),
            malformed("character 1 is no hexadecimal digit"),
            malformed("character 64 is no hexadecimal digit"),
            Content::Other("v0=...".to_owned()),
            Content::Other("...".to_owned()),
        ]
    );
}

#[test]
fn says_what_is_signed_and_from_when() {
    let diagnosis = said(&NURSA_SIGNATURE, &signed(&NURSA_SIGNATURE, SECRET, BODY), BODY);
    let pieces: Vec<_> = diagnosis.signed.iter().map(|piece| (piece.what.as_str(), piece.len)).collect();
    assert_eq!(pieces, [("{timestamp}", Some(10)), ("\".\"", Some(1)), ("{body}", Some(BODY.len()))]);
    assert_eq!(diagnosis.timestamp.as_deref(), Some("1767225600"));
}

fn header(name: &'static str, value: &str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
}

/// Nursa's scheme with one thing otherwise.
fn leaked(change: impl Fn(&mut SignatureScheme)) -> &'static SignatureScheme {
    let mut scheme = SignatureScheme { ..NURSA_SIGNATURE };
    change(&mut scheme);
    Box::leak(Box::new(scheme))
}
