//! Schemas in the common form.
//!
//! * `allOf`s are merged, later parts over earlier ones.
//! * Who refers to a text, a number, a list or a map says it instead: to Rust these are no types of their own. The same
//!   goes for what only the crate has a name for, the spec's inline objects and enumerations.
//! * A reference tells what its target tells, unless it says better: description and nullability.
//! * What a keyword already says is not said again by another: an enumeration has no length, an unsigned integer is not
//!   below zero.
//! * What has no type may be anything, and so null.
//! * A number without a format has the widest: that is what the crate reads it as.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::normal::{is_extension, resolve, sorted, words};

const COMPONENT: &str = "#/components/schemas/";

/// Keywords that tell people something but say nothing of values.
const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "example",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];

/// The names of the spec's component schemas.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names {
    all: BTreeSet<String>,
    /// Objects with members, enumerations of texts and unions: what becomes a type of its own.
    types: BTreeSet<String>,
}

impl Names {
    pub(crate) fn of(spec: &Value) -> Self {
        let mut names = Self { all: BTreeSet::new(), types: BTreeSet::new() };
        let schemas = Schemas::new(spec, &names);
        let types: BTreeSet<String> =
            schemas.components().filter(|(_, schema)| schemas.is_type(schema)).map(|(name, _)| name.clone()).collect();
        names.all = Schemas::new(spec, &names).components().map(|(name, _)| name.clone()).collect();
        names.types = types;
        names
    }
}

