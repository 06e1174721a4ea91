//! From schemas to Rust types. Objects and enumerations become models with names; the rest becomes a type expression.
//!
//! What cannot be typed becomes `serde_json::Value`, with a warning that names the place.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::model::{Enum, Field, Model, Pattern, Shape, Struct, Union, Variant};
use super::name::{self, Unique};
use super::schema::{self, Spec};

/// Any JSON value.
const ANY: &str = "serde_json::Value";
/// An object whose members are not declared.
const FREE_OBJECT: &str = "serde_json::Map<String, serde_json::Value>";

/// A type expression and what its users must know of it.
#[derive(Debug, Clone)]
pub(super) struct Type {
    /// The expression.
    pub(super) text: String,
    /// The model it is, if it is one by value.
    pub(super) part: Option<String>,
    /// Whether a model with limits of its own stands in it, by value or in a list.
    pub(super) nested: bool,
    /// What utoipa must be told, because the Rust type does not say it.
    schema: Vec<String>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Signed,
    Unsigned,
    Float,
    List,
    Other,
}

/// Every model of a spec, in the order in which they were found.
#[derive(Debug)]
pub(super) struct Models<'a> {
    spec: Spec<'a>,
    unique: Unique,
    names: HashMap<String, String>,
    aliases: HashMap<String, Type>,
    resolving: HashSet<String>,
    models: BTreeMap<String, Model>,
    /// What could not be typed, and where.
    pub(super) warnings: Vec<String>,
}

impl<'a> Models<'a> {
    /// Turns every component schema into a type.
    pub(super) fn new(spec: Spec<'a>) -> Self {
        let mut models = Self {
            spec,
            unique: Unique::default(),
            names: HashMap::new(),
            aliases: HashMap::new(),
            resolving: HashSet::new(),
            models: BTreeMap::new(),
            warnings: Vec::new(),
        };
        let components: Vec<_> = spec.components("schemas").collect();
        for (component, schema) in &components {
            if models.is_model(schema) {
                let wanted = schema.get("x-rust-name").and_then(Value::as_str).unwrap_or(component);
                let name = models.unique.take(&name::model(wanted));
                models.names.insert((*component).to_owned(), name);
            }
        }
        for (component, schema) in components {
            if let Some(name) = models.names.get(component).cloned() {
                models.define(name, Some(component), schema);
            }
        }
        models
    }

    /// The finished models by name, with the parts of recursive ones boxed.
    pub(super) fn finish(mut self) -> (Vec<Model>, Vec<String>) {
        self.box_recursive_parts();
        (self.models.into_values().collect(), self.warnings)
    }

    /// The type for a schema. `hint` names a model that has to be made for it.
    pub(super) fn type_of(&mut self, schema: &Value, hint: &str) -> Type {
        if let Some(component) = schema::referenced(schema) {
            return self.component(component);
        }
        let Some(resolved) = self.spec.resolve(schema) else {
            self.warnings.push(format!("{hint}: the reference {schema} leads nowhere; any value is taken"));
            return Type::any();
        };
        if self.is_model(resolved) {
            let resolved = resolved.clone();
            let wanted = resolved.get("x-rust-name").and_then(Value::as_str).unwrap_or(hint).to_owned();
            let name = self.unique.take(&name::model(&wanted));
            self.define(name.clone(), None, &resolved);
            return Type::model(&name, self.has_limits(&name));
        }
        self.expression(&self.spec.flatten(resolved), hint)
    }

    /// The Rust path of the model that a component schema became, or the type expression that stands for it.
    pub(super) fn component(&mut self, component: &str) -> Type {
        if let Some(name) = self.names.get(component) {
            let name = name.clone();
            return Type::model(&name, self.has_limits(&name));
        }
        if let Some(known) = self.aliases.get(component) {
            return known.clone();
        }
        let found = self.spec.at(&format!("/components/schemas/{}", component.replace('~', "~0").replace('/', "~1")));
        let Some(schema) = found.filter(|_| self.resolving.insert(component.to_owned())) else {
            self.warnings.push(format!("components.schemas.{component}: missing or circular; any value is taken"));
            return Type::any();
        };
        let found = self.type_of(schema, component);
        self.resolving.remove(component);
        self.aliases.insert(component.to_owned(), found.clone());
        found
    }

    /// Whether a schema is an object, an enumeration or a union, and so becomes a type with a name.
    fn is_model(&self, schema: &Value) -> bool {
        if schema::referenced(schema).is_some() {
            return false;
        }
        let flat = self.spec.flatten(schema);
        is_struct(&flat) || text_values(&flat).is_some() || is_union(&flat)
    }

