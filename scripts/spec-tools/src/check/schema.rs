//! OpenAPI's schemas as JSON Schema, so that a validator for that can judge examples.
//!
//! The whole spec is converted, and every schema stays at its pointer. OpenAPI 3.0 differs in `nullable`, in
//! `exclusiveMinimum: true` and in what stands beside a `$ref`; both versions differ in the formats of integers, and in
//! the discriminator. That becomes a choice by the discriminator's value, so that an example is held against the one
//! schema that it claims to follow: `data.model is missing` instead of `fits none of 20 schemas`.

use std::collections::HashMap;

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::view::discriminated;
use super::walk::{DATA, NAMES};
use crate::document::{Document, Node};

/// The longest value that is repeated in a message, in letters.
const LONGEST: usize = 160;

/// Validators for the schemas of one spec, each built when it is first needed.
#[derive(Debug)]
pub(super) struct Schemas<'a> {
    document: &'a Document,
    converted: Map<String, Value>,
    validators: HashMap<String, Result<Validator, Misfit>>,
}

/// Where a value does not fit, as a pointer into it, and why.
#[derive(Debug, Clone)]
pub(super) struct Misfit {
    pub(super) pointer: String,
    pub(super) message: String,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let version = document.value().get("openapi").and_then(Value::as_str).unwrap_or_default();
        let is_3_0 = !version.starts_with("3.1.");
        let converted = ["components", "paths"].into_iter().filter_map(|key| {
            let node = document.root().child(key)?;
            Some((key.to_owned(), members(&node, key == "paths", is_3_0)))
        });
        Self { document, converted: converted.collect(), validators: HashMap::new() }
    }

    /// The spec.
    pub(super) fn document(&self) -> &'a Document {
        self.document
    }

    /// How `value` does not fit the schema at `pointer`.
    ///
    /// # Errors
    /// The schema itself makes no sense; the misfit is within the spec.
    pub(super) fn misfits(&mut self, pointer: &str, value: &Value) -> Result<Vec<Misfit>, Misfit> {
        if !self.validators.contains_key(pointer) {
            let validator = self.build(pointer);
            self.validators.insert(pointer.to_owned(), validator);
        }
        match self.validators.get(pointer) {
            Some(Ok(validator)) => Ok(validator.iter_errors(value).map(|error| misfit(&error)).collect()),
            Some(Err(fault)) => Err(fault.clone()),
            None => Ok(Vec::new()),
        }
    }

    fn build(&self, pointer: &str) -> Result<Validator, Misfit> {
        let mut root = self.converted.clone();
        let mut parts = vec![json!({ "$ref": format!("#{}", escaped(pointer)) })];
        // A discriminator without `oneOf` names schemas that include this one.
        if let Ok(schema) = self.document.resolve(pointer)
            && schema.child("oneOf").is_none()
            && schema.child("anyOf").is_none()
        {
            parts.extend(choice(&schema));
        }
        root.insert("allOf".to_owned(), Value::Array(parts));
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        options.build(&Value::Object(root)).map_err(|error| {
            let fault = misfit(&error);
            let is_in_spec = self.document.node(&fault.pointer).is_some() && !fault.pointer.is_empty();
            if is_in_spec { fault } else { Misfit { pointer: pointer.to_owned(), ..fault } }
        })
    }
}

fn misfit(error: &ValidationError<'_>) -> Misfit {
    let mut message = error.to_string();
    if message.chars().count() > LONGEST {
        message = error.masked().to_string();
    }
    Misfit { pointer: error.instance_path().to_string(), message }
}

/// A pointer as the fragment of an address.
fn escaped(pointer: &str) -> String {
    percent_encoding::utf8_percent_encode(pointer, FRAGMENT).to_string()
}

/// What a fragment cannot hold (RFC 3986, section 3.5).
const FRAGMENT: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\\');

fn members(node: &Node<'_>, are_named: bool, is_3_0: bool) -> Value {
    let mut converted = Map::new();
    for (name, child) in node.members() {
        let value = if are_named {
            value(&child, is_3_0)
        } else if matches!(name, "const" | "enum") {
            child.value.clone()
        } else if DATA.contains(&name) || name.starts_with("x-") || name == "examples" {
            continue;
        } else if NAMES.contains(&name) && child.value.is_object() {
            members(&child, true, is_3_0)
        } else {
            value(&child, is_3_0)
        };
        converted.insert(name.to_owned(), value);
    }
    if !are_named {
        keywords(node, &mut converted, is_3_0);
    }
    Value::Object(converted)
}

fn value(node: &Node<'_>, is_3_0: bool) -> Value {
    match node.value {
        Value::Object(_) => members(node, false, is_3_0),
        Value::Array(_) => node.items().map(|item| value(&item, is_3_0)).collect(),
        other => other.clone(),
    }
}

/// Turns the keywords of one schema into JSON Schema's.
fn keywords(node: &Node<'_>, schema: &mut Map<String, Value>, is_3_0: bool) {
    if is_3_0 && schema.get("$ref").is_some_and(Value::is_string) {
        schema.retain(|keyword, _| keyword == "$ref");
        return;
    }
    if schema.contains_key("discriminator") {
        let choice = choice(node);
        schema.remove("discriminator");
        if schema.remove("oneOf").or(schema.remove("anyOf")).is_some()
            && let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([]))
        {
            all.extend(choice);
        }
    }
    whole_numbers(schema);
    if is_3_0 {
        exclusive(schema, "minimum", "exclusiveMinimum");
        exclusive(schema, "maximum", "exclusiveMaximum");
        if schema.remove("nullable") == Some(Value::Bool(true)) {
            nullable(schema);
        }
    }
}

