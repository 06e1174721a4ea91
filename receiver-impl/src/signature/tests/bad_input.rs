//! What a sender, or somebody who plays one, may get wrong, and the word that the log has for it.

use webhook_api::contract::{
    KeyEncoding, KeyRule, RepeatedHeader, SignedPart, TimestampFormat, TimestampRule, TimestampSource,
};

use super::schemes::*;
use super::*;
use crate::secrets::MAX_KEYS;
use crate::signature::{KeyFault, Refusal, SchemeFault, VerifierError};

const BODY: &[u8] = b"{}";
const NOW: u64 = 1_767_225_600;

/// The right gridX element for `BODY` under `secret`.
fn element(secret: &str) -> String {
    let signed = signed(&GRIDX, &[secret], HeaderMap::new(), BODY, NOW);
    signed["X-Signature"].to_str().unwrap().to_owned()
}

fn gridx<V: AsRef<[u8]>>(lines: &[V]) -> Result<u8, &'static str> {
    let lines: Vec<_> = lines.iter().map(|line| ("X-Signature", line)).collect();
    let verdict = verifier(&GRIDX, &["good"]).verify(&headers(&lines), BODY, NOW);
    verdict.map(|verified| verified.slot).map_err(|refusal| refusal.reason())
}

#[test]
fn one_good_digest_among_five_is_enough_in_any_place() {
    for place in 0..5 {
        let mut elements: Vec<_> = (0..5).map(|other| element(&format!("other {other}"))).collect();
        elements[place] = element("good");
        assert_eq!(gridx(&[elements.join(", ")]), Ok(1), "{place}");
    }
}

#[test]
fn more_digests_than_allowed_are_refused_however_many() {
    for count in [6, 20] {
        assert_eq!(gridx(&[vec![element("good"); count].join(",")]), Err("too_many_signatures"), "{count}");
        assert_eq!(gridx(&vec![element("good"); count]), Err("too_many_signatures"), "{count}");
    }
    assert_eq!(gridx(&[vec![element("good"); 6000].join(",")]), Err("too_long"));
    assert_eq!(gridx(&vec![element("good"); 6000]), Err("too_many_signatures"));
}

#[test]
fn follows_the_published_pattern_to_the_letter() {
    let (good, other) = (element("good"), element("other"));
    for value in [
        format!("{good},{other}"),
        format!("{other},{good}"),
        format!("{other}, {good}"),
        format!("{other},\t{good}"),
        good.to_ascii_uppercase().replace("SHA512=", "sha512="),
    ] {
        assert_eq!(gridx(&[&value]), Ok(1), "{value}");
    }
    for value in [
        format!("{other},  {good}"),
        format!("{other} ,{good}"),
        format!(" {good}"),
        format!("{good} "),
        format!("{good},"),
        format!(",{good}"),
        format!("{good},,{other}"),
        format!("{good}, "),
        format!("{good};{other}"),
        format!("{good},sha512="),
        format!("{good},sha512=00"),
        format!("{good},sha256={}", "0".repeat(64)),
        good.replace("sha512=", "SHA512="),
        good.replace("sha512=", ""),
        good.replace("sha512=", "sha512=0x"),
        good.replace("sha512=", "sha512= "),
    ] {
        let refused = gridx(&[&value]).unwrap_err();
        assert!(matches!(refused, "malformed" | "no_signature"), "{value}: {refused}");
    }
}

#[test]
fn lines_are_joined_as_with_a_comma() {
    let (good, other) = (element("good"), element("other"));
    assert_eq!(gridx(&[&other, &good]), Ok(1));
    assert_eq!(gridx(&[&other, &format!(" {good}")]), Ok(1));
    assert_eq!(gridx(&[&format!(" {other}"), &good]), Err("malformed"));
    assert_eq!(gridx(&[&good, ""]), Err("malformed"));
}

#[test]
fn header_bytes_that_are_no_text_are_refused_and_nothing_more() {
    let good = element("good");
    for byte in [b'\t', 0x80, 0xc3, 0xff] {
        for place in 0..=good.len() {
            let mut value = good.clone().into_bytes();
            value.insert(place, byte);
            assert_eq!(gridx(&[&value]), Err("malformed"), "{byte:#x} at {place}");
        }
    }
    assert_eq!(gridx(&[[0xff; 8]]), Err("malformed"));
}

#[test]
fn every_truncation_is_refused() {
    let good = element("good");
    for len in 0..good.len() {
        assert_eq!(gridx(&[&good[..len]]), Err("malformed"), "{len}");
    }
    assert_eq!(gridx::<&str>(&[]), Err("missing_header"));
}

#[test]
fn repeated_lines_are_refused_where_the_scheme_has_no_list() {
    let good = signed(&HPE, &["good"], HeaderMap::new(), BODY, NOW)[HPE.header].to_str().unwrap().to_owned();
    let verify = |lines: &[&str]| {
        let lines: Vec<_> = lines.iter().map(|line| (HPE.header, line)).collect();
        verifier(&HPE, &["good"]).verify(&headers(&lines), BODY, NOW)
    };
    assert!(verify(&[&good]).is_ok());
    assert_eq!(verify(&[&good, &good]), Err(Refusal::RepeatedHeader(HPE.header)));
    assert_eq!(verify(&[&format!("{good},{good}")]), Err(Refusal::Malformed(HPE.header)));
}

