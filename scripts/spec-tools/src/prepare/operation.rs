//! From operations to endpoints, events and trait methods.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::PrepareError;
use super::contract::{
    Alias, Answer, Body, Challenge, Content, Endpoint, Event, Guard, Header, Method, Outcomes, Provider,
};
use super::docs;
use super::name::{self, Unique, literal};
use super::schema::{Spec, text};
use super::types::{ANY, Kind, Models, Type};
use super::union;
use super::{scheme, status};
use crate::extension;

/// The methods of a path item, in the order in which documents list them.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Collects the operations of a document by tag.
#[derive(Debug)]
pub(super) struct Operations<'a, 'm> {
    spec: Spec<'a>,
    models: &'m mut Models<'a>,
    schemes: &'m HashMap<String, String>,
    providers: Vec<Found>,
    modules: Unique,
    traits: Unique,
    constants: Unique,
}

#[derive(Debug)]
struct Found {
    provider: Provider,
    methods: Unique,
    /// The method that already takes an event of this type and schema.
    known: BTreeMap<(String, String), String>,
}

/// An event before it has a method.
struct Draft {
    event_type: String,
    wanted: String,
    schema: String,
    ty: String,
    nested: bool,
    summary: String,
    docs: Vec<String>,
    example: Option<String>,
}

