//! What a provider may send by a schema: values made from it, at its limits where it has some. References and `allOf`
//! are followed here by code of its own, so that a fault in the one under test is not repeated.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// How much of what may be missing is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    All,
    Least,
    /// Objects alone, so that what they must have is there.
    Objects,
    Some,
}

pub(crate) struct Maker<'a> {
    pub(crate) root: &'a Value,
    pub(crate) fill: Fill,
    pub(crate) random: Random,
}

impl Maker<'_> {
    /// A value that fits `schema`.
    pub(crate) fn value(&mut self, schema: &Value, depth: usize) -> Value {
        let schema = self.merged(schema, 0);
        let nullable = schema.get("nullable") == Some(&json!(true));
        if nullable && self.random.below(3) == 0 {
            return Value::Null;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values[self.random.below(values.len())].clone();
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(forms) = schema.get(key).and_then(Value::as_array) {
                return self.form(&schema, forms, depth);
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => self.text(&schema),
            Some("integer") => self.integer(&schema),
            Some("number") => self.number(&schema),
            Some("boolean") => json!(self.random.below(2) == 0),
            Some("array") => self.list(&schema, depth),
            _ if schema.contains_key("properties") => self.object(&schema, depth),
            Some("object") => match schema.get("additionalProperties") {
                Some(values @ Value::Object(_)) => json!({"one": self.value(values, depth + 1)}),
                _ => json!({"free": [1, "two"]}),
            },
            _ => json!({"any": true}),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut made = Map::new();
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let may_miss = !required.iter().any(|other| other == name);
            let is_left_out = match self.fill {
                Fill::All => depth > 8,
                Fill::Least => true,
                Fill::Objects => depth > 8 || !self.merged(member, 0).contains_key("properties"),
                Fill::Some => depth > 8 || self.random.below(2) == 0,
            };
            if may_miss && is_left_out {
                continue;
            }
            let aliases = member.get("x-webhook-aliases").and_then(Value::as_array).cloned().unwrap_or_default();
            let sent = match self.random.below(aliases.len() + 1) {
                0 => name.clone(),
                number => aliases[number - 1].as_str().unwrap().to_owned(),
            };
            let value = self.value(member, depth + 1);
            made.insert(sent, value);
        }
        Value::Object(made)
    }

    fn form(&mut self, schema: &Map<String, Value>, forms: &[Value], depth: usize) -> Value {
        let tag = schema.get("discriminator").and_then(|tag| tag.get("propertyName")).and_then(Value::as_str);
        let mapping = schema.get("discriminator").and_then(|tag| tag.get("mapping")).and_then(Value::as_object);
        if let (Some(tag), Some(mapping)) = (tag, mapping) {
            let (name, target) = mapping.iter().nth(self.random.below(mapping.len())).unwrap();
            let mut value = self.value(&json!({"$ref": target}), depth + 1);
            value[tag] = json!(name);
            return value;
        }
        let form = forms[self.random.below(forms.len())].clone();
        self.value(&form, depth + 1)
    }

    fn list(&mut self, schema: &Map<String, Value>, depth: usize) -> Value {
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64).map(|limit| limit as usize);
        let least = limit("minItems").unwrap_or(0);
        let most = limit("maxItems").unwrap_or(least + 2).min(least + 4);
        let length = if depth > 8 { least } else { [least, most][self.random.below(2)] };
        let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
        (0..length).map(|_| self.value(&items, depth + 1)).collect()
    }

    fn text(&mut self, schema: &Map<String, Value>) -> Value {
        match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => return json!("8c5b6f0e-2a4d-4c1f-9e37-51d0a7b3c201"),
            Some("date-time") => return json!("2026-07-01T08:15:00.5+02:00"),
            Some("date") => return json!("2026-07-01"),
            _ => {}
        }
        if schema.get("pattern").and_then(Value::as_str) == Some("^[0-9a-f]{64}$") {
            return json!("0123456789abcdef".repeat(4));
        }
        let limit = |key: &str| schema.get(key).and_then(Value::as_u64).map(|limit| limit as usize);
        let least = limit("minLength").unwrap_or(0);
        let most = limit("maxLength").unwrap_or(least + 30).min(least + 200);
        json!("x".repeat([least, most][self.random.below(2)]))
    }

    /// Least, greatest, and one in between.
    fn integer(&mut self, schema: &Map<String, Value>) -> Value {
        let (least, greatest) = match schema.get("format").and_then(Value::as_str) {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("uint32") => (0, i64::from(u32::MAX)),
            Some("int8") => (-128, 127),
            _ => (i64::MIN, i64::MAX),
        };
        let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
        let least = bound("minimum").map_or(least, |bound| bound.max(least));
        let greatest = bound("maximum").map_or(greatest, |bound| bound.min(greatest));
        json!([least, greatest, least.max(7).min(greatest)][self.random.below(3)])
    }

    fn number(&mut self, schema: &Map<String, Value>) -> Value {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let least = bound("minimum").unwrap_or(-1.5e9);
        let greatest = bound("maximum").unwrap_or(1.5e9);
        json!([least + 0.25, greatest - 0.25, least, greatest][self.random.below(4)])
    }

    /// A schema with what it refers to and is made of.
    pub(crate) fn merged(&self, schema: &Value, depth: usize) -> Map<String, Value> {
        assert!(depth < 50, "a schema includes itself");
        let mut merged = Map::new();
        let own = schema.as_object().cloned().unwrap_or_default();
        if let Some(target) = own.get("$ref").and_then(Value::as_str) {
            merged = self.merged(self.root.pointer(target.trim_start_matches('#')).unwrap(), depth + 1);
        }
        for part in own.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            merge(&mut merged, self.merged(part, depth + 1));
        }
        merge(&mut merged, own.into_iter().filter(|(key, _)| key != "allOf" && key != "$ref").collect());
        merged
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (key.as_str(), into.get_mut(&key), value) {
            ("required", Some(Value::Array(names)), Value::Array(more)) => names.extend(more),
            ("properties", Some(Value::Object(members)), Value::Object(more)) => {
                for (name, schema) in more {
                    match (members.get_mut(&name), schema) {
                        (Some(Value::Object(known)), Value::Object(narrower))
                            if !known.contains_key("$ref") && !narrower.contains_key("$ref") =>
                        {
                            merge(known, narrower);
                        }
                        (_, schema) => {
                            members.insert(name, schema);
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
