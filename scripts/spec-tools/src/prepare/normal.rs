//! The many ways to write a schema, as the few that the rest of this module reads.
//!
//! OpenAPI 3.0 and 3.1, and the drafts of JSON Schema behind them, say the same in different words: boolean schemas,
//! lists of types, constants, siblings of `$ref`, choices that choose nothing. Here each becomes what 3.0 would write,
//! as far as it has a word.

use serde_json::{Map, Value, json};

use super::schema::{is_annotation, is_null};
use crate::source::place::Kind;

/// A document whose schemas are in normal form, and what was lost on the way.
pub(super) fn normal(root: &Value) -> (Value, Vec<String>) {
    let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
    let mut pass = Pass { siblings_count: !version.starts_with("3.0"), place: Vec::new(), warnings: Vec::new() };
    let value = pass.value(root, Kind::Object);
    (value, pass.warnings)
}

struct Pass {
    /// Whether what stands beside a `$ref` counts, as since OpenAPI 3.1.
    siblings_count: bool,
    place: Vec<String>,
    warnings: Vec<String>,
}

impl Pass {
    fn warn(&mut self, what: &str) {
        self.warnings.push(format!("{}: {what}", self.place.join(".")));
    }

    fn value(&mut self, value: &Value, kind: Kind) -> Value {
        if kind == Kind::Schema {
            return match value {
                Value::Object(members) => self.schema(members),
                Value::Bool(true) => json!({}),
                Value::Bool(false) => json!({ "not": {} }),
                // A list of items' schemas, from before `prefixItems`.
                Value::Array(items) => Value::Array(items.iter().map(|item| self.value(item, kind)).collect()),
                _ => {
                    self.warn("this is no schema; any value is taken");
                    json!({})
                }
            };
        }
        match value {
            Value::Object(members) if kind != Kind::Data => members
                .iter()
                .map(|(name, value)| (name.clone(), self.member(name, value, kind.member(name))))
                .collect(),
            Value::Array(items) if kind != Kind::Data => {
                items.iter().map(|item| self.value(item, kind.item())).collect()
            }
            other => other.clone(),
        }
    }

    fn member(&mut self, name: &str, value: &Value, kind: Kind) -> Value {
        self.place.push(name.to_owned());
        let made = self.value(value, kind);
        self.place.pop();
        made
    }

    fn schema(&mut self, members: &Map<String, Value>) -> Value {
        let mut schema = Map::new();
        for (name, value) in members {
            let keeps_flag =
                matches!(name.as_str(), "additionalProperties" | "unevaluatedProperties") && value.is_boolean();
            let value = if keeps_flag { value.clone() } else { self.member(name, value, Kind::Schema.member(name)) };
            schema.insert(name.clone(), value);
        }
        if schema.contains_key("$ref") {
            return Value::Object(self.reference(schema));
        }
        self.types(&mut schema);
        constants(&mut schema);
        self.choices(&mut schema);
        self.tuple(&mut schema);
        patterned(&mut schema);
        Value::Object(schema)
    }

    fn reference(&mut self, schema: Map<String, Value>) -> Map<String, Value> {
        if schema.keys().all(|key| key == "$ref" || is_annotation(key)) {
            return schema;
        }
        let (reference, mut rest): (Map<_, _>, Map<_, _>) = schema.into_iter().partition(|(key, _)| key == "$ref");
        if !self.siblings_count {
            rest.retain(|key, _| is_annotation(key));
            return reference.into_iter().chain(rest).collect();
        }
        let mut parts = vec![Value::Object(reference)];
        if let Some(Value::Array(more)) = rest.remove("allOf") {
            parts.extend(more);
        }
        rest.insert("allOf".to_owned(), Value::Array(parts));
        rest
    }