/// The component schemas of a document.
pub(crate) struct Schemas<'a> {
    root: &'a Value,
    spec: &'a Names,
    /// The components that are being said where they are referred to.
    open: RefCell<Vec<String>>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(root: &'a Value, spec: &'a Names) -> Self {
        Self { root, spec, open: RefCell::default() }
    }

    /// Every component, but for those that only the crate has and refers to.
    pub(crate) fn normal(&self) -> Value {
        let text = self.root.to_string();
        let used = |name: &str| text.contains(&format!("\"{COMPONENT}{name}\""));
        let named = self.components().filter(|(name, _)| self.spec.all.contains(*name) || !used(name));
        named
            .map(|(name, schema)| {
                let mut schema = self.schema(schema);
                // That its values may be null is told wherever it is referred to.
                schema.as_object_mut().map(|members| members.remove("nullable"));
                (name.clone(), schema)
            })
            .collect()
    }

    fn components(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
    }

    fn is_type(&self, schema: &Value) -> bool {
        if reference(schema).is_some() {
            return false;
        }
        let merged = self.merged(schema);
        let texts = |values: &Value| values.as_array().is_some_and(|all| all.iter().any(Value::is_string));
        ["properties", "oneOf", "anyOf"].iter().any(|key| merged.contains_key(*key))
            || merged.get("enum").is_some_and(texts)
    }

    /// A schema in the common form.
    pub(crate) fn schema(&self, schema: &Value) -> Value {
        let own = schema.as_object().cloned().unwrap_or_default();
        let Some(name) = reference(schema) else { return self.keywords(&self.merged(schema)) };
        let mut normal = if self.spec.types.contains(name) {
            let mut told = self.told(self.target(name));
            told["$ref"] = name.into();
            told
        } else {
            self.inline(name)
        };
        describe(&mut normal, &own);
        if is_nullable(&own) {
            normal["nullable"] = true.into();
        }
        normal
    }

    /// A component that has no name in the common form, unless it is a part of itself.
    fn inline(&self, name: &str) -> Value {
        let target = self.target(name);
        if target.is_null() {
            return json!({"$ref": format!("{name}, which is not there")});
        }
        if self.open.borrow().iter().any(|open| open == name) {
            return json!({});
        }
        self.open.borrow_mut().push(name.to_owned());
        let normal = self.schema(target);
        self.open.borrow_mut().pop();
        normal
    }

    /// What a reference to this schema tells of it: its description, and whether it may be null.
    fn told(&self, schema: &Value) -> Value {
        let Some(own) = schema.as_object() else { return json!({}) };
        let mut told = reference(schema).map_or_else(|| json!({}), |name| self.told(self.target(name)));
        describe(&mut told, own);
        if is_nullable(own) || parts(own).any(|part| self.told(part)["nullable"] == true) {
            told["nullable"] = true.into();
        }
        told
    }

    fn target(&self, name: &str) -> &'a Value {
        const DANGLING: &Value = &Value::Null;
        self.root.pointer(&format!("/components/schemas/{name}")).unwrap_or(DANGLING)
    }

    /// The schema with its `allOf`, and whatever else is one, merged into it.
    fn merged(&self, schema: &Value) -> Map<String, Value> {
        let mut own = resolve(self.root, schema).as_object().cloned().unwrap_or_default();
        let mut merged = Map::new();
        for part in parts(&own).cloned().collect::<Vec<_>>() {
            let mut part = self.merged(&part);
            part.retain(|key, _| !ANNOTATIONS.contains(&key.as_str()));
            merge(&mut merged, part);
        }
        if is_nullable(&own) {
            merged.insert("nullable".to_owned(), true.into());
        }
        let whole = own.clone();
        own.retain(|key, _| key != "allOf" && !is_choice_of_one(&whole, key));
        merge(&mut merged, own);
        merged
    }

    fn keywords(&self, flat: &Map<String, Value>) -> Value {
        let mut normal = Map::new();
        for (key, value) in flat {
            match key.as_str() {
                "description" | "nullable" | "const" => {}
                key if is_extension(key) || ANNOTATIONS.contains(&key) => {}
                "type" => {
                    let all = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                    let present: Vec<Value> = all.into_iter().filter(|name| name != "null").collect();
                    normal.insert("type".to_owned(), present.into_iter().collect());
                }
                "enum" => {
                    let present = value.as_array().into_iter().flatten().filter(|value| !value.is_null());
                    normal.insert("enum".to_owned(), sorted(present.cloned()));
                }
                "required" => {
                    normal.insert("required".to_owned(), sorted(value.as_array().into_iter().flatten().cloned()));
                }
                "properties" => {
                    let members = value.as_object().into_iter().flatten();
                    let members = members.map(|(name, schema)| (name.clone(), self.schema(schema)));
                    normal.insert("properties".to_owned(), members.collect());
                }
                "items" => {
                    normal.insert("items".to_owned(), self.schema(value));
                }
                // Unknown members are welcome unless the spec says otherwise.
                "additionalProperties" if matches!(value, Value::Bool(true)) || value == &json!({}) => {}
                "additionalProperties" if value.is_object() => {
                    normal.insert("additionalProperties".to_owned(), self.schema(value));
                }
                "propertyNames" => {}
                "oneOf" | "anyOf" => {
                    let members = value.as_array().into_iter().flatten().filter(|member| !is_null(member));
                    normal.insert(key.clone(), sorted(members.map(|member| self.schema(member))));
                }
                "discriminator" => {
                    normal.insert("discriminator".to_owned(), discriminator(value, flat));
                }
                key => {
                    normal.insert(key.to_owned(), value.clone());
                }
            }
        }
        implied(&mut normal);
        if let Some(constant) = flat.get("const") {
            normal.insert("enum".to_owned(), json!([constant]));
        }
        if is_nullable(flat) && !normal.is_empty() {
            normal.insert("nullable".to_owned(), true.into());
        }
        let mut normal = Value::Object(normal);
        describe(&mut normal, flat);
        normal
    }
}

/// The schemas that a value must fit all at once: those of `allOf`, and the only one of a choice.
fn parts(own: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = own.iter().filter(|(key, _)| *key == "allOf" || is_choice_of_one(own, key));
    lists.filter_map(|(_, value)| value.as_array()).flatten().filter(|part| !is_null(part))
}

/// "X" and "null or X" offer no choice between shapes.
fn is_choice_of_one(own: &Map<String, Value>, key: &str) -> bool {
    let members = own.get(key).filter(|_| matches!(key, "oneOf" | "anyOf")).and_then(Value::as_array);
    !own.contains_key("discriminator") && members.into_iter().flatten().filter(|member| !is_null(member)).count() == 1
}

