//! `receiver verify`: what an integrator reads about a captured request.

use serde_json::Value;

use crate::common::process::Ended;
use crate::common::{EVENTS, Invocation, RSA_KEY, SECRET, events, hmac_sha256, sign, sign_rs256};

const NOW: &str = "1767225600";
const NURSA_BODY: &str = r#"{"data":{"facilityId":"NUR-000125"},"eventType":"facility.creation.accepted"}"#;

/// `receiver verify` of these two files, with [`SECRET`] as the second of gridX's and as Nursa's.
fn verify(provider: &str, headers: impl AsRef<[u8]>, body: impl AsRef<[u8]>, further: &[&str]) -> Ended {
    let arguments = ["verify", "--provider", provider, "--headers", "head", "--body", "body"];
    let invocation = Invocation::new(&arguments).args(further).file("head", headers).file("body", body);
    invocation
        .env("GRIDX_SECRETS", format!("first\n{SECRET}"))
        .env("NURSA_SECRETS", SECRET)
        .env("GREENLAKE_SECRETS", SECRET)
        .run()
}

/// What it says as one JSON object.
fn verify_json(provider: &str, headers: impl AsRef<[u8]>, body: impl AsRef<[u8]>, further: &[&str]) -> Value {
    let ended = verify(provider, headers, body, &[&["--json"], further].concat());
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

fn gridx(body: impl AsRef<[u8]>) -> String {
    format!("X-Signature: {}\n", sign(SECRET, body))
}

fn nursa(time: &str, body: &str) -> String {
    let digits = hmac_sha256(SECRET, format!("{time}.{body}"));
    format!("Nursa-Signature: t={time},v1={digits}\n")
}

/// It says every one of these, in this order.
#[track_caller]
fn assert_says(ended: &Ended, code: i32, parts: &[&str]) {
    assert_eq!(ended.code(), Some(code), "{ended:?}");
    let mut rest = ended.stdout.as_str();
    for part in parts {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("`{part}` is missing in:\n{}", ended.stdout)).1;
    }
}

#[test]
fn says_what_verified_a_good_request() {
    let good = events::good();
    let bytes = format!("{} bytes", good.len());
    let ended = verify("gridx", gridx(&good), &good, &[]);
    assert_says(
        &ended,
        0,
        &[
            "gridxEvents: POST /gridx/events",
            &bytes,
            "gridxSignature: HMAC-SHA512 in hexadecimal, in `X-Signature`",
            "element 1   a signature of 64 bytes",
            "{body} of",
            "2 of GRIDX_SECRETS; key 2 made the signature",
            "gridxSignatureRs256: not in force; GRIDX_PUBLIC_KEYS has no key for it",
            "verified: gridxSignature, key 2",
        ],
    );
}

#[test]
fn says_that_the_signature_is_right_but_old() {
    let head = nursa(NOW, NURSA_BODY);
    assert_says(&verify("nursa", &head, NURSA_BODY, &["--now", NOW]), 0, &["verified: nursaSignature, key 1"]);
    let late = verify("nursa", &head, NURSA_BODY, &["--now", "1767226600"]);
    assert_says(&late, 1, &["the time, 1767225600", "300 s may lie between", "1000 s old"]);
    assert_says(&late, 1, &["cause", "--now", "refused:", "(stale)"]);
    // By the clock of the machine it is older still.
    assert_says(&verify("nursa", &head, NURSA_BODY, &[]), 1, &["(stale)"]);
}

#[test]
fn says_what_became_of_the_body() {
    let good = events::good();
    let saved = [good.as_slice(), b"\n"].concat();
    assert_says(
        &verify("gridx", gridx(&good), saved, &[]),
        1,
        &["cause", "key 2 matches", "line end behind it", "no_match"],
    );
    let pretty = serde_json::to_vec_pretty(&events::appliance_online()).unwrap();
    assert_says(
        &verify("gridx", gridx(&good), pretty, &[]),
        1,
        &["key 2 matches", "parsed and written again", "no blanks"],
    );
}

#[test]
fn says_what_the_sender_does_otherwise() {
    let good = events::good();
    let without_prefix = format!("X-Signature: {}\n", sign(SECRET.trim_start_matches("whsec_"), &good));
    assert_says(&verify("gridx", without_prefix, &good, &[]), 1, &["key 2 matches", "without the prefix"]);
    let base64 = format!("Nursa-Signature: t={NOW},v1={}\n", hmac_sha256(SECRET, NURSA_BODY));
    assert_says(
        &verify("nursa", base64, NURSA_BODY, &["--now", NOW]),
        1,
        &["key 1 matches", "only the body was signed"],
    );
    let moved = format!("X-Hub-Signature-512: {}\n", sign(SECRET, &good));
    assert_says(&verify("gridx", moved, &good, &[]), 1, &["header      not there", "stands in `x-hub-signature-512`"]);
    let digits = sign(SECRET, &good)["sha512=".len()..].to_owned();
    assert_says(
        &verify("gridx", format!("X-Signature: {digits}"), &good, &[]),
        1,
        &["something else", "lacks its prefix"],
    );
    let junk = format!("X-Signature: sha512={digits},t=1");
    assert_says(&verify("gridx", junk, &good, &[]), 1, &["something else: t=...", "breaks the scheme's grammar"]);
}

