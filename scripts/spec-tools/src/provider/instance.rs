//! A value that fits a schema, for events whose spec has no example.
//!
//! It has what the schema demands and no more. What the schema shows (`example`, `default`, the first of an `enum`) goes
//! before what is made up. Schemas may contain each other; the way out is what may be left out.

use serde_json::{Map, Value, json};

/// The deepest value that is tried.
const DEEPEST: usize = 24;

/// A value for a 3.0 schema whose `$ref`s lead into `schemas`; `None` if none could be found.
pub(super) fn instance(schema: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    Maker { schemas }.value(schema, 0)
}

struct Maker<'a> {
    schemas: &'a Map<String, Value>,
}

impl Maker<'_> {
    fn value(&self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let schema = self.resolve(schema)?;
        let is_nullable = schema.get("nullable").and_then(Value::as_bool).unwrap_or(false);
        let shown = ["example", "default"].iter().find_map(|key| schema.get(*key));
        let listed = schema.get("enum").and_then(Value::as_array).and_then(|all| all.iter().find(|v| !v.is_null()));
        if let Some(value) = listed.filter(|_| shown.is_none()).or(shown) {
            return Some(value.clone());
        }
        self.made_up(schema, depth).or_else(|| is_nullable.then_some(Value::Null))
    }

    fn resolve<'v>(&'v self, schema: &'v Value) -> Option<&'v Value> {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Some(schema) };
            schema = self.schemas.get(reference.strip_prefix("#/components/schemas/")?)?;
        }
        None
    }

    fn made_up(&self, schema: &Value, depth: usize) -> Option<Value> {
        let choice = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key).and_then(Value::as_array));
        let parts = schema.get("allOf").and_then(Value::as_array);
        if choice.is_none() && parts.is_none() {
            return self.plain(schema, depth);
        }
        let mut whole = if schema.get("properties").is_some() { self.plain(schema, depth)? } else { Value::Null };
        for part in parts.into_iter().flatten() {
            whole = joined(whole, self.value(part, depth + 1)?);
        }
        if let Some(choice) = choice {
            let discriminator = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
            let mut chosen = choice.iter().find_map(|one| Some((one, self.value(one, depth + 1)?)));
            if let (Some(name), Some((one, value))) = (discriminator, &mut chosen) {
                Self::name_member(schema, name, one, value);
            }
            whole = joined(whole, chosen?.1);
        }
        Some(whole)
    }

    /// The value of a discriminator is the mapping's, or the name of the schema.
    fn name_member(union: &Value, property: &str, member: &Value, value: &mut Value) {
        let Some(reference) = member.get("$ref").and_then(Value::as_str) else { return };
        let mapping = union.pointer("/discriminator/mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flatten().find(|(_, target)| target.as_str() == Some(reference));
        let name = mapped.map_or_else(|| reference.rsplit('/').next().unwrap_or_default(), |(name, _)| name.as_str());
        if let Some(members) = value.as_object_mut() {
            members.insert(property.to_owned(), name.into());
        }
    }

    fn plain(&self, schema: &Value, depth: usize) -> Option<Value> {
        let number = |key: &str| schema.get(key).and_then(Value::as_u64).unwrap_or(0);
        Some(match schema.get("type").and_then(Value::as_str) {
            Some("string") => text(schema)?.into(),
            Some("boolean") => true.into(),
            Some("integer") => whole(schema).into(),
            Some("number") => decimal(schema),
            Some("array") => {
                let item = schema.get("items").cloned().unwrap_or_default();
                (0..number("minItems")).map(|_| self.value(&item, depth + 1)).collect::<Option<Vec<_>>>()?.into()
            }
            Some("object") => self.object(schema, depth)?,
            _ if schema.get("properties").is_some() => self.object(schema, depth)?,
            _ => json!({}),
        })
    }

    fn object(&self, schema: &Value, depth: usize) -> Option<Value> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let mut members = Map::new();
        for name in required.filter_map(Value::as_str) {
            let property = properties.and_then(|properties| properties.get(name)).cloned().unwrap_or_else(|| json!({}));
            members.insert(name.to_owned(), self.value(&property, depth + 1)?);
        }
        // A schema that demands nothing would make an event that says nothing.
        if members.is_empty() && depth < 4 {
            for (name, property) in properties.into_iter().flatten() {
                if let Some(value) = self.value(property, depth + 1) {
                    members.insert(name.clone(), value);
                }
            }
        }
        Some(Value::Object(members))
    }
}

fn joined(whole: Value, part: Value) -> Value {
    match (whole, part) {
        (Value::Object(mut members), Value::Object(more)) => {
            members.extend(more);
            Value::Object(members)
        }
        (Value::Null, part) => part,
        (whole, _) => whole,
    }
}

fn text(schema: &Value) -> Option<String> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let value = match format {
        "date-time" => "2026-01-31T12:00:00Z",
        "date" => "2026-01-31",
        "time" => "12:00:00Z",
        "duration" => "PT15M",
        "uuid" => "2b1f0c9d-7b64-4a58-8d13-e2a6b9c4f502",
        "uri" | "url" | "iri" => "https://example.com/1",
        "uri-reference" | "iri-reference" => "/1",
        "uri-template" => "https://example.com/{id}",
        "email" | "idn-email" => "someone@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "dGV4dA==",
        "json-pointer" => "/a",
        "regex" => ".*",
        _ => "text",
    };
    let length = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let mut value: String = value.to_owned();
    while length("minLength").is_some_and(|least| value.chars().count() < least) {
        value.push('x');
    }
    if let Some(most) = length("maxLength") {
        value = value.chars().take(most).collect();
    }
    let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else { return Some(value) };
    let pattern = regex::Regex::new(pattern).ok()?;
    // No pattern is solved; most are one of few habits.
    let habits =
        ["1", "a", "A", "A1", "a1", "abc", "0000000000000000000000000000000000000000", "#000000", "1.0.0", "a-b"];
    let tries = std::iter::once(value).chain(habits.iter().map(|habit| (*habit).to_owned()));
    let fits = |text: &String| {
        pattern.is_match(text)
            && length("minLength").is_none_or(|least| text.chars().count() >= least)
            && length("maxLength").is_none_or(|most| text.chars().count() <= most)
    };
    tries.into_iter().find(fits)
}

fn whole(schema: &Value) -> i64 {
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    let flag = |key: &str| schema.get(key).and_then(Value::as_bool).unwrap_or(false);
    let least = number("minimum").map(|least| least.ceil() as i64 + i64::from(flag("exclusiveMinimum")));
    let most = number("maximum").map(|most| most.floor() as i64 - i64::from(flag("exclusiveMaximum")));
    let step = number("multipleOf").map_or(1, |step| step.abs().round() as i64).max(1);
    let value = least.unwrap_or(1).max(i64::MIN / 2).min(most.unwrap_or(i64::MAX));
    match value.rem_euclid(step) {
        0 => value,
        over => value.saturating_add(step - over),
    }
}

fn decimal(schema: &Value) -> Value {
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    let value = match (number("minimum"), number("maximum"), number("multipleOf")) {
        (_, _, Some(step)) if step != 0.0 => (number("minimum").unwrap_or(step) / step).ceil() * step,
        (Some(least), Some(most), _) => f64::midpoint(least, most),
        (Some(least), None, _) => least + 1.0,
        (None, Some(most), _) => most.min(1.5) - 1.0,
        (None, None, _) => 1.5,
    };
    json!(value)
}