/// The component that a schema is: by `$ref`, or by an `allOf` of nothing else.
fn reference(schema: &Value) -> Option<&str> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return target.strip_prefix(COMPONENT);
    }
    let own = schema.as_object()?;
    let beside = |key: &str| key == "nullable" || ANNOTATIONS.contains(&key) || is_extension(key);
    let alone = own.keys().all(|key| key == "allOf" || is_choice_of_one(own, key) || beside(key));
    let mut parts = parts(own).filter(|_| alone);
    match (parts.next(), parts.next()) {
        (Some(part), None) => reference(part),
        _ => None,
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
}

fn is_nullable(own: &Map<String, Value>) -> bool {
    let lists_null =
        |key: &str, null: &Value| own.get(key).and_then(Value::as_array).is_some_and(|all| all.contains(null));
    own.get("nullable") == Some(&Value::Bool(true))
        || lists_null("type", &"null".into())
        || lists_null("enum", &Value::Null)
        || ["oneOf", "anyOf"]
            .iter()
            .any(|key| own.get(*key).and_then(Value::as_array).is_some_and(|all| all.iter().any(is_null)))
}

/// The better of two descriptions: what stands here. Who has only a title is described by it.
fn describe(normal: &mut Value, own: &Map<String, Value>) {
    let told = ["description", "title"].iter().find_map(|key| own.get(*key).and_then(Value::as_str));
    if let Some(told) = told.map(words).filter(|told| !told.is_empty()) {
        normal["description"] = told.into();
    }
}

fn discriminator(value: &Value, flat: &Map<String, Value>) -> Value {
    let members = ["oneOf", "anyOf"].iter().filter_map(|key| flat.get(*key)?.as_array()).flatten();
    let implied: Map<String, Value> =
        members.filter_map(reference).map(|name| (name.to_owned(), name.into())).collect();
    let mapping = value.get("mapping").and_then(Value::as_object);
    let declared = mapping.map(|mapping| {
        let name = |target: &Value| target.as_str().and_then(|target| target.rsplit('/').next()).map(Value::from);
        mapping.iter().map(|(tag, target)| (tag.clone(), name(target).unwrap_or_default())).collect::<Map<_, _>>()
    });
    json!({"propertyName": value["propertyName"], "mapping": declared.unwrap_or(implied)})
}

/// Takes away what other keywords imply, and adds what they imply without saying.
fn implied(normal: &mut Map<String, Value>) {
    if normal.contains_key("enum") {
        normal.retain(|key, _| !matches!(key.as_str(), "minLength" | "maxLength" | "pattern" | "format"));
    }
    if normal.contains_key("properties") || normal.contains_key("additionalProperties") {
        normal.entry("type").or_insert(json!(["object"]));
    }
    if normal.get("required") == Some(&json!([])) {
        normal.remove("required");
    }
    for (name, format) in [("integer", "int64"), ("number", "double")] {
        if normal.get("type") == Some(&json!([name])) {
            normal.entry("format").or_insert(format.into());
        }
    }
    if normal.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("uint")) {
        normal.entry("minimum").or_insert(json!(0));
    }
    for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match normal.remove(exclusive) {
            Some(Value::Bool(true)) => {
                let bound = normal.remove(inclusive);
                normal.extend(bound.map(|bound| (exclusive.to_owned(), bound)));
            }
            Some(bound @ Value::Number(_)) => {
                let weaker = |other: &Value| inclusive == "minimum" && other.as_f64() <= bound.as_f64();
                if normal.get(inclusive).is_some_and(weaker) {
                    normal.remove(inclusive);
                }
                normal.insert(exclusive.to_owned(), bound);
            }
            _ => {}
        }
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (key.as_str(), into.get_mut(&key), value) {
            ("required", Some(Value::Array(names)), Value::Array(more)) => names.extend(more),
            ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                for (name, narrower) in more {
                    match (known.get_mut(&name), narrower) {
                        (Some(Value::Object(wider)), Value::Object(narrower))
                            if !wider.contains_key("$ref") && !narrower.contains_key("$ref") =>
                        {
                            merge(wider, narrower);
                        }
                        (_, narrower) => {
                            known.insert(name, narrower);
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
