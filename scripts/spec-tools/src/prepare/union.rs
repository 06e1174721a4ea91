//! Enumerations of texts, and unions with and without a member that tells their variants apart.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::model::{Enum, Shape, Union, Variant};
use super::name::{self, Unique};
use super::schema;
use super::types::{Models, Type};

impl Models<'_> {
    /// The shape of a union of models or other types.
    pub(super) fn union(&mut self, flat: &Map<String, Value>, owner: &str) -> Shape {
        let keyword = if flat.contains_key("oneOf") { "oneOf" } else { "anyOf" };
        let members: Vec<Value> = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|key| flat.get(*key).and_then(Value::as_array))
            .flatten()
            .filter(|member| !schema::is_null(member))
            .cloned()
            .collect();
        let around = around(flat);
        let mut names = Unique::default();
        if let Some(tag) = discriminator(flat) {
            let variants = mapping(flat, &members)
                .into_iter()
                .map(|(value, component)| {
                    let found = match &around {
                        Some(around) => {
                            let part = serde_json::json!({ "$ref": format!("#/components/schemas/{component}") });
                            self.type_of(&within(around, &part), &format!("{owner}{}", name::pascal(&value)))
                        }
                        None => self.component(&component),
                    };
                    variant(names.take(&name::variant(&value)), &value, found)
                })
                .collect();
            let union = Union { tag: vec![name::literal(tag)], keyword, variants, other: names.take("Other") };
            return Shape { unions: vec![union], ..Shape::default() };
        }
        let variants = members
            .iter()
            .enumerate()
            .map(|(index, member)| {
                let title = member.get("title").and_then(Value::as_str);
                let wanted = schema::referenced(member).or(title).map_or_else(
                    || schema::types(&self.spec.flatten(member)).first().map_or("variant", |name| name).to_owned(),
                    ToOwned::to_owned,
                );
                let hint = format!("{owner}{}", name::pascal(&wanted));
                let merged = around.as_ref().map(|around| within(around, member));
                let member = merged.as_ref().unwrap_or(member);
                let found = self.type_of(member, &hint);
                self.warn_of_items(&found, &hint);
                let form = match found.part {
                    Some(_) => "model".to_owned(),
                    None => format!("named {}", self.described_aside(member, &hint, &found)),
                };
                let shape = self.outline(member);
                Variant { form, shape, ..variant(names.take(&name::variant(&wanted)), &index.to_string(), found) }
            })
            .collect();
        let union = Union { tag: Vec::new(), keyword, variants, other: names.take("Other") };
        Shape { choices: vec![union], ..Shape::default() }
    }

    /// What tells a value of this schema from those of others: the arguments of `decode::shape`.
    fn outline(&self, schema: &Value) -> String {
        let flat = self.spec.flatten(schema);
        let listed = |names: Vec<&str>| names.into_iter().map(name::literal).collect::<Vec<_>>().join(", ");
        let properties = flat.get("properties").and_then(Value::as_object);
        let types = schema::types(&flat);
        let kind = match types.as_slice() {
            _ if is_union(&flat) => "any",
            [only] => only,
            _ if properties.is_some() => "object",
            _ => "any",
        };
        let texts = text_values(&flat).unwrap_or_default();
        let known = match properties {
            Some(properties) => properties.keys().map(String::as_str).collect(),
            None => texts.iter().map(String::as_str).collect(),
        };
        let required = flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let pins = properties.into_iter().flatten().filter_map(|(name, schema)| {
            match text_values(&self.spec.flatten(schema))?.as_slice() {
                [only] => Some(format!("({}, {})", name::literal(name), name::literal(only))),
                _ => None,
            }
        });
        let pins = pins.collect::<Vec<_>>().join(", ");
        format!("{}, &[{}], &[{}], &[{pins}]", name::literal(kind), listed(required.collect()), listed(known))
    }
}

fn variant(name: String, value: &str, found: Type) -> Variant {
    let (form, shape) = (String::new(), String::new());
    Variant { name, literal: name::literal(value), r#type: found.text, nested: found.nested, form, shape }
}

/// What a union says of all its variants: members beside the choice, which each of them has, too.
fn around(flat: &Map<String, Value>) -> Option<Value> {
    flat.get("properties").and_then(Value::as_object).filter(|properties| !properties.is_empty())?;
    let kept = ["type", "properties", "required", "additionalProperties"];
    Some(flat.iter().filter(|(key, _)| kept.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect())
}

fn within(around: &Value, member: &Value) -> Value {
    serde_json::json!({ "allOf": [around, member] })
}

/// Whether a schema allows several shapes.
pub(super) fn is_union(flat: &Map<String, Value>) -> bool {
    ["oneOf", "anyOf"].iter().any(|key| flat.get(*key).and_then(Value::as_array).is_some_and(|all| !all.is_empty()))
}

/// The values of an enumeration, or the constant.
fn values(flat: &Map<String, Value>) -> Option<Vec<Value>> {
    let constant = flat.get("const").cloned();
    flat.get("enum").and_then(Value::as_array).cloned().or(constant.map(|value| vec![value]))
}

/// The values of an enumeration of whole numbers.
pub(super) fn whole_values(flat: &Map<String, Value>) -> Option<Vec<i64>> {
    if schema::types(flat) != ["integer"] {
        return None;
    }
    let values: Vec<i64> =
        values(flat)?.iter().filter(|value| !value.is_null()).map(Value::as_i64).collect::<Option<_>>()?;
    (!values.is_empty()).then_some(values)
}

/// The enumeration of these numbers.
pub(super) fn numbers(values: &[i64]) -> Enum {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    let Enum { mut variants, other } = enumeration(&texts);
    for variant in &mut variants {
        variant.literal = variant.literal.trim_matches('"').to_owned();
    }
    Enum { variants, other }
}

/// The values of an enumeration of texts; `None` for anything else, mixed ones too.
pub(super) fn text_values(flat: &Map<String, Value>) -> Option<Vec<String>> {
    if !matches!(schema::types(flat).as_slice(), [] | ["string"]) {
        return None;
    }
    let values = values(flat)?;
    let texts: Vec<String> =
        values.iter().filter(|value| !value.is_null()).map(|v| v.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    (!texts.is_empty()).then_some(texts)
}

/// The enumeration of these values.
pub(super) fn enumeration(values: &[String]) -> Enum {
    let mut names = Unique::default();
    let mut seen = HashSet::new();
    let variants = values
        .iter()
        .filter(|value| seen.insert(value.as_str()))
        .map(|value| Variant {
            name: names.take(&name::variant(value)),
            literal: name::literal(value),
            r#type: String::new(),
            nested: false,
            form: String::new(),
            shape: String::new(),
        })
        .collect();
    Enum { variants, other: names.take("Other") }
}

/// The member that tells the variants of a union apart.
pub(super) fn discriminator(flat: &Map<String, Value>) -> Option<&str> {
    flat.get("discriminator")?.get("propertyName")?.as_str()
}

/// The values of a discriminator, each with its component: the mapping, or the names of the schemas.
pub(super) fn mapping(flat: &Map<String, Value>, members: &[Value]) -> Vec<(String, String)> {
    let target = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
    let mapping =
        flat.get("discriminator").and_then(|discriminator| discriminator.get("mapping")).and_then(Value::as_object);
    match mapping {
        Some(mapping) => {
            mapping.iter().filter_map(|(value, schema)| Some((value.clone(), target(schema.as_str()?)))).collect()
        }
        None => members.iter().filter_map(schema::referenced).map(|name| (name.to_owned(), name.to_owned())).collect(),
    }
}
