//! The API of the admin port, as pages and programs meet it.

use serde_json::{Value, json};

use crate::common::http::Answer;
use crate::common::{Connection, EVENTS, Receiver, Request, events};

const CHANGE: &str = "/api/events/change";

fn post(receiver: &Receiver, path: &str, body: &Value, further: &[(&str, &str)]) -> Answer {
    let request = Request::new("POST", path).header("Content-Type", "application/json").body(body.to_string());
    let request = further.iter().fold(request, |request, (name, value)| request.header(name, *value));
    Connection::to(receiver.admin()).exchange(&request)
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16, part: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
    let error: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(error["error"].as_str().unwrap().contains(part), "{error}");
}

/// One with a parked event.
fn receiver() -> Receiver {
    let receiver = Receiver::with_inbox().start();
    let body = events::changed(|event| event["type"] = "appliance/exploded".into());
    receiver.answer(&Request::signed(EVENTS, body)).assert_bare(202);
    receiver.wait_for_metric(r#"receiver_inbox_events{state="parked"}"#, 1);
    receiver
}

#[test]
fn tells_what_there_is() {
    let receiver = receiver();
    let page: Value = serde_json::from_slice(&receiver.get_admin("/api/events?state=parked&limit=5").body).unwrap();
    assert_eq!((&page["events"][0]["id"], &page["next"]), (&1.into(), &Value::Null));
    let shown = receiver.get_admin("/api/events/1");
    assert_eq!(
        (shown.header("cache-control"), shown.header("x-content-type-options")),
        (Some("no-store"), Some("nosniff"))
    );
    let shown: Value = serde_json::from_slice(&shown.body).unwrap();
    assert_eq!((&shown["type"], &shown["state"]), (&"appliance/exploded".into(), &"parked".into()));
    let stats: Value = serde_json::from_slice(&receiver.get_admin("/api/events/stats").body).unwrap();
    assert_eq!(stats["parked"], 1);
}

#[test]
fn changes_by_ids_and_by_a_filter() {
    let receiver = receiver();
    let answer = post(&receiver, CHANGE, &json!({"change": "park", "ids": [1, 9]}), &[]);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let results = json!([{"id": 1, "result": {"not-in": "parked"}}, {"id": 9, "result": "unknown"}]);
    assert_eq!((&answer["changed"], &answer["results"]), (&0.into(), &results));
    let filter = json!({"change": "remove", "filter": {"provider": "gridx"}});
    let answer = post(&receiver, CHANGE, &filter, &[]);
    assert_eq!(answer.text(), r#"{"changed":1,"results":[{"id":1,"result":"changed"}],"next":null}"#);
}

#[test]
fn says_what_is_wrong_with_a_request() {
    let receiver = receiver();
    assert_error(&receiver.get_admin("/api/events/7"), 404, "there is no event 7");
    assert_error(&receiver.get_admin("/api/events/seven"), 404, "`seven` is no event id");
    assert_error(&receiver.get_admin("/api/events?sate=dead"), 400, "`sate` is no parameter");
    assert_error(&receiver.get_admin("/api/events?limit=1001"), 400, "`limit` must be 1 to 1000");
    assert_error(&post(&receiver, CHANGE, &json!({"change": "park"}), &[]), 400, "say which events");
    assert_error(&post(&receiver, CHANGE, &json!({"change": "park", "filter": {}}), &[]), 400, "leaves in everything");
    assert_error(&post(&receiver, CHANGE, &json!({"change": "burn", "ids": [1]}), &[]), 400, "unknown variant `burn`");
    let many = json!({"change": "park", "ids": (0..501).collect::<Vec<_>>()});
    assert_error(&post(&receiver, CHANGE, &many, &[]), 400, "up to 500");
    assert_error(&post(&receiver, "/api/events/import", &json!({}), &[]), 400, "line 1: missing field");
    let waiting = json!({"older_than_seconds": 1, "states": ["pending"]});
    assert_error(&post(&receiver, "/api/events/prune", &waiting, &[]), 400, "what is pending is not removed");
    let long = json!({"change": "park", "ids": [1], "x": "x".repeat(300 << 10)});
    assert_error(&post(&receiver, CHANGE, &long, &[]), 413, "262144 bytes");
}

#[test]
fn a_page_from_elsewhere_changes_nothing() {
    let receiver = receiver();
    let remove = json!({"change": "remove", "ids": [1]});
    for header in [("Origin", "http://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")] {
        assert_error(&post(&receiver, CHANGE, &remove, &[header]), 403, "a page from elsewhere");
    }
    let plain = Request::new("POST", CHANGE).header("Content-Type", "text/plain").body(remove.to_string());
    assert_error(&Connection::to(receiver.admin()).exchange(&plain), 415, "application/json");
    let named = Request::with_line("GET /api/events/1 HTTP/1.1").header("Host", "evil.example:8081");
    assert_error(&Connection::to(receiver.admin()).exchange(&named), 421, "by its address");
    let own = [("Origin", "http://localhost"), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(post(&receiver, CHANGE, &remove, &own).status, 200);
    assert_eq!(receiver.get_admin("/api/events/1").status, 404);
}

#[test]
fn says_when_the_inbox_cannot_be_used() {
    let receiver = receiver();
    let mut other = rusqlite::Connection::open(receiver.folder().join("data/inbox.db")).unwrap();
    let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive).unwrap();
    let answer = post(&receiver, CHANGE, &json!({"change": "retry", "ids": [1]}), &[]);
    assert_error(&answer, 503, "another process holds the inbox");
    assert_eq!(receiver.get_admin("/api/events/1").status, 200);
    drop(held);
}

#[test]
fn there_is_none_without_an_inbox_and_none_on_the_public_port() {
    let direct = Receiver::start();
    assert_eq!(direct.get_admin("/api/events").status, 404);
    let receiver = receiver();
    assert_eq!(receiver.answer(&Request::new("GET", "/api/events")).status, 404);
}