    /// One type at most; of several, a choice. `null` becomes a flag.
    fn types(&mut self, schema: &mut Map<String, Value>) {
        if schema.get("type").is_some_and(|name| !name.is_string() && !name.is_array()) {
            self.warn("`type` is neither a name nor a list of names, and passed over");
            schema.remove("type");
        }
        let Some(Value::Array(names)) = schema.get("type") else { return };
        let mut names: Vec<String> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        names.dedup();
        if names.iter().any(|name| name == "null") {
            schema.insert("nullable".to_owned(), true.into());
            names.retain(|name| name != "null");
        }
        if names.iter().any(|name| name == "number") {
            names.retain(|name| name != "integer");
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            names.retain(|name| values.iter().any(|value| is_of(value, name)));
        }
        match names.as_slice() {
            [] if schema.contains_key("nullable") => {
                schema.insert("type".to_owned(), "null".into());
            }
            [] => {
                schema.remove("type");
            }
            [only] => {
                schema.insert("type".to_owned(), only.as_str().into());
            }
            _ if schema.contains_key("oneOf") || schema.contains_key("anyOf") => {
                schema.remove("type");
            }
            several => {
                let (outer, mut inner): (Map<_, _>, Map<_, _>) =
                    std::mem::take(schema).into_iter().partition(|(key, _)| is_annotation(key));
                let part = |name: &String| {
                    inner.insert("type".to_owned(), name.as_str().into());
                    Value::Object(
                        inner
                            .iter()
                            .filter(|(key, _)| belongs(key, name))
                            .map(|(k, v)| (k.clone(), v.clone()))
                            .collect(),
                    )
                };
                let parts: Vec<Value> = several.iter().map(part).collect();
                *schema = outer;
                schema.insert("anyOf".to_owned(), Value::Array(parts));
            }
        }
    }

    /// Choices that tell nothing of a value's shape go, a choice within a choice is one, and choices among constants are
    /// enumerations.
    fn choices(&mut self, schema: &mut Map<String, Value>) {
        for key in ["oneOf", "anyOf"] {
            let discriminated = schema.contains_key("discriminator");
            let Some(Value::Array(members)) = schema.get_mut(key) else { continue };
            if !discriminated {
                *members =
                    members.iter().flat_map(|member| choice(member).unwrap_or_else(|| vec![member.clone()])).collect();
            }
            let members = members.clone();
            if members.iter().any(is_null) {
                schema.insert("nullable".to_owned(), true.into());
            }
            let others: Vec<&Value> = members.iter().filter(|member| !is_null(member)).collect();
            if others.is_empty() {
                schema.remove(key);
            } else if others.iter().all(|member| !says_shape(member)) {
                schema.remove(key);
                if others
                    .iter()
                    .any(|member| member.as_object().is_some_and(|o| o.keys().any(|key| !is_annotation(key))))
                {
                    self.warn(&format!("`{key}` tells no shapes apart, and is not checked"));
                }
            } else if let Some(values) = enumerated(&others).filter(|_| !schema.contains_key("enum")) {
                schema.remove(key);
                schema.insert("type".to_owned(), "string".into());
                schema.insert("enum".to_owned(), Value::Array(values));
            }
        }
    }

    /// What stands at which place of a list has no type in Rust.
    fn tuple(&mut self, schema: &mut Map<String, Value>) {
        let listed = schema.get("items").is_some_and(Value::is_array);
        if !listed && !schema.contains_key("prefixItems") {
            return;
        }
        let parts = schema.remove("prefixItems").or_else(|| if listed { schema.remove("items") } else { None });
        schema.insert("type".to_owned(), "array".into());
        let parts = parts.and_then(|parts| parts.as_array().cloned()).unwrap_or_default();
        let rest = schema.remove("items");
        let alike = parts.windows(2).all(|pair| pair[0] == pair[1]);
        let rest_fits = rest.is_none_or(|rest| rest == json!({ "not": {} }) || parts.first() == Some(&rest));
        match parts.first().filter(|_| alike && rest_fits) {
            Some(item) => {
                schema.insert("items".to_owned(), item.clone());
            }
            None => {
                self.warn("`prefixItems` gives each place a type of its own; the list holds any values");
                schema.insert("items".to_owned(), json!({}));
            }
        }
    }
}

