//! What `spec prepare` makes of a spec for the templates: one folder below `tests/prepare` for each case.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::path::Path;

use serde_json::{Map, Value, json};
use spec_tools::document::Document;
use spec_tools::prepare::prepare_with;
use spec_tools::source::{Leniency, Settings};

/// The parts of a prepared document that the templates render, and the warnings.
fn prepared(case: &Path) -> Value {
    let spec = Document::load(case.join("webhooks.yaml")).unwrap();
    let settings = Settings { models: Some(Leniency::Strict), ..Settings::default() };
    let prepared = prepare_with(spec.value(), "digest", &settings).unwrap();
    let document = prepared.document;
    let parts = |place: &str, name: &str| -> Map<String, Value> {
        let members = document.pointer(place).and_then(Value::as_object).into_iter().flatten();
        members.map(|(key, member)| (key.clone(), member[name].clone())).collect()
    };
    json!({
        "info": document["info"]["x-info"],
        "providers": document["tags"].as_array().unwrap().iter().map(|tag| &tag["x-provider"]).collect::<Vec<_>>(),
        "schemes": parts("/components/securitySchemes", "x-scheme"),
        "models": parts("/components/schemas", "x-model"),
        "warnings": prepared.warnings,
    })
}

/// JSON for people: without what says nothing, and on one line where that fits.
fn readable(value: &Value, indent: usize) -> String {
    const WIDTH: usize = 116;
    let line = value.to_string();
    if line.len() + indent <= WIDTH {
        return line;
    }
    let (pad, end) = (" ".repeat(indent + 2), " ".repeat(indent));
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let name = Value::from(name.as_str());
                format!("{pad}{name}: {}", readable(value, indent + 2))
            });
            format!("{{\n{}\n{end}}}", members.collect::<Vec<_>>().join(",\n"))
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| format!("{pad}{}", readable(item, indent + 2)));
            format!("[\n{}\n{end}]", items.collect::<Vec<_>>().join(",\n"))
        }
        _ => line,
    }
}

fn telling(value: &Value) -> Value {
    let says_nothing = |name: &str, value: &Value| match value {
        Value::Bool(told) => !told,
        Value::String(text) => name != "name" && text == "None",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Null | Value::Number(_) => false,
    };
    match value {
        Value::Object(members) => {
            let told = members.iter().map(|(name, value)| (name.clone(), telling(value)));
            told.filter(|(name, value)| !says_nothing(name, value)).collect()
        }
        Value::Array(items) => items.iter().map(telling).collect(),
        other => other.clone(),
    }
}

#[test]
fn prepares_what_each_case_expects() {
    golden::hold(&golden::cases("prepare"), |case| readable(&telling(&prepared(case)), 0));
}
