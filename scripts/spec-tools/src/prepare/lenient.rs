//! Which schemas are not insisted on: all of a spec that knows nothing of receivers, or those of a provider whose tag says
//! so.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use super::schema::{self, Spec};
use crate::source::Leniency;

/// The extension of a tag.
const MODELS: &str = "x-webhook-models";

/// Whether the events of a tag are read leniently.
pub(super) fn is_lenient(spec: Spec<'_>, tag: &str) -> bool {
    let tags = spec.at("/tags").and_then(Value::as_array).into_iter().flatten();
    let mut declared = tags.filter(|declared| schema::text(declared, "name") == tag);
    let said = declared.find_map(|tag| tag.get(MODELS));
    said.map_or(spec.lenient, |said| Leniency::deserialize(said).is_ok_and(|said| said == Leniency::Lenient))
}

/// The components that are read leniently: those that lenient providers alone have.
pub(super) fn components(spec: Spec<'_>) -> HashSet<String> {
    let (mut lenient, mut strict) = (HashSet::new(), HashSet::new());
    if spec.lenient {
        lenient.extend(spec.components("schemas").map(|(name, _)| name.to_owned()));
    }
    let paths = spec.at("/paths").and_then(Value::as_object).into_iter().flatten();
    for operation in paths.filter_map(|(_, item)| spec.resolve(item)?.as_object()).flat_map(|item| item.values()) {
        let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or_default();
        reach(spec, operation, if is_lenient(spec, tag) { &mut lenient } else { &mut strict });
    }
    lenient.retain(|name| !strict.contains(name));
    lenient
}

/// Every target that a value refers to, and what those refer to; of components the name.
fn reach(spec: Spec<'_>, value: &Value, seen: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str)
                && seen.insert(schema::referenced(value).unwrap_or(target).to_owned())
                && let Some(found) = target.strip_prefix('#').and_then(|pointer| spec.at(pointer))
            {
                reach(spec, found, seen);
            }
            members.values().for_each(|value| reach(spec, value, seen));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(spec, item, seen)),
        _ => {}
    }
}