impl<'a, 'm> Operations<'a, 'm> {
    /// Starts with nothing but the names of the scheme constants.
    pub(super) fn new(spec: Spec<'a>, models: &'m mut Models<'a>, schemes: &'m HashMap<String, String>) -> Self {
        let (modules, traits, constants) = Default::default();
        Self { spec, models, schemes, providers: Vec::new(), modules, traits, constants }
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
        Ok(self.providers.into_iter().map(|found| found.provider).collect())
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
        let rule = event_rule(operation).map_err(|error| PrepareError::extension(&place, "x-webhook-event", &error))?;
        let body = operation.get("requestBody").and_then(|body| self.spec.resolve(body));
        let media = body.and_then(|body| body.get("content")).and_then(Value::as_object);
        let content = media.and_then(|media| media.values().next());
        let schema = content.and_then(|content| content.get("schema"));

        let shape = schema.map(|schema| self.models.type_of(schema, &name::pascal(&id)));
        let contents = self.contents(&id, body, operation);

        let pointer = rule.pointer.clone().or_else(|| self.discriminator_pointer(schema));
        let source = match (&pointer, &rule.header) {
            (Some(pointer), _) => format!("Some(ValueSource::Pointer({}))", literal(pointer)),
            (None, Some(header)) => format!("Some(ValueSource::Header({}))", literal(header)),
            (None, None) => "None".to_owned(),
        };
        let drafts = self.drafts(operation, &id, &rule, content, shape.as_ref(), pointer.as_deref());
        let single = matches!(drafts.as_slice(), [_]);
        let expected = drafts.first().filter(|_| single).map(|draft| draft.event_type.clone());
        let guards = self.guards(&place, operation)?;
        let headers = self.headers(item, operation);
        let answers = self.answers(operation);
        let outcomes = self.outcomes(&place, operation)?;
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
        let mut docs = vec![format!("`{} {path}`", method.to_uppercase())];
        for text in [summary.as_str(), description] {
            if !text.is_empty() {
                docs.push(String::new());
                docs.extend(docs::lines(text));
            }
        }
        let at = self.provider(tag);
        let constant = self.constants.take(&name::shouty(&id));
        let found = &mut self.providers[at];
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

    /// The index of the provider of this tag.
    fn provider(&mut self, tag: &str) -> usize {
        let name = literal(tag);
        if let Some(at) = self.providers.iter().position(|found| found.provider.name == name) {
            return at;
        }
        let described = self.spec.at("/tags").and_then(Value::as_array).into_iter().flatten();
        let declared = described.filter(|declared| text(declared, "name") == tag).map(|d| text(d, "description"));
        let description = declared.into_iter().next().unwrap_or_default();
        let docs = docs::lines(description);
        let mut methods = Unique::default();
        for provided in ["unknown_event", "invalid_event"] {
            methods.take(provided);
        }
        self.providers.push(Found {
            provider: Provider {
                name,
                module: self.modules.take(&name::module(tag)),
                r#trait: self.traits.take(&name::provider(tag)),
                constant: self.constants.take(&name::shouty(tag)),
                summary: literal(&docs::one_line(description)),
                description: Some(description.trim())
                    .filter(|text| !text.is_empty())
                    .map(literal)
                    .into_iter()
                    .collect(),
                docs: if docs.is_empty() { vec![format!("The provider `{tag}`.")] } else { docs },
                endpoints: Vec::new(),
                methods: Vec::new(),
            },
            methods,
            known: BTreeMap::new(),
        });
        self.providers.len() - 1
    }

    fn discriminator_pointer(&self, schema: Option<&Value>) -> Option<String> {
        let flat = self.spec.flatten(schema?);
        union::discriminator(&flat).map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1")))
    }

    fn drafts(
        &mut self,
        operation: &Value,
        id: &str,
        rule: &extension::EventRule,
        content: Option<&Value>,
        shape: Option<&Type>,
        pointer: Option<&str>,
    ) -> Vec<Draft> {
        let schema = content.and_then(|content| content.get("schema"));
        let examples = content.map(|content| self.examples(content)).unwrap_or_default();
        if let Some(schema) = schema.filter(|_| rule.event_type.is_none()) {
            let flat = self.spec.flatten(schema);
            if union::discriminator(&flat).is_some() {
                let members = flat.get("oneOf").or(flat.get("anyOf")).and_then(Value::as_array).cloned();
                let mapping = union::mapping(&flat, &members.unwrap_or_default());
                return mapping
                    .into_iter()
                    .map(|(event_type, component)| {
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
                        }
                    })
                    .collect();
            }
        }
        let event_type = rule.event_type.clone().unwrap_or_else(|| id.to_owned());
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
            None => (ANY.to_owned(), false, String::new()),
        };
        vec![Draft {
            wanted: name::snake(rule.methods.get(&event_type).map_or(id, String::as_str)),
            docs,
            summary,
            example: examples.first().map(|example| example.value.to_string()),
            ty,
            nested,
            schema,
            event_type,
        }]
    }

    fn examples(&self, content: &Value) -> Vec<Example> {
        let named = content.get("examples").and_then(Value::as_object).into_iter().flatten();
        let mut all: Vec<Example> = named
            .filter_map(|(name, example)| {
                let example = self.spec.resolve(example)?;
                let value = example.get("value")?.clone();
                Some(Example { name: name.clone(), summary: docs::one_line(text(example, "summary")), value })
            })
            .collect();
        if let Some(value) = content.get("example") {
            all.push(Example { name: String::new(), summary: String::new(), value: value.clone() });
        }
        all
    }

    fn guards(&self, place: &str, operation: &Value) -> Result<Vec<Guard>, PrepareError> {
        let alternatives = operation.get("security").or_else(|| self.spec.at("/security")).and_then(Value::as_array);
        let mut guards = Vec::new();
        for alternative in alternatives.into_iter().flatten() {
            let mut schemes = Vec::new();
            for name in alternative.as_object().into_iter().flatten().map(|(name, _)| name) {
                let constant = self
                    .schemes
                    .get(name)
                    .ok_or_else(|| PrepareError::UnknownScheme { place: place.to_owned(), scheme: name.clone() })?;
                schemes.push(constant.clone());
            }
            if !schemes.is_empty() {
                guards.push(Guard { schemes });
            }
        }
        Ok(guards)
    }

    fn headers(&self, item: &Value, operation: &Value) -> Vec<Header> {
        let lists =
            [item, operation].into_iter().filter_map(|holder| holder.get("parameters").and_then(Value::as_array));
        lists
            .flatten()
            .filter_map(|parameter| self.spec.resolve(parameter))
            .filter(|parameter| text(parameter, "in") == "header")
            .map(|parameter| Header {
                name: literal(text(parameter, "name")),
                description: literal(text(parameter, "description").trim()),
                required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
            })
            .collect()
    }

    /// The schema of every media type of the body and of the answers; those of the body come first.
    fn contents(&mut self, id: &str, body: Option<&Value>, operation: &'a Value) -> Vec<Content> {
        let answers: Vec<_> = self.responses(operation).collect();
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

    fn responses(&self, operation: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let spec = self.spec;
        let all = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
        all.map(move |(status, response)| (status.as_str(), spec.resolve(response).unwrap_or(response)))
    }

    fn answers(&self, operation: &'a Value) -> Vec<Answer> {
        let all = self.responses(operation).filter(|(status, _)| status.parse::<u16>().is_ok());
        all.map(|(status, response)| Answer {
            status: status.to_owned(),
            description: literal(text(response, "description").trim()),
        })
        .collect()
    }

    /// The declared statuses, and for the rest what fits best: the first 2xx, 401, 503, 400.
    fn outcomes(&self, place: &str, operation: &'a Value) -> Result<Outcomes, PrepareError> {
        let mut declared = BTreeMap::new();
        let mut first_success = None;
        for (status, response) in self.responses(operation) {
            let Ok(number) = status.parse::<u16>() else { continue };
            if (200..300).contains(&number) {
                first_success.get_or_insert(number);
            }
            if let Some(outcome) = response.get("x-webhook-outcome") {
                let outcome: extension::Outcome = serde_json::from_value(outcome.clone()).map_err(|error| {
                    PrepareError::extension(
                        &format!("{place}.responses.{status}"),
                        "x-webhook-outcome",
                        &error.to_string(),
                    )
                })?;
                declared.insert(outcome, number);
            }
        }
        let name = |number| status::constant(number).ok_or_else(|| PrepareError::unknown_status(place, number));
        let status = |outcome, default| name(declared.get(&outcome).copied().unwrap_or(default)).map(str::to_owned);
        let accepted = declared.get(&extension::Outcome::Accepted).copied().or(first_success).unwrap_or(204);
        let gone = declared.get(&extension::Outcome::Gone).copied().map(name).transpose()?;
        Ok(Outcomes {
            accepted: name(accepted)?.to_owned(),
            parked: status(extension::Outcome::Parked, accepted)?,
            unauthenticated: status(extension::Outcome::Unauthenticated, 401)?,
            retry: status(extension::Outcome::Retry, 503)?,
            malformed: status(extension::Outcome::Malformed, 400)?,
            gone: gone.map_or_else(|| "None".to_owned(), |name| format!("Some(StatusCode::{name})")),
        })
    }
}

