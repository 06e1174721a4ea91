//! What people read and no receiver does: descriptions, examples, what is called deprecated. Both documents are walked
//! place by place, because merging schemas loses texts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::{Findings, new, old};
use super::rule::Rule;
use crate::check::walk::NAMES;
use crate::document::{Document, Node};
use crate::pointer;

pub(super) fn compare(before: &Document, after: &Document, findings: &mut Findings<'_>) {
    members(&before.root(), &after.root(), findings);
}

/// The rule for a keyword of text, unless it is none.
fn rule(keyword: &str, parent: &str) -> Option<Rule> {
    match keyword {
        "description" | "summary" | "title" => Some(Rule::Text),
        "example" | "examples" => Some(Rule::Example),
        "deprecated" => Some(Rule::Deprecated),
        "externalDocs" | "servers" | "xml" | "readOnly" | "writeOnly" | "openapi" | "callbacks" | "links" => {
            Some(Rule::Metadata)
        }
        _ if parent == "/info" => Some(Rule::Metadata),
        _ if keyword.starts_with("x-webhook-") || matches!(keyword, "x-rust-name") => None,
        _ => keyword.starts_with("x-").then_some(Rule::Metadata),
    }
}

/// The words of two objects that stand in the same place.
fn members(was: &Node<'_>, is: &Node<'_>, findings: &mut Findings<'_>) {
    for name in names(was, is) {
        let (before, after) = (was.child(name), is.child(name));
        if before.as_ref().map(|node| node.value) == after.as_ref().map(|node| node.value) {
            continue;
        }
        if let Some(rule) = rule(name, &is.pointer) {
            let place = match (&before, &after) {
                (_, Some(after)) => new(&after.pointer),
                _ => old(&pointer::child(&was.pointer, name)),
            };
            let verb = match (&before, &after) {
                (None, _) => "is new",
                (_, None) => "is gone",
                _ => "changes",
            };
            findings.add(rule, place, format!("`{name}` {verb}"), []);
        } else if let (Some(before), Some(after)) = (before, after) {
            below(name, &before, &after, findings);
        }
    }
}

/// What stands below a keyword: things with names of their own, a list, or another object.
fn below(keyword: &str, was: &Node<'_>, is: &Node<'_>, findings: &mut Findings<'_>) {
    if keyword.starts_with("x-") || matches!(keyword, "default" | "enum" | "const" | "mapping") {
        return;
    }
    if NAMES.contains(&keyword) && was.value.is_object() {
        for name in names(was, is) {
            if let (Some(before), Some(after)) = (was.child(name), is.child(name)) {
                members(&before, &after, findings);
            }
        }
        return;
    }
    members(was, is, findings);
    let (before, after): (Vec<_>, Vec<_>) = (was.items().collect(), is.items().collect());
    for (index, item) in before.iter().enumerate() {
        let same = match item.text("name") {
            Some(name) => after.iter().find(|other| other.text("name") == Some(name)),
            None => after.get(index).filter(|_| before.len() == after.len()),
        };
        if let Some(same) = same {
            members(item, same, findings);
        }
    }
}

fn names<'a>(was: &Node<'a>, is: &Node<'a>) -> BTreeSet<&'a str> {
    let of = |value: &'a Value| value.as_object().into_iter().flat_map(|members| members.keys()).map(String::as_str);
    of(was.value).chain(of(is.value)).collect()
}
