//! From the events of a provider to the endpoints that take them.
//!
//! One endpoint for all wherever something tells the events apart: a header that names the type, or a member of the
//! body. Only events that nothing tells apart get a path each.
//!
//! Where a header names the type, the shapes of one type (GitHub's `issues` with the actions `opened`, `closed`, ...)
//! are one event whose body is a union: a person subscribes to `issues` and matches on what happened, and an action that
//! is new is another variant, not an unknown event.

use heck::{ToKebabCase, ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};

use super::Refused;
use super::examples::Examples;
use super::found::{self, Found};
use super::lower::Import;
use super::scheme::Delivery;
use crate::document::Document;

/// A provider that is being put together.
pub(super) struct Builder<'a, 'i> {
    pub(super) document: &'a Document,
    pub(super) name: &'a str,
    pub(super) delivery: &'a Delivery,
    pub(super) import: &'i mut Import<'a>,
    /// The event types so far, each with whether it has an example.
    pub(super) told: Vec<(String, bool)>,
}

/// An event with the name of its schema.
struct Event {
    event_type: String,
    schema: String,
    summary: String,
    examples: Vec<Value>,
}

impl Builder<'_, '_> {
    /// The path items.
    pub(super) fn paths(&mut self, events: &[Found]) -> Result<Map<String, Value>, Refused> {
        if let Some(header) = self.delivery.type_header {
            return self.by_header(header, events);
        }
        let schemas: Vec<_> = events.iter().map(|event| event.schema.as_str()).collect();
        let said = events.first().and_then(|event| event.member.clone());
        let said = said.filter(|member| events.iter().all(|event| event.member.as_ref() == Some(member)));
        let told = match said {
            Some(member) => Some((member, events.iter().map(|event| event.name.clone()).collect())),
            None => found::telling_member(self.document, &schemas, self.delivery.type_member),
        };
        match told {
            Some((member, types)) => self.by_member(&member, &types, events),
            None => self.apart(events),
        }
    }

    fn by_header(&mut self, header: &str, events: &[Found]) -> Result<Map<String, Value>, Refused> {
        let mut families: Vec<(String, Vec<&Found>)> = Vec::new();
        for event in events {
            let family = event.family.clone().filter(|_| self.delivery.has_families);
            let family = family.unwrap_or_else(|| event.name.clone());
            match families.iter_mut().find(|(known, _)| *known == family) {
                Some((_, members)) => members.push(event),
                None => families.push((family, vec![event])),
            }
        }
        let mut all = Vec::new();
        for (family, members) in families {
            all.push(self.family(&family, &members)?);
        }
        let mapping = all.iter().map(|event| (event.event_type.clone(), reference(&event.schema).into()));
        let mapping: Map<String, Value> = mapping.collect();
        let body = if let [only] = all.as_slice() {
            json!({ "$ref": reference(&only.schema) })
        } else {
            let members: Vec<_> = all.iter().map(|event| json!({ "$ref": reference(&event.schema) })).collect();
            let union = json!({
                "description": format!("Any event of {}; the header `{header}` says which.", self.name), "anyOf": members,
            });
            json!({ "$ref": reference(&self.import.add("Event", union)) })
        };
        let rule = json!({ "header": header, "events": mapping });
        self.one_endpoint(&rule, &body, &all, events)
    }

    /// The shapes of one event type as one schema.
    fn family(&mut self, family: &str, members: &[&Found]) -> Result<Event, Refused> {
        let mut names = Vec::new();
        for member in members {
            names.push(self.import.component(&member.schema, &member.name)?);
        }
        let examples = members.iter().flat_map(|member| member.examples.clone()).collect();
        let summary = members.first().map(|member| first_sentence(&member.summary)).unwrap_or_default();
        if let [only] = names.as_slice() {
            return Ok(Event { event_type: family.to_owned(), schema: only.clone(), summary, examples });
        }
        let schemas: Vec<_> = members.iter().map(|member| member.schema.as_str()).collect();
        let choices: Vec<_> = names.iter().map(|name| json!({ "$ref": reference(name) })).collect();
        let description = format!("Something happened to {}.", family.replace('_', " "));
        let union = match found::telling_member(self.document, &schemas, "action") {
            Some((member, values)) => {
                for name in &names {
                    self.import.require(name, &member);
                }
                let targets = names.iter().map(|name| reference(name).into());
                let mapping: Map<String, Value> = values.into_iter().zip(targets).collect();
                json!({
                    "description": description, "oneOf": choices,
                    "discriminator": { "propertyName": member, "mapping": mapping },
                })
            }
            None => json!({ "description": description, "anyOf": choices }),
        };
        let schema = self.import.add(&format!("{family}_event"), union);
        Ok(Event { event_type: family.to_owned(), schema, summary: description, examples })
    }

    fn by_member(&mut self, member: &str, types: &[String], events: &[Found]) -> Result<Map<String, Value>, Refused> {
        let mut all = Vec::new();
        for (event, event_type) in events.iter().zip(types) {
            let event = self.event(event, event_type)?;
            self.import.require(&event.schema, member);
            all.push(event);
        }
        let choices: Vec<_> = all.iter().map(|event| json!({ "$ref": reference(&event.schema) })).collect();
        let mapping = all.iter().map(|event| (event.event_type.clone(), reference(&event.schema).into()));
        let mapping: Map<String, Value> = mapping.collect();
        let union = json!({
            "description": format!("Any event of {}.", self.name), "oneOf": distinct(choices),
            "discriminator": { "propertyName": member, "mapping": mapping },
        });
        let body = json!({ "$ref": reference(&self.import.add("Event", union)) });
        self.one_endpoint(&Value::Null, &body, &all, events)
    }

