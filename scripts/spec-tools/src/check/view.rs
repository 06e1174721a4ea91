//! What the rules look at: operations and signature schemes, with what their extensions say where that can be read.
//!
//! Nothing here complains. What is missing or unreadable is absent, and the rule whose concern it is finds it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Node};
use crate::extension::{EventRule, Signature};

/// The methods of a path item.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The spec, taken apart once.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) document: &'a Document,
    pub(crate) operations: Vec<Operation<'a>>,
    pub(crate) schemes: Vec<Scheme<'a>>,
}

/// A method and a path.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) id: Option<&'a str>,
    /// The first tag.
    pub(crate) tag: Option<&'a str>,
    /// `security`: its own, or the document's.
    pub(crate) security: Option<Node<'a>>,
    pub(crate) rule: Option<EventRule>,
    /// The media types of the body.
    pub(crate) contents: Vec<Node<'a>>,
    /// The schema of the first media type.
    pub(crate) body: Option<Node<'a>>,
    pub(crate) events: Vec<Event>,
}

/// An event type as an operation receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    /// The pointer to its schema.
    pub(crate) schema: Option<String>,
    /// Whether it is one of several of its operation.
    pub(crate) is_mapped: bool,
}

/// A security scheme with `x-webhook-signature`.
#[derive(Debug)]
pub(crate) struct Scheme<'a> {
    pub(crate) name: &'a str,
    pub(crate) node: Node<'a>,
    pub(crate) header: Option<&'a str>,
    pub(crate) signature: Option<Signature>,
}

impl<'a> View<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let paths = document.root().child("paths");
        let mut operations = Vec::new();
        for (_, item) in paths.iter().flat_map(Node::members) {
            let Ok(item) = document.resolve(&item.pointer) else { continue };
            let methods = item.members().filter(|(name, _)| METHODS.contains(name));
            operations.extend(methods.map(|(_, node)| Operation::new(document, node)));
        }
        let schemes = named(document, "securitySchemes")
            .filter(|(_, node)| node.value.get("x-webhook-signature").is_some())
            .map(|(name, node)| Scheme::new(name, node))
            .collect();
        Self { document, operations, schemes }
    }

    /// The scheme of this name, if it signs deliveries.
    pub(crate) fn scheme(&self, name: &str) -> Option<&Scheme<'a>> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }

    /// The operations of each tag, in the order of the spec.
    pub(crate) fn providers(&self) -> BTreeMap<&'a str, Vec<&Operation<'a>>> {
        let mut providers: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for operation in &self.operations {
            if let Some(tag) = operation.tag {
                providers.entry(tag).or_default().push(operation);
            }
        }
        providers
    }
}

/// The members of an object below `components`, each after its `$ref`s.
pub(crate) fn named<'a>(document: &'a Document, kind: &str) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let members = document.root().child("components").and_then(|components| components.child(kind));
    let members: Vec<_> = members.iter().flat_map(Node::members).collect();
    members.into_iter().filter_map(|(name, node)| Some((name, document.resolve(&node.pointer).ok()?)))
}

impl<'a> Operation<'a> {
    fn new(document: &'a Document, node: Node<'a>) -> Self {
        let resolved = |node: Node<'a>| document.resolve(&node.pointer).ok();
        let content = node.child("requestBody").and_then(resolved).and_then(|body| body.child("content"));
        let contents: Vec<_> = content.iter().flat_map(Node::members).map(|(_, content)| content).collect();
        let body = contents.first().and_then(|content| content.child("schema")).and_then(resolved);
        let rule = node.value.get("x-webhook-event").and_then(|rule| EventRule::read(rule).ok());
        let events = match (rule.as_ref().and_then(|rule| rule.event_type.clone()), &body) {
            (Some(name), body) => {
                vec![Event { name, schema: body.as_ref().map(|body| body.pointer.clone()), is_mapped: false }]
            }
            (None, body) => match (&rule, body) {
                (Some(rule), _) if !rule.events.is_empty() => listed(rule),
                (_, Some(body)) => mapped(body),
                (_, None) => Vec::new(),
            },
        };
        Self {
            id: node.text("operationId"),
            tag: node.value.pointer("/tags/0").and_then(Value::as_str),
            security: node.child("security").or_else(|| document.root().child("security")),
            rule,
            contents,
            body,
            events,
            node,
        }
    }

