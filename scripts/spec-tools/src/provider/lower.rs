//! Schemas of another spec as schemas of this one: OpenAPI 3.1 (JSON Schema 2020-12) said in OpenAPI 3.0.3, under names
//! with the provider's prefix.
//!
//! What 3.0 cannot say is left out where that only loosens the schema: a receiver reads what arrives, it does not judge.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

use super::Refused;
use super::share::share;
use crate::document::Document;

/// Keywords that mean the same in both, and hold no schemas.
const KEPT: &[&str] = &[
    "title",
    "description",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
    "required",
    "nullable",
    "deprecated",
    "example",
    "default",
];

/// The schemas that are taken over, by their new names.
#[derive(Debug)]
pub(super) struct Import<'a> {
    document: &'a Document,
    prefix: String,
    /// The new name of what stands at a pointer.
    names: BTreeMap<String, String>,
    schemas: Map<String, Value>,
    taken: Vec<String>,
}

impl<'a> Import<'a> {
    /// Nothing yet; names of `taken` are not given again.
    pub(super) fn new(document: &'a Document, provider: &str, taken: Vec<String>) -> Self {
        let prefix = provider.to_upper_camel_case();
        Self { document, prefix, names: BTreeMap::new(), schemas: Map::new(), taken }
    }

    /// The schemas so far.
    pub(super) fn schemas(&self) -> &Map<String, Value> {
        &self.schemas
    }

    /// All of them, in the order in which they were met; what they have in common comes last.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let schemas = std::mem::take(&mut self.schemas);
        share(schemas, &mut |wanted| self.free_name(wanted))
    }

    /// Takes over the schema at `pointer` under a name of its own, and what it refers to.
    pub(super) fn component(&mut self, pointer: &str, wanted: &str) -> Result<String, Refused> {
        let node = self.document.resolve(pointer).map_err(|error| Refused::new(error.to_string()))?;
        if let Some(name) = self.names.get(&node.pointer) {
            return Ok(name.clone());
        }
        let known = node.pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        let name = self.free_name(known.unwrap_or(wanted));
        self.names.insert(node.pointer.clone(), name.clone());
        // The place is kept, so that an event comes before what it consists of.
        self.schemas.insert(name.clone(), Value::Null);
        let lowered = self.lower(node.value, &name)?;
        self.schemas.insert(name.clone(), lowered);
        Ok(name)
    }

    /// Adds a schema that is already said in 3.0.
    pub(super) fn add(&mut self, wanted: &str, schema: Value) -> String {
        let name = self.free_name(wanted);
        self.schemas.insert(name.clone(), schema);
        name
    }

    /// A schema is told from others by this member, so it must be there.
    pub(super) fn require(&mut self, schema: &str, member: &str) {
        let Some(Value::Object(members)) = self.schemas.get_mut(schema) else { return };
        let required = members.entry("required").or_insert_with(|| json!([]));
        if let Some(names) = required.as_array_mut().filter(|names| !names.iter().any(|name| name == member)) {
            names.push(member.into());
        }
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let wanted = wanted.replace('\'', "").to_upper_camel_case();
        let rest = wanted.strip_prefix("Webhooks").or_else(|| wanted.strip_prefix("Webhook")).unwrap_or(&wanted);
        let rest = if rest.is_empty() || rest.starts_with(|c: char| !c.is_uppercase()) { &wanted } else { rest };
        let rest = rest.strip_prefix(self.prefix.as_str()).unwrap_or(rest);
        let base = format!("{}{}", self.prefix, if rest.is_empty() { "Event" } else { rest });
        let base: String = base.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut name = base.clone();
        let mut number = 1;
        while self.taken.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
            number += 1;
            name = format!("{base}{number}");
        }
        self.taken.push(name.clone());
        name
    }

    fn lower(&mut self, schema: &Value, hint: &str) -> Result<Value, Refused> {
        let Some(schema) = schema.as_object() else { return Ok(json!({})) };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let reference = self.reference(reference, hint)?;
            return Ok(match schema.get("nullable") {
                Some(Value::Bool(true)) => json!({ "allOf": [reference], "nullable": true }),
                _ => reference,
            });
        }
        let mut lowered: Map<String, Value> =
            KEPT.iter().filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone()))).collect();
        Self::types(schema, &mut lowered);
        values(schema, &mut lowered);
        limits(schema, &mut lowered);
        self.parts(schema, &mut lowered, hint)?;
        tidy(&mut lowered);
        Ok(Value::Object(in_order(lowered)))
    }

    fn reference(&mut self, reference: &str, hint: &str) -> Result<Value, Refused> {
        let Some(pointer) = reference.strip_prefix('#') else {
            let found = format!("$ref `{reference}` leaves the file; bundle the spec into one file first");
            return Err(Refused::new(found));
        };
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy().into_owned();
        let name = self.component(&pointer, pointer.rsplit('/').next().unwrap_or(hint))?;
        Ok(json!({ "$ref": format!("#/components/schemas/{name}") }))
    }

    /// A list of types is one type, `nullable`, or a choice.
    fn types(schema: &Map<String, Value>, lowered: &mut Map<String, Value>) {
        let types: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        if types.contains(&"null") {
            lowered.insert("nullable".to_owned(), true.into());
        }
        let types: Vec<_> = types.into_iter().filter(|name| *name != "null").collect();
        match types.as_slice() {
            [] => {}
            [only] => {
                lowered.insert("type".to_owned(), (*only).into());
            }
            // A choice of types beside other keywords says little that a reader could use.
            several if !schema.contains_key("anyOf") && !schema.contains_key("oneOf") => {
                let choice = |name: &&str| {
                    if *name == "array" { json!({ "type": name, "items": {} }) } else { json!({ "type": name }) }
                };
                lowered.insert("anyOf".to_owned(), several.iter().map(choice).collect());
            }
            _ => {}
        }
    }

    fn parts(
        &mut self,
        schema: &Map<String, Value>,
        lowered: &mut Map<String, Value>,
        hint: &str,
    ) -> Result<(), Refused> {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let mut taken = Map::new();
            for (name, property) in properties {
                let hint = format!("{hint}-{name}");
                taken.insert(name.clone(), self.lower(property, &hint)?);
            }
            lowered.insert("properties".to_owned(), Value::Object(taken));
        }
        if schema.get("type").is_some_and(|name| name == "array")
            || lowered.get("type").is_some_and(|name| name == "array")
        {
            let items = schema.get("items").map_or(Ok(json!({})), |items| self.lower(items, &format!("{hint}-item")));
            let items = if schema.contains_key("prefixItems") { json!({}) } else { items? };
            lowered.insert("items".to_owned(), items);
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(allowed)) => {
                lowered.insert("additionalProperties".to_owned(), (*allowed).into());
            }
            Some(more) => {
                let more = self.lower(more, &format!("{hint}-value"))?;
                lowered.insert("additionalProperties".to_owned(), more);
            }
            None => {}
        }
        if schema.contains_key("patternProperties") {
            lowered.insert("additionalProperties".to_owned(), true.into());
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let Some(members) = schema.get(keyword).and_then(Value::as_array) else { continue };
            let is_null = |member: &&Value| member.get("type").is_some_and(|name| name == "null");
            if keyword != "allOf" && members.iter().any(|member| is_null(&member)) {
                lowered.insert("nullable".to_owned(), true.into());
            }
            let mut taken = Vec::new();
            for member in members.iter().filter(|member| !is_null(member)) {
                taken.push(self.lower(member, hint)?);
            }
            match taken.len() {
                0 => {}
                // `oneOf: [X, null]` is how 3.1 says what 3.0 calls nullable.
                1 => {
                    lowered.insert("allOf".to_owned(), Value::Array(taken));
                }
                _ => {
                    lowered.insert(keyword.to_owned(), Value::Array(taken));
                }
            }
        }
        if let Some(discriminator) = schema.get("discriminator") {
            lowered.insert("discriminator".to_owned(), self.discriminator(discriminator)?);
        }
        Ok(())
    }

    fn discriminator(&mut self, discriminator: &Value) -> Result<Value, Refused> {
        let mut lowered = json!({ "propertyName": discriminator.get("propertyName") });
        let mut mapping = Map::new();
        for (value, target) in discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten() {
            let target = target.as_str().unwrap_or_default();
            let reference = if target.contains('/') || target.contains('#') {
                target.to_owned()
            } else {
                format!("#/components/schemas/{target}")
            };
            let name = self.reference(&reference, value)?;
            mapping.insert(value.clone(), name.get("$ref").cloned().unwrap_or_default());
        }
        if !mapping.is_empty() {
            lowered["mapping"] = Value::Object(mapping);
        }
        Ok(lowered)
    }
}

