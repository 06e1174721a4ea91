//! What is read of specs as others publish them: one folder below `tests/source` for each case.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::fs;
use std::path::{Path, PathBuf};

use spec_tools::source::{Settings, Source};

/// The document in one piece, then what a person is told.
fn read(case: &Path) -> String {
    let source = Source::load(&case.join("webhooks.yaml"), &Settings::default()).unwrap();
    let report = spec_tools::check::check(&source.document);
    let told = format!("{}{}{report}", source.warnings.join("\n"), report.warnings());
    let told = told.replace(&format!("{}/", case.display()), "");
    format!("{}\n{told}", serde_json::to_string_pretty(source.document.value()).unwrap())
}

#[test]
fn becomes_one_document_with_a_path_for_each_event() {
    golden::hold(&golden::cases("source"), read);
}

fn scratch(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

fn fault(name: &str, reference: &str) -> String {
    let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{A: {{$ref: '{reference}'}}}}}}\n");
    Source::load(&scratch(name, &text), &Settings::default()).unwrap_err().to_string()
}

#[test]
fn a_reference_that_leads_nowhere_is_named_with_its_reason() {
    assert!(fault("dangling.yaml", "#/components/schemas/B").contains("`#/components/schemas/B` names nothing"));
    assert!(fault("anchor.yaml", "#nowhere").contains("`#nowhere` names nothing"));
    assert!(fault("missing.yaml", "missing/file.yaml#/A").contains("missing/file.yaml: No such file"));
    assert!(fault("remote.yaml", "https://example.com/a.yaml").contains("leads to another machine"));
}

#[test]
fn an_id_stands_for_its_schema_wherever_it_is_used() {
    let text = "openapi: 3.1.0
paths: {}
components:
  schemas:
    A: {$ref: 'https://example.com/b.json#/$defs/C'}
    B: {$id: 'https://example.com/b.json', $defs: {C: {type: integer}}}
";
    let source = Source::load(&scratch("id.yaml", text), &Settings::default()).unwrap();
    let value = source.document.value();
    assert_eq!(value["components"]["schemas"]["A"]["$ref"], "#/components/schemas/B_C");
    assert_eq!(value["components"]["schemas"]["B_C"]["type"], "integer");
}

#[test]
fn the_digest_is_that_of_all_files() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source/files-and-anchors");
    let source = Source::load(&case.join("webhooks.yaml"), &Settings::default()).unwrap();
    let bytes: Vec<u8> = ["webhooks.yaml", "sub/hooks.yaml", "sub/models.yaml"]
        .iter()
        .flat_map(|name| fs::read(case.join(name)).unwrap())
        .collect();
    assert_eq!(source.digest, spec_tools::prepare::digest(&bytes));
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let text = "openapi: 3.1.0\nx-webhook-settings: {endpoint: one}\npaths: {}\n";
    let error = Source::load(&scratch("settings.yaml", text), &Settings::default()).unwrap_err().to_string();
    assert!(error.contains("unknown field `endpoint`"), "{error}");
}
