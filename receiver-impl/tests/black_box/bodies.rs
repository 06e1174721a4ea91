//! Authentic bodies that are not what the schema says: kept, logged and answered as taken, never thrown away.

use serde_json::{Value, json};

use crate::common::http::Answer;
use crate::common::{EVENTS, ONLINE_2024, Receiver, Request, events};

/// The answers of both forms to this body, rightly signed.
fn answers(receiver: &Receiver, body: &[u8]) -> [Answer; 2] {
    [EVENTS, ONLINE_2024].map(|path| receiver.answer(&Request::signed(path, body)))
}

/// Every one of these bodies must be taken as an event that a handler method saw.
#[track_caller]
fn assert_handled<B: AsRef<[u8]>>(bodies: impl IntoIterator<Item = B>) {
    let receiver = Receiver::start();
    for body in bodies {
        let [today, former] = answers(&receiver, body.as_ref());
        println!("{}", String::from_utf8_lossy(body.as_ref()).chars().take(160).collect::<String>());
        today.assert_bare(204);
        former.assert_bare(200);
    }
}

/// Every one of these bodies must be taken although no handler method of an event fits; the log says so.
#[track_caller]
fn assert_parked<B: AsRef<[u8]>>(bodies: impl IntoIterator<Item = B>) {
    let receiver = Receiver::start();
    let mut sent = 0;
    for body in bodies {
        let [today, former] = answers(&receiver, body.as_ref());
        println!("{}", String::from_utf8_lossy(body.as_ref()).chars().take(160).collect::<String>());
        today.assert_bare(202);
        former.assert_bare(200);
        sent += 2;
    }
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    let logs = receiver.stop().stderr;
    let warnings = logs.lines().filter(|line| line.contains(r#""level":"WARN""#)).count();
    assert!(warnings >= sent, "{sent} such events, {warnings} warnings in:\n{logs}");
}

#[test]
fn takes_an_empty_body() {
    assert_parked([""]);
}

#[test]
fn takes_a_body_that_is_not_json() {
    let good = String::from_utf8(events::good()).unwrap();
    let (truncated, followed) = (&good[..good.len() - 1], format!("{good} x"));
    assert_parked(["nonsense", "type=appliance/online", "<event/>", "{", "{'a':1}", "\0", truncated, &followed]);
}

#[test]
fn takes_json_that_is_no_event() {
    assert_parked(["null", "7", "\"appliance/online\"", "[]", "{}", "[{\"type\":\"appliance/online\"}]"]);
}

#[test]
fn takes_a_body_that_is_not_utf8() {
    let spoilt = |text: &str, bytes: &[u8]| {
        let body = events::changed(|event| event["data"]["name"] = text.into());
        let place = body.windows(text.len()).position(|window| window == text.as_bytes()).unwrap();
        [&body[..place], bytes, &body[place + text.len()..]].concat()
    };
    assert_parked([b"\xff\xfe".to_vec(), spoilt("@name@", b"\xff\xfe"), spoilt("@name@", b"\xed\xa0\x80")]);
}

#[test]
fn takes_a_body_with_a_byte_order_mark() {
    assert_parked([[b"\xef\xbb\xbf".as_slice(), &events::good()].concat()]);
}

#[test]
fn takes_a_body_that_is_nested_ten_thousand_deep() {
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", "{\"data\":".repeat(10_000), "}".repeat(10_000));
    assert_parked([format!("{open}{close}"), open, objects]);
}

#[test]
fn survives_deep_nesting_in_a_member_that_nobody_knows() {
    let receiver = Receiver::start();
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let good = String::from_utf8(events::good()).unwrap();
    let body = format!("{{\"deep\":{open}{close},{}", &good[1..]);
    for answer in answers(&receiver, body.as_bytes()) {
        assert!(answer.is_success(), "{answer:?}");
    }
    receiver.answer(&Request::signed(EVENTS, good)).assert_bare(204);
}

#[test]
fn takes_a_body_whose_type_stands_twice() {
    let good = String::from_utf8(events::good()).unwrap();
    let twice = |member: &str| format!("{{{member},{}", &good[1..]);
    assert_parked([
        twice(r#""type":"appliance/online""#),
        twice(r#""type":"ping""#),
        twice(r#""ty\u0070e":"ping""#),
        twice(r#""id":"00000000-0000-4000-8000-000000000000""#),
        twice(r#""data":{}"#),
    ]);
}

#[test]
fn takes_a_body_that_repeats_a_member_that_nobody_knows() {
    let good = String::from_utf8(events::good()).unwrap();
    assert_handled([format!(r#"{{"extra":1,"extra":[],{}"#, &good[1..])]);
}

#[test]
fn takes_an_unknown_event_type() {
    let types = [
        "appliance/melted",
        "Appliance/Online",
        "appliance/online ",
        "/appliance/online",
        "../../etc/passwd",
        "",
        "\u{0}",
        "\"};--",
        "commissioning/undone",
    ];
    assert_parked(types.map(|event_type| events::changed(|event| event["type"] = event_type.into())));
}

#[test]
fn takes_an_event_type_that_is_no_text() {
    let types = [json!(null), json!(7), json!(["appliance/online"]), json!({"type": "appliance/online"}), json!(true)];
    assert_parked(types.map(|event_type| events::changed(|event| event["type"] = event_type)));
}

#[test]
fn takes_an_endlessly_long_event_type() {
    assert_parked([events::changed(|event| event["type"] = "x".repeat(100_000).into())]);
}

#[test]
fn hands_an_unknown_enum_value_to_the_handler() {
    assert_handled(["FUSION_REACTOR", "inverter", ""].map(|value| {
        events::changed(|event| {
            event["data"]["type"] = value.into();
            event["data"]["kind"] = value.into();
        })
    }));
}

#[test]
fn hands_an_event_with_extra_members_to_the_handler() {
    assert_handled([events::changed(|event| {
        event["accountID"] = "2f6b0d7c-1111-4a2b-9c3d-4e5f60718293".into();
        event["userID"] = json!(null);
        event["notification"] = json!({"nested": [1, 2, {"deep": true}]});
        event["data"]["colour"] = "green".into();
        event[""] = "nameless".into();
    })]);
}

#[test]
fn takes_an_event_that_lacks_a_required_member() {
    let without = |pointer: &str| {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        events::changed(|event| {
            event.pointer_mut(parent).and_then(Value::as_object_mut).unwrap().remove(member).unwrap();
        })
    };
    assert_parked(["/id", "/time", "/source", "/type", "/data/applianceID", "/data/gatewayID"].map(without));
}

#[test]
fn takes_an_event_whose_members_have_the_wrong_shape() {
    let spoilt = |pointer: &str, value: Value| events::changed(|event| *event.pointer_mut(pointer).unwrap() = value);
    assert_parked([
        spoilt("/id", "no uuid".into()),
        spoilt("/time", "yesterday".into()),
        spoilt("/time", 1_700_000_000.into()),
        spoilt("/source", "".into()),
        spoilt("/data", json!([])),
        spoilt("/data/applianceID", 7.into()),
        spoilt("/data/model", json!({"name": "PV-12"})),
    ]);
}

#[test]
fn an_event_without_details_is_one_of_the_2024_form_wherever_it_arrives() {
    let without = |change: fn(&mut Value)| events::changed(change);
    assert_handled([
        without(|event| event["data"] = json!(null)),
        without(|event| drop(event.as_object_mut().unwrap().remove("data"))),
    ]);
}

#[test]
fn hands_html_in_a_text_to_the_handler() {
    let texts = ["Roof <b>east</b><br/>", "<script>alert('&amp;')</script>", "<!DOCTYPE html>", "&lt;&#x3C;%3Cscript"];
    assert_handled(texts.map(|text| {
        events::changed(|event| {
            event["data"]["name"] = text.into();
            event["data"]["model"] = text.into();
        })
    }));
}

#[test]
fn hands_any_unicode_in_a_text_to_the_handler() {
    let texts = ["Mühlenweg 4, Łódź", "屋顶", "🔌\u{202e}", "line\nbreak\r\n\u{1b}[31m\u{0}", "\u{2028}\u{feff}"];
    assert_handled(texts.map(|text| events::changed(|event| event["data"]["model"] = text.into())));
}

#[test]
fn reads_escaped_names_as_the_names_that_they_are() {
    let good = String::from_utf8(events::good()).unwrap();
    assert_handled([good.replace(r#""type""#, r#""t\u0079pe""#).replace("appliance/online", r"appliance\/online")]);
}

#[test]
fn asks_for_no_particular_content_type() {
    let receiver = Receiver::start();
    let good = events::good();
    let signature = crate::common::sign(crate::common::SECRET, &good);
    let request = Request::new("POST", EVENTS).body(good).header("X-Signature", signature);
    receiver.answer(&request).assert_bare(204);
    for content_type in ["application.json", "text/plain", "application/cloudevents+json; charset=utf-8", "", "\u{e9}"]
    {
        receiver.answer(&request.clone().header("Content-Type", content_type)).assert_bare(204);
    }
}
