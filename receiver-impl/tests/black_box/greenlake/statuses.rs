//! What HPE is told: on most refusals it disables a webhook for good, so there must be none that nobody meant.

use super::*;

/// What HPE sends again after, beside success and what tells that it is not HPE who asks.
const SENT_AGAIN: [u16; 8] = [404, 413, 415, 425, 429, 502, 503, 504];

#[test]
fn a_body_that_takes_too_long_is_to_be_sent_again() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).args(["--body-timeout", "300ms"]).start();
    let request = signed(&audit_entry("slow@example.com"));
    let mut connection = receiver.connect();
    connection.send(request.head());
    let answer = connection.answer().unwrap();
    answer.assert_bare(503);
    assert!(answer.closes() && answer.header("retry-after") == Some("5"), "{answer:?}");
    receiver.logs().wait_for(&["refused", "body-timeout"]);
}

#[test]
fn what_it_cannot_read_is_to_be_sent_again() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).args(["--body-limit", "1KiB"]).start();
    let large = format!("{:2000}", audit_entry("large@example.com").to_string());
    receiver.answer(&signed(&large)).assert_bare(413);
    receiver.answer(&signed(&audit_entry("z")).header("Content-Encoding", "gzip")).assert_bare(415);
    assert!([413, 415].iter().all(|status| SENT_AGAIN.contains(status)));
}

#[test]
fn while_secrets_change_a_stranger_is_told_to_come_back() {
    for receiver in [
        Receiver::unconfigured().env("GREENLAKE_UNAUTHENTICATED", "retry"),
        Receiver::unconfigured().file("receiver.toml", "[providers.greenlake]\nunauthenticated = 'retry'\n"),
    ] {
        let receiver = receiver.env("GREENLAKE_SECRETS", SECRET).env("GRIDX_SECRETS", SECRET).start();
        let body = audit_entry("changing@example.com").to_string();
        let wrong = Request::unsigned(GREENLAKE, body.clone()).header(SIGNATURE, sign("not yet known", &body));
        for request in [wrong, Request::unsigned(GREENLAKE, body.clone())] {
            let answer = receiver.answer(&request);
            answer.assert_bare(503);
            assert_eq!(answer.header("retry-after"), Some("5"));
        }
        receiver.logs().wait_for(&["no_match"]);
        receiver.answer(&signed(&body)).assert_bare(200);
        // It is that provider's setting alone.
        receiver.answer(&Request::unsigned(crate::common::EVENTS, "{}")).assert_bare(401);
    }
}

#[test]
fn no_other_status_can_be_put_in_a_strangers_place() {
    for status in ["200", "500", "503", "410", "accept"] {
        let receiver =
            Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_UNAUTHENTICATED", status);
        receiver.run().assert_refused(&["GREENLAKE_UNAUTHENTICATED", "`refuse`", "`retry`"]);
    }
}

#[test]
fn an_authentic_body_never_disables_a_webhook() {
    let receiver = receiver();
    let good = audit_entry("good@example.com").to_string();
    let deep = "[".repeat(10_000);
    for body in
        ["", "null", "7", "\"text\"", "{}", "[]", "[[]]", "{\"type\":7}", "\u{feff}{}", "nonsense", &deep, &good[1..]]
    {
        for path in [GREENLAKE, "/greenlake/events?x=y"] {
            let request = Request::unsigned(path, body).header(SIGNATURE, sign(SECRET, body));
            receiver.answer(&request).assert_bare(200);
        }
    }
    let invalid = b"{\"type\":\"\xff\"}";
    let request = Request::unsigned(GREENLAKE, invalid.to_vec()).header(SIGNATURE, sign(SECRET, invalid));
    receiver.answer(&request).assert_bare(200);
}

#[test]
fn a_trailing_slash_is_no_redirect() {
    let answer = receiver().answer(&Request::unsigned("/greenlake/events/", "{}"));
    answer.assert_bare(404);
    assert_eq!(answer.header("location"), None);
}