#[test]
fn says_what_is_wrong_with_each_element() {
    let head = format!("Nursa-Signature: t={NOW},v1=zz,v1=00,v1=,v0=1\n");
    let ended = verify("nursa", head, NURSA_BODY, &["--now", NOW]);
    assert_says(
        &ended,
        1,
        &[
            "element 1   the time, 1767225600",
            "element 2   no signature: character 1 is no hexadecimal digit",
            "element 3   no signature: it has 1 bytes, and 32 make a signature",
            "element 4   no signature: it is empty",
            "element 5   something else: v0=...",
            "(malformed)",
        ],
    );
}

#[test]
fn says_when_another_secret_signed() {
    let good = events::good();
    let head = format!("X-Signature: {}\n", sign("stranger", &good));
    assert_says(&verify("gridx", head, &good, &[]), 1, &["none of the usual mistakes", "another secret", "(no_match)"]);
}

#[test]
fn doubts_a_body_of_another_length_and_a_compressed_one() {
    let good = events::good();
    let head = format!("Content-Length: 7\nContent-Encoding: gzip\n{}", gridx(&good));
    assert_says(
        &verify("gridx", head, &good, &[]),
        0,
        &["doubt", "Content-Length is 7", "doubt", "Content-Encoding is gzip"],
    );
}

#[test]
fn takes_a_whole_head_and_what_curl_shows() {
    let good = events::good();
    let signature = gridx(&good);
    let head = format!(
        "POST /gridx/events/appliance/online HTTP/1.1\r\nHost: x\r\n{}\r\n{{}}",
        signature.replace('\n', "\r\n")
    );
    assert_says(&verify("gridx", head, &good, &[]), 0, &["applianceOnline_2024: POST /gridx/events/appliance/online"]);
    let curl = format!("* Connected\n> POST {EVENTS} HTTP/1.1\n> {signature}>\n< HTTP/1.1 401 Unauthorized\n<\n");
    assert_says(&verify("gridx", curl, &good, &[]), 0, &["gridxEvents"]);
    let named = verify("gridx", &signature, &good, &["--endpoint", "evPlugged_2024"]);
    assert_says(&named, 0, &["evPlugged_2024: POST"]);
}

#[test]
fn judges_by_public_keys_too() {
    let good = events::good();
    let arguments = ["verify", "--provider", "gridx", "--headers", "head", "--body", "body"];
    let run = |body: &[u8]| {
        let head = format!("X-Signature-Rs256: {}\n", sign_rs256(&good));
        Invocation::new(&arguments).file("head", head).file("body", body).env("GRIDX_PUBLIC_KEYS", RSA_KEY).run()
    };
    assert_says(
        &run(&good),
        0,
        &["gridxSignature: not in force", "a signature of 256 bytes", "key 1 made the signature"],
    );
    assert_says(&run(&[good.as_slice(), b"\n"].concat()), 1, &["key 1 matches", "line end behind it"]);
}

#[test]
fn judges_the_authorization_too() {
    let good = events::good();
    let arguments = ["verify", "--provider", "gridx", "--headers", "head", "--body", "body"];
    let run = |head: String| {
        let invocation =
            Invocation::new(&arguments).file("head", head).file("body", &good).env("GRIDX_SECRETS", SECRET);
        invocation.env("GRIDX_AUTHORIZATION", "Bearer Zx88").run()
    };
    assert_says(&run(gridx(&good)), 1, &["result      verified", "refused:", "(missing_authorization)"]);
    let right = run(format!("Authorization: Bearer Zx88\n{}", gridx(&good)));
    assert_says(&right, 0, &["verified:"]);
    assert!(!right.output().contains("Zx88"), "{right:?}");
}

#[test]
fn tells_programs_the_same() {
    let good = events::good();
    let report = verify_json("gridx", gridx(&good), &good, &[]);
    assert_eq!((&report["verified"], &report["endpoint"]), (&true.into(), &"gridxEvents".into()), "{report}");
    assert_eq!(
        (&report["schemes"][0]["slot"], &report["schemes"][1]["in_force"]),
        (&2.into(), &false.into()),
        "{report}"
    );
    let late = verify_json("nursa", nursa(NOW, NURSA_BODY), NURSA_BODY, &["--now", "1767226600"]);
    assert_eq!((&late["reason"], &late["schemes"][0]["timestamp"]), (&"stale".into(), &NOW.into()), "{late}");
    let saved = [good.as_slice(), b"\n"].concat();
    let report = verify_json("gridx", gridx(&good), saved, &[]);
    assert_eq!(report["verified"], false);
    assert_eq!(report["schemes"][0]["mistakes"][0]["id"], "line_end_added", "{report}");
    assert_eq!(report["schemes"][0]["mistaken_slot"], 2, "{report}");
}

