//! The outline of the document: its version, its paths, and that every `$ref` leads somewhere.

use std::collections::HashSet;

use serde_json::Value;

use super::report::Findings;
use super::rule::Rule;
use super::view::{View, discriminated, mapping_target, named};
use super::walk::walk;
use crate::document::{Document, Node, ReferenceError};

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    version(view.document, findings);
    paths(view, findings);
    references(view.document, findings);
    mappings(view.document, findings);
    circles(view.document, findings);
}

fn version(document: &Document, findings: &mut Findings<'_>) {
    let remedy = "write `openapi: 3.0.3` (3.0.x and 3.1.x are understood)";
    match document.value().get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") || version.starts_with("3.1.") => {}
        Some(other) => findings.add(Rule::OpenapiVersion, "/openapi", format!("the version is {other}"), remedy),
        None => findings.add(Rule::OpenapiVersion, "", "there is no `openapi` version", remedy),
    }
}

fn paths(view: &View<'_>, findings: &mut Findings<'_>) {
    if view.operations.is_empty() {
        findings.add(Rule::NoOperation, "/paths", "there is no operation", "declare an endpoint below `paths`");
    }
    let paths = view.document.root().child("paths");
    for (path, item) in paths.iter().flat_map(Node::members) {
        if !path.starts_with('/') && !path.starts_with("x-") {
            let found = format!("the path `{path}` does not begin with a slash");
            findings.add(Rule::PathNotAbsolute, &item.pointer, found, format!("write `/{path}`"));
        }
    }
}

fn references(document: &Document, findings: &mut Findings<'_>) {
    walk(&document.root(), &mut |node| {
        if node.text("$ref").is_none() {
            return;
        }
        let Err(error) = document.resolve(&node.pointer) else { return };
        // A fault further along the chain is found where it stands.
        if error.pointer() == node.pointer {
            let (reference, fault, remedy) = match &error {
                ReferenceError::Cyclic { reference, .. } => {
                    (reference, "leads back to itself", "let one of the chain hold a definition")
                }
                ReferenceError::NotLocal { reference, .. } => {
                    (reference, "leaves this file", "move its target in here and refer to `#/...`")
                }
                ReferenceError::Dangling { reference, .. } | ReferenceError::Missing { pointer: reference } => {
                    (reference, "names nothing in this file", "correct it or add what it names")
                }
            };
            findings.add(Rule::ReferenceBroken, &node.pointer, format!("$ref `{reference}` {fault}"), remedy);
        }
    });
}

fn mappings(document: &Document, findings: &mut Findings<'_>) {
    walk(&document.root(), &mut |node| {
        let mapping = node.child("discriminator").and_then(|discriminator| discriminator.child("mapping"));
        if mapping.is_none() {
            return;
        }
        for (name, target) in discriminated(node).into_iter().flatten() {
            let place = crate::pointer::child(&format!("{}/discriminator/mapping", node.pointer), &name);
            mapped(document, &name, &target, &place, findings);
        }
    });
    walk(&document.root(), &mut |node| {
        let events = node.child("x-webhook-event").and_then(|rule| rule.child("events"));
        for (name, target) in events.iter().flat_map(Node::members) {
            let schema = target.value.as_str().map(mapping_target).unwrap_or_default();
            mapped(document, name, &schema, &target.pointer, findings);
        }
    });
}

/// That the schema of an event exists.
fn mapped(document: &Document, name: &str, schema: &str, place: &str, findings: &mut Findings<'_>) {
    if schema.is_empty() || document.node(schema).is_none() {
        let written = document.node(place).map(|target| target.value.clone()).unwrap_or_default();
        let written = written.as_str().map_or_else(|| written.to_string(), str::to_owned);
        let found = format!("`{name}` maps to `{written}`, which does not exist");
        let remedy = "add the schema below components.schemas or correct the name";
        findings.add(Rule::MappingBroken, place, found, remedy);
    }
}

fn circles(document: &Document, findings: &mut Findings<'_>) {
    for (name, schema) in circular(document) {
        let found = format!("the schema `{name}` includes itself without a property or list in between");
        let remedy = "take it out of its own allOf, oneOf or anyOf";
        findings.add(Rule::SchemaCircular, &schema, found, remedy);
    }
}

/// The component schemas that no value can fit because they include themselves.
fn circular(document: &Document) -> Vec<(&str, String)> {
    let schemas: Vec<_> = named(document, "schemas").collect();
    let is_circular = |start: &str| {
        let mut open = parts(document, start);
        let mut seen = HashSet::new();
        while let Some(next) = open.pop() {
            if next == start {
                return true;
            }
            if seen.insert(next.clone()) {
                open.extend(parts(document, &next));
            }
        }
        false
    };
    let circular = schemas.into_iter().filter(|(_, schema)| is_circular(&schema.pointer));
    circular.map(|(name, schema)| (name, schema.pointer)).collect()
}

/// The pointers to the schemas that the one at `pointer` is made of.
fn parts(document: &Document, pointer: &str) -> Vec<String> {
    let Some(schema) = document.node(pointer) else { return Vec::new() };
    let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.child(keyword));
    let members: Vec<String> =
        lists.flat_map(|list| list.items().map(|member| member.pointer).collect::<Vec<_>>()).collect();
    let mapped = if members.is_empty() { None } else { discriminated(&schema) };
    let mapped = mapped.into_iter().flatten().map(|(_, target)| target);
    members.into_iter().chain(mapped).filter_map(|part| Some(document.resolve(&part).ok()?.pointer)).collect()
}
