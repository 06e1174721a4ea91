//! Endpoints: which of the old ones is which of the new ones, and what a delivery to it meets.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::finding::{Findings, new, old};
use super::rule::Rule;
use super::{answers, events, guards, references, rest};
use crate::check::view::{Operation, View};
use crate::document::{Document, Node};
use crate::pointer;

/// An endpoint before and after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'v, 'a> {
    pub(super) old: &'v Operation<'a>,
    pub(super) new: &'v Operation<'a>,
}

pub(super) fn compare<'a>(before: &View<'a>, after: &View<'a>, findings: &mut Findings<'a>) {
    providers(before, after, findings);
    let (pairs, gone, fresh) = matched(&before.operations, &after.operations);
    let changed = references::changed(before.document, after.document);
    for pair in pairs {
        endpoint(before.document, after.document, &changed, pair, findings);
    }
    for operation in gone {
        let labels = events::labels(operation);
        let found = format!("`{}` is gone, and with it {}", told(operation), events::counted(labels.len()));
        findings.add(Rule::EndpointGone, old(&operation.node.pointer), found, labels.iter().map(String::as_str));
    }
    for operation in fresh {
        for event in events::labels(operation) {
            let name = event.split_once(' ').map_or(event.as_str(), |(_, name)| name);
            let found = format!("`{name}` at `{}`, where today's receiver answers 404", told(operation));
            findings.add(Rule::EventNewPath, new(&operation.node.pointer), found, [event.as_str()]);
        }
    }
}

/// Endpoints are the same by path and method, or else by operation id.
fn matched<'v, 'a>(
    before: &'v [Operation<'a>],
    after: &'v [Operation<'a>],
) -> (Vec<Pair<'v, 'a>>, Vec<&'v Operation<'a>>, Vec<&'v Operation<'a>>) {
    let mut left: Vec<&Operation<'_>> = after.iter().collect();
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    for old in before {
        match left.iter().position(|new| new.node.pointer == old.node.pointer) {
            Some(place) => pairs.push(Pair { old, new: left.remove(place) }),
            None => gone.push(old),
        }
    }
    gone.retain(|old| match left.iter().position(|new| new.id.is_some() && new.id == old.id) {
        Some(place) => {
            pairs.push(Pair { old, new: left.remove(place) });
            false
        }
        None => true,
    });
    (pairs, gone, left)
}

fn endpoint<'a>(
    before: &'a Document,
    after: &'a Document,
    changed: &BTreeSet<String>,
    pair: Pair<'_, 'a>,
    findings: &mut Findings<'a>,
) {
    let labels = events::labels(pair.old);
    let touched = || labels.iter().map(String::as_str);
    let place = &pair.new.node.pointer;
    let (was, is) = (route(pair.old), route(pair.new));
    if was.1 != is.1 {
        findings.add(Rule::PathMoved, new(place), format!("`{}` is now `{}`", was.1, is.1), touched());
    }
    if was.0 != is.0 {
        findings.add(Rule::HttpMethod, new(place), format!("`{}` is now `{}`", was.0, is.0), touched());
    }
    if pair.old.tag != pair.new.tag {
        let found = format!("`{}` is now `{}`", pair.old.tag.unwrap_or("none"), pair.new.tag.unwrap_or("none"));
        findings.add(Rule::ProviderChanged, new(&format!("{place}/tags")), found, touched());
    }
    if pair.old.id != pair.new.id {
        let found = format!("`{}` is now `{}`", pair.old.id.unwrap_or("none"), pair.new.id.unwrap_or("none"));
        findings.add(Rule::OperationRenamed, new(&format!("{place}/operationId")), found, touched());
    }
    for (extension, rule) in VALUES {
        value(pair, extension, *rule, findings, &labels);
    }
    batch(pair, findings, &labels);
    body(before, after, pair, findings, &labels);
    guards::compare(before, after, pair, findings, &labels);
    answers::compare(before, after, pair, findings, &labels);
    rest::operation(pair, findings, &labels);
    events::compare(before, after, changed, pair, findings);
}

/// Members of an operation that count as a whole.
const VALUES: &[(&str, Rule)] = &[
    ("x-webhook-event-id", Rule::EventIdMoved),
    ("x-webhook-ordering-key", Rule::OrderingKey),
    ("x-webhook-challenge", Rule::ChallengeChanged),
    ("x-webhook-negotiation", Rule::NegotiationChanged),
    ("parameters", Rule::ParameterChanged),
];

