//! Reading schemas: references, `allOf`, `nullable`, and the constraints that stand beside a type.

use serde_json::{Map, Value};

/// The OpenAPI document that schemas refer into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec<'a> {
    root: &'a Value,
}

/// How deep a chain of references or `allOf`s may go before it is taken for a cycle.
const MAX_DEPTH: usize = 64;

const COMPONENT: &str = "#/components/schemas/";

impl<'a> Spec<'a> {
    /// Wraps a document.
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// The member of the document at a JSON pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    /// The object below `components` of this name, with its members in order.
    pub(super) fn components(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let members =
            self.root.get("components").and_then(|components| components.get(kind)).and_then(Value::as_object);
        members.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// Follows references until something else stands there. `None` if one dangles or they run in a circle.
    pub(super) fn resolve<'v>(&self, mut value: &'v Value) -> Option<&'v Value>
    where
        'a: 'v,
    {
        for _ in 0..MAX_DEPTH {
            match value.get("$ref").and_then(Value::as_str) {
                Some(target) => value = self.root.pointer(target.strip_prefix('#')?)?,
                None => return Some(value),
            }
        }
        None
    }

    /// A schema with its `allOf` merged into it, one level: properties keep their own schemas.
    ///
    /// Members that stand in several parts are merged key by key, later parts over earlier ones, because specs narrow
    /// an envelope's member that way.
    pub(super) fn flatten(&self, schema: &Value) -> Map<String, Value> {
        self.flatten_within(schema, 0)
    }

    fn flatten_within(&self, schema: &Value, depth: usize) -> Map<String, Value> {
        let Some(own) = self.resolve(schema).and_then(Value::as_object) else { return Map::new() };
        let parts = own.get("allOf").and_then(Value::as_array);
        if parts.is_none() || depth > MAX_DEPTH {
            return own.clone();
        }
        let mut merged = Map::new();
        for part in parts.into_iter().flatten() {
            let mut part = self.flatten_within(part, depth + 1);
            // What describes the part does not describe the whole.
            for key in ["title", "description", "example", "examples", "x-rust-name"] {
                part.remove(key);
            }
            merge(&mut merged, part);
        }
        let mut rest = own.clone();
        rest.remove("allOf");
        merge(&mut merged, rest);
        merged
    }
}

/// The component that a schema refers to: by `$ref`, or by an `allOf` of one `$ref` with nothing beside it but text.
pub(super) fn referenced(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.strip_prefix(COMPONENT);
    }
    let object = schema.as_object()?;
    let only_text = object.keys().all(|key| {
        matches!(key.as_str(), "allOf" | "description" | "title" | "nullable" | "example" | "deprecated" | "readOnly")
    });
    match object.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([single]) if only_text => single.get("$ref").and_then(Value::as_str)?.strip_prefix(COMPONENT),
        _ => None,
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (key.as_str(), into.get_mut(&key), value) {
            ("required", Some(Value::Array(names)), Value::Array(more)) => {
                for name in more {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            ("properties", Some(Value::Object(properties)), Value::Object(more)) => {
                for (name, schema) in more {
                    match (properties.get_mut(&name), schema) {
                        (Some(Value::Object(known)), Value::Object(narrower)) if !known.contains_key("$ref") => {
                            if narrower.contains_key("$ref") {
                                *known = narrower;
                            } else {
                                merge(known, narrower);
                            }
                        }
                        (_, schema) => {
                            properties.insert(name, schema);
                        }
                    }
                }
            }
            (_, _, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// The types that a schema names, without `null`.
pub(super) fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) if one != "null" => vec![one],
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a schema allows `null`: 3.0's `nullable`, 3.1's type list, or an enumeration that holds it.
pub(super) fn is_nullable(schema: &Map<String, Value>) -> bool {
    schema.get("nullable").and_then(Value::as_bool).unwrap_or(false)
        || matches!(schema.get("type"), Some(Value::Array(names)) if names.iter().any(|name| name == "null"))
        || schema.get("type").is_some_and(|name| name == "null")
        || matches!(schema.get("enum"), Some(Value::Array(values)) if values.contains(&Value::Null))
}

/// A text member of an object.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