fn nursa(value: &str) -> Result<(), &'static str> {
    let verdict = verifier(&NURSA, &["good"]).verify(&headers(&[("Nursa-Signature", value)]), BODY, NOW);
    verdict.map(drop).map_err(|refusal| refusal.reason())
}

/// The right Nursa element for `BODY` and any text for its timestamp.
fn v1(timestamp: &str) -> String {
    const WHOLE: SignatureScheme = SignatureScheme { signed: &[SignedPart::Body], timestamp: None, ..NURSA };
    let text = [timestamp.as_bytes(), b".", BODY].concat();
    let signed = signed(&WHOLE, &["good"], HeaderMap::new(), &text, NOW);
    signed[NURSA.header].to_str().unwrap().to_owned()
}

#[test]
fn timestamps_are_plain_digits_once() {
    let good = v1("1767225600");
    assert_eq!(nursa(&format!("t=1767225600,{good}")), Ok(()));
    assert_eq!(nursa(&format!(" {good} ,\tt=1767225600 , ")), Ok(()));
    assert_eq!(nursa(&good), Err("missing_timestamp"));
    assert_eq!(nursa(&format!("t=1767225600,t=1767225600,{good}")), Err("repeated_timestamp"));
    for text in ["", "-1767225600", "+1767225600", "1767225600.0", "0x6955B900", "1e9", "9999999999999999999", "NaN"] {
        assert_eq!(nursa(&format!("t={text},{}", v1(text))), Err("malformed_timestamp"), "{text}");
    }
}

#[test]
fn age_counts_both_ways_inclusively_and_only_beside_a_right_signature() {
    for (timestamp, verdict) in [
        (NOW - 300, Ok(())),
        (NOW + 300, Ok(())),
        (NOW - 301, Err("stale")),
        (NOW + 301, Err("stale")),
        (NOW * 1000, Err("stale")),
        (999_999_999_999_999_999, Err("stale")),
        (0, Err("stale")),
    ] {
        assert_eq!(nursa(&format!("t={timestamp},{}", v1(&timestamp.to_string()))), verdict, "{timestamp}");
        assert_eq!(nursa(&format!("t={timestamp},{}", v1("1"))), Err("no_match"), "{timestamp}");
    }
}

#[test]
fn the_tolerance_can_be_set() {
    let verifier = verifier(&NURSA, &["good"]).with_tolerance(7200);
    let request = signed(&NURSA, &["good"], HeaderMap::new(), BODY, NOW);
    assert!(verifier.verify(&request, BODY, NOW + 7200).is_ok());
    assert_eq!(verifier.verify(&request, BODY, NOW + 7201), Err(Refusal::Stale { age: 7201 }));
    assert_eq!(verifier.verify(&request, BODY, 0), Err(Refusal::Stale { age: -1_767_225_600 }));
}

#[test]
fn milliseconds_are_read_where_the_scheme_says_so() {
    const MILLISECONDS: SignatureScheme = SignatureScheme {
        timestamp: Some(TimestampRule {
            source: TimestampSource::Element("t="),
            format: TimestampFormat::UnixMilliseconds,
            tolerance_seconds: 5,
        }),
        ..NURSA
    };
    let request = signed(&MILLISECONDS, &["good"], HeaderMap::new(), BODY, NOW);
    assert!(request[NURSA.header].to_str().unwrap().starts_with("t=1767225600000,"));
    assert!(verifier(&MILLISECONDS, &["good"]).verify(&request, BODY, NOW + 5).is_ok());
    assert!(verifier(&MILLISECONDS, &["good"]).verify(&request, BODY, NOW + 6).is_err());
}

#[test]
fn a_signed_header_must_stand_once_and_have_a_certain_end() {
    const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let verifier = verifier(&STANDARD_WEBHOOKS, &[KEY]);
    let good = signed(&STANDARD_WEBHOOKS, &[KEY], headers(&[("webhook-id", "msg_1")]), BODY, NOW);
    assert!(verifier.verify(&good, BODY, NOW).is_ok());

    let with = |name: &'static str, values: &[&'static str]| {
        let mut request = good.clone();
        request.remove(name);
        for value in values {
            request.append(name, HeaderValue::from_static(value));
        }
        verifier.verify(&request, BODY, NOW).unwrap_err()
    };
    assert_eq!(with("webhook-id", &["msg_2"]), Refusal::NoMatch);
    assert_eq!(with("webhook-id", &[""]), Refusal::MissingHeader("webhook-id"));
    assert_eq!(with("webhook-id", &[]), Refusal::MissingHeader("webhook-id"));
    assert_eq!(with("webhook-id", &["msg_1", "msg_1"]), Refusal::RepeatedHeader("webhook-id"));
    assert_eq!(with("webhook-id", &["msg.1"]), Refusal::AmbiguousHeader("webhook-id"));
    let time = "1767225600";
    assert_eq!(with("webhook-timestamp", &[time, time]), Refusal::RepeatedHeader("webhook-timestamp"));
    assert_eq!(with("webhook-timestamp", &[]), Refusal::MissingHeader("webhook-timestamp"));
}

