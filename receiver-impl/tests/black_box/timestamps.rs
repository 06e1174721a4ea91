//! The signed time of sending, which Nursa's deliveries carry: whatever it says, it is signed rightly here.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::common::{NURSA, Receiver, Request, hmac_sha256};

const SECRET: &str = "nursa-Zx87";
const BODY: &str = r#"{"data":{"facilityId":"NUR-000125"},"eventType":"facility.creation.accepted"}"#;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn receiver() -> Receiver {
    Receiver::unconfigured().env("NURSA_SECRETS", SECRET).start()
}

/// The right `v1` element for a time, whatever that looks like.
fn v1(time: impl AsRef<[u8]>) -> String {
    format!("v1={}", hmac_sha256(SECRET, [time.as_ref(), b".", BODY.as_bytes()].concat()))
}

fn status(receiver: &Receiver, value: impl Into<Vec<u8>>) -> u16 {
    receiver.answer(&Request::unsigned(NURSA, BODY).header("Nursa-Signature", value)).status
}

/// The header value of a delivery sent at this time.
fn sent_at(time: impl AsRef<[u8]>) -> Vec<u8> {
    [b"t=", time.as_ref(), b",", v1(&time).as_bytes()].concat()
}

#[test]
fn takes_what_was_sent_in_the_last_and_in_the_next_five_minutes() {
    let receiver = receiver();
    // A little inside the limits, because the clock goes on.
    for time in [now(), now() - 290, now() + 290] {
        assert_eq!(status(&receiver, sent_at(time.to_string())), 200, "{time}");
    }
    for time in [now() - 310, now() - 86_400, now() + 310, now() + 86_400, 0, 1] {
        assert_eq!(status(&receiver, sent_at(time.to_string())), 401, "{time}");
    }
}

#[test]
fn refuses_what_is_no_plain_number_though_it_is_signed() {
    let receiver = receiver();
    let now = now();
    for time in [
        String::new(),
        format!("-{now}"),
        format!("+{now}"),
        format!("{now}.0"),
        format!("{now}s"),
        format!("{now} 0"),
        format!("0x{now:x}"),
        "1.8e9".to_owned(),
        "NaN".to_owned(),
        "now".to_owned(),
        "2026-11-21T22:00:00Z".to_owned(),
        "\u{661}".repeat(10),
        format!("{now}\u{a0}"),
    ] {
        assert_eq!(status(&receiver, sent_at(&time)), 401, "{time}");
    }
}

#[test]
fn refuses_numbers_that_fit_no_type_or_count_something_else() {
    let receiver = receiver();
    let now = now();
    for time in [
        u64::MAX.to_string(),
        format!("{}", u128::from(u64::MAX) + u128::from(now) + 1),
        i64::MAX.to_string(),
        (1_u64 << 32).to_string(),
        "9".repeat(18),
        "9".repeat(19),
        "9".repeat(1000),
        // Milliseconds, microseconds and nanoseconds of the present.
        format!("{now}000"),
        format!("{now}000000"),
        format!("{now}000000000"),
    ] {
        assert_eq!(status(&receiver, sent_at(&time)), 401, "{time}");
    }
}

#[test]
fn refuses_an_edited_time() {
    let receiver = receiver();
    let (now, old) = (now().to_string(), (now() - 3600).to_string());
    assert_eq!(status(&receiver, format!("t={now},{}", v1(&now))), 200);
    assert_eq!(status(&receiver, format!("t={now},{}", v1(&old))), 401);
    // The old time stands first, or last, and the other one makes it look fresh.
    assert_eq!(status(&receiver, format!("t={old},t={now},{}", v1(&old))), 401);
    assert_eq!(status(&receiver, format!("t={now},t={old},{}", v1(&old))), 401);
    assert_eq!(status(&receiver, format!("t={now},t={now},{}", v1(&now))), 401);
    assert_eq!(status(&receiver, v1(&now)), 401);
    assert_eq!(status(&receiver, format!("T={now},{}", v1(&now))), 401);
    // The same digits, cut elsewhere.
    assert_eq!(status(&receiver, format!("t=0{now},{}", v1(&now))), 401);
}

#[test]
fn a_delivery_that_is_sent_again_within_the_time_is_taken_again() {
    let receiver = receiver();
    let value = sent_at(now().to_string());
    for _ in 0..3 {
        assert_eq!(status(&receiver, value.clone()), 200);
    }
}

#[test]
fn the_tolerance_is_a_setting() {
    let receiver = Receiver::unconfigured().env("NURSA_SECRETS", SECRET).env("NURSA_TOLERANCE", "2h").start();
    assert_eq!(status(&receiver, sent_at((now() - 7000).to_string())), 200);
    assert_eq!(status(&receiver, sent_at((now() - 7300).to_string())), 401);
}

#[test]
fn ten_thousand_signatures_are_refused_at_once() {
    let receiver = Receiver::unconfigured().args(["--header-limit", "2MiB"]).env("NURSA_SECRETS", SECRET).start();
    let time = now().to_string();
    let wrong = format!("v1={},", "0".repeat(64));
    assert_eq!(status(&receiver, format!("t={time},{}{}", wrong.repeat(10_000), v1(&time))), 401);
    assert_eq!(status(&receiver, format!("t={time},{}{}", "v1=,".repeat(10_000), v1(&time))), 401);
    assert_eq!(status(&receiver, format!("t={time},{}{}", wrong.repeat(3), v1(&time))), 200);
    assert_eq!(status(&receiver, format!("t={time},{}{}", wrong.repeat(4), v1(&time))), 401);
    assert_eq!(status(&receiver, sent_at(&time)), 200);
}

#[test]
fn bytes_that_are_no_text_and_doubled_headers_are_refused() {
    let receiver = receiver();
    let good = sent_at(now().to_string());
    for byte in [0x80, 0xc3, 0xff, b'\t'] {
        for place in 0..good.len() {
            let mut value = good.clone();
            value[place] = byte;
            assert_eq!(status(&receiver, value), 401, "{byte:#x} at {place}");
        }
    }
    let doubled = Request::unsigned(NURSA, BODY).header("Nursa-Signature", good.clone());
    receiver.answer(&doubled.clone().header("nursa-signature", good.clone())).assert_bare(401);
    receiver.answer(&doubled.header("Nursa-Signature", "")).assert_bare(401);
    assert_eq!(status(&receiver, good), 200);
}
