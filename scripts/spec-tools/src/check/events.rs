//! What arrives: every operation carries known events, and every event of a provider has a trait method of its own.

use std::collections::HashMap;

use heck::ToSnakeCase;

use super::report::{Findings, listed, suggestion};
use super::rule::Rule;
use super::view::{Event, Operation, View};
use crate::extension::EventRule;
use crate::pointer;

/// The methods that every provider's trait has.
const PROVIDED: &[&str] = &["invalid_event", "unknown_event"];

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        presence(operation, findings);
    }
    for operations in view.providers().values() {
        let events: Vec<&str> = operations.iter().flat_map(|o| &o.events).map(|event| event.name.as_str()).collect();
        for operation in operations {
            if let Some(rule) = &operation.rule {
                aliases(operation, rule, &events, findings);
                method_names(operation, rule, findings);
            }
        }
        methods(operations, findings);
    }
}

fn rule_place(operation: &Operation<'_>) -> String {
    pointer::child(&operation.node.pointer, "x-webhook-event")
}

fn presence(operation: &Operation<'_>, findings: &mut Findings<'_>) {
    let is_unreadable = operation.rule.is_none() && operation.node.value.get("x-webhook-event").is_some();
    if operation.events.is_empty() && !is_unreadable {
        let found = "nothing says which event arrives here";
        let remedy = "write `x-webhook-event: TYPE`, or give the body's schema a `discriminator` with a mapping";
        findings.add(Rule::EventMissing, &operation.node.pointer, found, remedy);
    }
    let is_listed = operation.rule.as_ref().is_some_and(|rule| !rule.events.is_empty() && rule.header.is_none());
    if is_listed {
        let found = "events are listed, but no `header` names the one that arrives";
        let remedy =
            "write the header; or, where the body names it, a `discriminator` with a mapping instead of the list";
        findings.add(Rule::EventListed, &pointer::child(&rule_place(operation), "events"), found, remedy);
    }
    let is_twice = operation.rule.as_ref().is_some_and(|rule| rule.pointer.is_some() && rule.header.is_some());
    if is_twice {
        let found = "the event type stands in a `pointer` and in a `header`";
        findings.add(Rule::EventSourceTwice, &rule_place(operation), found, "keep the signed one, the pointer");
    }
}

fn aliases(operation: &Operation<'_>, rule: &EventRule, events: &[&str], findings: &mut Findings<'_>) {
    for (alias, meant) in &rule.aliases {
        let place = pointer::child(&pointer::child(&rule_place(operation), "aliases"), alias);
        if !events.contains(&meant.as_str()) {
            let found = format!("the alias `{alias}` stands for `{meant}`, which is no event of this provider");
            findings.add(Rule::AliasWithoutEvent, &place, found, suggestion(meant, events.iter().copied()));
        }
        if events.contains(&alias.as_str()) {
            let found = format!("the alias `{alias}` is an event type itself, which could no longer arrive");
            findings.add(Rule::AliasHidesEvent, &place, found, "remove the alias or the event");
        }
    }
}

fn method_names(operation: &Operation<'_>, rule: &EventRule, findings: &mut Findings<'_>) {
    for (event, method) in &rule.methods {
        let place = pointer::child(&pointer::child(&rule_place(operation), "methods"), event);
        if !operation.events.iter().any(|known| known.name == *event) {
            let found = format!("a method is named for `{event}`, which does not arrive here");
            let remedy = suggestion(event, operation.events.iter().map(|event| event.name.as_str()));
            findings.add(Rule::MethodUnfit, &place, found, remedy);
        }
        let is_name = method.to_snake_case() == *method && method.starts_with(|first: char| first.is_ascii_lowercase());
        if !is_name {
            let found = format!("`{method}` is no name of a Rust method");
            findings.add(Rule::MethodUnfit, &place, found, format!("write `{}`", method.to_snake_case()));
        }
    }
}

/// Endpoints that carry the same event in the same shape share its method, and that is wanted.
fn methods(operations: &[&Operation<'_>], findings: &mut Findings<'_>) {
    let mut taken: HashMap<String, (&Event, &Operation<'_>)> = HashMap::new();
    for operation in operations {
        for event in &operation.events {
            let Some(method) = method(operation, event) else { continue };
            let remedy = "rename one: by `x-webhook-event.methods`, or by the operationId where it names the method";
            if PROVIDED.contains(&method.as_str()) {
                let found =
                    format!("the event `{}` would get the method `{method}`, which every trait has", event.name);
                findings.add(Rule::MethodRepeated, &operation.node.pointer, found, remedy);
            }
            // Underscores and case do not tell names apart well enough.
            let key = method.replace('_', "");
            match taken.get(&key) {
                Some((other, _)) if other.name == event.name && other.schema == event.schema => {}
                Some((other, elsewhere)) => {
                    let names = [event.name.as_str(), other.name.as_str()];
                    let place = pointer::display(&elsewhere.node.pointer);
                    let found = format!("the events {} (of {place}) would share the method `{method}`", listed(&names));
                    findings.add(Rule::MethodRepeated, &operation.node.pointer, found, remedy);
                }
                None => {
                    taken.insert(key, (event, operation));
                }
            }
        }
    }
}

/// An operation's only event is named after the operation, one of several after its type.
fn method(operation: &Operation<'_>, event: &Event) -> Option<String> {
    let named = operation.rule.as_ref().and_then(|rule| rule.methods.get(&event.name)).cloned();
    let source = if event.is_mapped { Some(event.name.as_str()) } else { operation.id };
    named.or_else(|| source.map(ToSnakeCase::to_snake_case))
}
