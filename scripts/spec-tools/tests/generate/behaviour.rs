//! How the generated crate behaves. Runs inside of it.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use validator::Validate;
use webhook_api::models::*;

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

fn rewritten<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    serde_json::to_value(read::<T>(value).unwrap()).unwrap()
}

fn is_fit<T: DeserializeOwned + Validate>(value: &Value) -> bool {
    read::<T>(value).unwrap().validate().is_ok()
}

#[test]
fn tells_the_document() {
    let document = serde_json::to_string(&webhook_api::openapi::document()).unwrap();
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/document.json"), document).unwrap();
}

#[test]
fn what_is_required_and_may_be_null_must_be_there() {
    let least = json!({"mustBeThere": null, "plain": "", "anything": null});
    assert_eq!(rewritten::<NullsEvent>(&least), least);
    for name in ["mustBeThere", "plain", "anything"] {
        let mut without = least.clone();
        without.as_object_mut().unwrap().remove(name);
        assert!(read::<NullsEvent>(&without).is_err(), "{name}");
    }
    assert!(read::<NullsEvent>(&json!({"mustBeThere": null, "plain": null, "anything": null})).is_err());
}

#[test]
fn lists_and_maps_keep_their_nulls() {
    let whole = json!({
        "mustBeThere": "x", "plain": "", "anything": [1],
        "items": [1, null], "parts": [null, {"x": "y"}], "values": {"a": null, "b": "c"}
    });
    assert_eq!(rewritten::<NullsEvent>(&whole), whole);
}

#[test]
fn values_that_look_alike_stay_apart() {
    for name in ["fooBar", "FooBar", "foo_bar", "foo-bar", "FOO_BAR", "fooBAR"] {
        assert_eq!(EnumerationsEventCollisions::from(name).as_str(), name);
    }
    assert_eq!(EnumerationsEventWords::from("Other"), EnumerationsEventWords::Other);
    assert_eq!(EnumerationsEventWords::from("new"), EnumerationsEventWords::Other3("new".to_owned()));
    assert_eq!(EnumerationsEventSigns::from(""), EnumerationsEventSigns::Empty);
}

#[test]
fn names_on_the_wire_are_the_spec_s() {
    let names = ["type", "self", "Self", "super", "crate", "async", "gen", "_", "", "$ref", "@id", "2fa", "userID"];
    let more = ["user_id", "UserId", "größe", "日本", "a.b-c/d e", "quote\""];
    let whole: Value = names.into_iter().chain(more).map(|name| (name.to_owned(), json!(name))).collect();
    assert_eq!(rewritten::<ComExampleEventV1>(&whole), whole);
}

#[test]
fn what_contains_itself_is_read_and_written() {
    let whole = json!({
        "next": {"next": {}}, "left": {"right": {"left": {}}}, "node": {"children": [{"children": []}]},
        "value": {"a": 1.5, "b": {"a": 2.5, "b": 3.5}}, "same": [[], [[]]]
    });
    assert_eq!(rewritten::<RecursionEvent>(&whole), whole);
}

#[test]
fn limits_hold() {
    for (fit, unfit) in [
        (json!({"text": "abcde"}), json!({"text": "abcdef"})),
        (json!({"text": "äöüßé"}), json!({"text": ""})),
        (json!({"items": ["ab"]}), json!({"items": []})),
        (json!({"items": ["ab", "abc"]}), json!({"items": ["ab", "a"]})),
        (json!({"scores": [1, null]}), json!({"scores": [1, 0]})),
        (json!({"tags": ["ab", "abc"]}), json!({"tags": ["ab", "abcd"]})),
        (json!({"tags": null}), json!({"tags": ["AB"]})),
        (json!({"prices": {"a": 0.5}}), json!({"prices": {"a": 0.5, "b": 0}})),
        (json!({"small": -5}), json!({"small": -6})),
        (json!({"above": 1}), json!({"above": 0})),
        (json!({"below": 9}), json!({"below": 10})),
        (json!({"positive": 1}), json!({"positive": 0})),
        (json!({"ratio": 1}), json!({"ratio": 1.01})),
        (json!({"percent": 0}), json!({"percent": -1})),
        (json!({"code": "ABC"}), json!({"code": "ABc"})),
        (json!({"CODE": "\"1\\"}), json!({"CODE": "1"})),
        (json!({"part": {"x": "y"}}), json!({"part": {"x": ""}})),
        (json!({"parts": [{"x": "y"}]}), json!({"parts": [{}, {"x": ""}]})),
    ] {
        assert!(is_fit::<LimitsAndPatternsEvent>(&fit), "{fit}");
        assert!(!is_fit::<LimitsAndPatternsEvent>(&unfit), "{unfit}");
    }
    for unreadable in [json!({"byte": 256}), json!({"whole": -1}), json!({"small": 3_000_000_000_u64})] {
        assert!(read::<LimitsAndPatternsEvent>(&unreadable).is_err(), "{unreadable}");
    }
}

#[test]
fn limits_hold_in_maps() {
    let event = |size: i64| {
        let part = json!({"size": size});
        json!({"free": {}, "anything": 1, "parts": {"a": part}, "lists": {"a": [part]}})
    };
    assert!(is_fit::<MapsAndFreeObjectsEvent>(&event(1)));
    assert!(!is_fit::<MapsAndFreeObjectsEvent>(&event(0)));
    let least = json!({"free": {"a": [1]}, "anything": {"b": null}, "labels": {}});
    assert_eq!(rewritten::<MapsAndFreeObjectsEvent>(&least), least);
    assert!(!is_fit::<MapsAndFreeObjectsEvent>(&least), "labels may not be empty");
}

#[test]
fn unions_choose_by_tag_or_by_shape() {
    let tagged = json!({"kind": "two.v1", "choice": {"a": "x"}});
    assert_eq!(rewritten::<UnionsMapped>(&tagged), tagged);
    assert!(matches!(read(&tagged).unwrap(), UnionsMapped::TwoV1(_)));
    assert!(matches!(read(&json!({"kind": "three"})).unwrap(), UnionsMapped::Other2(_)));

    assert!(matches!(read(&json!("text")).unwrap(), UnionsAny::ShortForm(_)));
    assert!(matches!(read(&json!(7)).unwrap(), UnionsAny::Integer(_)));
    assert!(matches!(read(&json!([{}])).unwrap(), UnionsAny::Array(_)));
    for whole in [json!("text"), json!(7), json!(7.5), json!([{}]), json!(null), json!({"a": "b"})] {
        assert_eq!(rewritten::<UnionsAny>(&whole), whole);
    }
}

#[test]
fn a_lenient_provider_refuses_nothing_and_others_still_do() {
    let odd = json!({"text": 1, "number": 1, "own": {"x": 1, "y": null}, "both": {"x": "long"}, "z": []});
    for whole in [json!({}), odd] {
        assert_eq!(rewritten::<LenientProvidersLoose>(&whole), whole);
    }
    assert!(read::<LenientProvidersTight>(&json!({})).is_err());
    assert!(!is_fit::<LenientProvidersTight>(&json!({"both": {"x": "long"}})));
}
