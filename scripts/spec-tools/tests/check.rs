//! What `spec check` finds: one folder below `tests/check` for each case, with a whole spec or a change to `base.yaml`.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use spec_tools::check::{Rule, check};
use spec_tools::document::Document;
use spec_tools::pointer;

/// A whole spec keeps its lines; a changed one has none, so that a new line in `base.yaml` changes no other case.
fn spec(case: &Path) -> Document {
    let whole = case.join("webhooks.yaml");
    if whole.exists() {
        return Document::parse("webhooks.yaml", &fs::read_to_string(whole).unwrap()).unwrap();
    }
    let base = Document::load(case.with_file_name("base.yaml")).unwrap();
    let patch = Document::load(case.join("patch.yaml")).unwrap();
    let patch: json_patch::Patch = serde_json::from_value(patch.value().clone()).unwrap();
    let mut value = base.value().clone();
    json_patch::patch(&mut value, &patch).unwrap();
    Document::from_value("webhooks.yaml", value)
}

#[test]
fn finds_what_each_case_expects() {
    golden::hold(&golden::cases("check"), |case| check(&spec(case)).to_string());
}

#[test]
fn every_rule_has_a_case() {
    if golden::is_updating() {
        return;
    }
    let expected: String =
        golden::cases("check").iter().map(|case| fs::read_to_string(case.join("expected.txt")).unwrap()).collect();
    let is_tested = |rule: &Rule| expected.contains(&format!("[{}]\n", rule.id()));
    let untested: Vec<&str> = Rule::ALL.iter().filter(|rule| !is_tested(rule)).map(|rule| rule.id()).collect();
    assert!(untested.is_empty(), "add a case for {untested:?}");
}

/// Every value of the base spec in turn, made into something that does not belong there.
#[test]
fn finds_an_end_whatever_stands_where() {
    let base = Document::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/base.yaml")).unwrap();
    let strangers = [json!(null), json!(-7), json!("/x"), json!([{}]), json!({"$ref": "#/components/schemas/Parcel"})];
    for (index, pointer) in pointers("", base.value()).into_iter().enumerate() {
        let mut value = base.value().clone();
        *value.pointer_mut(&pointer).unwrap() = strangers[index % strangers.len()].clone();
        let report = check(&Document::from_value("webhooks.yaml", value)).to_string();
        assert!(!report.is_empty());
    }
}

fn pointers(pointer: &str, value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (pointer::child(pointer, name), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, value)| (pointer::item(pointer, i), value)).collect(),
        _ => Vec::new(),
    };
    let below = children.iter().flat_map(|(pointer, value)| pointers(pointer, value));
    std::iter::once(pointer.to_owned()).chain(below).collect()
}

#[test]
fn the_project_s_own_spec_is_fine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../webhooks.yaml");
    let report = check(&Document::load(path).unwrap());
    assert!(report.is_ok(), "{report}");
}
