//! Nursa: events that are signed with the time, so that an old one can be told from a new one.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use webhook_api::PROVIDERS;

use crate::common::{GREENLAKE, NURSA, Receiver, Request, SECRET, hmac_sha256};

const SIGNATURE: &str = "Nursa-Signature";

fn receiver() -> Receiver {
    Receiver::unconfigured().env("NURSA_SECRETS", SECRET).start()
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

fn body() -> String {
    json!({
        "data": { "facilityId": "NUR-000123", "userId": "u7Jq0pZr3XbLw9KdT2mVn5CsYhA1" },
        "eventType": "facility.user-connection.accepted",
    })
    .to_string()
}

/// `t=..,v1=..`, rightly signed for this time, whatever text it is.
fn sign(time: &impl ToString, body: &str) -> String {
    let time = time.to_string();
    format!("t={time},v1={}", v1(SECRET, &time, body))
}

fn v1(secret: &str, time: &str, body: &str) -> String {
    hmac_sha256(secret, format!("{time}.{body}"))
}

fn request(signature: impl Into<String>) -> Request {
    Request::unsigned(NURSA, body()).header(SIGNATURE, signature.into())
}

#[test]
fn takes_every_event_as_the_spec_shows_it() {
    let receiver = receiver();
    let nursa = PROVIDERS.iter().find(|provider| provider.name == "nursa").unwrap();
    assert_eq!(nursa.events().count(), 14);
    for (_, event) in nursa.events() {
        let body = event.example.unwrap();
        receiver.answer(&Request::unsigned(NURSA, body).header(SIGNATURE, sign(&now(), body))).assert_bare(200);
    }
    let logs = receiver.stop().stderr;
    assert!(!logs.contains(r#""level":"WARN""#), "{logs}");
}

#[test]
fn takes_events_that_lack_members_and_keeps_what_it_does_not_know() {
    let receiver = receiver();
    let mut parked = 0;
    for (event_type, data, known) in [
        ("shift.request.created", json!({ "shiftId": "12120878", "clinicianId": "c" }), true),
        ("shift.scheduled", json!({}), true),
        ("facility.creation.rejected", json!({ "facilityName": "M\u{fc}hle", "new": [1] }), true),
        ("shift.reassigned", json!({}), false),
        ("all", json!({}), false),
        ("shift.created", json!([]), false),
        ("shift.created", json!({ "shiftId": 7 }), false),
    ] {
        // The type stands behind the data in all that Nursa shows.
        let body = format!(r#"{{"data":{data},"eventType":"{event_type}"}}"#);
        receiver
            .answer(&Request::unsigned(NURSA, body.as_str()).header(SIGNATURE, sign(&now(), &body)))
            .assert_bare(200);
        parked += usize::from(!known);
    }
    let logs = receiver.stop().stderr;
    assert_eq!(logs.matches("parked: ").count(), parked, "{logs}");
}

#[test]
fn takes_what_either_of_two_live_secrets_signed() {
    let receiver = Receiver::unconfigured().env("NURSA_SECRETS", "old\nnew").start();
    let (time, body) = (now().to_string(), body());
    let [old, new, other] = ["old", "new", "other"].map(|secret| format!("v1={}", v1(secret, &time, &body)));
    for right in [
        format!("t={time},{old}"),
        format!("t={time},{new}"),
        format!("t={time},{old},{new}"),
        format!("t={time},{new},{old}"),
        format!("t={time},{other},{new}"),
        format!("{new},t={time}"),
        format!("{other},t={time},{old}"),
        format!(" t={time} , {old} "),
        format!("t={time},v0={},{old}", "0".repeat(64)),
        format!("t={time},v1=zz,{old}"),
        format!("t={time},nonsense,{old}"),
    ] {
        receiver.answer(&request(right)).assert_bare(200);
    }
    for wrong in [format!("t={time},{other}"), format!("t={time},{other},{other}")] {
        receiver.answer(&request(wrong)).assert_bare(401);
    }
}

#[test]
fn takes_what_is_not_older_or_newer_than_the_tolerance() {
    let receiver = receiver();
    // A few seconds from the edge, as the clock goes on meanwhile.
    for offset in [0, -290, 290] {
        receiver.answer(&request(sign(&(now() + offset), &body()))).assert_bare(200);
    }
    for offset in [-310, 310, -86_400, 86_400] {
        receiver.answer(&request(sign(&(now() + offset), &body()))).assert_bare(401);
    }
}

#[test]
fn tells_what_is_old_from_what_is_forged() {
    let receiver = receiver();
    receiver.answer(&request(sign(&(now() - 4000), &body()))).assert_bare(401);
    receiver.logs().wait_for(&["\"stale\"", "the signature is right but 400"]);
    let forged = format!("t={},v1={}", now() - 4000, v1("wrong", "0", ""));
    receiver.answer(&request(forged)).assert_bare(401);
    receiver.logs().wait_for(&["\"no_match\""]);
    assert_eq!(receiver.logs().so_far().matches("\"stale\"").count(), 1);
    let metrics = receiver.get_admin("/metrics");
    for reason in ["stale", "no_match"] {
        let counted =
            metrics.text().lines().any(|line| line.contains(&format!("\"{reason}\"")) && line.ends_with(" 1"));
        assert!(counted, "{reason} in {}", metrics.text());
    }
}

#[test]
fn the_tolerance_is_a_setting() {
    for receiver in [
        Receiver::unconfigured().env("NURSA_TOLERANCE", "2h"),
        Receiver::unconfigured().file("receiver.toml", "[providers.nursa]\ntolerance = '2h'\n"),
    ] {
        let receiver = receiver.env("NURSA_SECRETS", SECRET).start();
        receiver.answer(&request(sign(&(now() - 7000), &body()))).assert_bare(200);
        receiver.answer(&request(sign(&(now() - 7300), &body()))).assert_bare(401);
    }
}

#[test]
fn refuses_a_time_that_is_none_though_it_is_signed() {
    let receiver = receiver();
    let now = now();
    for time in [
        String::new(),
        format!("-{now}"),
        format!("+{now}"),
        format!("{now}.0"),
        format!("0x{now:x}"),
        format!("{now}s"),
        "now".to_owned(),
        "2026-11-21T00:00:00Z".to_owned(),
        format!("{now}000"),
        "9".repeat(18),
        "9".repeat(19),
        "9".repeat(40),
        "18446744073709551616".to_owned(),
        "0".to_owned(),
    ] {
        receiver.answer(&request(sign(&time, &body()))).assert_bare(401);
    }
    receiver.answer(&request(sign(&now, &body()))).assert_bare(200);
}

#[test]
fn refuses_a_time_that_was_changed_is_missing_or_stands_twice() {
    let receiver = receiver();
    let (time, body) = (now(), body());
    let right = v1(SECRET, &time.to_string(), &body);
    for wrong in [
        format!("t={},v1={right}", time + 1),
        format!("v1={right}"),
        format!("v1={}", v1(SECRET, "", &body)),
        format!("v1={}", hmac_sha256(SECRET, &body)),
        format!("t={time},t={time},v1={right}"),
        format!("t={time},t={},v1={right}", time + 1),
        format!("t={time},v1={}", hmac_sha256(SECRET, &body)),
        format!("t={time},v1={}", hmac_sha256(SECRET, format!("{time}{body}"))),
        format!("T={time},v1={right}"),
    ] {
        receiver.answer(&request(wrong)).assert_bare(401);
    }
}

#[test]
fn refuses_bytes_moved_between_time_and_body() {
    // `t=1`, `23.{}` and `t=12`, `3.{}` would sign the same text if the time could hold a full stop.
    let receiver = receiver();
    let time = now();
    let signed = v1(SECRET, &time.to_string(), &format!("7.{}", body()));
    receiver.answer(&request(format!("t={time}.7,v1={signed}"))).assert_bare(401);
    receiver.answer(&request(format!("t={time},v1={signed}"))).assert_bare(401);
}

#[test]
fn takes_a_delivery_that_comes_again_while_it_is_fresh() {
    let receiver = receiver();
    let request = request(sign(&now(), &body()));
    for _ in 0..3 {
        receiver.answer(&request).assert_bare(200);
    }
}

#[test]
fn a_signature_for_one_provider_is_none_at_another() {
    let receiver = Receiver::unconfigured().env("NURSA_SECRETS", SECRET).env("GREENLAKE_SECRETS", SECRET).start();
    let (time, body) = (now(), body());
    let nursa = sign(&time, &body);
    let greenlake = format!("sha256={}", hmac_sha256(SECRET, &body));
    receiver.answer(&Request::unsigned(NURSA, body.as_str()).header(SIGNATURE, nursa.as_str())).assert_bare(200);
    let both = |path: &str, at_nursa: &str, at_greenlake: &str| {
        Request::unsigned(path, body.as_str()).header(SIGNATURE, at_nursa).header("HPE-Webhook-Signature", at_greenlake)
    };
    receiver.answer(&Request::unsigned(GREENLAKE, body.as_str()).header(SIGNATURE, nursa.as_str())).assert_bare(401);
    let request = Request::unsigned(NURSA, body.as_str()).header("HPE-Webhook-Signature", greenlake.as_str());
    receiver.answer(&request).assert_bare(401);
    receiver.answer(&both(GREENLAKE, &nursa, "sha256=00")).assert_bare(401);
    receiver.answer(&both(NURSA, &greenlake, &nursa)).assert_bare(401);
    receiver.answer(&both(GREENLAKE, &greenlake, &nursa)).assert_bare(401);
}

#[test]
fn answers_other_methods_with_the_one_that_it_knows() {
    let receiver = receiver();
    for method in ["GET", "PUT", "OPTIONS", "DELETE"] {
        let answer = receiver.answer(&Request::new(method, NURSA));
        answer.assert_bare(405);
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
    }
}