#[test]
fn shows_no_secret_and_no_signature_that_was_not_given() {
    let good = events::good();
    let forged = format!("{}Nursa-Signature: t={NOW},v1=00\n", gridx("another body"));
    for further in [&[][..], &["--json"]] {
        for provider in ["gridx", "nursa"] {
            let ended = verify(provider, &forged, &good, further);
            assert_eq!(ended.code(), Some(1), "{ended:?}");
            let right = [sign(SECRET, &good)[7..].to_owned(), hmac_sha256(SECRET, &good)];
            for hidden in [SECRET, &SECRET["whsec_".len()..], &right[0][..8], &right[1][..8]] {
                assert!(!ended.output().contains(hidden), "{hidden}: {ended:?}");
            }
        }
    }
}

#[test]
fn says_what_is_missing_before_it_can_judge() {
    let refused = |arguments: &[&str], parts: &[&str]| {
        let invocation =
            Invocation::new(&["verify"]).args(arguments).file("head", "A: b\nno header").file("body", "{}");
        let ended = invocation.env("GRIDX_SECRETS", SECRET).run();
        assert_eq!(ended.code(), Some(2), "{ended:?}");
        ended.assert_refused(parts);
    };
    let files = ["--headers", "body", "--body", "body"];
    refused(&[], &["--provider"]);
    refused(&["--provider", "gridy", "--headers", "head", "--body", "body"], &["did you mean `gridx`?"]);
    refused(&["--provider", "gridx", "--headers", "missing", "--body", "body"], &["missing"]);
    refused(&["--provider", "gridx", "--headers", "head", "--body", "body"], &["head: line 2 is no header"]);
    refused(&[&["--provider", "gridx"][..], &files].concat(), &["body: line 1 is no header"]);
    let empty = Invocation::new(&["verify", "--provider", "nursa", "--headers", "head", "--body", "body"]);
    let ended = empty.file("head", "A: b").file("body", "{}").run();
    assert_eq!(ended.code(), Some(2));
    ended.assert_refused(&["NURSA_SECRETS"]);
    let wrong = verify("gridx", "A: b", "{}", &["--endpoint", "gridxEvent"]);
    assert_eq!(wrong.code(), Some(2));
    wrong.assert_refused(&["did you mean `gridxEvents`?"]);
}

/// HPE's signatures of a body, one header after the other.
fn greenlake(first: &str, second: &str, body: &str) -> String {
    let line = |header: &str, secret: &str| format!("{header}: sha256={}\n", hmac_sha256(secret, body));
    format!("{}{}", line("HPE-Webhook-Signature", first), line("HPE-Webhook-Signature2", second))
}

const GREENLAKE_BODY: &str = r#"{"specversion":"1.0","id":"1","source":"https://hpe.example","type":"unknown.to.all"}"#;

#[test]
fn either_of_two_headers_verifies() {
    let ended = verify("greenlake", greenlake("another", SECRET, GREENLAKE_BODY), GREENLAKE_BODY, &[]);
    assert_says(&ended, 0, &["greenlakeEvents: POST /greenlake/events", "`HPE-Webhook-Signature`", "verified: "]);
    let ended = verify("greenlake", greenlake("another", "a third", GREENLAKE_BODY), GREENLAKE_BODY, &[]);
    assert_says(&ended, 1, &["`HPE-Webhook-Signature`", "`HPE-Webhook-Signature2`", "refused: "]);
    assert!(!ended.stdout.contains(SECRET) && !ended.stdout.contains(&hmac_sha256(SECRET, GREENLAKE_BODY)));
}

#[test]
fn a_challenge_is_called_one() {
    let challenge = |token: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"1","source":"https://hpe.example","type":"com.hpe.greenlake.x.webhooks.verification","data":{{"challengeRequest":"{token}"}}}}"#
        )
    };
    let ended = verify("greenlake", "Content-Type: application/json\n", challenge("a-token-1234"), &[]);
    assert_says(&ended, 1, &["challenge: it is answered although nothing proves who sent it", "refused: "]);
    assert!(!ended.stdout.contains(&hmac_sha256(SECRET, "a-token-1234")), "it answers nobody");
    let ended = verify("greenlake", "Content-Type: application/json\n", challenge("{\\\"id\\\":1}"), &[]);
    assert_says(&ended, 1, &["challenge: it asks for nothing that may be signed"]);
    let found = verify_json("greenlake", greenlake(SECRET, SECRET, GREENLAKE_BODY), GREENLAKE_BODY, &[]);
    assert!(found["verified"] == true && found["challenge"].is_null(), "{found}");
}