struct Example {
    name: String,
    summary: String,
    value: Value,
}

impl Found {
    /// Gives a draft its trait method: the one that already takes the same type of event with the same schema, or a
    /// new one.
    fn event(&mut self, draft: Draft) -> Event {
        let key = (draft.event_type.clone(), draft.ty.clone());
        let method = match self.known.get(&key) {
            Some(method) => method.clone(),
            None => {
                let method = self.methods.take(&draft.wanted);
                let mut docs = draft.docs;
                if docs.is_empty() {
                    docs.push(format!("An event of type `{}` has arrived.", draft.event_type));
                } else {
                    docs.extend([String::new(), format!("Event type `{}`.", draft.event_type)]);
                }
                self.provider.methods.push(Method {
                    literal: literal(name::plain(&method)),
                    name: method.clone(),
                    docs,
                    r#type: draft.ty.replace("super::", "models::"),
                    validated: draft.nested,
                });
                self.known.insert(key, method.clone());
                method
            }
        };
        Event {
            name: literal(&draft.event_type),
            method: literal(name::plain(&method)),
            schema: literal(&draft.schema),
            summary: literal(&draft.summary),
            example: optional(draft.example.as_deref()),
        }
    }
}

/// An extension of an operation, if it has it.
fn read<T: DeserializeOwned>(place: &str, operation: &Value, name: &str) -> Result<Option<T>, PrepareError> {
    let found = operation.get(name).map(|value| serde_json::from_value(value.clone()));
    found.transpose().map_err(|error| PrepareError::extension(place, name, &error.to_string()))
}

fn challenge(place: &str, operation: &Value) -> Result<Option<Challenge>, PrepareError> {
    const NAME: &str = "x-webhook-challenge";
    let Some(declared) = read::<extension::Challenge>(place, operation, NAME)? else { return Ok(None) };
    let event = match (&declared.event, &declared.event_suffix) {
        (Some(event), None) => format!("Exact({})", literal(event)),
        (None, Some(suffix)) => format!("Suffix({})", literal(suffix)),
        _ => {
            return Err(PrepareError::extension(
                place,
                NAME,
                "exactly one of `event` and `event-suffix` must be there",
            ));
        }
    };
    Ok(Some(Challenge {
        event,
        token: literal(&declared.token),
        token_pattern: literal(&declared.token_pattern),
        answer: literal(&declared.answer),
        algorithm: scheme::algorithm(declared.algorithm),
        encoding: scheme::encoding(declared.encoding),
    }))
}

fn event_rule(operation: &Value) -> Result<extension::EventRule, String> {
    match operation.get("x-webhook-event") {
        None => Ok(extension::EventRule::default()),
        Some(rule) => extension::EventRule::read(rule.clone()).map_err(|error| error.to_string()),
    }
}

fn value_source(part: &str) -> String {
    match part.strip_prefix("header:") {
        Some(header) => format!("ValueSource::Header({})", literal(header)),
        None => format!("ValueSource::Pointer({})", literal(part)),
    }
}

/// An `Option<&str>` as Rust text.
fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| format!("Some({})", literal(text)))
}
