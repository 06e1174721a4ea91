//! Specs as others write them, one file below `tests/specs/corpus` for each construct: one crate of them all must build
//! without a warning, and every example must come back as it went in. With strict models, and with lenient ones.
//!
//! A file has the schemas of one event, which is `Body`; `#/NAME` refers to one of them. What it says beside them:
//! `examples`; `content`, where the body is something else than JSON; `summary`; `models`, where only these can read it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use spec_tools::document::Document;
use spec_tools::source::{Leniency, Settings};

use crate::golden;
use crate::made::{self, Example};
use crate::workspace::Workspace;

/// Every construct with its name, for models of one kind.
fn cases(models: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/corpus");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let case = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut case = Document::load(&path).unwrap().value().clone();
        repoint(&mut case, &name);
        (name, case)
    };
    files.into_iter().map(case).filter(|(_, case)| case.get("models").is_none_or(|only| only == models)).collect()
}

/// `#/Name` in a case is its schema of that name.
fn repoint(value: &mut Value, case: &str) {
    match value {
        Value::String(text) if text.starts_with("#/") => {
            let (schema, rest) = text[2..].split_at(text[2..].find('/').unwrap_or(text.len() - 2));
            *text = format!("#/components/schemas/{}{rest}", component(case, schema));
        }
        Value::Object(members) => members.values_mut().for_each(|value| repoint(value, case)),
        Value::Array(items) => items.iter_mut().for_each(|value| repoint(value, case)),
        _ => {}
    }
}

fn component(case: &str, schema: &str) -> String {
    if schema == "Body" { case.to_owned() } else { format!("{case}.{schema}") }
}

/// One document of all: a webhook for each.
fn whole(cases: &[(String, Value)]) -> Value {
    let (mut webhooks, mut schemas) = (Map::new(), Map::new());
    for (name, case) in cases {
        let own = case["schemas"].as_object().into_iter().flatten();
        schemas.extend(own.map(|(schema, value)| (component(name, schema), value.clone())));
        let summary = case.get("summary").cloned().unwrap_or_else(|| name.as_str().into());
        let body = json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
        let content = case.get("content").cloned().unwrap_or_else(|| json!({ "application/json": body }));
        let post = json!({ "summary": summary, "description": summary, "requestBody": { "content": content } });
        webhooks.insert(name.clone(), json!({ "post": post }));
    }
    let info = json!({ "title": "Corpus", "version": "1" });
    json!({ "openapi": "3.1.0", "info": info, "webhooks": webhooks, "components": { "schemas": schemas } })
}

fn examples(cases: &[(String, Value)]) -> Vec<Example> {
    let of = |(name, case): &(String, Value)| {
        let bodies = case["examples"].as_array().cloned().unwrap_or_default();
        bodies.into_iter().map(|body| Example { event: name.clone(), body }).collect::<Vec<_>>()
    };
    cases.iter().flat_map(of).collect()
}

fn hold(models: Leniency, kind: &str) {
    let (cases, name) = (cases(kind), format!("corpus-{kind}"));
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    fs::write(&file, whole(&cases).to_string()).unwrap();
    let settings = Settings { models: Some(models), provider: Some("corpus".to_owned()), ..Settings::default() };
    let (prepared, said) = made::prepared(&file, &settings);
    let workspace = made::build(&name, Workspace::new(&name), &prepared);
    // The texts of specs are no Markdown, and rustdoc has opinions on what looks like it.
    workspace.cargo(&["doc", "--quiet", "--no-deps"]);
    let told = made::reread(&workspace, &prepared, &examples(&cases));
    let (lines, members) = made::size(&workspace, &prepared);
    println!("{name}: {} constructs, {members} members in {lines} lines of Rust", cases.len());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/corpus").join(kind);
    golden::hold(&[golden], |_| format!("{told}\n{}", said.join("\n")));
}

#[test]
fn strict_models_of_every_construct_build_and_keep_what_they_read() {
    hold(Leniency::Strict, "strict");
}

#[test]
fn lenient_models_of_every_construct_build_and_keep_what_they_read() {
    hold(Leniency::Lenient, "lenient");
}
