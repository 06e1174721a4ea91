//! Who is believed: the schemes that guard an endpoint, and what each says of signatures.

use std::collections::BTreeSet;

use serde_json::Value;

use super::endpoint::Pair;
use super::finding::{Findings, new, old};
use super::rule::Rule;
use super::signature;
use crate::check::view::Operation;
use crate::document::Document;
use crate::pointer;

pub(super) fn compare(
    before: &Document,
    after: &Document,
    pair: Pair<'_, '_>,
    findings: &mut Findings<'_>,
    events: &[String],
) {
    let touched = || events.iter().map(String::as_str);
    let names: BTreeSet<&str> = pair.old.alternatives().into_iter().flatten().collect();
    let renamed = |name: &str| renamed(before, after, name);
    let was: Vec<BTreeSet<String>> =
        alternatives(pair.old).iter().map(|all| all.iter().map(|name| renamed(name)).collect()).collect();
    let is = alternatives(pair.new);
    let place = new(&format!("{}/security", pair.new.node.pointer));
    if is.is_empty() && !was.is_empty() {
        findings.add(Rule::GuardDropped, place, "no scheme guards the endpoint any more", touched());
        return;
    }
    for all in is.iter().filter(|all| !was.contains(all)) {
        findings.add(Rule::GuardNew, place.clone(), format!("{} suffices now", told(all)), touched());
    }
    for all in was.iter().filter(|all| !is.contains(all)) {
        findings.add(Rule::GuardGone, place.clone(), format!("{} no longer suffices", told(all)), touched());
    }
    for name in names {
        let later = renamed(name);
        if later != name {
            let found = format!("`{name}` is now `{later}`");
            findings.add(Rule::SchemeRenamed, new(&scheme(&later)), found, touched());
        }
        // One that is used no more says nothing of what arrives.
        if is.iter().any(|all| all.contains(&later)) {
            signature::compare(before, after, (&scheme(name), &scheme(&later)), findings, events);
        }
    }
}

/// The alternatives that ask for something.
fn alternatives(operation: &Operation<'_>) -> Vec<BTreeSet<String>> {
    let all = operation.alternatives().into_iter().map(|all| all.into_iter().map(str::to_owned).collect());
    all.filter(|all: &BTreeSet<String>| !all.is_empty()).collect()
}

/// The name of the new scheme that says what the one of this name said, if that name is gone.
fn renamed(before: &Document, after: &Document, name: &str) -> String {
    let meaning = |document: &Document, name: &str| {
        let mut value = document.resolve(&scheme(name)).ok()?.value.clone();
        value.as_object_mut()?.remove("description");
        Some(value)
    };
    let schemes = after.value().pointer("/components/securitySchemes").and_then(Value::as_object);
    let mut fresh = schemes
        .into_iter()
        .flatten()
        .map(|(fresh, _)| fresh.as_str())
        .filter(|fresh| before.node(&scheme(fresh)).is_none() && meaning(before, name) == meaning(after, fresh));
    match (after.node(&scheme(name)), fresh.next()) {
        (None, Some(fresh)) => fresh.to_owned(),
        _ => name.to_owned(),
    }
}

fn scheme(name: &str) -> String {
    pointer::child("/components/securitySchemes", name)
}

fn told(all: &BTreeSet<String>) -> String {
    all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" together with ")
}

/// Notes a scheme whose place is gone.
pub(super) fn lost(findings: &mut Findings<'_>, place: &str, events: &[String]) {
    let touched = events.iter().map(String::as_str);
    findings.add(Rule::SchemeChanged, old(place), "it is named by a guard, and is no longer declared", touched);
}