    /// Whether a model can refuse a value by a limit. Enumerations are open and never do.
    fn has_limits(&self, name: &str) -> bool {
        self.models.get(name).is_none_or(|model| model.shape.enums.is_empty())
            && !self.spec.components("schemas").any(|(component, schema)| {
                self.names.get(component).is_some_and(|known| known == name)
                    && text_values(&self.spec.flatten(schema)).is_some()
            })
    }

    fn define(&mut self, name: String, component: Option<&str>, schema: &Value) {
        let flat = self.spec.flatten(schema);
        let shape = if let Some(values) = text_values(&flat) {
            Shape { enums: vec![enumeration(&values)], ..Shape::default() }
        } else if is_union(&flat) {
            self.union(&flat, &name)
        } else {
            Shape { structs: vec![self.structure(&flat, &name)], ..Shape::default() }
        };
        let mut docs = name::docs(described(&flat));
        if docs.is_empty() {
            docs = vec![format!("The schema `{}`.", component.unwrap_or(&name))];
        }
        let schema_name = component.filter(|component| *component != name).map(name::literal).into_iter().collect();
        let schema_literal = name::literal(component.unwrap_or(&name));
        self.models.insert(name.clone(), Model { name, schema_name, schema_literal, docs, shape });
    }

    fn structure(&mut self, flat: &Map<String, Value>, owner: &str) -> Struct {
        let required: HashSet<&str> =
            flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut names = Unique::default();
        let mut made = Struct { fields: Vec::new(), patterns: Vec::new() };
        for (wire, schema) in flat.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let wanted = schema.get("x-rust-name").and_then(Value::as_str).unwrap_or(wire);
            let name = names.take(&name::snake(wanted));
            let field = self.field(owner, wire, name, schema, required.contains(wire.as_str()), &mut made.patterns);
            made.fields.push(field);
        }
        made
    }

    fn field(
        &mut self,
        owner: &str,
        wire: &str,
        name: String,
        schema: &Value,
        required: bool,
        patterns: &mut Vec<Pattern>,
    ) -> Field {
        let found = self.type_of(schema, &format!("{owner}{}", name::pascal(wire)));
        let flat = self.spec.flatten(schema);
        let nullable = schema::is_nullable(&flat);
        let mut serde = Vec::new();
        if name::plain(&name) != wire {
            serde.push(format!("rename = {}", name::literal(wire)));
        }
        let aliases = schema.get("x-webhook-aliases").and_then(Value::as_array);
        for alias in aliases.into_iter().flatten().filter_map(Value::as_str) {
            serde.push(format!("alias = {}", name::literal(alias)));
        }
        let mut utoipa = found.schema.clone();
        let optional = !required || nullable;
        if !required {
            serde.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        } else if nullable && found.text != ANY {
            // Without this, serde takes a missing member for null.
            serde.push("deserialize_with = \"serde::Deserialize::deserialize\"".to_owned());
        }
        if required && nullable {
            utoipa.push("required = true".to_owned());
        }
        if optional && !nullable {
            utoipa.push("nullable = false".to_owned());
        }
        let mut validate = limits(&flat, &found, &mut utoipa);
        if let Some(pattern) = self.pattern(owner, wire, &flat, &found) {
            validate.push(format!("regex(path = *{})", pattern.name));
            utoipa.push(format!("pattern = {}", pattern.literal));
            patterns.push(pattern);
        }
        if found.nested {
            validate.push("nested".to_owned());
        }
        let mut docs = name::docs(described(&flat));
        if docs.is_empty() {
            docs = vec![format!("The member `{wire}`.")];
        }
        let text = if optional { format!("Option<{}>", found.text) } else { found.text };
        let joined = |parts: Vec<String>| if parts.is_empty() { vec![] } else { vec![parts.join(", ")] };
        Field {
            docs,
            name,
            r#type: text,
            serde: joined(serde),
            validate: joined(validate),
            schema: joined(utoipa),
            part: found.part,
        }
    }

    fn pattern(&mut self, owner: &str, wire: &str, flat: &Map<String, Value>, found: &Type) -> Option<Pattern> {
        let pattern = flat.get("pattern").and_then(Value::as_str).filter(|_| found.kind == Kind::Text)?;
        if let Err(error) = regex::Regex::new(pattern) {
            let reason = error.to_string().lines().last().unwrap_or_default().to_owned();
            self.warnings.push(format!("{owner}.{wire}: the pattern {pattern:?} is not checked: {reason}"));
            return None;
        }
        Some(Pattern { name: name::shouty(wire), literal: name::literal(pattern) })
    }

    fn union(&mut self, flat: &Map<String, Value>, owner: &str) -> Shape {
        let members: Vec<Value> = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|key| flat.get(*key).and_then(Value::as_array))
            .flatten()
            .filter(|member| member.get("type").is_none_or(|name| name != "null"))
            .cloned()
            .collect();
        let mut names = Unique::default();
        if let Some(tag) = discriminator(flat) {
            let variants = mapping(flat, &members)
                .into_iter()
                .map(|(value, component)| {
                    let found = self.component(&component);
                    let name = names.take(&name::variant(&value));
                    Variant { name, literal: name::literal(&value), r#type: found.text, nested: found.nested }
                })
                .collect();
            let union = Union { tag: vec![name::literal(tag)], keyword: "oneOf", variants, other: names.take("Other") };
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
                let found = self.type_of(member, &format!("{owner}{}", name::pascal(&wanted)));
                let literal = name::literal(&index.to_string());
                Variant { name: names.take(&name::variant(&wanted)), literal, r#type: found.text, nested: found.nested }
            })
            .collect();
        let keyword = if flat.contains_key("oneOf") { "oneOf" } else { "anyOf" };
        let union = Union { tag: Vec::new(), keyword, variants, other: names.take("Other") };
        Shape { choices: vec![union], ..Shape::default() }
    }

    /// A type that needs no name: scalars, lists, maps.
    fn expression(&mut self, flat: &Map<String, Value>, hint: &str) -> Type {
        let format = flat.get("format").and_then(Value::as_str).unwrap_or_default();
        match schema::types(flat).as_slice() {
            ["string"] => match format {
                "uuid" => Type::plain("uuid::Uuid"),
                "date-time" => Type::plain("crate::Timestamp"),
                "" => Type { kind: Kind::Text, ..Type::plain("String") },
                other => {
                    let schema = vec![format!("format = {}", name::literal(other))];
                    Type { kind: Kind::Text, schema, ..Type::plain("String") }
                }
            },
            ["boolean"] => Type::plain("bool"),
            ["integer"] => integer(format),
            ["number"] => number(format),
            ["array"] => {
                let items = flat.get("items").cloned().unwrap_or(Value::Bool(true));
                let hint = if hint.ends_with("ies") { hint } else { hint.strip_suffix('s').unwrap_or(hint) };
                let item = self.type_of(&items, hint);
                Type { text: format!("Vec<{}>", item.text), nested: item.nested, kind: Kind::List, ..Type::plain("") }
            }
            ["object"] => self.map(flat, hint),
            [] if flat.contains_key("additionalProperties") => self.map(flat, hint),
            [] if flat.keys().all(|key| schema_text_only(key)) => Type::any(),
            _ => {
                self.warnings.push(format!("{hint}: the schema has no single Rust type; any value is taken"));
                Type::any()
            }
        }
    }

    fn map(&mut self, flat: &Map<String, Value>, hint: &str) -> Type {
        match flat.get("additionalProperties") {
            Some(values @ Value::Object(members)) if !members.is_empty() => {
                let values = self.type_of(values, &format!("{hint}Value"));
                Type::plain(&format!("std::collections::BTreeMap<String, {}>", values.text))
            }
            _ => Type { schema: vec!["value_type = Object".to_owned()], ..Type::plain(FREE_OBJECT) },
        }
    }

    /// A struct that contains itself by value has no size; its way back goes through a `Box`.
    fn box_recursive_parts(&mut self) {
        let edges: HashMap<String, Vec<String>> = self
            .models
            .iter()
            .map(|(name, model)| {
                let fields = model.shape.structs.iter().flat_map(|made| &made.fields).filter_map(|f| f.part.clone());
                let unions = model.shape.unions.iter().chain(&model.shape.choices).flat_map(|union| &union.variants);
                (
                    name.clone(),
                    fields.chain(unions.filter_map(|v| v.r#type.strip_prefix("super::").map(str::to_owned))).collect(),
                )
            })
            .collect();
        for (owner, model) in &mut self.models {
            for field in model.shape.structs.iter_mut().flat_map(|made| &mut made.fields) {
                let Some(part) = field.part.clone().filter(|part| reaches(&edges, part, owner)) else { continue };
                field.r#type = field.r#type.replace(&format!("super::{part}"), &format!("Box<super::{part}>"));
            }
        }
    }
}

impl Type {
    fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), part: None, nested: false, schema: Vec::new(), kind: Kind::Other }
    }

    fn any() -> Self {
        Self::plain(ANY)
    }

    fn model(name: &str, nested: bool) -> Self {
        Self { part: Some(name.to_owned()), nested, ..Self::plain(&format!("super::{name}")) }
    }
}

