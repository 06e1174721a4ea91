//! One form for both documents: whatever may be said in two ways is said in one.
//!
//! `webhooks.yaml` is OpenAPI 3.0, made for people: responses and parameters are shared by reference, defaults are left
//! out, descriptions are wrapped. The crate's document is 3.1, and everything in it stands where it is used. What is
//! left out here is not compared: examples and `x-` extensions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::schema::{Names, Schemas};

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An OpenAPI document, and how to say it in the common form.
pub(crate) struct Document<'a> {
    root: &'a Value,
    schemas: Schemas<'a>,
}

impl<'a> Document<'a> {
    /// `spec` are the names that the spec gives to schemas.
    pub(crate) fn new(root: &'a Value, spec: &'a Names) -> Self {
        Self { root, schemas: Schemas::new(root, spec) }
    }

    /// The common form.
    pub(crate) fn normal(&self) -> Value {
        let schemes = self.components("securitySchemes").map(|(name, scheme)| (name.clone(), annotated(scheme)));
        let paths = self.root.get("paths").and_then(Value::as_object).into_iter().flatten();
        let tags = self.root.get("tags").and_then(Value::as_array).into_iter().flatten();
        json!({
            "info": annotated(&self.root["info"]),
            "tags": tags.filter_map(tag).collect::<Map<_, _>>(),
            "paths": paths.map(|(path, item)| (path.clone(), self.item(item))).collect::<Map<_, _>>(),
            "components": {
                "securitySchemes": schemes.collect::<Map<_, _>>(),
                "schemas": self.schemas.normal(),
            },
        })
    }

    fn components(&self, kind: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let found = self.root.get("components").and_then(|components| components.get(kind));
        found.and_then(Value::as_object).into_iter().flatten()
    }

    fn item(&self, item: &Value) -> Value {
        let item = self.resolve(item);
        let operations = METHODS.iter().filter_map(|method| Some((method, item.get(*method)?)));
        operations.map(|(method, operation)| ((*method).to_owned(), self.operation(item, operation))).collect()
    }

    fn operation(&self, item: &Value, operation: &Value) -> Value {
        let mut normal = annotated(operation);
        let parameters = [item, operation].into_iter().filter_map(|holder| holder.get("parameters")?.as_array());
        let parameters = parameters.flatten().map(|parameter| self.resolve(parameter));
        let security = operation.get("security").or_else(|| self.root.get("security"));
        let responses = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        normal["parameters"] = parameters
            .map(|parameter| {
                let name = format!("{} {}", text(parameter, "in"), text(parameter, "name").to_lowercase());
                (name, self.holder(parameter))
            })
            .collect();
        normal["requestBody"] =
            operation.get("requestBody").map_or(Value::Null, |body| self.holder(self.resolve(body)));
        normal["responses"] =
            responses.map(|(status, response)| (status.clone(), self.holder(self.resolve(response)))).collect();
        normal["security"] = sorted(security.and_then(Value::as_array).into_iter().flatten().map(all_of));
        normal
    }

    /// A parameter, a body, an answer or what it holds: with a description, a `required` that is false unless it says
    /// so, and perhaps a schema or several.
    fn holder(&self, holder: &Value) -> Value {
        let mut normal = annotated(holder);
        if normal.get("required") == Some(&Value::Bool(false)) {
            normal.as_object_mut().map(|members| members.remove("required"));
        }
        if let Some(schema) = holder.get("schema") {
            normal["schema"] = self.schemas.schema(schema);
        }
        if let Some(content) = holder.get("content").and_then(Value::as_object) {
            normal["content"] = content.iter().map(|(media, held)| (media.clone(), self.holder(held))).collect();
        }
        normal
    }

    fn resolve<'v>(&self, value: &'v Value) -> &'v Value
    where
        'a: 'v,
    {
        resolve(self.root, value)
    }
}

/// What a reference leads to in the end.
pub(crate) fn resolve<'v>(root: &'v Value, mut value: &'v Value) -> &'v Value {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        value = root.pointer(reference.trim_start_matches('#')).expect("a $ref of a checked document leads somewhere");
    }
    value
}

/// An object as it is, but for examples and extensions, and with its texts on one line.
pub(crate) fn annotated(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    let compared = members.filter(|(name, _)| !matches!(name.as_str(), "example" | "examples") && !is_extension(name));
    compared.map(|(name, value)| (name.clone(), one_line(name, value))).collect()
}

fn one_line(name: &str, value: &Value) -> Value {
    match value.as_str() {
        Some(text) if matches!(name, "summary" | "description") => words(text).into(),
        _ => value.clone(),
    }
}

pub(crate) fn is_extension(name: &str) -> bool {
    name.starts_with("x-")
}

/// What a reader of the rendered Markdown sees: no breaks and blanks that only lay it out, no marks that keep a sign from
/// meaning something, no language of a code block.
pub(crate) fn words(text: &str) -> String {
    static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        let patterns = ["<(https?://[^>]*)>", r"\\([\[\]<>`])", r"(```)\w+"];
        patterns.map(|pattern| Regex::new(pattern).expect("the pattern is one"))
    });
    let marked = text.contains(['<', '\\', '`']);
    let marks = MARKS.iter().filter(|_| marked);
    let text = marks.fold(text.to_owned(), |text, marks| marks.replace_all(&text, "$1").into_owned());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list whose order means nothing.
pub(crate) fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_key(|value| undescribed(value).to_string());
    values.dedup();
    values.into()
}

fn undescribed(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let told = members.iter().filter(|(name, _)| *name != "description");
            let told: BTreeMap<_, _> = told.map(|(name, value)| (name, undescribed(value))).collect();
            json!(told)
        }
        Value::Array(items) => items.iter().map(undescribed).collect(),
        other => other.clone(),
    }
}

/// A tag that says something of itself.
fn tag(tag: &Value) -> Option<(String, Value)> {
    let said = annotated(tag);
    said.get("description").is_some().then(|| (text(tag, "name"), said))
}

/// The names of the schemes that must all hold.
fn all_of(requirement: &Value) -> Value {
    let names = requirement.as_object().into_iter().flatten().map(|(name, _)| Value::from(name.as_str()));
    sorted(names)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
