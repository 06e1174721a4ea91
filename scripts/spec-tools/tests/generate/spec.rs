//! One spec out of many.

use serde_json::{Map, Value};
use spec_tools::document::Document;

use crate::golden;

/// Every case of `tests/prepare` in one spec. Those of `names` keep their names; the schemas of others are called
/// after their case too.
pub(crate) fn of_every_case() -> Value {
    let mut whole = Value::Object(Map::new());
    for case in golden::cases("prepare") {
        let name = case.file_name().unwrap().to_str().unwrap().replace('-', "_");
        let mut spec = Document::load(case.join("webhooks.yaml")).unwrap().value().clone();
        if name != "names" {
            rename(&mut spec, &name);
        }
        merge(&mut whole, spec);
    }
    whole
}

fn rename(spec: &mut Value, case: &str) {
    if let Some(Value::Object(schemas)) = spec.pointer_mut("/components/schemas") {
        let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| (format!("{case}.{name}"), schema));
        *schemas = renamed.collect();
    }
    repoint(spec, case);
}

/// Lets references follow, and the schemas that a discriminator names.
fn repoint(value: &mut Value, case: &str) {
    const COMPONENT: &str = "#/components/schemas/";
    match value {
        Value::String(text) if text.starts_with(COMPONENT) => {
            *text = text.replace(COMPONENT, &format!("{COMPONENT}{case}."));
        }
        Value::Object(members) => {
            for name in members.get_mut("mapping").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
            {
                if name.as_str().is_some_and(|name| !name.starts_with('#')) {
                    *name = format!("{case}.{}", name.as_str().unwrap()).into();
                }
            }
            members.values_mut().for_each(|value| repoint(value, case));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| repoint(value, case)),
        _ => {}
    }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                match into.get_mut(&name) {
                    Some(known) => merge(known, value),
                    None => {
                        into.insert(name, value);
                    }
                }
            }
        }
        (Value::Array(into), Value::Array(from)) => into.extend(from),
        (into, from) => *into = from,
    }
}
