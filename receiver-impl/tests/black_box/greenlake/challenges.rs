//! The challenge: answered to whoever asks, and yet no way to have an event signed.

use serde_json::{Value, json};

use super::*;

const TOKEN: &str = "6f1d7c52-3b0e-4a7b-9d11-7c1f5a2e8b90";

/// The answer must be the documented one, for this secret.
#[track_caller]
fn assert_answered(answer: &crate::common::http::Answer, secret: &str, token: &str) {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.text(), format!(r#"{{"verification":"{}"}}"#, hmac_sha256(secret, token)));
}

#[test]
fn answers_the_worked_example() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", "Glc!primary#2026").start();
    let answer = receiver.answer(&unsigned_challenge(TOKEN));
    assert_answered(&answer, "Glc!primary#2026", TOKEN);
    let expected = r#"{"verification":"d201287a4d93f29f78154fa130f303d4ef86b37b4dce92095f9f26175fddb0a7"}"#;
    assert_eq!(answer.text(), expected);
    receiver.logs().wait_for(&["answered a challenge"]);
}

#[test]
fn answers_with_the_first_of_several_secrets() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", "primary\nsecondary").start();
    assert_answered(&receiver.answer(&unsigned_challenge(TOKEN)), "primary", TOKEN);
}

#[test]
fn knows_a_challenge_by_the_end_of_its_type() {
    let receiver = receiver();
    let mut body = challenge(TOKEN);
    body["type"] = "hpe.greenlake.events.v1beta1.webhooks.verification".into();
    body.as_object_mut().unwrap().remove("subject");
    assert_answered(&receiver.answer(&Request::unsigned(GREENLAKE, body.to_string())), SECRET, TOKEN);
    for other in ["com.hpe.greenlake.events.v1beta1.webhooks.verification.x", "webhooks.verification", AUDIT_LOG] {
        body["type"] = other.into();
        receiver.answer(&Request::unsigned(GREENLAKE, body.to_string())).assert_bare(401);
    }
}

#[test]
fn nobody_gets_an_event_signed() {
    let receiver = receiver();
    let forged = audit_entry("attacker@example.com").to_string();
    let batch = format!("[{forged}]");
    // What the attacker hopes for: a signature of the forged event in place of the challenge's answer.
    for wanted in [forged.as_str(), &batch, "{}", "[]", "", " ", "{", "\"x\"", "\n"] {
        let answer = receiver.answer(&unsigned_challenge(wanted));
        answer.assert_bare(400);
    }
    receiver.logs().wait_for(&["malformed_challenge"]);
    // Nor does an answer that can be had sign anything else than its token, which no event is.
    let answer = receiver.answer(&unsigned_challenge(TOKEN));
    let mac: Value = serde_json::from_slice(&answer.body).unwrap();
    let mac = format!("sha256={}", mac["verification"].as_str().unwrap());
    for body in [forged.as_str(), &batch, &challenge(TOKEN).to_string()] {
        receiver.answer(&Request::unsigned(GREENLAKE, body).header(SIGNATURE, mac.as_str())).assert_bare(401);
    }
    // The token itself is rightly signed then, and kept as what it is: no event.
    receiver.answer(&Request::unsigned(GREENLAKE, TOKEN).header(SIGNATURE, mac.as_str())).assert_bare(200);
    let logs = receiver.stop().stderr;
    assert!(!logs.contains("attacker@example.com"), "{logs}");
    assert_eq!(logs.matches("parked: ").count(), 1, "{logs}");
}

#[test]
fn signs_only_harmless_strings() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_CHALLENGE_RATE", "100");
    let receiver = receiver.start();
    for token in ["a", "A.b_c~d-9", &"x".repeat(256)] {
        assert_answered(&receiver.answer(&unsigned_challenge(token)), SECRET, token);
    }
    let texts = ["a b", "a\n", "\u{e4}", "a,b", "a:b", "a/b", "a%20", "<a>", "\u{0}", "\u{ff41}"].map(Value::from);
    let others = [json!(7), json!(null), json!(true), json!([TOKEN]), json!({ "a": TOKEN }), "x".repeat(257).into()];
    for token in texts.into_iter().chain(others) {
        receiver.answer(&unsigned_challenge(token)).assert_bare(400);
    }
    let mut without = challenge(TOKEN);
    without["data"] = json!({ "challenge": TOKEN });
    receiver.answer(&Request::unsigned(GREENLAKE, without.to_string())).assert_bare(400);
}

