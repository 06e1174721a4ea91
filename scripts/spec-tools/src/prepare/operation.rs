//! From operations to endpoints, events and trait methods.

mod answer;
mod draft;
mod extensions;
mod provider;
mod request;
mod shared;

use std::collections::HashMap;

use serde_json::{Map, Value};

use self::extensions::{challenge, event_rule, read, value_source};
use self::provider::Providers;
use super::PrepareError;
use super::contract::{Alias, Body, Content, Endpoint, Provider};
use super::docs;
use super::lenient;
use super::name::{self, literal, optional};
use super::schema::{Spec, text};
use super::types::Models;
use crate::extension;

/// The methods of a path item, in the order in which documents list them.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Collects the operations of a document by tag.
#[derive(Debug)]
pub(super) struct Operations<'a, 'm> {
    spec: Spec<'a>,
    models: &'m mut Models<'a>,
    schemes: &'m HashMap<String, String>,
    providers: Providers,
}

impl<'a, 'm> Operations<'a, 'm> {
    /// Starts with nothing but the names of the scheme constants.
    pub(super) fn new(spec: Spec<'a>, models: &'m mut Models<'a>, schemes: &'m HashMap<String, String>) -> Self {
        Self { spec, models, schemes, providers: Providers::default() }
    }

    /// Every provider with its endpoints, in the order of the paths.
    pub(super) fn collect(mut self) -> Result<Vec<Provider>, PrepareError> {
        let paths = self.spec.at("/paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let item = self.spec.resolve(item).unwrap_or(item);
            for method in METHODS {
                if let Some(operation) = item.get(*method) {
                    self.operation(path, method, item, operation)?;
                }
            }
        }
        Ok(self.providers.finish())
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &'a Value,
        operation: &'a Value,
    ) -> Result<(), PrepareError> {
        let place = format!("paths.{path}.{method}");
        let id = operation
            .get("operationId")
            .and_then(Value::as_str)
            .map_or_else(|| format!("{method} {path}"), ToOwned::to_owned);
        let tag = operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("webhooks");
        self.models.lenient = lenient::is_lenient(self.spec, tag);
        let rule = event_rule(operation).map_err(|error| PrepareError::extension(&place, "x-webhook-event", &error))?;
        let body = operation.get("requestBody").and_then(|body| self.spec.resolve(body));
        let media = body.and_then(|body| body.get("content")).and_then(Value::as_object);
        let content = media.and_then(json);
        if let Some(media) = media.filter(|media| content.is_none() && !media.is_empty()) {
            let names: Vec<&str> = media.keys().map(String::as_str).collect();
            self.models.warnings.push(format!("{place}: {} is not JSON; the handler gets its bytes", names.join(", ")));
        }
        let schema = content.and_then(|content| content.get("schema"));

        let shape = schema.map(|schema| self.models.type_of(schema, &name::pascal(&id)));
        shape.iter().for_each(|shape| self.models.warn_of_items(shape, &place));
        let contents = self.contents(&id, body, operation);

        // Where the extension lists the events, a discriminator tells something else apart.
        let discriminator =
            || schema.filter(|_| rule.events.is_empty()).and_then(|of| draft::discriminator(self.spec, of));
        let pointer = rule.pointer.clone().or_else(discriminator);
        let source = match (&pointer, &rule.header) {
            (Some(pointer), _) => format!("Some(ValueSource::Pointer({}))", literal(pointer)),
            (None, Some(header)) => format!("Some(ValueSource::Header({}))", literal(header)),
            (None, None) => "None".to_owned(),
        };
        let (source, drafts, spelled) = match self.shared(operation) {
            Some(drafts) => {
                let first = shared::sources(operation).first().map(|place| format!("Some({})", value_source(place)));
                let spelled = shared::aliases(&drafts);
                (first.unwrap_or_else(|| "None".to_owned()), drafts, spelled)
            }
            None => {
                let drafts = self.drafts(operation, &id, &rule, content, shape.as_ref(), pointer.as_deref());
                (source, drafts, Vec::new())
            }
        };
        let single = matches!(drafts.as_slice(), [_]);
        let expected = drafts.first().filter(|_| single).map(|draft| draft.event_type.clone());
        let guards = request::guards(self.spec, self.schemes, &place, operation)?;
        let headers = request::headers(self.spec, item, operation);
        let answers = answer::answers(self.spec, operation);
        let outcomes = answer::outcomes(self.spec, &place, operation)?;
        let body = body.map(|body| Body {
            schema: literal(&contents.first().map_or_else(String::new, |content| content.name.clone())),
            media_types: media.into_iter().flatten().map(|(name, _)| literal(name)).collect(),
            required: body.get("required").and_then(Value::as_bool).unwrap_or(false),
            description: literal(text(body, "description")),
        });
        let event_id: extension::EventId = read(&place, operation, "x-webhook-event-id")?.unwrap_or_default();
        let challenge = challenge(&place, operation)?;
        let negotiation: Option<extension::Negotiation> = read(&place, operation, "x-webhook-negotiation")?;
        let summary = docs::one_line(text(operation, "summary"));
        let description = text(operation, "description").trim();
        let mut docs = vec![docs::code(&format!("{} {path}", method.to_uppercase()))];
        for text in [summary.as_str(), description] {
            if !text.is_empty() {
                docs.push(String::new());
                docs.extend(docs::lines(text));
            }
        }
        let (found, constant) = self.providers.of(self.spec, tag, &id);
        let events = drafts.into_iter().map(|draft| found.event(draft)).collect();
        found.provider.endpoints.push(Endpoint {
            constant,
            id: literal(&id),
            method: method.to_uppercase(),
            path: literal(path),
            summary: literal(&summary),
            description: literal(description),
            docs,
            guards,
            headers,
            source,
            expected: optional(expected.as_deref()),
            aliases: rule
                .aliases
                .iter()
                .map(|(seen, meant)| Alias { seen: literal(seen), meant: literal(meant) })
                .chain(spelled)
                .collect(),
            event_id: event_id.iter().map(|part| value_source(part)).collect(),
            ordering_key: optional(operation.get("x-webhook-ordering-key").and_then(Value::as_str)),
            events,
            batch: read(&place, operation, "x-webhook-batch")?.unwrap_or_default(),
            challenge: challenge.into_iter().collect(),
            negotiation: negotiation.into_iter().map(|negotiation| literal(&negotiation.origin)).collect(),
            body: body.into_iter().collect(),
            answers,
            contents,
            outcomes,
        });
        Ok(())
    }

    /// The schema of every media type of the body and of the answers; those of the body come first.
    fn contents(&mut self, id: &str, body: Option<&Value>, operation: &'a Value) -> Vec<Content> {
        let answers: Vec<_> = answer::responses(self.spec, operation).collect();
        let holders = body.map(|body| ("", body)).into_iter().chain(answers);
        let mut contents = Vec::new();
        for (status, holder) in holders {
            for (media_type, content) in holder.get("content").and_then(Value::as_object).into_iter().flatten() {
                let Some(schema) = content.get("schema") else { continue };
                let name = self.models.named(schema, &format!("{}{status}", name::pascal(id)));
                let (media_type, schema) = (literal(media_type), literal(&name));
                contents.push(Content { holder: literal(status), media_type, schema, name });
            }
        }
        contents
    }
}

/// What a body holds in JSON, if it may be JSON.
fn json(media: &Map<String, Value>) -> Option<&Value> {
    let is_json = |name: &str| {
        let name = name.split(';').next().unwrap_or_default().trim().to_lowercase();
        name == "application/json" || name.ends_with("+json") || name == "text/json" || name.ends_with("/*")
    };
    media.iter().find(|(name, content)| is_json(name) && content.get("schema").is_some()).map(|(_, content)| content)
}
