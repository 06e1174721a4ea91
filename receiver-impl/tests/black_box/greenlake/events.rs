//! Events, alone and in batches.

use serde_json::{Value, json};

use super::*;

/// Every one of these bodies must be taken as an event that a handler method saw, which then logged this text.
#[track_caller]
fn assert_handled(events: impl IntoIterator<Item = (Value, &'static str)>) {
    let receiver = receiver();
    for (event, text) in events {
        receiver.answer(&signed(&event)).assert_bare(200);
        receiver.logs().wait_for(&[text]);
    }
    let logs = receiver.stop().stderr;
    assert!(!logs.contains("parked"), "{logs}");
}

/// Every one of these bodies must be taken although no handler method of an event fits; the log says so.
#[track_caller]
fn assert_parked(bodies: impl IntoIterator<Item = String>) {
    let receiver = receiver();
    let mut sent = 0;
    for body in bodies {
        println!("{}", body.chars().take(160).collect::<String>());
        receiver.answer(&signed(&body)).assert_bare(200);
        sent += 1;
    }
    let logs = receiver.stop().stderr;
    let parked = logs.lines().filter(|line| line.contains("parked: ")).count();
    assert_eq!(parked, sent, "{logs}");
}

#[test]
fn takes_both_shapes_of_an_audit_entry() {
    let catalog = event(
        AUDIT_LOG,
        json!({
            "customer_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "username": "catalog@example.com",
            "app_slug": "COM",
            "enable_streaming": "true",
            "created_at": "2026-03-02T10:11:12Z",
            "audit_info": { "username": "x@example.com", "category": "Device", "has_details": true },
            "audit_details": { "anything": [1, 2] },
        }),
    );
    assert_handled([(audit_entry("live@example.com"), "by live@example.com"), (catalog, "Device of COM by catalog")]);
}

#[test]
fn keeps_an_audit_entry_of_a_third_shape() {
    assert_handled([(event(AUDIT_LOG, json!({ "neither": "nor" })), "an entry of a new shape")]);
}

#[test]
fn takes_both_spellings_of_an_expiring_subscription() {
    let camel = json!({
        "key": "KEY-CAMEL", "expiryDate": "10/25/2026", "sku": "SKU-1", "licenseTier": "FOUNDATION", "quantity": 12,
        "subscriptionEndInSecs": 1_792_886_400, "platformCustomerId": "0a1b",
        "devices": [{ "serialNumber": "S", "partNumber": "P", "deviceModel": "M", "macAddress": "00:00:5E:00:53:01" }],
    });
    let lower = json!({
        "key": "KEY-LOWER", "expirydate": "11/26/2026", "sku": "SKU-2", "licensetier": "FOUNDATION", "quantity": 12,
        "subscriptionendinsecs": 1_792_886_400, "platformcustomerid": "0a1b", "devices": [],
    });
    assert_handled([
        (event(EXPIRING, camel), "subscription KEY-CAMEL ends on 10/25/2026: SKU-1, 1 devices"),
        (event(EXPIRING, lower), "subscription KEY-LOWER ends on 11/26/2026: SKU-2, 0 devices"),
        (event(EXPIRING, json!({})), "subscription (not said) ends on (not said)"),
    ]);
}

#[test]
fn takes_an_envelope_with_little_and_with_much_in_it() {
    let mut little = audit_entry("little@example.com");
    little.as_object_mut().unwrap().remove("time");
    let mut much = audit_entry("much@example.com");
    for (name, value) in [
        ("subject", json!("0a1b2c3d4e5f60718293a4b5c6d7e8f9")),
        ("datacontenttype", json!("application/json")),
        ("sequence", json!("17")),
        ("deprecated", json!(true)),
        ("deprecationsunset", json!("2027-01-01T00:00:00Z")),
        ("traceparent", json!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
        ("ourextension", json!({ "a": [1] })),
    ] {
        much[name] = value;
    }
    assert_handled([(little, "by little@example.com"), (much, "by much@example.com")]);
}

#[test]
fn keeps_what_it_does_not_know() {
    let types =
        ["com.hpe.greenlake.devices.v2alpha2.devices.updated", "hpe.greenlake.audit-log", "", "../../etc/passwd"];
    assert_parked(types.map(|event_type| event(event_type, json!({})).to_string()));
}

#[test]
fn keeps_a_body_that_was_cut_off() {
    let whole = audit_entry("cut@example.com").to_string();
    let batch = json!([audit_entry("cut@example.com"), audit_entry("off@example.com")]).to_string();
    assert_parked([&whole[..whole.len() / 2], &whole[..whole.len() - 1], &batch[..batch.len() - 1]].map(str::to_owned));
}

#[test]
fn asks_for_no_particular_media_type() {
    let receiver = receiver();
    let body = audit_entry("typed@example.com").to_string();
    for media_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/cloudevents+json",
        "application/cloudevents+json; charset=UTF-8",
        "application/cloudevents-batch+json",
        "text/plain",
        "",
    ] {
        let signature = sign(SECRET, &body);
        let request = Request::new("POST", GREENLAKE).body(body.clone()).header(SIGNATURE, signature);
        receiver.answer(&request.clone().header("Content-Type", media_type)).assert_bare(200);
        receiver.answer(&request).assert_bare(200);
    }
}

#[test]
fn every_event_of_a_batch_goes_its_own_way() {
    let receiver = receiver();
    let unknown = event("com.hpe.greenlake.workspaces.v1beta1.tenants.deleted", json!({}));
    let expiring = event(EXPIRING, json!({ "key": "KEY-IN-BATCH" }));
    let batch = json!([audit_entry("first@example.com"), unknown, 7, expiring, audit_entry("last@example.com")]);
    for body in [batch.to_string(), serde_json::to_string_pretty(&batch).unwrap()] {
        let request = signed(&body).header("Content-Type", "application/cloudevents-batch+json");
        receiver.answer(&request).assert_bare(200);
    }
    let logs = receiver.stop().stderr;
    for text in ["by first@example.com", "tenants.deleted", "KEY-IN-BATCH", "by last@example.com"] {
        assert_eq!(logs.matches(text).count(), 2, "{text} in {logs}");
    }
    assert_eq!(logs.matches("parked: ").count(), 4, "{logs}");
}

#[test]
fn an_empty_batch_is_taken_and_a_broken_one_kept_whole() {
    let receiver = receiver();
    receiver.answer(&signed(&"[]")).assert_bare(200);
    assert!(!receiver.logs().so_far().contains("parked"));
    let endless = format!("[{}]", vec!["{}"; 5000].join(","));
    receiver.answer(&signed(&endless)).assert_bare(200);
    receiver.logs().wait_for(&["a batch of more than 1000 events"]);
    let deep = "[".repeat(10_000);
    receiver.answer(&signed(&deep)).assert_bare(200);
    receiver.answer(&signed(&format!("{deep}{}", "]".repeat(10_000)))).assert_bare(200);
    receiver.logs().wait_for(&["a batch that is not JSON"]);
}

#[test]
fn a_batch_must_be_signed_as_a_whole() {
    let receiver = receiver();
    let one = audit_entry("one@example.com").to_string();
    let request = Request::unsigned(GREENLAKE, format!("[{one}]")).header(SIGNATURE, sign(SECRET, &one));
    receiver.answer(&request).assert_bare(401);
}

#[test]
fn either_header_may_match_any_secret() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_SECRETS", "old secret\nnew secret").start();
    let body = audit_entry("rotation@example.com").to_string();
    let request = |first: Option<String>, second: Option<String>| {
        let request = Request::unsigned(GREENLAKE, body.clone());
        let request = first.into_iter().fold(request, |request, value| request.header(SIGNATURE, value));
        second.into_iter().fold(request, |request, value| request.header(SIGNATURE_2, value))
    };
    let by = |secret: &str| Some(sign(secret, &body));
    let garbage = || Some("garbage".to_owned());
    for (first, second) in [
        (by("old secret"), None),
        (by("new secret"), None),
        (None, by("old secret")),
        (by("old secret"), by("new secret")),
        (by("new secret"), by("old secret")),
        (garbage(), by("new secret")),
        (by("old secret"), garbage()),
        (by("third secret"), by("old secret")),
    ] {
        receiver.answer(&request(first, second)).assert_bare(200);
    }
    for (first, second) in [(None, None), (by("third secret"), None), (by(""), garbage()), (garbage(), garbage())] {
        receiver.answer(&request(first, second)).assert_bare(401);
    }
}
