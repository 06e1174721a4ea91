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
        let mut names = Unique::default();
        if let Some(tag) = discriminator(flat) {
            let variants = mapping(flat, &members)
                .into_iter()
                .map(|(value, component)| {
                    let found = self.component(&component);
                    variant(names.take(&name::variant(&value)), &value, found, String::new())
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
                let found = self.type_of(member, &hint);
                let form = match found.part {
                    Some(_) => "model".to_owned(),
                    None => format!("named {}", self.described_aside(member, &hint, &found)),
                };
                variant(names.take(&name::variant(&wanted)), &index.to_string(), found, form)
            })
            .collect();
        let union = Union { tag: Vec::new(), keyword, variants, other: names.take("Other") };
        Shape { choices: vec![union], ..Shape::default() }
    }
}

fn variant(name: String, value: &str, found: Type, form: String) -> Variant {
    Variant { name, literal: name::literal(value), r#type: found.text, nested: found.nested, form }
}

/// Whether a schema allows several shapes.
pub(super) fn is_union(flat: &Map<String, Value>) -> bool {
    ["oneOf", "anyOf"].iter().any(|key| flat.get(*key).and_then(Value::as_array).is_some_and(|all| !all.is_empty()))
}

/// The values of an enumeration of texts; `None` for anything else, mixed ones too.
pub(super) fn text_values(flat: &Map<String, Value>) -> Option<Vec<String>> {
    let constant = flat.get("const").filter(|value| value.is_string()).cloned();
    let values = flat.get("enum").and_then(Value::as_array).cloned().or(constant.map(|value| vec![value]))?;
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