#[test]
fn junk_beside_a_good_signature_is_bounded() {
    let good = v1("1767225600");
    let junk = |element: &str, count: usize| format!("t=1767225600,{}{good}", format!("{element},").repeat(count));
    assert_eq!(nursa(&junk("v1=zz", 3)), Ok(()));
    assert_eq!(nursa(&junk("v1=zz", 4)), Err("too_many_signatures"));
    assert_eq!(nursa(&junk("v0=zz", 2000)), Ok(()));
    assert_eq!(nursa(&junk("v0=zz", 10_000)), Err("too_long"));
    assert_eq!(nursa(&junk("", 1000)), Ok(()));
    assert_eq!(nursa("t=1767225600,v1=zz"), Err("malformed"));
    assert_eq!(nursa("t=1767225600"), Err("no_signature"));
}

#[test]
fn says_which_secret_matched() {
    let keys: Vec<String> = (1..=MAX_KEYS).map(|n| format!("secret {n}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let verifier = verifier(&GRIDX, &keys);
    for slot in 1..=16 {
        let request = signed(&GRIDX, &[keys[slot - 1]], HeaderMap::new(), BODY, NOW);
        assert_eq!(usize::from(verifier.verify(&request, BODY, NOW).unwrap().slot), slot);
    }
    let both = signed(&GRIDX, &[keys[9], keys[4]], HeaderMap::new(), BODY, NOW);
    assert_eq!(verifier.verify(&both, BODY, NOW).unwrap().slot, 5);
}

#[test]
fn keys_are_refused_before_any_delivery() {
    let error = |scheme, keys: &[&str]| Verifier::new(scheme, &secrets(keys)).unwrap_err();
    let pem = include_str!("../../../tests/data/rsa-2048.public.pem");
    let private = include_str!("../../../tests/data/rsa-2048.private.pem");
    let fault = |slot, fault| VerifierError::Key { slot, fault };
    assert_eq!(error(&GRIDX, &[]), VerifierError::NoKeys);
    assert_eq!(error(&GRIDX, &["a", ""]), fault(2, KeyFault::Empty));
    assert_eq!(error(&GRIDX, &[pem]), fault(1, KeyFault::PemAsSecret));
    assert_eq!(error(&GRIDX, &["a"; 17]), VerifierError::TooManyKeys);
    assert_eq!(error(&GRIDX_RS256, &["a"]), fault(1, KeyFault::NotPublicPem));
    assert_eq!(error(&GRIDX_RS256, &[pem, private]), fault(2, KeyFault::PrivateKey));
    assert_eq!(error(&DISCORD, &[pem]), fault(1, KeyFault::NotEd25519));
    assert_eq!(error(&DISCORD, &["00"]), fault(1, KeyFault::NotEd25519));
    assert_eq!(error(&STANDARD_WEBHOOKS, &["whsec_*"]), fault(1, KeyFault::NotBase64));
}

#[test]
fn schemes_that_cannot_work_are_refused() {
    let fault = |scheme: SignatureScheme| match Verifier::new(Box::leak(Box::new(scheme)), &secrets(&["a"])) {
        Err(VerifierError::Scheme(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(SignatureScheme { header: "no name", ..PLAIN }), SchemeFault::HeaderName("no name"));
    assert_eq!(fault(SignatureScheme { max_signatures: 0, ..PLAIN }), SchemeFault::MaxSignatures(0));
    assert_eq!(fault(SignatureScheme { max_signatures: 17, ..PLAIN }), SchemeFault::MaxSignatures(17));
    assert_eq!(fault(SignatureScheme { separator: Some('\u{b7}'), ..PLAIN }), SchemeFault::Separator('\u{b7}'));
    let joined = SignatureScheme { repeated_header: RepeatedHeader::Join, ..PLAIN };
    assert_eq!(fault(joined), SchemeFault::JoinedWithoutSeparator);
    let unsigned = SignatureScheme { signed: &[SignedPart::Timestamp], ..NURSA };
    assert_eq!(fault(unsigned), SchemeFault::BodyNotSigned);
    assert_eq!(fault(SignatureScheme { signed: &[SignedPart::Body], ..NURSA }), SchemeFault::TimestampNotSigned);
    assert_eq!(fault(SignatureScheme { signed: &[SignedPart::Body; 17], ..PLAIN }), SchemeFault::TooManyPieces);
    let pem = KeyRule { encoding: KeyEncoding::Pem, prefix: "" };
    assert_eq!(fault(SignatureScheme { key: pem, ..PLAIN }), SchemeFault::KeyEncoding);
}