/// `const` and `enum`, `examples` and `default`.
fn values(schema: &Map<String, Value>, lowered: &mut Map<String, Value>) {
    let values = match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(values)) => values.clone(),
        (None, None) => Vec::new(),
    };
    if !values.is_empty() {
        if values.iter().any(Value::is_null) {
            lowered.insert("nullable".to_owned(), true.into());
        }
        if !schema.contains_key("type") && values.iter().all(|value| value.is_string() || value.is_null()) {
            lowered.insert("type".to_owned(), "string".into());
        }
        if values.iter().any(|value| !value.is_null()) {
            lowered.insert("enum".to_owned(), Value::Array(values));
        }
    }
    if let Some(first) = schema.get("examples").and_then(Value::as_array).and_then(|all| all.first()) {
        lowered.entry("example").or_insert_with(|| first.clone());
    }
}

/// Limits that 3.1 says as numbers and 3.0 as a number and a flag.
fn limits(schema: &Map<String, Value>, lowered: &mut Map<String, Value>) {
    for (limit, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(value) = schema.get(limit) {
            lowered.insert(limit.to_owned(), value.clone());
        }
        match schema.get(exclusive) {
            Some(value) if value.is_number() => {
                lowered.insert(limit.to_owned(), value.clone());
                lowered.insert(exclusive.to_owned(), true.into());
            }
            Some(value) => {
                lowered.insert(exclusive.to_owned(), value.clone());
            }
            None => {}
        }
    }
}

/// What would be refused, or mean nothing, where it stands.
fn tidy(lowered: &mut Map<String, Value>) {
    let kind = lowered.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_text = lowered.get("pattern").and_then(Value::as_str).is_some_and(|text| regex::Regex::new(text).is_ok());
    if !is_text {
        lowered.remove("pattern");
    }
    let fits = |value: &Value| match kind.as_str() {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => false,
    };
    let values = lowered.get("enum").and_then(Value::as_array).cloned();
    for key in ["default", "example"] {
        let is_listed = |value: &Value| values.as_ref().is_none_or(|values| values.contains(value));
        if lowered.get(key).is_some_and(|value| !fits(value) || !is_listed(value)) {
            lowered.remove(key);
        }
    }
    if lowered.get("required").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        lowered.remove("required");
    }
    if lowered.get("nullable") == Some(&Value::Bool(false)) {
        lowered.remove("nullable");
    }
}

/// The order in which a person writes them.
fn in_order(mut lowered: Map<String, Value>) -> Map<String, Value> {
    let first = ["title", "description", "type", "format", "enum", "nullable", "required", "properties", "items"];
    let mut ordered = Map::new();
    for key in first {
        if let Some(value) = lowered.remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    ordered.extend(lowered);
    ordered
}