#[test]
fn a_token_that_two_readers_could_read_differently_is_not_signed() {
    let receiver = receiver();
    let whole = challenge(TOKEN).to_string();
    let data = format!(r#""data":{{"challengeRequest":"{TOKEN}"}}"#);
    for twice in [format!("{data},{data}"), data.replace('{', r#"{"challengeRequest":"b","#)] {
        receiver.answer(&Request::unsigned(GREENLAKE, whole.replace(&data, &twice))).assert_bare(400);
    }
}

#[test]
fn what_is_not_readily_a_challenge_is_a_request_without_a_signature() {
    let receiver = receiver();
    let whole = challenge(TOKEN).to_string();
    let mut large = challenge(TOKEN);
    large["padding"] = "x".repeat(10_000).into();
    for body in [
        format!("[{whole}]"),
        format!("{whole} {whole}"),
        whole[..whole.len() - 1].to_owned(),
        whole.replacen('{', r#"{"type":"x","#, 1),
        large.to_string(),
        format!("\u{feff}{whole}"),
        "[".repeat(10_000),
        String::new(),
    ] {
        receiver.answer(&Request::unsigned(GREENLAKE, body)).assert_bare(401);
    }
}

#[test]
fn a_signature_that_does_not_verify_is_no_missing_one() {
    let receiver = receiver();
    for name in [SIGNATURE, SIGNATURE_2] {
        for value in ["", "sha256=", "garbage", &sign("another secret", challenge(TOKEN).to_string())] {
            receiver.answer(&unsigned_challenge(TOKEN).header(name, value)).assert_bare(401);
        }
    }
}

#[test]
fn a_signed_challenge_is_answered_too_and_never_an_event() {
    let receiver = receiver();
    assert_answered(&receiver.answer(&signed(&challenge(TOKEN))), SECRET, TOKEN);
    receiver.answer(&signed(&challenge("{}"))).assert_bare(400);
    receiver.answer(&signed(&json!([challenge(TOKEN)]))).assert_bare(200);
    let logs = receiver.stop().stderr;
    assert!(!logs.contains("parked") && logs.contains("passed over a challenge"), "{logs}");
}

#[test]
fn answers_strangers_ten_times_a_minute_and_the_provider_always() {
    let receiver = receiver();
    for _ in 0..10 {
        assert_answered(&receiver.answer(&unsigned_challenge(TOKEN)), SECRET, TOKEN);
    }
    let answer = receiver.answer(&unsigned_challenge(TOKEN));
    answer.assert_bare(429);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    receiver.logs().wait_for(&["too_many_challenges"]);
    assert_answered(&receiver.answer(&signed(&challenge(TOKEN))), SECRET, TOKEN);
    receiver.answer(&signed(&audit_entry("still@example.com"))).assert_bare(200);
}

#[test]
fn answers_nobody_once_switched_off() {
    for receiver in [
        Receiver::unconfigured().env("GREENLAKE_CHALLENGE", "refuse"),
        Receiver::unconfigured().file("receiver.toml", "[providers.greenlake]\nchallenge = 'refuse'\n"),
    ] {
        let receiver = receiver.env("GREENLAKE_SECRETS", SECRET).start();
        receiver.answer(&unsigned_challenge(TOKEN)).assert_bare(401);
        receiver.answer(&unsigned_challenge("{}")).assert_bare(401);
        receiver.answer(&signed(&challenge(TOKEN))).assert_bare(401);
        receiver.answer(&signed(&audit_entry("still@example.com"))).assert_bare(200);
        assert!(!receiver.stop().stderr.contains("parked"));
    }
}

#[test]
fn other_providers_answer_no_challenge() {
    let receiver = Receiver::unconfigured().env("NURSA_SECRETS", SECRET).start();
    receiver.answer(&Request::unsigned(crate::common::NURSA, challenge(TOKEN).to_string())).assert_bare(401);
}