    fn apart(&mut self, events: &[Found]) -> Result<Map<String, Value>, Refused> {
        let mut paths = Map::new();
        for event in events {
            let own = self.event(event, &event.name)?;
            let slug = event.name.to_kebab_case();
            let id = format!("{}-{}", self.name, slug).to_lower_camel_case();
            let rule = json!({ "type": own.event_type, "methods": { own.event_type.as_str(): slug.to_snake_case() } });
            let body = json!({ "$ref": reference(&own.schema) });
            let summary = if own.summary.is_empty() {
                format!("`{}` of {}.", event.name, self.name)
            } else {
                own.summary.clone()
            };
            let operation = self.operation(&id, &summary, &rule, &body, &[own], &event.success);
            let path = format!("/{}/{slug}", self.name.to_kebab_case());
            if paths.insert(path.clone(), json!({ "post": operation })).is_some() {
                return Err(Refused::new(format!(
                    "two events would get the path {path}; take one of them: EVENTS='...'"
                )));
            }
        }
        Ok(paths)
    }

    fn event(&mut self, event: &Found, event_type: &str) -> Result<Event, Refused> {
        Ok(Event {
            event_type: event_type.to_owned(),
            schema: self.import.component(&event.schema, &event.name)?,
            summary: first_sentence(&event.summary),
            examples: event.examples.clone(),
        })
    }

    fn one_endpoint(
        &mut self,
        rule: &Value,
        body: &Value,
        all: &[Event],
        events: &[Found],
    ) -> Result<Map<String, Value>, Refused> {
        let id = format!("{}-events", self.name).to_lower_camel_case();
        let summary = format!("Every event of {}.", self.name.to_upper_camel_case());
        let success = events.first().map_or("204", |event| event.success.as_str());
        let operation = self.operation(&id, &summary, rule, body, all, success);
        Ok(Map::from_iter([(format!("/{}/events", self.name.to_kebab_case()), json!({ "post": operation }))]))
    }

    fn operation(
        &mut self,
        id: &str,
        summary: &str,
        rule: &Value,
        body: &Value,
        events: &[Event],
        success: &str,
    ) -> Value {
        let mut operation = Map::new();
        let mut put = |key: &str, value: Value| {
            operation.insert(key.to_owned(), value);
        };
        put("operationId", id.into());
        put("tags", json!([self.name]));
        put("summary", summary.into());
        put("security", json!([{ scheme_name(self.name): [] }]));
        if !rule.is_null() {
            put("x-webhook-event", rule.clone());
        }
        if self.delivery.identity.as_array().is_some_and(|parts| !parts.is_empty()) && self.can_identify(events) {
            put("x-webhook-event-id", self.delivery.identity.clone());
        }
        let schemas = Examples::new(self.import.schemas());
        let shown = events.iter().filter_map(|event| {
            let value = schemas.choose(&event.schema, &event.examples)?;
            let summary = if event.summary.is_empty() { &event.event_type } else { &event.summary };
            Some((event.event_type.clone(), json!({ "summary": summary, "value": value })))
        });
        let shown: Map<_, _> = shown.collect();
        let told = events.iter().map(|event| (event.event_type.clone(), shown.contains_key(&event.event_type)));
        self.told.extend(told);
        let content = json!({ "schema": body, "examples": shown });
        put("requestBody", json!({ "required": true, "content": { "application/json": content } }));
        put(
            "responses",
            json!({
                success: { "description": "Taken.", "x-webhook-outcome": "accepted" },
                "401": { "description": "No valid signature.", "x-webhook-outcome": "unauthenticated" },
                "503": { "description": "A passing fault.", "x-webhook-outcome": "retry" },
            }),
        );
        Value::Object(operation)
    }

    /// An identity in the body is one that every event has.
    fn can_identify(&self, events: &[Event]) -> bool {
        let pointers = self.delivery.identity.as_array().into_iter().flatten().filter_map(Value::as_str);
        let names: Vec<_> = pointers.map(|pointer| pointer.trim_start_matches('/')).collect();
        let has = |event: &Event, name: &str| {
            let schema = self.import.schemas().get(&event.schema);
            schema.and_then(|schema| schema.get("properties")).is_some_and(|properties| properties.get(name).is_some())
        };
        names.iter().all(|name| events.iter().all(|event| has(event, name)))
    }
}

/// The name of a provider's security scheme.
pub(super) fn scheme_name(provider: &str) -> String {
    format!("{provider}-signature").to_lower_camel_case()
}

fn reference(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}

/// Event types may share a schema, which is one choice then.
fn distinct(choices: Vec<Value>) -> Vec<Value> {
    let mut distinct: Vec<Value> = Vec::new();
    for choice in choices {
        if !distinct.contains(&choice) {
            distinct.push(choice);
        }
    }
    distinct
}

/// A summary is one line; the rest stands in the provider's documentation.
fn first_sentence(text: &str) -> String {
    let line = text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line,
    }
}
