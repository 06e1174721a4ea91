//! The events of one endpoint: which come, go and change their names, and what each now holds.

use std::collections::{BTreeSet, HashSet};

use serde_json::json;

use super::endpoint::Pair;
use super::finding::{Findings, new, old};
use super::place::target;
use super::rule::Rule;
use super::schema::{Part, Schemas, Use};
use crate::check::view::{Event, Operation};
use crate::document::Document;
use crate::extension::EventRule;
use crate::pointer;

/// `changed` are the component schemas that differ, with all that refer to them.
pub(super) fn compare<'a>(
    before: &'a Document,
    after: &'a Document,
    changed: &BTreeSet<String>,
    pair: Pair<'_, 'a>,
    findings: &mut Findings<'a>,
) {
    source(pair, findings);
    aliases(pair, findings);
    methods(pair, findings);
    let identity = identity(pair.old);
    let (olds, news) = (declared(pair.old), declared(pair.new));
    let mut left: Vec<&Event> = news.iter().collect();
    let mut gone = Vec::new();
    let mut pairs = Vec::new();
    for event in &olds {
        match left.iter().position(|later| later.name == event.name) {
            Some(place) => pairs.push((event, left.remove(place))),
            None => gone.push(event),
        }
    }
    gone.retain(|event| {
        let Some((place, rule)) = renamed(pair.old, event, &olds, &left, gone_alone(&olds, &news)) else { return true };
        let later = left.remove(place);
        let found = format!("`{}` is now `{}`", event.name, later.name);
        findings.add(rule, new(&place_of(pair.new, later)), found, [label(pair.old, &event.name).as_str()]);
        pairs.push((event, later));
        false
    });
    for event in gone {
        let label = label(pair.old, &event.name);
        let found = format!("`{}` no longer arrives at `{}`", event.name, super::endpoint::told(pair.old));
        findings.add(Rule::EventGone, old(&place_of(pair.old, event)), found, [label.as_str()]);
    }
    for event in left {
        let label = label(pair.new, &event.name);
        let found = format!(
            "`{}` at `{}`, where today's receiver keeps it, answers {} and parks it",
            event.name,
            super::endpoint::told(pair.new),
            parked(before, pair.old),
        );
        findings.add(Rule::EventNew, new(&place_of(pair.new, event)), found, [label.as_str()]);
    }
    for (event, later) in pairs {
        let label = label(pair.old, &event.name);
        let part = |document: &Document, event: &Event| {
            let pointer = event.schema.as_ref()?;
            Some(Part { value: json!({ "$ref": format!("#{pointer}") }), pointer: target(document, pointer) })
        };
        let is_same =
            |schema: &String| event.schema == later.schema && is_component(schema) && !changed.contains(schema);
        if event.schema.as_ref().is_some_and(is_same) {
            continue;
        }
        let (was, is) = (part(before, event), part(after, later));
        if let (Some(_), None, Some(body)) = (&was, &is, pair.new.node.child("requestBody")) {
            findings.add(Rule::TypeChanged, new(&body.pointer), "the body may be any value", [label.as_str()]);
        }
        let (Some(old), Some(new)) = (was, is) else { continue };
        let (identity, seen) = (identity.clone(), HashSet::new());
        let mut schemas = Schemas { old: before, new: after, findings, event: &label, identity, seen };
        schemas.compare(&old, &new, &Use { path: Some(String::new()), ..Use::default() });
    }
}

/// Whether a pointer is that of a component schema as a whole.
fn is_component(pointer: &str) -> bool {
    pointer.strip_prefix("/components/schemas/").is_some_and(|name| !name.contains('/'))
}

/// The events of an operation; one that declares none carries an event of its own name.
fn declared(operation: &Operation<'_>) -> Vec<Event> {
    if !operation.events.is_empty() {
        return operation.events.clone();
    }
    let schema = operation.body.as_ref().map(|body| body.pointer.clone());
    vec![Event { name: operation.id.unwrap_or_default().to_owned(), schema, is_mapped: false }]
}

/// The labels of an operation's events.
pub(super) fn labels(operation: &Operation<'_>) -> Vec<String> {
    declared(operation).iter().map(|event| label(operation, &event.name)).collect()
}

fn label(operation: &Operation<'_>, event: &str) -> String {
    format!("{} {event}", operation.tag.unwrap_or("webhooks"))
}

/// `1 event`, `2 events`
pub(super) fn counted(number: usize) -> String {
    format!("{number} event{}", if number == 1 { "" } else { "s" })
}

/// Whether exactly one event goes and one comes, so that it is likely the same.
fn gone_alone(olds: &[Event], news: &[Event]) -> bool {
    let only = |these: &[Event], those: &[Event]| {
        these.iter().filter(|event| those.iter().all(|other| other.name != event.name)).count() == 1
    };
    only(olds, news) && only(news, olds)
}

