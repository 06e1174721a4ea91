//! OpenAPI 3.1's `webhooks` as paths of the receiver.
//!
//! A webhook has a name where an operation has a path, because its sender does not choose where it is received. Here it
//! gets one: `/PROVIDER/EVENT`, or one path for all of them where the provider takes but one address and says in a header
//! or the body which event it is.

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::settings::{Endpoints, Settings};

/// The extension of an operation that names its event, where OpenAPI has no word for it.
pub(crate) const NAME: &str = "x-spec-event";
/// The extension of an operation that all of these events share.
pub(crate) const EVENTS: &str = "x-spec-events";
/// The extension of an operation with the places of the event type.
pub(crate) const SOURCES: &str = "x-spec-event-sources";

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Moves every webhook to `paths`, and gives every operation a provider.
pub(super) fn to_paths(document: &mut Value, settings: &Settings, file: &Path, warnings: &mut Vec<String>) {
    let provider = settings.provider.clone().unwrap_or_else(|| provider_of(file));
    let hooks = document.as_object_mut().and_then(|members| members.remove("webhooks"));
    let hooks = match hooks {
        Some(Value::Object(hooks)) => hooks,
        _ => Map::new(),
    };
    let foreign = super::is_foreign(document) && hooks.values().all(super::is_foreign);
    let Some(members) = document.as_object_mut() else { return };
    let had_paths = members.contains_key("paths");
    let mut paths = match members.remove("paths") {
        Some(Value::Object(paths)) => paths,
        _ => Map::new(),
    };
    if foreign {
        paths.values_mut().for_each(|item| own(item, settings.provider.as_deref(), &provider));
    }
    let mut entries = entries(hooks);
    for entry in &mut entries {
        own(&mut entry.item, None, &provider);
    }
    if settings.endpoints == Some(Endpoints::One) && !entries.is_empty() {
        let shared = shared(&entries, settings, &provider, warnings);
        paths.insert(free(&paths, &format!("/{}", slug(&provider))), shared);
    } else {
        for entry in entries {
            let path = free(&paths, &format!("/{}/{}", slug(&provider), slug(&entry.name)));
            paths.insert(path, entry.item);
        }
    }
    if had_paths || !paths.is_empty() {
        members.insert("paths".to_owned(), Value::Object(paths));
    }
}

/// A webhook.
struct Entry {
    name: String,
    item: Value,
}

fn entries(hooks: Map<String, Value>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (name, mut item) in hooks {
        let methods: Vec<&str> = METHODS.iter().copied().filter(|method| item.get(*method).is_some()).collect();
        for method in &methods {
            let Some(operation) = item.get_mut(*method).and_then(Value::as_object_mut) else { continue };
            // One event, unless its webhook has several methods.
            let event = if methods.len() == 1 { name.clone() } else { format!("{name}.{method}") };
            operation.entry("operationId").or_insert_with(|| event.clone().into());
            operation.entry(NAME).or_insert_with(|| event.into());
        }
        if !methods.is_empty() {
            entries.push(Entry { name, item });
        }
    }
    entries
}

/// Gives the operations of a path item one provider: the one that was `asked` for, their own tag, or `default`.
fn own(item: &mut Value, asked: Option<&str>, default: &str) {
    for method in METHODS {
        let Some(operation) = item.get_mut(*method).and_then(Value::as_object_mut) else { continue };
        let tag = operation.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str);
        let is_webhook = operation.contains_key(NAME);
        let provider = asked.or(tag.filter(|_| !is_webhook)).unwrap_or(default).to_owned();
        operation.insert("tags".to_owned(), json!([provider]));
    }
}

/// One operation for every webhook.
fn shared(entries: &[Entry], settings: &Settings, provider: &str, warnings: &mut Vec<String>) -> Value {
    if settings.event.is_empty() {
        warnings.push(format!(
            "all webhooks share one endpoint, and nothing says where a delivery names its event: set `event`, such as \
             `header:X-{provider}-Event` or `/type`"
        ));
    }
    let mut events = Vec::new();
    let mut security = None;
    let mut headers: Vec<Value> = Vec::new();
    for entry in entries {
        for operation in METHODS.iter().filter_map(|method| entry.item.get(*method)) {
            let lists = [&entry.item, operation].into_iter().filter_map(|holder| holder.get("parameters")?.as_array());
            for parameter in lists.flatten() {
                if !headers.contains(parameter) {
                    headers.push(parameter.clone());
                }
            }
            security = security.or_else(|| operation.get("security").cloned());
            events.push(operation.clone());
        }
    }
    let mut operation = json!({
        "operationId": format!("{provider}-events"),
        "tags": [provider],
        "summary": format!("Every event of {provider}."),
        "parameters": headers,
        "requestBody": {"required": true, "content": {"application/json": {"schema": {}}}},
        "responses": {"200": {"description": "Taken."}},
        (EVENTS): events,
        (SOURCES): settings.event,
    });
    if let (Some(members), Some(security)) = (operation.as_object_mut(), security) {
        members.insert("security".to_owned(), security);
    }
    json!({ "post": operation })
}

/// The name of a file as that of a provider.
fn provider_of(file: &Path) -> String {
    const PLAIN: &[&str] = &["openapi", "webhooks", "spec", "api", "index", "schema"];
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if PLAIN.contains(&stem.to_lowercase().as_str()) || slug(&stem).is_empty() {
        "webhooks".to_owned()
    } else {
        slug(&stem)
    }
}

/// A name as a part of a path: plain letters, digits, dots, dashes and underscores.
fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    name.chars().map(plain).collect::<String>().trim_matches(['-', '.']).to_owned()
}

/// `path`, or with a number behind it if that is taken.
fn free(paths: &Map<String, Value>, path: &str) -> String {
    let taken: HashSet<&str> = paths.keys().map(String::as_str).collect();
    let numbered = (2..).map(|number| format!("{path}-{number}"));
    let path = path.trim_end_matches('/');
    std::iter::once(if path.is_empty() { "/webhooks".to_owned() } else { path.to_owned() })
        .chain(numbered)
        .find(|path| !taken.contains(path.as_str()))
        .unwrap_or_else(|| path.to_owned())
}