fn integer(format: &str) -> Type {
    let (text, kind) = match format {
        "int32" => ("i32", Kind::Signed),
        "uint32" => ("u32", Kind::Unsigned),
        "uint64" => ("u64", Kind::Unsigned),
        _ => ("i64", Kind::Signed),
    };
    let told = match format {
        "int32" | "int64" => Vec::new(),
        "" => vec!["value_type = crate::openapi::Integer".to_owned()],
        other => vec![format!("format = {}", name::literal(other))],
    };
    Type { kind, schema: told, ..Type::plain(text) }
}

fn number(format: &str) -> Type {
    let told = match format {
        "double" => Vec::new(),
        "" => vec!["value_type = crate::openapi::Number".to_owned()],
        other => vec![format!("format = {}", name::literal(other))],
    };
    Type { kind: Kind::Float, schema: told, ..Type::plain("f64") }
}

/// The schema's limits as `validate` attributes; the same go into `utoipa`.
fn limits(flat: &Map<String, Value>, found: &Type, utoipa: &mut Vec<String>) -> Vec<String> {
    let whole = |key: &str| flat.get(key).and_then(Value::as_u64);
    let mut length = Vec::new();
    let (low, high, told) = match found.kind {
        Kind::Text => ("minLength", "maxLength", ("min_length", "max_length")),
        Kind::List => ("minItems", "maxItems", ("min_items", "max_items")),
        _ => ("", "", ("", "")),
    };
    if let Some(min) = whole(low) {
        length.push(format!("min = {min}"));
        utoipa.push(format!("{} = {min}", told.0));
    }
    if let Some(max) = whole(high) {
        length.push(format!("max = {max}"));
        utoipa.push(format!("{} = {max}", told.1));
    }
    let mut attributes = Vec::new();
    if !length.is_empty() {
        attributes.push(format!("length({})", length.join(", ")));
    }
    let range = range(flat, found.kind, utoipa);
    if !range.is_empty() {
        attributes.push(format!("range({})", range.join(", ")));
    }
    attributes
}