    /// The names of the schemes of each alternative.
    pub(crate) fn alternatives(&self) -> Vec<Vec<&'a str>> {
        let alternatives = self.security.iter().flat_map(Node::items);
        alternatives.map(|alternative| alternative.members().map(|(name, _)| name).collect()).collect()
    }

    /// The declared answers, each after its `$ref`s: the place, the status as written, the answer.
    pub(crate) fn answers(&self, document: &'a Document) -> Vec<(String, &'a str, Node<'a>)> {
        let responses = self.node.child("responses");
        let answers = responses.iter().flat_map(Node::members);
        answers
            .filter(|(status, _)| !status.starts_with("x-"))
            .filter_map(|(status, node)| Some((node.pointer.clone(), status, document.resolve(&node.pointer).ok()?)))
            .collect()
    }

    /// Whether a body may be a list of events.
    pub(crate) fn is_batch(&self) -> bool {
        self.node.value.get("x-webhook-batch").and_then(Value::as_bool).unwrap_or(false)
    }

    /// Where the body names the type: the rule's pointer, or that of the discriminator.
    pub(crate) fn type_pointer(&self) -> Option<String> {
        let declared = self.rule.as_ref().and_then(|rule| rule.pointer.clone());
        let is_listed = self.rule.as_ref().is_some_and(|rule| !rule.events.is_empty());
        declared.or_else(|| {
            if is_listed {
                return None;
            }
            let discriminator = self.body.as_ref()?.child("discriminator")?;
            discriminator.text("propertyName").map(|name| crate::pointer::child("", name))
        })
    }
}

/// The events that a discriminator tells apart.
fn mapped(body: &Node<'_>) -> Vec<Event> {
    let targets = discriminated(body).unwrap_or_default();
    targets.into_iter().map(|(name, schema)| Event { name, schema: Some(schema), is_mapped: true }).collect()
}

/// The events that the extension lists.
fn listed(rule: &EventRule) -> Vec<Event> {
    let event = |(name, schema): (&str, &str)| Event {
        name: name.to_owned(),
        schema: Some(mapping_target(schema)),
        is_mapped: true,
    };
    rule.mapped().map(event).collect()
}

/// The values of a schema's discriminator, each with the pointer to its schema; `None` if it has no discriminator.
pub(crate) fn discriminated(schema: &Node<'_>) -> Option<Vec<(String, String)>> {
    let discriminator = schema.child("discriminator")?;
    discriminator.text("propertyName")?;
    if let Some(mapping) = discriminator.child("mapping") {
        let targets = mapping.members().filter_map(|(name, target)| Some((name, target.value.as_str()?)));
        return Some(targets.map(|(name, target)| (name.to_owned(), mapping_target(target))).collect());
    }
    let members = schema.child("oneOf").or_else(|| schema.child("anyOf"));
    let references = members.iter().flat_map(Node::items).filter_map(|member| member.text("$ref"));
    let targets = references.map(|target| (target.rsplit('/').next().unwrap_or(target).to_owned(), target));
    Some(targets.map(|(name, target)| (name, mapping_target(target))).collect())
}

/// The pointer to what a mapping names: by `$ref` text, or by the schema's name alone.
pub(crate) fn mapping_target(target: &str) -> String {
    match target.strip_prefix('#') {
        Some(pointer) => pointer.to_owned(),
        None => crate::pointer::child("/components/schemas", target),
    }
}

impl<'a> Scheme<'a> {
    fn new(name: &'a str, node: Node<'a>) -> Self {
        let signature = node.value.get("x-webhook-signature");
        let signature = signature.and_then(|signature| serde_json::from_value(signature.clone()).ok());
        Self { name, header: node.text("name"), signature, node }
    }
}
