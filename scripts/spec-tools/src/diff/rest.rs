//! What the other comparisons do not look at: extensions and keywords that no rule has a word for, and schemas that no
//! event reaches. Nothing that changes may go unsaid.

use std::collections::BTreeSet;

use serde_json::Value;

use super::endpoint::Pair;
use super::finding::{Findings, new, old};
use super::references::reached;
use super::rule::Rule;
use crate::check::view::View;
use crate::document::Document;
use crate::pointer;

/// The members of an operation that other comparisons, or that of texts, look at.
const KNOWN: &[&str] = &[
    "callbacks",
    "deprecated",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "servers",
    "summary",
    "tags",
    "x-webhook-batch",
    "x-webhook-challenge",
    "x-webhook-event",
    "x-webhook-event-id",
    "x-webhook-negotiation",
    "x-webhook-ordering-key",
];

/// What an operation says in words that nobody knows.
pub(super) fn operation(pair: Pair<'_, '_>, findings: &mut Findings<'_>, events: &[String]) {
    let (was, is) = (&pair.old.node, &pair.new.node);
    let keys: BTreeSet<&str> = was.members().chain(is.members()).map(|(name, _)| name).collect();
    let is_strange = |key: &&str| !KNOWN.contains(key) && (key.starts_with("x-webhook-") || !key.starts_with("x-"));
    for key in keys.into_iter().filter(is_strange).filter(|key| was.value.get(*key) != is.value.get(*key)) {
        let place = new(&pointer::child(&is.pointer, key));
        findings.add(Rule::Unjudged, place, format!("`{key}` changes"), events.iter().map(String::as_str));
    }
}

/// Schemas that differ and that no event reaches, before or after.
pub(super) fn unused(before: &View<'_>, after: &View<'_>, findings: &mut Findings<'_>) {
    let names: BTreeSet<String> = names(before.document).chain(names(after.document)).collect();
    let (was, is) = (reached(before), reached(after));
    for name in names {
        let place = pointer::child("/components/schemas", &name);
        let value = |document: &Document| document.node(&place).map(|node| node.value.clone());
        let (earlier, later) = (value(before.document), value(after.document));
        if earlier == later || was.contains(&place) || is.contains(&place) {
            continue;
        }
        let (at, verb) = match (&earlier, &later) {
            (None, _) => (new(&place), "is new"),
            (_, None) => (old(&place), "is gone"),
            _ => (new(&place), "changes"),
        };
        findings.add(Rule::SchemaUnused, at, format!("`{name}` {verb}"), []);
    }
}

/// A change that nothing was found for: only the order of things may change silently.
pub(super) fn silent(before: &Document, after: &Document, findings: &mut Findings<'_>) {
    if findings.is_empty() && sorted(before.value()) != sorted(after.value()) {
        let schemas = |document: &Document| document.value().pointer("/components/schemas").map(sorted);
        let (rule, found) = if schemas(before) == schemas(after) {
            (Rule::Unjudged, "the documents differ in something that no rule looks at")
        } else {
            (Rule::Metadata, "schemas are written in another way that allows the same values")
        };
        findings.add(rule, new(""), found, []);
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn names(document: &Document) -> impl Iterator<Item = String> {
    let schemas = document.value().pointer("/components/schemas").and_then(Value::as_object);
    schemas.into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>().into_iter()
}
