//! What `spec check` finds: one folder below `tests/check` for each case, with a whole spec or a change to `base.yaml`.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::fs;
use std::path::Path;

use spec_tools::check::{Rule, check};
use spec_tools::document::Document;

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
    let found: Vec<Rule> = golden::cases("check")
        .iter()
        .flat_map(|case| check(&spec(case)).findings)
        .map(|finding| finding.rule)
        .collect();
    let untested: Vec<&str> = Rule::ALL.iter().filter(|rule| !found.contains(rule)).map(|rule| rule.id()).collect();
    assert!(untested.is_empty(), "add a case for {untested:?}");
}

#[test]
fn the_project_s_own_spec_is_fine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../webhooks.yaml");
    let report = check(&Document::load(path).unwrap());
    assert!(report.is_ok(), "{report}");
}
