//! `OPTIONS`, with which HPE asks whether and how often it may send.

use super::*;
use crate::common::http::Answer;

const ORIGIN: &str = "https://common.cloud.hpe.com";

fn options(origin: &str) -> Request {
    Request::new("OPTIONS", GREENLAKE)
        .header("WebHook-Request-Origin", origin)
        .header("Content-Type", "application/json")
}

fn said(answer: &Answer) -> [Option<&str>; 3] {
    assert_eq!((answer.status, answer.text()), (200, ""));
    ["allow", "webhook-allowed-origin", "webhook-allowed-rate"].map(|name| answer.header(name))
}

#[test]
fn lets_the_provider_send() {
    let receiver = receiver();
    assert_eq!(said(&receiver.answer(&options(ORIGIN))), [Some("POST"), Some(ORIGIN), None]);
}

#[test]
fn says_how_often_if_that_is_configured() {
    for rate in ["120", "*"] {
        let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_ALLOWED_RATE", rate);
        let answer = receiver.start().answer(&options(ORIGIN));
        assert_eq!(said(&answer), [Some("POST"), Some(ORIGIN), Some(rate)]);
    }
    for rate in ["0", "-1", "", "many"] {
        let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_ALLOWED_RATE", rate);
        receiver.run().assert_refused(&["GREENLAKE_ALLOWED_RATE", "a positive number"]);
    }
}

#[test]
fn grants_nothing_to_others() {
    let receiver = receiver();
    for origin in ["https://example.com", "https://common.cloud.hpe.com.example.com", "common.cloud.hpe.com", "*", ""] {
        assert_eq!(said(&receiver.answer(&options(origin))), [Some("POST"), None, None], "{origin}");
    }
    let twice = options(ORIGIN).header("WebHook-Request-Origin", ORIGIN);
    assert_eq!(said(&receiver.answer(&twice)), [Some("POST"), None, None]);
    assert_eq!(said(&receiver.answer(&Request::new("OPTIONS", GREENLAKE))), [Some("POST"), None, None]);
}

#[test]
fn does_not_mind_a_body() {
    let receiver = receiver();
    let mut connection = receiver.connect();
    let answer = connection.exchange(&options(ORIGIN).body("{}"));
    assert_eq!(said(&answer), [Some("POST"), Some(ORIGIN), None]);
}

#[test]
fn other_methods_are_told_which_there_are() {
    let receiver = receiver();
    for method in ["GET", "PUT", "DELETE", "PATCH", "TRACE"] {
        let answer = receiver.answer(&Request::new(method, GREENLAKE));
        answer.assert_bare(405);
        assert_eq!(answer.header("allow"), Some("POST,OPTIONS"), "{method}");
    }
}
