//! The real generator, the templates and the compiler on one spec that holds every case of `tests/prepare`: what comes
//! out must build without a warning, be formatted, document itself, behave, and say what it says.
//!
//! Builds in a workspace of its own below `target/tmp`, which keeps what it has compiled for the next time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

#[path = "../openapi/difference.rs"]
mod difference;
#[path = "../golden/mod.rs"]
mod golden;
#[path = "../openapi/normal.rs"]
mod normal;
#[path = "../openapi/schema.rs"]
mod schema;
mod spec;
mod workspace;

use serde_json::Value;

use workspace::Workspace;

/// One test, because each step needs the one before it.
#[test]
fn odd_specs_become_crates_like_any_other() {
    let spec = spec::of_every_case();
    let prepared = spec_tools::prepare::prepare(&spec, "digest").unwrap();
    let workspace = Workspace::new("generate");
    workspace.generate(&prepared.document);
    workspace.write("tests/behaviour.rs", include_str!("behaviour.rs"));
    workspace.cargo(&["fmt", "--all", "--check"]);
    workspace.cargo(&["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
    workspace.cargo(&["doc", "--quiet", "--no-deps"]);
    workspace.cargo(&["test", "--quiet"]);

    let ours: Value = serde_json::from_str(&workspace.read("document.json")).unwrap();
    let names = schema::Names::of(&spec);
    let normal = |root| normal::Document::new(root, &names).normal();
    let differences = difference::differences(&normal(&spec), &normal(&ours));
    let case = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generate");
    golden::hold(&[case], |_| format!("{}\n{}", prepared.warnings.join("\n"), differences.join("\n")));
}