fn range(flat: &Map<String, Value>, kind: Kind, utoipa: &mut Vec<String>) -> Vec<String> {
    let literal = |value: &Value| match kind {
        Kind::Signed => value.as_i64().map(|number| number.to_string()),
        Kind::Unsigned => value.as_u64().filter(|number| *number > 0).map(|number| number.to_string()),
        Kind::Float => value.as_f64().map(|number| format!("{number:?}")),
        _ => None,
    };
    let mut range = Vec::new();
    for (key, exclusive_key, plain, exclusive) in [
        ("minimum", "exclusiveMinimum", ("min", "minimum"), ("exclusive_min", "exclusive_minimum")),
        ("maximum", "exclusiveMaximum", ("max", "maximum"), ("exclusive_max", "exclusive_maximum")),
    ] {
        let is_exclusive = flat.get(exclusive_key).and_then(Value::as_bool).unwrap_or(false);
        if let Some(bound) = flat.get(key).and_then(literal) {
            let (validate, told) = if is_exclusive { exclusive } else { plain };
            range.push(format!("{validate} = {bound}"));
            utoipa.push(format!("{told} = {bound}"));
        }
        if let Some(bound) = flat.get(exclusive_key).and_then(literal) {
            range.push(format!("{} = {bound}", exclusive.0));
            utoipa.push(format!("{} = {bound}", exclusive.1));
        }
    }
    range
}

fn is_struct(flat: &Map<String, Value>) -> bool {
    flat.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty())
}

fn is_union(flat: &Map<String, Value>) -> bool {
    ["oneOf", "anyOf"].iter().any(|key| flat.get(*key).and_then(Value::as_array).is_some_and(|all| !all.is_empty()))
}

/// The values of an enumeration of texts; `None` for anything else, mixed ones too.
fn text_values(flat: &Map<String, Value>) -> Option<Vec<String>> {
    let constant = flat.get("const").filter(|value| value.is_string()).cloned();
    let values = flat.get("enum").and_then(Value::as_array).cloned().or(constant.map(|value| vec![value]))?;
    let texts: Vec<String> =
        values.iter().filter(|value| !value.is_null()).map(|v| v.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    (!texts.is_empty()).then_some(texts)
}

fn enumeration(values: &[String]) -> Enum {
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

fn described(flat: &Map<String, Value>) -> &str {
    ["description", "title"]
        .iter()
        .find_map(|key| flat.get(*key).and_then(Value::as_str).filter(|text| !text.trim().is_empty()))
        .unwrap_or_default()
}

fn schema_text_only(key: &str) -> bool {
    matches!(key, "description" | "title" | "example" | "examples" | "nullable" | "default" | "deprecated")
        || key.starts_with("x-")
}

fn reaches(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(edges.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
