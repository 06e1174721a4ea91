//! Examples: the tests send them and the documentation shows them, so each must fit its schema.

use std::collections::HashMap;

use serde_json::Value;

use super::report::Findings;
use super::rule::Rule;
use super::schema::Schemas;
use super::view::{Operation, View};
use super::walk::walk;
use crate::document::{Document, Node};

/// Keywords of which a schema has at least one.
const SCHEMA_KEYWORDS: &[&str] = &["type", "properties", "items", "enum", "oneOf", "anyOf", "allOf", "format"];

/// A value and the schema that it should fit.
struct Example<'a> {
    /// The name among several.
    name: Option<&'a str>,
    node: Node<'a>,
    schema: String,
    /// The media type object, or whatever else holds the example.
    holder: String,
}

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    // A validator would not come back from a schema that includes itself; that is a finding of its own.
    if findings.has(Rule::SchemaCircular) {
        return;
    }
    let mut receivers: HashMap<&str, &Operation<'_>> = HashMap::new();
    for operation in &view.operations {
        receivers.extend(operation.contents.iter().map(|content| (content.pointer.as_str(), operation)));
    }
    let mut schemas = Schemas::new(view.document);
    for example in collect(view.document) {
        let operation = receivers.get(example.holder.as_str()).copied();
        if let Some(operation) = operation {
            event(operation, &example, findings);
        }
        fit(&mut schemas, operation, &example, findings);
    }
}

fn collect(document: &Document) -> Vec<Example<'_>> {
    let mut examples = Vec::new();
    walk(&document.root(), &mut |node| {
        let mut add = |name, value, schema: &Node<'_>| {
            examples.push(Example { name, node: value, schema: schema.pointer.clone(), holder: node.pointer.clone() });
        };
        if let Some(schema) = node.child("schema") {
            if let Some(value) = node.child("example") {
                add(None, value, &schema);
            }
            for (name, entry) in node.child("examples").iter().flat_map(Node::members) {
                let Ok(entry) = document.resolve(&entry.pointer) else { continue };
                if let Some(value) = entry.child("value") {
                    add(Some(name), value, &schema);
                }
            }
        } else if is_schema(node) {
            let values = [node.child("example"), node.child("default")].into_iter().flatten();
            values.for_each(|value| add(None, value, node));
            node.child("examples").iter().flat_map(Node::items).for_each(|value| add(None, value, node));
        }
    });
    examples
}

fn is_schema(node: &Node<'_>) -> bool {
    SCHEMA_KEYWORDS.iter().any(|keyword| node.value.get(keyword).is_some()) && node.text("$ref").is_none()
}

/// An example that is named after an event shows that event, and an endpoint for one event shows that one.
fn event(operation: &Operation<'_>, example: &Example<'_>, findings: &mut Findings<'_>) {
    let Some(pointer) = operation.type_pointer() else { return };
    let Some(shown) = example.node.value.pointer(&pointer).and_then(Value::as_str) else { return };
    let meant = unaliased(operation, shown);
    let is_event = |name: &str| operation.events.iter().any(|event| event.name == name);
    let named = example.name.map(|name| unaliased(operation, name)).filter(|name| is_event(name));
    let expected = match (named, operation.events.as_slice()) {
        (Some(name), _) => name,
        (None, [only]) if !only.is_mapped => &only.name,
        (None, _) => return,
    };
    // What is no event at all does not fit the discriminator either, and is found there.
    let is_known = is_event(meant) || operation.events.iter().all(|event| !event.is_mapped);
    if is_known && meant != expected {
        let found = format!("the example is of the event `{shown}`, where `{expected}` belongs");
        let place = format!("{}{pointer}", example.node.pointer);
        findings.add(Rule::ExampleOfAnotherEvent, &place, found, "correct the type, or the name of the example");
    }
}

fn unaliased<'n>(operation: &'n Operation<'_>, name: &'n str) -> &'n str {
    operation.rule.as_ref().and_then(|rule| rule.aliases.get(name)).map_or(name, String::as_str)
}

fn fit(
    schemas: &mut Schemas<'_>,
    operation: Option<&Operation<'_>>,
    example: &Example<'_>,
    findings: &mut Findings<'_>,
) {
    let node = &example.node;
    let values: Vec<(String, Value)> = match (operation, node.value) {
        (Some(operation), Value::Array(_)) if operation.is_batch() && !takes_lists(&example.schema, schemas) => {
            node.items().map(|item| (item.pointer, item.value.clone())).collect()
        }
        _ => vec![(node.pointer.clone(), node.value.clone())],
    };
    for (place, mut value) in values {
        if let Some(operation) = operation {
            write_type_as_declared(operation, &mut value);
        }
        match schemas.misfits(&example.schema, &value) {
            Ok(misfits) => {
                for misfit in misfits {
                    let place = format!("{place}{}", misfit.pointer);
                    let remedy = "correct the example, or the schema if the provider really sends this";
                    findings.add(Rule::ExampleUnfit, &place, misfit.message, remedy);
                }
            }
            // A `$ref` to nothing has been found already.
            Err(_) if findings.has(Rule::ReferenceBroken) || findings.has(Rule::MappingBroken) => {}
            Err(fault) => {
                let found = format!("no validator takes this: {}", fault.message);
                findings.add(Rule::SchemaUnusable, &fault.pointer, found, "correct it");
            }
        }
    }
}

fn takes_lists(schema: &str, schemas: &Schemas<'_>) -> bool {
    schemas.document().resolve(schema).is_ok_and(|schema| schema.text("type") == Some("array"))
}

/// An alias is fine on the wire but stands in no schema.
fn write_type_as_declared(operation: &Operation<'_>, value: &mut Value) {
    let Some(place) = operation.type_pointer().and_then(|pointer| value.pointer_mut(&pointer)) else { return };
    let meant = place.as_str().map(|shown| unaliased(operation, shown).to_owned());
    if let Some(meant) = meant {
        *place = Value::String(meant);
    }
}
