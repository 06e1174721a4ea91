//! `spec new-provider`: a provider's own spec, or a template, becomes a part of ours.
//!
//! The file is written by people, so it is added to and never written anew: see `insert`. What is added is as a person
//! would have written it, with the provider's tag and a prefix of its own for schemas, so that it can be edited from
//! then on. `wire` does the same for the handlers.

mod emit;
mod examples;
mod found;
mod insert;
mod instance;
mod lower;
mod operation;
mod scheme;
mod share;
mod template;
pub mod wire;

use heck::{ToKebabCase, ToSnakeCase};
use serde_json::{Value, json};

use self::found::Found;
use self::insert::Insertion;
use self::lower::Import;
use self::operation::{Builder, scheme_name};
use crate::document::Document;
use crate::source::is_foreign;

pub use self::scheme::SCHEMES;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The provider's name: its tag, and the prefix of its settings.
    pub name: &'a str,
    /// Its spec; without one there is one example event.
    pub spec: Option<&'a Document>,
    /// The events to take, by name or family; none named: all.
    pub events: &'a [String],
    /// How it signs; needed unless its spec names a header that gives it away.
    pub scheme: Option<&'a str>,
}

/// What became of it.
#[derive(Debug)]
pub struct Added {
    /// The new text of the file.
    pub text: String,
    /// The event types, in order.
    pub events: Vec<String>,
    /// The paths.
    pub paths: Vec<String>,
    /// The signature scheme that was taken.
    pub scheme: String,
    /// Whether it is a shared secret that verifies; else a public key.
    pub is_hmac: bool,
    /// Event types without an example.
    pub unshown: Vec<String>,
}

/// Why nothing was added, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Refused {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Adds a provider to the spec `ours`, whose text is `text`.
///
/// # Errors
/// [`Refused`].
pub fn add(ours: &Document, text: &str, wish: Wish<'_>) -> Result<Added, Refused> {
    check_name(ours, wish.name)?;
    let template = template::document(wish.name);
    let spec = wish.spec.unwrap_or(&template);
    let events = selected(spec, wish.events)?;
    let scheme = match wish.scheme {
        Some(scheme) => scheme,
        None if wish.spec.is_none() => "standard-webhooks",
        None => recognised(&events)?,
    };
    let delivery = scheme::delivery(scheme, wish.name)?;
    let taken = ours.value().pointer("/components/schemas").and_then(Value::as_object);
    let taken = taken.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut import = Import::new(spec, wish.name, taken);
    let mut builder =
        Builder { document: spec, name: wish.name, delivery: &delivery, import: &mut import, told: Vec::new() };
    let paths = builder.paths(&events)?;
    let told = builder.told;
    let schemas = import.finish().into_iter().map(|(name, schema)| (name, without_examples(schema))).collect();
    let title = spec.value().pointer("/info/title").and_then(Value::as_str).unwrap_or(wish.name);
    let mut insertion = Insertion::new(ours, text)?;
    let mut tag = json!({ "name": wish.name, "description": format!("Events of {}.", title.trim_end_matches('.')) });
    if wish.spec.is_some_and(|spec| is_foreign(spec.value())) {
        tag["x-webhook-models"] = "lenient".into();
    }
    insertion.add("/tags", &json!([tag]))?;
    insertion.add("/paths", &Value::Object(paths.clone()))?;
    let declared = json!({ scheme_name(wish.name): delivery.declared(wish.name) });
    insertion.add("/components/securitySchemes", &declared)?;
    insertion.add("/components/schemas", &Value::Object(schemas))?;
    let unshown = told.iter().filter(|(_, is_shown)| !is_shown).map(|(event, _)| event.clone()).collect();
    let algorithm = delivery.signature.get("algorithm").and_then(Value::as_str).unwrap_or_default();
    Ok(Added {
        text: insertion.finish(),
        events: told.into_iter().map(|(event, _)| event).collect(),
        paths: paths.keys().cloned().collect(),
        scheme: scheme.to_owned(),
        is_hmac: algorithm.starts_with("hmac"),
        unshown,
    })
}

