//! What every operation must say of itself: its id, its provider and who may call it.

use std::collections::HashMap;

use serde_json::Value;

use super::report::Findings;
use super::rule::Rule;
use super::view::{Operation, View};
use crate::pointer;

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        tag(operation, findings);
    }
    ids(view, findings);
}

fn ids(view: &View<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for operation in &view.operations {
        let place = operation.node.pointer.as_str();
        let Some(id) = operation.id.filter(|id| !id.is_empty()) else {
            let remedy = "add one, such as `gridxEvents`; it names the endpoint in tables, logs and settings";
            findings.add(Rule::OperationIdMissing, place, "there is no `operationId`", remedy);
            continue;
        };
        if let Some(other) = first.get(id) {
            let found = format!("the operationId `{id}` is also that of {}", pointer::display(other));
            findings.add(Rule::OperationIdRepeated, &pointer::child(place, "operationId"), found, "rename one of them");
        } else {
            first.insert(id, place);
        }
    }
}

fn tag(operation: &Operation<'_>, findings: &mut Findings<'_>) {
    let tags = operation.node.value.get("tags").and_then(Value::as_array).map_or(0, Vec::len);
    if operation.tag.is_none() || tags != 1 {
        let found = match tags {
            0 => "there is no tag".to_owned(),
            1 => "the tag is not text".to_owned(),
            number => format!("there are {number} tags"),
        };
        let remedy = "write exactly one, `tags: [PROVIDER]`; its trait gets this operation's methods";
        findings.add(Rule::TagNotOne, &operation.node.pointer, found, remedy);
    }
}
