//! The models read what the spec promises, keep what it does not, and refuse what it rules out.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

mod json;
mod list;

use std::collections::HashMap;

use serde_json::{Value, json};
use spec_tools::document::Document;
use webhook_api::PROVIDERS;
use webhook_api::models::{ApplianceEvent, ApplianceKind, EvMeasuredChargeState, GridxEvent};

use json::{aliases, by_first_names, members, same, without};
use list::{by_schema, rewrite};

/// Every example of the spec: its event type, its schema and its value.
fn examples() -> impl Iterator<Item = (&'static str, &'static str, Value)> {
    PROVIDERS.iter().flat_map(|provider| provider.events()).filter_map(|(_, event)| {
        let value = serde_json::from_str(event.example?).expect("the example is JSON");
        Some((event.name, event.schema, value))
    })
}

fn first_names() -> HashMap<String, String> {
    let spec =
        Document::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../webhooks.yaml")).expect("the spec is readable");
    let mut found = HashMap::new();
    aliases(&spec.value()["components"]["schemas"], &mut found);
    found
}

fn example(event_type: &str) -> Value {
    let mut found = examples().filter(|(name, ..)| *name == event_type).map(|(.., value)| value);
    found.next().unwrap_or_else(|| panic!("the spec has no example of {event_type}"))
}

fn changed(event_type: &str, pointer: &str, value: Value) -> Value {
    let mut example = example(event_type);
    *example.pointer_mut(pointer).expect("the example has the member") = value;
    example
}

#[test]
fn every_event_has_an_example() {
    for (_, event) in PROVIDERS.iter().flat_map(|provider| provider.events()) {
        assert!(event.example.is_some(), "{}", event.name);
    }
}

#[test]
fn every_example_comes_out_as_it_went_in() {
    let aliases = first_names();
    for (name, schema, value) in examples() {
        let written = by_schema(schema)(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(same(&by_first_names(&value, &aliases), &written), "{name}: {value}\nwas written as {written}");
    }
}

#[test]
fn every_example_comes_out_of_its_union_as_it_went_in() {
    let aliases = first_names();
    for endpoint in
        PROVIDERS.iter().flat_map(|provider| provider.endpoints).filter(|endpoint| endpoint.events.len() > 1)
    {
        let union = by_schema(endpoint.body.as_ref().expect("the endpoint has a body").schema);
        for event in endpoint.events {
            let value: Value = serde_json::from_str(event.example.expect("an example")).expect("the example is JSON");
            let written = union(&value).unwrap_or_else(|error| panic!("{}: {error}", event.name));
            assert!(
                same(&by_first_names(&value, &aliases), &written),
                "{}: {value}\nwas written as {written}",
                event.name
            );
        }
    }
}

#[test]
fn a_missing_member_is_refused_if_it_is_required_and_only_then() {
    let document = serde_json::to_value(webhook_api::openapi::document()).expect("the document is JSON");
    for (name, schema, value) in examples() {
        for (member, required) in members(&document, schema, &value) {
            let outcome = by_schema(schema)(&without(&value, &member));
            assert_eq!(outcome.is_err(), required, "{name} without {member}: {outcome:?}");
        }
    }
}

#[test]
fn members_that_the_spec_does_not_know_are_ignored() {
    let mut value = example("appliance/online");
    value["data"]["newMember"] = json!({"a": [1]});
    value["newMember"] = json!(1);
    let written = rewrite::<ApplianceEvent>(&value).expect("additions are no fault");
    assert!(same(&example("appliance/online"), &written));
}

#[test]
fn values_that_the_spec_does_not_know_are_kept() {
    let value = changed("appliance/online", "/data/kind", json!("FUSION"));
    let event: ApplianceEvent = serde_json::from_value(value.clone()).expect("enumerations are open");
    assert_eq!(event.data.kind, Some(ApplianceKind::Other("FUSION".to_owned())));
    assert!(same(&value, &serde_json::to_value(event).expect("it is written")));
}

#[test]
fn known_values_are_told_apart_even_the_empty_one() {
    assert_eq!(EvMeasuredChargeState::from("NO_POWER"), EvMeasuredChargeState::NoPower);
    assert_eq!(EvMeasuredChargeState::from(""), EvMeasuredChargeState::Empty);
    assert_eq!(EvMeasuredChargeState::from("no_power").as_str(), "no_power");
    assert!(EvMeasuredChargeState::KNOWN.contains(&""));
}

#[test]
fn a_value_of_another_type_is_refused() {
    for (pointer, value) in [
        ("/data/kind", json!(7)),
        ("/data/applianceID", json!("no uuid")),
        ("/data/firmware", json!(2)),
        ("/time", json!("yesterday")),
        ("/data", json!([])),
    ] {
        let outcome = rewrite::<ApplianceEvent>(&changed("appliance/online", pointer, value));
        assert!(outcome.is_err(), "{pointer}: {outcome:?}");
    }
}

#[test]
fn a_value_beyond_a_limit_is_refused_and_named() {
    let fault =
        rewrite::<ApplianceEvent>(&changed("appliance/online", "/source", json!(""))).expect_err("minLength: 1");
    assert!(fault.contains("source"), "{fault}");
}

#[test]
fn a_union_knows_its_variants_and_keeps_the_rest() {
    let known: GridxEvent = serde_json::from_value(example("appliance/online")).expect("it is known");
    assert!(matches!(known, GridxEvent::ApplianceOnline(_)), "{known:?}");

    for unknown in
        [json!({"type": "appliance/moved", "data": {"x": 1.5}}), json!({"id": 1}), json!({"type": 3}), json!([])]
    {
        let kept: GridxEvent = serde_json::from_value(unknown.clone()).expect("unions are open");
        assert_eq!(kept, GridxEvent::Other(unknown.clone()));
        assert_eq!(serde_json::to_value(kept).expect("it is written"), unknown);
    }

    let unfit = serde_json::from_value::<GridxEvent>(without(&example("appliance/online"), "/data/gatewayID"));
    assert!(unfit.expect_err("a known type must fit its schema").to_string().contains("gatewayID"));
}

#[test]
fn a_time_is_written_as_it_was_read() {
    for text in ["2026-07-01T08:15:00Z", "2026-07-01T10:15:00.120+02:00", "2026-07-01t08:15:00.000000001z"] {
        let value = changed("appliance/online", "/time", json!(text));
        let written = rewrite::<ApplianceEvent>(&value).expect("it is a time of RFC 3339");
        assert_eq!(written["time"], text);
    }
}
