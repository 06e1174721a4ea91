//! JSON values as JSON sees them, and the members that a schema asks for.

use std::collections::HashMap;

use serde_json::Value;
use spec_tools::pointer;

/// Whether two values are the same JSON. `80` and `80.0` are one number. A null that may as well be missing may be
/// missing from what was written.
pub(crate) fn same(read: &Value, written: &Value) -> bool {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            written.keys().all(|key| read.contains_key(key))
                && read.iter().all(|(key, value)| match written.get(key) {
                    Some(written) => same(value, written),
                    None => value.is_null(),
                })
        }
        (Value::Array(read), Value::Array(written)) => {
            read.len() == written.len() && read.iter().zip(written).all(|(read, written)| same(read, written))
        }
        (Value::Number(read), Value::Number(written)) => read.as_f64() == written.as_f64(),
        _ => read == written,
    }
}

/// A copy whose members have their first names: what `x-webhook-aliases` allows beside them is not written.
pub(crate) fn by_first_names(value: &Value, aliases: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (aliases.get(name).unwrap_or(name).clone(), by_first_names(value, aliases)))
            .collect(),
        Value::Array(items) => items.iter().map(|item| by_first_names(item, aliases)).collect(),
        other => other.clone(),
    }
}

/// Every alias below a value of the spec, with the name that it stands for.
pub(crate) fn aliases(spec: &Value, found: &mut HashMap<String, String>) {
    for (name, value) in spec.as_object().into_iter().flatten() {
        for alias in value["x-webhook-aliases"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            found.insert(alias.to_owned(), name.clone());
        }
        aliases(value, found);
    }
    for item in spec.as_array().into_iter().flatten() {
        aliases(item, found);
    }
}

/// A copy without the value at `pointer`.
pub(crate) fn without(value: &Value, pointer: &str) -> Value {
    let mut copy = value.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a member has a parent");
    let members = copy.pointer_mut(parent).and_then(Value::as_object_mut).expect("the parent is an object");
    members.shift_remove(&name.replace("~1", "/").replace("~0", "~")).expect("the member is there");
    copy
}

/// The members of a value that its schema names, each with whether it is required. What stands in a union is left out:
/// there, a missing member makes for another variant.
pub(crate) fn members(document: &Value, schema: &str, value: &Value) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    collect(document, &document["components"]["schemas"][schema], value, "", &mut found);
    found
}

fn collect(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<(String, bool)>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("the reference leads somewhere");
        return collect(document, target, value, at, found);
    }
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            let at = pointer::child(at, name);
            found.push((at.clone(), required(name)));
            collect(document, schema, value, &at, found);
        }
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        collect(document, &schema["items"], value, &pointer::item(at, index), found);
    }
}