/// A name is a Rust module, a variable's prefix, a part of a path and a tag: what can be all of these.
fn check_name(ours: &Document, name: &str) -> Result<(), Refused> {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
        && name.to_snake_case() == name;
    // Names of modules and crates that the handlers already use.
    let is_reserved =
        syn::parse_str::<syn::Ident>(name).is_err() || ["models", "handlers", "test", "core", "std"].contains(&name);
    if !is_plain || is_reserved {
        let message = format!(
            "NAME={name} cannot name a Rust module; use lower-case letters and digits, such as `acme` or `acme_eu`"
        );
        return Err(Refused::new(message));
    }
    let tags = ours.value().get("tags").and_then(Value::as_array).into_iter().flatten();
    let used = operations(ours).filter_map(|operation| operation.pointer("/tags/0")?.as_str());
    let tags = tags.filter_map(|tag| tag.get("name")?.as_str()).chain(used);
    let same = |tag: &str| tag.to_snake_case().replace('_', "") == name.replace('_', "");
    if tags.into_iter().any(same) {
        return Err(Refused::new(format!(
            "{} has a provider `{name}` already; choose another NAME",
            ours.path().display()
        )));
    }
    let prefix = format!("/{}/", name.to_kebab_case());
    let paths = ours.value().get("paths").and_then(Value::as_object);
    if let Some((path, _)) = paths.into_iter().flatten().find(|(path, _)| path.starts_with(&prefix)) {
        return Err(Refused::new(format!(
            "{} has the path {path} already; choose another NAME",
            ours.path().display()
        )));
    }
    let scheme = scheme_name(name);
    if ours.value().pointer(&format!("/components/securitySchemes/{scheme}")).is_some() {
        return Err(Refused::new(format!(
            "{} has a scheme `{scheme}` already; choose another NAME",
            ours.path().display()
        )));
    }
    Ok(())
}

fn operations(document: &Document) -> impl Iterator<Item = &Value> {
    let items = document.value().get("paths").and_then(Value::as_object).into_iter().flatten();
    items.filter_map(|(_, item)| item.as_object()).flat_map(|item| item.values())
}

/// The events that are named, or all.
fn selected(spec: &Document, names: &[String]) -> Result<Vec<Found>, Refused> {
    let all = found::events(spec);
    if all.is_empty() {
        let path = spec.path().display();
        let message =
            format!("{path} has no events: no entry below `webhooks`, and no POST with a JSON body below `paths`");
        return Err(Refused::new(message));
    }
    if names.is_empty() {
        return Ok(all);
    }
    let is = |event: &Found, name: &str| {
        event.name == name
            || event.name.to_snake_case() == name.to_snake_case()
            || event.family.as_deref() == Some(name.replace('-', "_").as_str())
    };
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|event| is(event, name))) {
        let known: Vec<_> = all.iter().map(|event| event.family.as_deref().unwrap_or(&event.name)).collect();
        return Err(Refused::new(format!(
            "EVENTS: {} has no event `{unknown}`; {}",
            spec.path().display(),
            listed(known)
        )));
    }
    Ok(all.into_iter().filter(|event| names.iter().any(|name| is(event, name))).collect())
}

fn listed(mut known: Vec<&str>) -> String {
    known.dedup();
    let more = known.len().saturating_sub(40);
    known.truncate(40);
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("it has: {}{rest}", known.join(", "))
}

fn recognised(events: &[Found]) -> Result<&'static str, Refused> {
    let headers = events.iter().flat_map(|event| &event.headers).map(String::as_str);
    scheme::recognised(headers).ok_or_else(|| {
        Refused::new(format!(
            "the spec does not say how deliveries are signed; say it: SCHEME=one of {}",
            SCHEMES.join(", ")
        ))
    })
}

/// Examples of whole events stand at the operation; those of single members have served their purpose.
fn without_examples(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            let is_example = |name: &str, value: &Value| name == "example" && !value.is_object();
            let rest = members.into_iter().filter(|(name, value)| !is_example(name, value));
            let below = |(name, value): (String, Value)| {
                let value = if ["enum", "default", "required"].contains(&name.as_str()) {
                    value
                } else {
                    without_examples(value)
                };
                (name, value)
            };
            Value::Object(rest.map(below).collect())
        }
        Value::Array(items) => items.into_iter().map(without_examples).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests;
