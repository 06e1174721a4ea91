//! That every `x-webhook-*` extension is known, stands where it is read, and says what its grammar allows.

use serde_json::Value;

use super::grammar::{Read, faults, read};
use super::report::{Findings, suggestion};
use super::rule::Rule;
use super::view::View;
use super::walk::walk;
use crate::document::Node;
use crate::extension::{Aliases, Challenge, EventId, EventRule, Negotiation, Outcome, Signature};
use crate::pointer;
use crate::source::Leniency;

/// Where an extension is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Operation,
    Response,
    SecurityScheme,
    Property,
    Tag,
}

/// Every extension, where it stands and how it is read.
const EXTENSIONS: &[(&str, Place, Read)] = &[
    ("x-webhook-event", Place::Operation, event),
    ("x-webhook-event-id", Place::Operation, read::<EventId>),
    ("x-webhook-ordering-key", Place::Operation, read::<String>),
    ("x-webhook-batch", Place::Operation, read::<bool>),
    ("x-webhook-challenge", Place::Operation, read::<Challenge>),
    ("x-webhook-negotiation", Place::Operation, read::<Negotiation>),
    ("x-webhook-outcome", Place::Response, read::<Outcome>),
    ("x-webhook-signature", Place::SecurityScheme, read::<Signature>),
    ("x-webhook-legacy", Place::SecurityScheme, read::<bool>),
    ("x-webhook-aliases", Place::Property, read::<Aliases>),
    ("x-webhook-models", Place::Tag, read::<Leniency>),
];

/// The long form is read with the place of its faults; the short one has none.
fn event(value: &Value) -> Result<(), (String, String)> {
    if value.is_object() {
        return read::<EventRule>(value);
    }
    EventRule::read(value).map(drop).map_err(|error| (String::new(), error.to_string()))
}

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    walk(&view.document.root(), &mut |holder| {
        for (name, node) in holder.members().filter(|(name, _)| name.starts_with("x-webhook")) {
            extension(holder, name, &node, findings);
        }
    });
}

fn extension(holder: &Node<'_>, name: &str, node: &Node<'_>, findings: &mut Findings<'_>) {
    let Some((_, place, read)) = EXTENSIONS.iter().find(|(known, ..)| *known == name) else {
        let known = EXTENSIONS.iter().map(|(known, ..)| *known);
        let found = format!("there is no extension `{name}`");
        findings.add(Rule::ExtensionUnknown, &node.pointer, found, suggestion(name, known));
        return;
    };
    if place_of(&holder.pointer) != Some(*place) {
        let found = format!("`{name}` is not read here");
        let remedy = match place {
            Place::Operation => "move it into an operation",
            Place::Response => "move it into an answer below `responses`",
            Place::SecurityScheme => "move it into a scheme below components.securitySchemes",
            Place::Property => "move it into a schema's property",
            Place::Tag => "move it into a tag",
        };
        findings.add(Rule::ExtensionMisplaced, &node.pointer, found, remedy);
        return;
    }
    for fault in faults(name, node, *read) {
        findings.add(fault.rule, &fault.pointer, fault.found, fault.remedy);
    }
}

fn place_of(holder: &str) -> Option<Place> {
    let names: Vec<String> = pointer::names(holder).collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["paths", _, _] | ["components", "pathItems", _, _] => Some(Place::Operation),
        ["paths", _, _, "responses", _] | ["components", "responses", _] => Some(Place::Response),
        ["tags", _] => Some(Place::Tag),
        ["components", "securitySchemes", _] => Some(Place::SecurityScheme),
        [.., "properties", _] => Some(Place::Property),
        _ => None,
    }
}
