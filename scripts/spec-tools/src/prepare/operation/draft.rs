//! The events of an operation, before they have a trait method: one for each member of a union, or one in all.

use serde_json::Value;

use super::Operations;
use crate::extension::EventRule;
use crate::prepare::contract::Pin;
use crate::prepare::docs;
use crate::prepare::name;
use crate::prepare::schema::{Spec, text};
use crate::prepare::types::{Kind, Type};
use crate::prepare::union;
use crate::source::webhooks;

/// The type of a body that is no JSON.
pub(super) const RAW: &str = "bytes::Bytes";

/// An event before it has a method.
pub(super) struct Draft {
    pub(super) event_type: String,
    pub(super) wanted: String,
    pub(super) schema: String,
    pub(super) ty: String,
    pub(super) nested: bool,
    pub(super) summary: String,
    pub(super) docs: Vec<String>,
    pub(super) example: Option<String>,
    /// What the body says besides, where that tells the event from others of its type.
    pub(super) pin: Option<Pin>,
}

pub(super) struct Example {
    name: String,
    summary: String,
    value: Value,
}

impl Operations<'_, '_> {
    /// The events that arrive with this `content`, whose type is `shape` and names the event at `pointer`.
    pub(super) fn drafts(
        &mut self,
        operation: &Value,
        id: &str,
        rule: &EventRule,
        content: Option<&Value>,
        shape: Option<&Type>,
        pointer: Option<&str>,
    ) -> Vec<Draft> {
        let schema = content.and_then(|content| content.get("schema"));
        let examples = content.map(|content| examples(self.spec, content)).unwrap_or_default();
        let listed: Vec<_> = rule.mapped().map(|(event, schema)| (event.to_owned(), component(schema))).collect();
        let members = match schema.filter(|_| rule.event_type.is_none()) {
            Some(schema) if listed.is_empty() => members(self.spec, schema),
            Some(_) => Some(listed),
            None => None,
        };
        match members {
            Some(members) => {
                let draft = |(event_type, component)| self.member(rule, &examples, pointer, event_type, component);
                members.into_iter().map(draft).collect()
            }
            None => vec![self.only(operation, id, rule, examples.first(), shape)],
        }
    }

    /// The event of this type whose schema is a member of a union.
    fn member(
        &mut self,
        rule: &EventRule,
        examples: &[Example],
        pointer: Option<&str>,
        event_type: String,
        component: String,
    ) -> Draft {
        let found = self.models.component(&component);
        let example = examples.iter().find(|example| {
            let named = pointer.and_then(|pointer| example.value.pointer(pointer));
            named.map_or(example.name == event_type, |named| named.as_str() == Some(&event_type))
        });
        let described = self.spec.component(&component);
        let summary = example
            .map(|example| example.summary.clone())
            .filter(|summary| !summary.is_empty())
            .or_else(|| described.map(|schema| docs::one_line(text(schema, "description"))))
            .unwrap_or_default();
        Draft {
            wanted: name::snake(rule.methods.get(&event_type).unwrap_or(&event_type)),
            docs: docs::lines(&summary),
            summary,
            example: example.map(|example| example.value.to_string()),
            ty: found.text,
            nested: found.nested,
            schema: component,
            event_type,
            pin: None,
        }
    }

    /// The one event of an operation whose body is no union.
    pub(super) fn only(
        &self,
        operation: &Value,
        id: &str,
        rule: &EventRule,
        example: Option<&Example>,
        shape: Option<&Type>,
    ) -> Draft {
        let named = operation.get(webhooks::NAME).and_then(Value::as_str);
        let event_type = rule.event_type.as_deref().or(named).unwrap_or(id).to_owned();
        let summary = docs::one_line(text(operation, "summary"));
        let mut docs = docs::lines(&summary);
        let description = docs::lines(text(operation, "description"));
        if !docs.is_empty() && !description.is_empty() {
            docs.push(String::new());
        }
        docs.extend(description);
        let (ty, nested, schema) = match shape {
            Some(shape) => {
                // A map is no type with limits of its own.
                (shape.text.clone(), shape.nested && shape.kind != Kind::Map, self.models.schema_name(shape))
            }
            None => (RAW.to_owned(), false, String::new()),
        };
        Draft {
            wanted: name::snake(rule.methods.get(&event_type).map_or(id, String::as_str)),
            docs,
            summary,
            example: example.map(|example| example.value.to_string()),
            ty,
            nested,
            schema,
            event_type,
            pin: None,
        }
    }
}

/// The component that a `$ref`, or its name alone, says.
fn component(target: &str) -> String {
    target.rsplit('/').next().unwrap_or(target).to_owned()
}

/// The pointer to the discriminator of a union.
pub(super) fn discriminator(spec: Spec<'_>, schema: &Value) -> Option<String> {
    let flat = spec.flatten(schema);
    union::discriminator(&flat).map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1")))
}

/// The event types of a union with a discriminator, each with its component.
fn members(spec: Spec<'_>, schema: &Value) -> Option<Vec<(String, String)>> {
    let flat = spec.flatten(schema);
    union::discriminator(&flat)?;
    let members = flat.get("oneOf").or(flat.get("anyOf")).and_then(Value::as_array).cloned();
    Some(union::mapping(&flat, &members.unwrap_or_default()))
}

pub(super) fn examples(spec: Spec<'_>, content: &Value) -> Vec<Example> {
    let named = content.get("examples").and_then(Value::as_object).into_iter().flatten();
    let mut all: Vec<Example> = named
        .filter_map(|(name, example)| {
            let example = spec.resolve(example)?;
            let value = example.get("value")?.clone();
            Some(Example { name: name.clone(), summary: docs::one_line(text(example, "summary")), value })
        })
        .collect();
    if let Some(value) = content.get("example") {
        all.push(Example { name: String::new(), summary: String::new(), value: value.clone() });
    }
    all
}
