//! Reading schemas: references, `allOf`, `nullable`, and the constraints that stand beside a type.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The OpenAPI document that schemas refer into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec<'a> {
    root: &'a Value,
    /// Whether it knows nothing of receivers.
    pub(super) foreign: bool,
    /// Whether nothing that it says is insisted on.
    pub(super) lenient: bool,
}

/// How deep a chain of references or `allOf`s may go before it is taken for a cycle.
const MAX_DEPTH: usize = 64;

/// How deep `allOf`s may be nested.
const DEEPEST_PART: usize = 16;

const COMPONENT: &str = "#/components/schemas/";

impl<'a> Spec<'a> {
    /// Wraps a document.
    pub(super) fn new(root: &'a Value, lenient: Option<bool>) -> Self {
        let foreign = crate::source::is_foreign(root);
        Self { root, foreign, lenient: lenient.unwrap_or(foreign) }
    }

    /// Wraps a document of which only schemas are read.
    pub(super) fn of_schemas(root: &'a Value) -> Self {
        Self { root, foreign: false, lenient: false }
    }

    /// The member of the document at a JSON pointer.
    pub(super) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    /// The component schema of this name.
    pub(super) fn component(&self, name: &str) -> Option<&'a Value> {
        self.at(&format!("/components/schemas/{}", name.replace('~', "~0").replace('/', "~1")))
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
    pub(super) fn flatten<'v>(&self, schema: &'v Value) -> Cow<'v, Map<String, Value>> {
        // Large schemas are asked for often, and most are flat already.
        match schema {
            Value::Object(own) if !own.contains_key("$ref") && parts(own).next().is_none() => Cow::Borrowed(own),
            other => Cow::Owned(self.flatten_within(other, 0)),
        }
    }

    fn flatten_within(&self, schema: &Value, depth: usize) -> Map<String, Value> {
        // A schema that is a part of itself more than once would take the square of this at every level.
        let Some(own) = schema.as_object().filter(|_| depth <= DEEPEST_PART) else { return Map::new() };
        let mut rest = own.clone();
        if rest.remove("$ref").is_some() {
            let Some(target) = self.resolve(schema) else { return rest };
            // People write a description beside a reference, and mean it.
            rest.retain(|key, _| is_annotation(key));
            let mut merged = self.flatten_within(target, depth + 1);
            merge(&mut merged, rest);
            return merged;
        }
        let mut merged = Map::new();
        for part in parts(own) {
            let mut part = self.flatten_within(part, depth + 1);
            // What describes the part does not describe the whole.
            part.retain(|key, _| key == "nullable" || !is_annotation(key));
            merge(&mut merged, part);
        }
        rest.retain(|key, _| key != "allOf" && !is_choice_of_one(own, key));
        if is_nullable(own) {
            merged.insert("nullable".to_owned(), Value::Bool(true));
        }
        merge(&mut merged, rest);
        merged
    }
}

/// The schemas that a value must fit all at once: those of `allOf`, and the only one of a `oneOf` or `anyOf`.
fn parts(own: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = own.iter().filter(|(key, _)| *key == "allOf" || is_choice_of_one(own, key));
    lists.filter_map(|(_, value)| value.as_array()).flatten().filter(|part| !is_null(part))
}

/// Whether a keyword of a schema offers one choice alone, but for null. A discriminator makes a union of it.
fn is_choice_of_one(own: &Map<String, Value>, key: &str) -> bool {
    let members = own.get(key).filter(|_| matches!(key, "oneOf" | "anyOf")).and_then(Value::as_array);
    let members = members.into_iter().flatten().filter(|member| !is_null(member));
    !own.contains_key("discriminator") && members.count() == 1
}

/// The component that a schema refers to: by `$ref`, or by an `allOf` of one `$ref` with nothing beside it but text.
pub(super) fn referenced(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.strip_prefix(COMPONENT);
    }
    let object = schema.as_object()?;
    let alone = object.keys().all(|key| key == "allOf" || is_choice_of_one(object, key) || is_annotation(key));
    let mut parts = parts(object).filter(|_| alone);
    match (parts.next(), parts.next()) {
        (Some(part), None) => referenced(part),
        _ => None,
    }
}

/// Whether a keyword tells something of a schema's use, and nothing of its values but that they may be null.
pub(super) fn is_annotation(key: &str) -> bool {
    const ANNOTATIONS: &[&str] = &[
        "title",
        "description",
        "example",
        "examples",
        "nullable",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "externalDocs",
        "xml",
    ];
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

/// What a schema says of itself: its description, else its title.
pub(super) fn described(flat: &Map<String, Value>) -> &str {
    let texts = ["description", "title"].iter().filter_map(|key| flat.get(*key).and_then(Value::as_str));
    texts.map(str::trim).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The format of a schema, empty if it has none.
pub(super) fn format(flat: &Map<String, Value>) -> &str {
    flat.get("format").and_then(Value::as_str).unwrap_or_default()
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
            // Two choices at once have no type of their own.
            ("oneOf" | "anyOf", Some(known), value) if *known != value => {
                into.insert(TANGLED.to_owned(), Value::Bool(true));
            }
            (_, _, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// What marks a merged schema that makes several choices at once.
pub(super) const TANGLED: &str = "x-spec-tangled";

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

/// Whether a schema is 3.1's for null alone.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
}

/// Whether a schema allows `null`: 3.0's `nullable`, 3.1's type list, an enumeration or a choice that holds it.
pub(super) fn is_nullable(schema: &Map<String, Value>) -> bool {
    let lists = ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(*key).and_then(Value::as_array));
    if lists.flatten().any(is_null) {
        return true;
    }
    schema.get("nullable").and_then(Value::as_bool).unwrap_or(false)
        || matches!(schema.get("type"), Some(Value::Array(names)) if names.iter().any(|name| name == "null"))
        || schema.get("type").is_some_and(|name| name == "null")
        || matches!(schema.get("enum"), Some(Value::Array(values)) if values.contains(&Value::Null))
}

/// A text member of an object.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