/// The place in `left` of what an event is now: known by an alias, or of the same schema.
fn renamed(
    operation: &Operation<'_>,
    event: &Event,
    olds: &[Event],
    left: &[&Event],
    is_alone: bool,
) -> Option<(usize, Rule)> {
    let aliases = operation.rule.as_ref().map(|rule| &rule.aliases);
    let by_alias = |later: &&Event| aliases.is_some_and(|all| all.get(&later.name) == Some(&event.name));
    if let Some(place) = left.iter().position(by_alias) {
        return Some((place, Rule::EventByAlias));
    }
    // An endpoint for one event, or a schema that no other event has.
    let same = |later: &&Event| later.schema == event.schema;
    let is_own = olds.len() == 1 || olds.iter().filter(|other| other.schema == event.schema).count() == 1;
    let place = left.iter().position(same).filter(|_| is_alone || is_own)?;
    Some((place, Rule::EventRenamed))
}

/// Where an event is declared.
fn place_of(operation: &Operation<'_>, event: &Event) -> String {
    match &operation.body {
        Some(body) if event.is_mapped && body.child("discriminator").is_some() => {
            let mapping = format!("{}/discriminator/mapping", body.pointer);
            pointer::child(&mapping, &event.name)
        }
        _ => format!("{}/x-webhook-event", operation.node.pointer),
    }
}

/// The status that today's receiver answers for an event that it does not know.
fn parked(document: &Document, operation: &Operation<'_>) -> String {
    let answers = operation.answers(document);
    let outcome = |name: &str| {
        answers
            .iter()
            .find(|(_, _, answer)| answer.text("x-webhook-outcome") == Some(name))
            .map(|(_, status, _)| *status)
    };
    let success = answers.iter().map(|(_, status, _)| *status).find(|status| status.starts_with('2'));
    outcome("parked").or_else(|| outcome("accepted")).or(success).unwrap_or("204").to_owned()
}

fn identity(operation: &Operation<'_>) -> BTreeSet<String> {
    let id = operation.node.value.get("x-webhook-event-id").cloned();
    let id: crate::extension::EventId = id.and_then(|id| serde_json::from_value(id).ok()).unwrap_or_default();
    id.iter().filter(|part| part.header().is_none()).map(|part| part.to_string()).collect()
}

fn source(pair: Pair<'_, '_>, findings: &mut Findings<'_>) {
    let told = |operation: &Operation<'_>| {
        let header = operation.rule.as_ref().and_then(|rule| rule.header.clone());
        let header = header.map(|header| format!("the header `{header}`"));
        let pointer = operation.type_pointer().map(|pointer| format!("`{pointer}` of the body"));
        let places: Vec<String> = pointer.into_iter().chain(header).collect();
        if places.is_empty() { "nothing".to_owned() } else { places.join(", else ") }
    };
    let (was, is) = (told(pair.old), told(pair.new));
    if was != is {
        let labels = labels(pair.old);
        let found = format!("the type stood in {was}, stands in {is}");
        let declared = format!("{}/x-webhook-event", pair.new.node.pointer);
        findings.add(Rule::EventTypeMoved, new(&declared), found, labels.iter().map(String::as_str));
    }
}

fn aliases(pair: Pair<'_, '_>, findings: &mut Findings<'_>) {
    let none = EventRule::default();
    let (was, is) = (pair.old.rule.as_ref().unwrap_or(&none), pair.new.rule.as_ref().unwrap_or(&none));
    let place = format!("{}/x-webhook-event/aliases", pair.new.node.pointer);
    for (seen, meant) in is.aliases.iter().filter(|(seen, meant)| was.aliases.get(*seen) != Some(meant)) {
        // An event of that name was there before: nothing new arrives.
        if pair.old.events.iter().any(|event| event.name == *seen) {
            continue;
        }
        let found = format!("`{meant}` may arrive as `{seen}`");
        findings.add(Rule::EventAliasNew, new(&pointer::child(&place, seen)), found, [label(pair.new, meant).as_str()]);
    }
    for (seen, meant) in was.aliases.iter().filter(|(seen, _)| !is.aliases.contains_key(*seen)) {
        if pair.new.events.iter().all(|event| event.name != *seen) {
            let found = format!("`{meant}` no longer arrives as `{seen}`");
            let place = format!("{}/x-webhook-event/aliases", pair.old.node.pointer);
            let place = old(&pointer::child(&place, seen));
            findings.add(Rule::EventAliasGone, place, found, [label(pair.old, meant).as_str()]);
        }
    }
}

fn methods(pair: Pair<'_, '_>, findings: &mut Findings<'_>) {
    let none = EventRule::default();
    let (was, is) = (pair.old.rule.as_ref().unwrap_or(&none), pair.new.rule.as_ref().unwrap_or(&none));
    let names: BTreeSet<&String> = was.methods.keys().chain(is.methods.keys()).collect();
    for event in names.into_iter().filter(|event| was.methods.get(*event) != is.methods.get(*event)) {
        let told =
            |name: Option<&String>| name.map_or_else(|| "made from its type".to_owned(), |name| format!("`{name}`"));
        let found =
            format!("the method of `{event}` was {}, is {}", told(was.methods.get(event)), told(is.methods.get(event)));
        let place = format!("{}/x-webhook-event/methods", pair.new.node.pointer);
        findings.add(Rule::MethodRenamed, new(&place), found, [label(pair.new, event).as_str()]);
    }
}
