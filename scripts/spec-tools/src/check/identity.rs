//! Where values stand in a delivery: pointers that lead somewhere, headers that can be sent, and an identity that nobody
//! can forge unnoticed.

use std::collections::HashSet;

use super::guards::signs;
use super::report::Findings;
use super::rule::Rule;
use super::template;
use super::view::{Operation, View};
use crate::document::{Document, Node};
use crate::extension::{Challenge, EventId, ValueSource};
use crate::pointer;

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        let at = |extension: &str| pointer::child(&operation.node.pointer, extension);
        if let Some(rule) = &operation.rule {
            if let Some(pointer) = &rule.pointer {
                body_pointer(view, operation, pointer, &format!("{}/pointer", at("x-webhook-event")), findings);
            }
            if let Some(header) = &rule.header {
                header_name(header, &format!("{}/header", at("x-webhook-event")), findings);
            }
        }
        for (index, source) in event_id(operation).iter().enumerate() {
            let place = pointer::item(&at("x-webhook-event-id"), index);
            match source.header() {
                Some(header) => identity_header(view, operation, source, header, &place, findings),
                None => body_pointer(view, operation, source, &place, findings),
            }
        }
        if let Some(key) = operation.node.text("x-webhook-ordering-key") {
            body_pointer(view, operation, key, &at("x-webhook-ordering-key"), findings);
        }
        let challenge = operation.node.value.get("x-webhook-challenge").cloned();
        if let Some(challenge) = challenge.and_then(|value| serde_json::from_value::<Challenge>(value).ok())
            && !pointer::is_valid(&challenge.token)
        {
            not_a_pointer(&challenge.token, &format!("{}/token", at("x-webhook-challenge")), findings);
        }
    }
    scheme_headers(view, findings);
}

fn event_id(operation: &Operation<'_>) -> EventId {
    let id = operation.node.value.get("x-webhook-event-id").cloned();
    id.and_then(|id| serde_json::from_value(id).ok()).unwrap_or_default()
}

fn identity_header(
    view: &View<'_>,
    operation: &Operation<'_>,
    source: &ValueSource,
    header: &str,
    place: &str,
    findings: &mut Findings<'_>,
) {
    header_name(header, place, findings);
    if !source.is_unsigned() && !signs(view, operation, header) {
        let found = format!("the header `{header}` is not signed, so whoever replays a delivery can make it a new one");
        let remedy = format!(
            "take the identity from the body, let the scheme's `signed` contain `{{header:{header}}}`, or accept the \
             risk by `{{header: {header}, unsigned: true}}`"
        );
        findings.add(Rule::EventIdUnsigned, place, found, remedy);
    }
}

fn scheme_headers(view: &View<'_>, findings: &mut Findings<'_>) {
    for scheme in &view.schemes {
        if let Some(header) = scheme.header {
            header_name(header, &pointer::child(&scheme.node.pointer, "name"), findings);
        }
        let Some(signature) = &scheme.signature else { continue };
        let extension = pointer::child(&scheme.node.pointer, "x-webhook-signature");
        if let Some(header) = signature.timestamp.as_ref().and_then(|timestamp| timestamp.header.as_deref()) {
            header_name(header, &format!("{extension}/timestamp/header"), findings);
        }
        for header in template::headers(&signature.signed) {
            header_name(header, &format!("{extension}/signed"), findings);
        }
    }
}

/// RFC 9110, section 5.6.2.
fn header_name(name: &str, place: &str, findings: &mut Findings<'_>) {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        let found = format!("`{name}` cannot be the name of a header");
        findings.add(Rule::HeaderInvalid, place, found, "write letters, digits and hyphens");
    }
}

fn not_a_pointer(text: &str, place: &str, findings: &mut Findings<'_>) {
    let found = format!("`{text}` is no JSON pointer");
    let remedy = "write the names with a slash before each, such as `/data/id` (RFC 6901)";
    findings.add(Rule::PointerInvalid, place, found, remedy);
}

fn body_pointer(view: &View<'_>, operation: &Operation<'_>, text: &str, place: &str, findings: &mut Findings<'_>) {
    if !pointer::is_valid(text) {
        not_a_pointer(text, place, findings);
        return;
    }
    let names: Vec<String> = pointer::names(text).collect();
    let Some(body) = &operation.body else {
        let found = format!("`{text}` points into the body, and no body is declared");
        findings.add(Rule::PointerWithoutProperty, place, found, "add a `requestBody` with a schema");
        return;
    };
    let mut search = Search { document: view.document, seen: HashSet::new() };
    if !search.reaches(body, &names, operation.is_batch()) {
        let found = format!("`{text}` leads to nothing in the body's schema");
        findings.add(Rule::PointerWithoutProperty, place, found, "correct it, or declare the property");
    }
}

/// Looks through schemas for the end of a pointer.
struct Search<'a> {
    document: &'a Document,
    /// Schemas that were looked at, with how many names were left: they may include each other.
    seen: HashSet<(String, usize)>,
}

impl Search<'_> {
    /// Whether a value that fits `schema` may have something at the end of `names`.
    fn reaches(&mut self, schema: &Node<'_>, names: &[String], is_batch: bool) -> bool {
        let Ok(schema) = self.document.resolve(&schema.pointer) else { return true };
        let Some((name, rest)) = names.split_first() else { return true };
        if !self.seen.insert((schema.pointer.clone(), names.len())) {
            return false;
        }
        let parts = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.child(keyword));
        let parts: Vec<Node<'_>> = parts.flat_map(|list| list.items().collect::<Vec<_>>()).collect();
        if parts.iter().any(|part| self.reaches(part, names, is_batch)) {
            return true;
        }
        if let Some(items) = schema.child("items") {
            let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
            return (is_batch && self.reaches(&items, names, false)) || (is_index && self.reaches(&items, rest, false));
        }
        if let Some(property) = schema.child("properties").and_then(|properties| properties.child(name)) {
            return self.reaches(&property, rest, false);
        }
        match schema.child("additionalProperties") {
            Some(more) if more.value.is_object() => self.reaches(&more, rest, false),
            Some(more) => more.value.as_bool().unwrap_or(false),
            None => is_free(&schema),
        }
    }
}

/// Whether the schema says nothing of members, so that any may be there.
fn is_free(schema: &Node<'_>) -> bool {
    let is_object = schema.text("type").is_none_or(|name| name == "object");
    let says_more = ["properties", "allOf", "oneOf", "anyOf", "enum", "const"];
    is_object && says_more.iter().all(|keyword| schema.value.get(keyword).is_none())
}
