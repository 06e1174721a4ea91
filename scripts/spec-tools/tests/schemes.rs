//! How well-known providers sign, said in `x-webhook-signature` alone: one folder below `tests/schemes` for each.
//!
//! `spec check` must find nothing wrong with it, and `expected.txt` is the constant that `spec prepare` and the template
//! make of it. The receiver's own tests include these very texts and hold them against what the providers publish, so
//! that between the YAML and the published example nothing is written by hand.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use spec_tools::check::check;
use spec_tools::document::Document;
use spec_tools::prepare::prepare;

/// The base spec of the checks, with the operations guarded by the scheme of `case` alone.
fn spec(case: &Path, name: &str) -> Value {
    let scheme = Document::load(case.join("scheme.yaml")).unwrap();
    let base = Document::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/base.yaml")).unwrap();
    let mut spec = base.value().clone();
    spec["components"]["securitySchemes"] = json!({ (name): scheme.value() });
    for path in spec["paths"].as_object_mut().unwrap().values_mut() {
        path["post"]["security"] = json!([{ (name): [] }]);
    }
    spec
}

/// What the template makes of a prepared scheme: a Rust expression.
fn rendered(scheme: &Value) -> String {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/schemes.mustache");
    let template = fs::read_to_string(template).unwrap();
    let (_, fields) = template.split_once("SignatureScheme = SignatureScheme {\n").unwrap();
    let (fields, _) = fields.split_once("};\n").unwrap();
    let parts: String =
        scheme["signed"].as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned() + ", ").collect();
    let mut text = fields.replace("{{#signed}}{{{.}}}, {{/signed}}", parts.trim_end_matches(", "));
    for (name, value) in scheme.as_object().unwrap() {
        if let Some(value) = value.as_str() {
            text = text.replace(&format!("{{{{{{{name}}}}}}}"), value);
        }
    }
    assert!(!text.contains("{{"), "the template has a place that nothing fills: {text}");
    format!("SignatureScheme {{\n{text}}}")
}

#[test]
fn each_provider_s_scheme_is_said_in_yaml_alone() {
    golden::hold(&golden::cases("schemes"), |case| {
        let name = case.file_name().unwrap().to_str().unwrap();
        let spec = spec(case, name);
        let report = check(&Document::from_value("webhooks.yaml", spec.clone()));
        assert!(report.is_ok(), "{name}: {report}");
        let prepared = prepare(&spec, "digest").unwrap();
        rendered(&prepared.document["components"]["securitySchemes"][name]["x-scheme"])
    });
}