/// What a discriminator demands: a known value, and for each value its schema.
fn choice(schema: &Node<'_>) -> Vec<Value> {
    let Some(property) = schema.child("discriminator").and_then(|discriminator| discriminator.text("propertyName"))
    else {
        return Vec::new();
    };
    let targets = discriminated(schema).unwrap_or_default();
    let known: Vec<&str> = targets.iter().map(|(name, _)| name.as_str()).collect();
    let mut parts = vec![json!({"required": [property], "properties": {(property): {"enum": known}}})];
    parts.extend(targets.iter().map(|(name, target)| {
        json!({
            "if": {"required": [property], "properties": {(property): {"const": name}}},
            "then": {"$ref": format!("#{}", escaped(target))},
        })
    }));
    parts
}

fn nullable(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(name) => *name = json!([name, "null"]),
        None => {
            let other = Value::Object(std::mem::take(schema));
            schema.insert("anyOf".to_owned(), json!([other, {"type": "null"}]));
        }
    }
}

/// 3.0 writes `minimum: 1, exclusiveMinimum: true` for what is `exclusiveMinimum: 1`.
fn exclusive(schema: &mut Map<String, Value>, limit: &str, keyword: &str) {
    if let Some(Value::Bool(is_exclusive)) = schema.get(keyword) {
        let is_exclusive = *is_exclusive;
        schema.remove(keyword);
        if is_exclusive && let Some(limit) = schema.remove(limit) {
            schema.insert(keyword.to_owned(), limit);
        }
    }
}

fn whole_numbers(schema: &mut Map<String, Value>) {
    let (least, most) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        Some("uint64") => (json!(0), json!(u64::MAX)),
        _ => return,
    };
    for (limit, exclusive, value) in [("minimum", "exclusiveMinimum", least), ("maximum", "exclusiveMaximum", most)] {
        if !schema.contains_key(exclusive) {
            schema.entry(limit).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(schema: &Value, value: &Value) -> Vec<String> {
        let spec = json!({"openapi": "3.0.3", "components": {"schemas": schema}});
        let document = Document::from_value("test", spec);
        let mut schemas = Schemas::new(&document);
        let misfits = schemas.misfits("/components/schemas/X", value).unwrap();
        misfits.into_iter().map(|misfit| format!("{}: {}", misfit.pointer, misfit.message)).collect()
    }

    #[test]
    fn null_fits_what_is_nullable() {
        let schema = json!({"X": {"type": "object", "properties": {
            "a": {"type": "string", "nullable": true, "enum": ["x"]},
            "b": {"allOf": [{"type": "string"}], "nullable": true},
            "c": {"type": "string"},
        }}});
        assert!(messages(&schema, &json!({"a": null, "b": null})).is_empty());
        assert_eq!(messages(&schema, &json!({"c": null})), ["/c: null is not of type \"string\""]);
    }

    #[test]
    fn formats_and_limits_count() {
        let schema = json!({"X": {"type": "object", "properties": {
            "id": {"type": "string", "format": "uuid"},
            "at": {"type": "string", "format": "date-time"},
            "range": {"type": "integer", "format": "uint32"},
            "share": {"type": "number", "minimum": 0, "exclusiveMinimum": true},
        }}});
        let bad = json!({"id": "17", "at": "yesterday", "range": -1, "share": 0});
        assert_eq!(
            messages(&schema, &bad),
            [
                "/id: \"17\" is not a \"uuid\"",
                "/at: \"yesterday\" is not a \"date-time\"",
                "/range: -1 is less than the minimum of 0",
                "/share: 0 is less than or equal to the minimum of 0",
            ]
        );
    }

    #[test]
    fn a_union_is_judged_by_its_discriminator() {
        let variant =
            |kind: &str| json!({"type": "object", "required": ["data"], "properties": {"data": {"type": kind}}});
        let schema = json!({
            "X": {
                "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                "discriminator": {"propertyName": "type", "mapping": {"a": "#/components/schemas/A", "b": "B"}},
            },
            "A": variant("string"), "B": variant("integer"),
        });
        assert!(messages(&schema, &json!({"type": "a", "data": "x"})).is_empty());
        assert_eq!(messages(&schema, &json!({"type": "b", "data": "x"})), ["/data: \"x\" is not of type \"integer\""]);
        assert_eq!(messages(&schema, &json!({"type": "c"})), ["/type: \"c\" is not one of \"a\" or \"b\""]);
    }

    #[test]
    fn a_discriminator_on_a_base_schema_counts_too() {
        let schema = json!({
            "X": {"type": "object", "discriminator": {"propertyName": "type", "mapping": {"a": "A"}}},
            "A": {"allOf": [{"$ref": "#/components/schemas/X"}, {"type": "object", "required": ["data"]}]},
        });
        assert_eq!(messages(&schema, &json!({"type": "a"})), [": \"data\" is a required property"]);
    }
}