fn value(pair: Pair<'_, '_>, key: &str, rule: Rule, findings: &mut Findings<'_>, events: &[String]) {
    let (was, is) = (pair.old.node.value.get(key), pair.new.node.value.get(key));
    if was == is {
        return;
    }
    let told = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
    let found = format!("`{key}` was {}, is {}", told(was), told(is));
    let place = match is {
        Some(_) => new(&pointer::child(&pair.new.node.pointer, key)),
        None => old(&pointer::child(&pair.old.node.pointer, key)),
    };
    findings.add(rule, place, found, events.iter().map(String::as_str));
}

fn batch(pair: Pair<'_, '_>, findings: &mut Findings<'_>, events: &[String]) {
    let place = new(&format!("{}/x-webhook-batch", pair.new.node.pointer));
    let touched = events.iter().map(String::as_str);
    match (pair.old.is_batch(), pair.new.is_batch()) {
        (false, true) => findings.add(Rule::BatchOn, place, "a delivery may be a list of events", touched),
        (true, false) => findings.add(Rule::BatchOff, place, "a delivery is one event", touched),
        _ => {}
    }
}

fn body(before: &Document, after: &Document, pair: Pair<'_, '_>, findings: &mut Findings<'_>, events: &[String]) {
    let body = |document: &Document, operation: &Operation<'_>| {
        let body = operation.node.child("requestBody")?;
        document.resolve(&body.pointer).ok().map(|body| (body.pointer.clone(), body.value.clone()))
    };
    let touched = || events.iter().map(String::as_str);
    let (was, is) = (body(before, pair.old), body(after, pair.new));
    let Some((_, was)) = was else { return };
    let Some((place, is)) = is else {
        let gone = old(&format!("{}/requestBody", pair.old.node.pointer));
        findings.add(Rule::BodyGone, gone, "there is no body any more", touched());
        return;
    };
    let required = |body: &Value| body.get("required") == Some(&json!(true));
    match (required(&was), required(&is)) {
        (true, false) => findings.add(Rule::BodyOptional, new(&place), "the body is no longer required", touched()),
        (false, true) => findings.add(Rule::BodyRequired, new(&place), "the body is required now", touched()),
        _ => {}
    }
    let types = |body: &Value| -> Vec<String> {
        body.get("content").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let (was, is) = (types(&was), types(&is));
    for media in is.iter().filter(|media| !was.contains(media)) {
        let rule = if is_json(media) { Rule::MediaChanged } else { Rule::MediaNotJson };
        let place = new(&pointer::child(&format!("{place}/content"), media));
        findings.add(rule, place, format!("the body may be `{media}`"), touched());
    }
    for media in was.iter().filter(|media| !is.contains(media)) {
        let place = new(&format!("{place}/content"));
        findings.add(Rule::MediaChanged, place, format!("the body is no longer `{media}`"), touched());
    }
}

fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or(media).trim().to_ascii_lowercase();
    media == "application/json" || media.ends_with("+json")
}

fn providers(before: &View<'_>, after: &View<'_>, findings: &mut Findings<'_>) {
    let (was, is) = (before.providers(), after.providers());
    for (name, operations) in is.iter().filter(|(name, _)| !was.contains_key(**name)) {
        if let Some(first) = operations.first() {
            findings.add(Rule::ProviderNew, new(&tag(after, name, first)), format!("`{name}` is new"), []);
        }
    }
    for (name, operations) in was.iter().filter(|(name, _)| !is.contains_key(**name)) {
        if let Some(first) = operations.first() {
            findings.add(Rule::ProviderGone, old(&tag(before, name, first)), format!("`{name}` is gone"), []);
        }
    }
}

/// Where a provider is declared: its tag, or else its first endpoint.
fn tag(view: &View<'_>, name: &str, first: &Operation<'_>) -> String {
    let tags = view.document.root().child("tags");
    let found = tags.iter().flat_map(Node::items).find(|tag| tag.text("name") == Some(name)).map(|tag| tag.pointer);
    found.unwrap_or_else(|| first.node.pointer.clone())
}

/// The method in capitals, and the path.
fn route(operation: &Operation<'_>) -> (String, String) {
    let names: Vec<String> = pointer::names(&operation.node.pointer).collect();
    let name = |index: usize| names.get(index).cloned().unwrap_or_default();
    (name(2).to_uppercase(), name(1))
}

/// `POST /path`
pub(super) fn told(operation: &Operation<'_>) -> String {
    let (method, path) = route(operation);
    format!("{method} {path}")
}
