//! The document that the generated crate gives of itself says what `webhooks.yaml` says.

#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

mod difference;
mod normal;
mod schema;

use serde::Deserialize;
use serde_json::Value;
use spec_tools::document::Document;

use difference::differences;
use schema::Names;

#[derive(Deserialize)]
struct Change {
    place: String,
    patch: json_patch::Patch,
}

fn spec() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../webhooks.yaml");
    Document::load(path).expect("webhooks.yaml is readable").value().clone()
}

fn ours() -> Value {
    serde_json::to_value(webhook_api::openapi::document()).expect("the document is JSON")
}

fn compare(spec: &Value, ours: &Value) -> Vec<String> {
    let names = Names::of(spec);
    differences(&normal(spec, &names), &normal(ours, &names))
}

fn normal(document: &Value, names: &Names) -> Value {
    normal::Document::new(document, names).normal()
}

#[test]
fn the_crate_says_what_the_spec_says() {
    let found = compare(&spec(), &ours());
    assert!(found.is_empty(), "{} differences; type `make regen`:\n{}", found.len(), found.join("\n"));
}

/// Every line of `changes.json` is a change to the spec that must be seen, and where.
#[test]
fn every_change_of_the_spec_is_a_difference() {
    let changes: Vec<Change> = serde_json::from_str(include_str!("changes.json")).expect("changes.json is a list");
    let (spec, ours) = (spec(), ours());
    let names = Names::of(&spec);
    let normal_ours = normal(&ours, &names);
    let mut unseen = Vec::new();
    for Change { place, patch } in changes {
        let mut changed = spec.clone();
        json_patch::patch(&mut changed, &patch).unwrap_or_else(|error| panic!("{place}: {error}"));
        let changed_names = Names::of(&changed);
        let found = if changed_names == names {
            differences(&normal(&changed, &names), &normal_ours)
        } else {
            compare(&changed, &ours)
        };
        if !found.iter().any(|difference| difference.starts_with(&place)) {
            unseen.push(format!("{place} was changed; seen: {found:?}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}
