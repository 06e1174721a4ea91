//! The events that a provider's own spec describes, and what tells them apart.
//!
//! Specs of webhooks come in two forms: `webhooks` of OpenAPI 3.1, an entry an event, and `paths` of a receiver that the
//! reader is to write, a path an event or one path whose body is a union. None says where an event's type stands, so
//! that is read off: a header that names it, or a member of the bodies that has one value in each of them.

use serde_json::Value;

use crate::document::{Document, Node};

/// An event, or one of the shapes that it may have.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What the spec calls it: the webhook's name, the discriminator's value or the operation's id.
    pub(super) name: String,
    /// The family it is of, where the spec says so: GitHub's `issues`, of which `issues-opened` is one.
    pub(super) family: Option<String>,
    /// What happened.
    pub(super) summary: String,
    /// The pointer to the schema of its body.
    pub(super) schema: String,
    /// Examples of a body.
    pub(super) examples: Vec<Value>,
    /// The names of the headers that come with it.
    pub(super) headers: Vec<String>,
    /// The member of the body whose value is `name`, where a discriminator says so.
    pub(super) member: Option<String>,
    /// The status that the spec wants for success.
    pub(super) success: String,
}

/// Every event of a spec, in its order.
pub(super) fn events(document: &Document) -> Vec<Found> {
    let root = document.root();
    let entries = |section: &str| root.child(section).into_iter().flat_map(|node| node.members().collect::<Vec<_>>());
    let webhooks: Vec<Found> =
        entries("webhooks").flat_map(|(name, item)| of_item(document, name, &item, true)).collect();
    if webhooks.is_empty() {
        entries("paths").flat_map(|(path, item)| of_item(document, path, &item, false)).collect()
    } else {
        webhooks
    }
}

/// The property with one value of its own in each of these schemas, and those values.
pub(super) fn telling_member(document: &Document, schemas: &[&str], preferred: &str) -> Option<(String, Vec<String>)> {
    let of_each: Vec<_> = schemas.iter().map(|schema| constants(document, schema)).collect();
    let first = of_each.first()?;
    let mut names: Vec<&String> = first.iter().map(|(name, _)| name).collect();
    names.sort_by_key(|name| (*name != preferred, !name.to_ascii_lowercase().contains("type")));
    // A lone event has nothing to be told from; only what is called a type is one then.
    let is_type =
        |name: &str| name == preferred || ["type", "event"].iter().any(|word| name.to_ascii_lowercase().contains(word));
    names.retain(|name| schemas.len() > 1 || is_type(name));
    names.into_iter().find_map(|name| {
        let value =
            |of: &Vec<(String, String)>| of.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let values: Vec<String> = of_each.iter().map(value).collect::<Option<_>>()?;
        let mut unique = values.clone();
        unique.sort();
        unique.dedup();
        (unique.len() == values.len()).then(|| (name.clone(), values))
    })
}

/// The text properties of a schema that can have one value alone.
fn constants(document: &Document, pointer: &str) -> Vec<(String, String)> {
    let Ok(schema) = document.resolve(pointer) else { return Vec::new() };
    let parts = schema.child("allOf").into_iter().flat_map(|list| list.items().collect::<Vec<_>>());
    let mut constants: Vec<_> = parts.flat_map(|part| constants(document, &part.pointer)).collect();
    for (name, property) in schema.child("properties").iter().flat_map(Node::members) {
        let Ok(property) = document.resolve(&property.pointer) else { continue };
        let constant =
            property.value.get("const").or_else(|| match property.value.get("enum")?.as_array()?.as_slice() {
                [only] => Some(only),
                _ => None,
            });
        if let Some(value) = constant.and_then(Value::as_str) {
            constants.push((name.to_owned(), value.to_owned()));
        }
    }
    constants
}

fn of_item(document: &Document, name: &str, item: &Node<'_>, is_webhook: bool) -> Vec<Found> {
    let Ok(item) = document.resolve(&item.pointer) else { return Vec::new() };
    let Some((_, operation)) = item.members().find(|(method, _)| ["post", "put"].contains(method)) else {
        return Vec::new();
    };
    let body = operation.child("requestBody").and_then(|body| document.resolve(&body.pointer).ok());
    let content = body.and_then(|body| body.child("content"));
    let media = content.iter().flat_map(Node::members).find(|(media_type, _)| media_type.contains("json"));
    let Some((media, schema)) = media.and_then(|(_, media)| Some((media.clone(), media.child("schema")?))) else {
        return Vec::new();
    };
    let text = |key: &str| operation.text(key).map(str::trim).filter(|text| !text.is_empty());
    let id = operation.text("operationId");
    // A webhook's description says what happened; its summary may say it of the whole family.
    let said =
        if is_webhook { text("description").or(text("summary")) } else { text("summary").or(text("description")) };
    let summary = said.unwrap_or_default().to_owned();
    let responses = operation.child("responses");
    let success = responses.iter().flat_map(Node::members).map(|(status, _)| status);
    let event = operation.value.get("x-webhook-event").and_then(Value::as_str);
    let name = if is_webhook { name } else { event.or(id).unwrap_or(name.trim_matches('/')) };
    let found = Found {
        name: name.to_owned(),
        family: family(&operation, id),
        summary,
        schema: schema.pointer.clone(),
        examples: examples(document, &media),
        headers: headers(document, &item, &operation),
        member: None,
        success: success
            .into_iter()
            .find(|status| status.starts_with('2') && status.len() == 3)
            .unwrap_or("204")
            .to_owned(),
    };
    match document.resolve(&schema.pointer).ok().and_then(|schema| crate::check::discriminated(&schema)) {
        Some((member, values)) if !values.is_empty() => {
            values.into_iter().map(|value| of_union(document, &found, &member, value)).collect()
        }
        _ => vec![found],
    }
}

fn of_union(document: &Document, whole: &Found, member: &str, (value, schema): (String, String)) -> Found {
    let described = document.resolve(&schema).ok().and_then(|schema| schema.text("description").map(str::to_owned));
    let shows = |example: &&Value| example.get(member).and_then(Value::as_str) == Some(&value);
    Found {
        summary: described.unwrap_or_default(),
        schema,
        examples: whole.examples.iter().filter(shows).cloned().collect(),
        member: Some(member.to_owned()),
        name: value,
        ..whole.clone()
    }
}

/// GitHub says it outright; others have operation ids such as `issues/opened`.
fn family(operation: &Node<'_>, id: Option<&str>) -> Option<String> {
    let said = operation.value.pointer("/x-github/subcategory").and_then(Value::as_str);
    said.or_else(|| id.and_then(|id| id.split_once('/')).map(|(family, _)| family))
        .map(|family| family.replace('-', "_"))
}

fn headers(document: &Document, item: &Node<'_>, operation: &Node<'_>) -> Vec<String> {
    let lists = [item.child("parameters"), operation.child("parameters")];
    let parameters = lists.into_iter().flatten().flat_map(|list| list.items().collect::<Vec<_>>());
    let parameters = parameters.filter_map(|parameter| document.resolve(&parameter.pointer).ok());
    let headers = parameters.filter(|parameter| parameter.text("in") == Some("header"));
    headers.filter_map(|parameter| parameter.text("name").map(str::to_owned)).collect()
}

fn examples(document: &Document, media: &Node<'_>) -> Vec<Value> {
    let named = media.child("examples");
    let named = named.iter().flat_map(Node::members).filter_map(|(_, example)| {
        let example = document.resolve(&example.pointer).ok()?;
        example.child("value").map(|value| value.value.clone())
    });
    named.chain(media.child("example").map(|example| example.value.clone())).collect()
}
