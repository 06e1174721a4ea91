//! What schemas refer to: which of them an event reaches, and which are the same with all that they are made of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::check::view::{View, mapping_target};
use crate::document::Document;
use crate::pointer;

/// The pointers to everything that operations refer to, in one step or in many.
pub(super) fn reached(view: &View<'_>) -> BTreeSet<String> {
    let mut open = Vec::new();
    view.operations.iter().for_each(|operation| collect(operation.node.value, &mut open));
    let mut found = BTreeSet::new();
    while let Some(target) = open.pop() {
        if let Some(value) = view.document.value().pointer(&target)
            && found.insert(target)
        {
            collect(value, &mut open);
        }
    }
    found
}

/// The pointers to the component schemas that differ between two documents, or refer to one that does.
pub(super) fn changed(before: &Document, after: &Document) -> BTreeSet<String> {
    let (was, is) = (schemas(before), schemas(after));
    let mut changed: BTreeSet<String> =
        was.keys().chain(is.keys()).filter(|place| was.get(*place) != is.get(*place)).cloned().collect();
    let mut users: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (place, value) in was.iter().chain(&is) {
        let mut targets = Vec::new();
        collect(value, &mut targets);
        for target in targets {
            users.entry(target).or_default().push(place);
        }
    }
    let mut open: Vec<String> = changed.iter().cloned().collect();
    while let Some(place) = open.pop() {
        for user in users.get(&place).into_iter().flatten() {
            if changed.insert((*user).clone()) {
                open.push((*user).clone());
            }
        }
    }
    changed
}

fn schemas(document: &Document) -> BTreeMap<String, &Value> {
    let all = document.value().pointer("/components/schemas").and_then(Value::as_object);
    all.into_iter().flatten().map(|(name, schema)| (pointer::child("/components/schemas", name), schema)).collect()
}

/// The targets of every `$ref` and mapping in a value.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("$ref", Value::String(target)) => found.push(mapping_target(target)),
                    ("mapping", Value::Object(mapping)) => {
                        found.extend(mapping.values().filter_map(Value::as_str).map(mapping_target));
                    }
                    ("example" | "examples", _) => {}
                    _ => collect(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
