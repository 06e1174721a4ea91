//! Batches, by what a handler sees of them and by how one event that fails changes their answer.

use serde_json::{Value, json};

use webhook_api::Match;

use super::recorder::Recorder;
use super::*;

fn event(kind: &str, id: &str) -> Value {
    json!({ "specversion": "1.0", "source": "//test", "id": id, "type": kind, "data": {} })
}

/// The status of a signed request with this body.
async fn send(running: &Running, body: &str) -> String {
    post(running, endpoint("greenlakeEvents"), body, 0).await
}

#[tokio::test]
async fn every_member_goes_its_own_way() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let (first, second) = (event("a", "1").to_string(), event("b", "2").to_string());
    let body = format!(" [{first} ,\n\t{second}, 7, \"x\", null, []]\n");
    assert_eq!(send(&running, &body).await, "200");

    let seen = recorder.seen();
    let bodies: Vec<_> = seen.iter().map(|delivery| String::from_utf8(delivery.body.to_vec()).unwrap()).collect();
    assert_eq!(bodies, [first.as_str(), &second, "7", "\"x\"", "null", "[]"]);
    let types: Vec<_> = seen.iter().map(|delivery| delivery.event_type.as_deref()).collect();
    assert_eq!(types, [Some("a"), Some("b"), None, None, None, None]);
    assert_eq!(recorder.ids()[..2], ["//test#1", "//test#2"]);
    assert!(recorder.ids()[2..].iter().all(|id| id.starts_with("sha256:")));
    assert!(seen.iter().all(|delivery| delivery.matched == [Match { scheme: "greenlakeSignature", slot: 1 }]));
}

#[tokio::test]
async fn one_member_that_fails_has_all_of_them_sent_again() {
    let recorder = Recorder::failing(&["2"]);
    let running = running("", recorder.clone()).await;
    let body = json!([event("a", "1"), event("a", "2"), event("a", "3")]).to_string();
    assert_eq!(send(&running, &body).await, "503");
    assert_eq!(recorder.ids(), ["//test#1", "//test#2", "//test#3"], "the others are tried nevertheless");
    assert_eq!(send(&running, &body).await, "200");
    assert_eq!(recorder.ids()[3..], ["//test#1", "//test#2", "//test#3"], "the same ids tell that it is the same");
}

#[tokio::test]
async fn an_event_has_the_same_id_alone_in_a_batch_and_twice_in_one() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let event = event("a", "1");
    for body in [event.clone(), json!([event]), json!([event, event])] {
        assert_eq!(send(&running, &body.to_string()).await, "200");
    }
    assert_eq!(recorder.ids(), ["//test#1"; 4]);
}

#[tokio::test]
async fn what_cannot_be_taken_apart_is_one_delivery() {
    let event = event("a", "1").to_string();
    let many = format!("[{}]", vec!["{}"; 1001].join(","));
    for body in [format!("[{event},{event}"), format!("[{event}] x"), format!("{{\"list\":[{event}]}}"), many] {
        let recorder = Recorder::default();
        let running = running("", recorder.clone()).await;
        assert_eq!(send(&running, &body).await, "200");
        let seen = recorder.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!((&seen[0].body[..], seen[0].event_type.as_deref()), (body.as_bytes(), None));
    }
}

#[tokio::test]
async fn an_empty_batch_is_taken_and_nobody_sees_it() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    assert_eq!(send(&running, " [ ] ").await, "200");
    assert!(recorder.seen().is_empty());
}

#[tokio::test]
async fn a_challenge_is_no_event_even_in_a_batch() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let challenge = event("x.webhooks.verification", "1");
    assert_eq!(send(&running, &json!([challenge, event("a", "2"), challenge]).to_string()).await, "200");
    assert_eq!(recorder.ids(), ["//test#2"]);
    assert_eq!(send(&running, &json!([challenge]).to_string()).await, "200");
    assert_eq!(send(&running, &challenge.to_string()).await, "400");
    assert_eq!(recorder.ids(), ["//test#2"]);
}