/// Whether a keyword can say something of values of this type.
fn belongs(key: &str, name: &str) -> bool {
    let of = match key {
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties"
        | "propertyNames"
        | "unevaluatedProperties"
        | "discriminator" => "object",
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains" | "unevaluatedItems" => "array",
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" => "string",
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => "number",
        "format" => return matches!(name, "string" | "number" | "integer"),
        "enum" | "const" => return false,
        _ => return true,
    };
    name == of || (of == "number" && name == "integer")
}

/// A schema of constants alone gets their type.
fn constants(schema: &mut Map<String, Value>) {
    if schema.contains_key("type") {
        return;
    }
    let single = schema.get("const").cloned().map(|value| vec![value]);
    let Some(values) = schema.get("enum").and_then(Value::as_array).cloned().or(single) else { return };
    if values.contains(&Value::Null) {
        schema.insert("nullable".to_owned(), true.into());
    }
    let fits = |name: &&str| values.iter().all(|value| value.is_null() || is_of(value, name));
    let types = ["string", "boolean", "integer", "number", "array", "object"];
    if let Some(name) = types.into_iter().find(fits) {
        let name = if values.iter().all(Value::is_null) { "null" } else { name };
        schema.insert("type".to_owned(), name.into());
    }
}

/// A map whose names follow one pattern is a map.
fn patterned(schema: &mut Map<String, Value>) {
    let closed = schema.get("additionalProperties").is_none_or(Value::is_boolean);
    let Some(Value::Object(patterns)) = schema.get("patternProperties").filter(|_| closed) else { return };
    let mut values = patterns.values();
    if let (Some(only), None) = (values.next().cloned(), values.next())
        && !schema.contains_key("properties")
    {
        schema.remove("patternProperties");
        schema.insert("additionalProperties".to_owned(), only);
        schema.entry("type").or_insert_with(|| "object".into());
    }
}

/// The texts of a choice among constants, if it is one; a plain text among them changes nothing, since enumerations are
/// open.
fn enumerated(members: &[&Value]) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    for member in members {
        let member = member.as_object()?;
        let plain = |key: &String| is_annotation(key) || key == "type";
        if !member.keys().all(|key| plain(key) || matches!(key.as_str(), "const" | "enum")) {
            return None;
        }
        let single = member.get("const").cloned().map(|value| vec![value]);
        match member.get("enum").and_then(Value::as_array).cloned().or(single) {
            Some(found) => values.extend(found),
            None if member.get("type").is_some_and(|name| name == "string") => {}
            None => return None,
        }
    }
    (!values.is_empty() && values.iter().all(Value::is_string)).then_some(values)
}

/// The members of a schema that is a choice and nothing else: where it is itself a member of one, they are the other's.
fn choice(schema: &Value) -> Option<Vec<Value>> {
    let mut said = schema.as_object()?.iter().filter(|(key, _)| !is_annotation(key));
    match (said.next(), said.next()) {
        (Some((key, Value::Array(members))), None) if matches!(key.as_str(), "oneOf" | "anyOf") => {
            Some(members.clone())
        }
        _ => None,
    }
}

/// Whether a schema says what a value looks like, and not just which members it must have.
fn says_shape(schema: &Value) -> bool {
    const SILENT: &[&str] =
        &["required", "not", "minProperties", "maxProperties", "if", "then", "else", "dependentRequired"];
    let Some(members) = schema.as_object() else { return false };
    let silent = |key: &str| is_annotation(key) || SILENT.contains(&key);
    let only_object = members.get("type").is_some_and(|name| name == "object") && members.contains_key("required");
    members.keys().any(|key| !(silent(key) || key == "type" && only_object))
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
