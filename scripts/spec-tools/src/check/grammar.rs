//! Everything that is wrong with one extension's value, as its type in [`extension`](crate::extension) sees it.
//!
//! Serde stops at the first fault. So that a person sees them all, the faulty member is taken out and the rest is read
//! again. What is expected stands nowhere but in the types: it comes out of serde's message, which names it in
//! backticks.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::report::suggestion;
use super::rule::Rule;
use crate::document::Node;
use crate::pointer;

/// A fault of a value.
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) pointer: String,
    pub(super) found: String,
    pub(super) remedy: String,
}

/// How to read a value.
pub(super) type Read = fn(&Value) -> Result<(), (String, String)>;

/// Reads a value as `T`; on failure, the pointer within it and serde's message.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<(), (String, String)> {
    let read: Result<T, _> = serde_path_to_error::deserialize(value);
    read.map(drop).map_err(|error| (within(error.path()), error.inner().to_string()))
}

/// Every fault of an extension.
pub(super) fn faults(name: &str, node: &Node<'_>, read: Read) -> Vec<Fault> {
    let mut value = node.value.clone();
    let mut faults = Vec::new();
    let mut removed = Vec::new();
    while let Err((place, message)) = read(&value) {
        let fault = fault(name, &place, &message, node, &value);
        let is_our_doing = fault.rule == Rule::ExtensionKeyMissing && removed.iter().any(|key| message.contains(key));
        if !is_our_doing {
            faults.push(fault);
        }
        match remove(&mut value, &place) {
            Some(key) => removed.push(format!("`{key}`")),
            None => break,
        }
    }
    faults
}

fn fault(name: &str, place: &str, message: &str, node: &Node<'_>, value: &Value) -> Fault {
    let pointer = format!("{}{place}", node.pointer);
    // Serde writes: unknown field `a`, expected one of `b`, `c`
    let mut quoted = message.split('`').skip(1).step_by(2);
    let holder = match pointer::parent(place).map(pointer::names).and_then(Iterator::last) {
        Some(key) => format!("`{key}` of {name}"),
        None => name.to_owned(),
    };
    let (rule, found, remedy) = if message.starts_with("unknown field") {
        let key = quoted.next().unwrap_or_default();
        (Rule::ExtensionKeyUnknown, format!("{holder} has no key `{key}`"), suggestion(key, quoted))
    } else if message.starts_with("unknown variant") {
        let written = quoted.next().unwrap_or_default();
        (Rule::ExtensionValueUnknown, format!("`{written}` means nothing here"), suggestion(written, quoted))
    } else if message.starts_with("missing field") {
        let key = quoted.next().unwrap_or_default();
        let lacking = match pointer::names(place).last() {
            Some(part) => format!("`{part}` of {name}"),
            None => name.to_owned(),
        };
        (Rule::ExtensionKeyMissing, format!("{lacking} has no `{key}`"), format!("add `{key}`"))
    } else {
        // Serde writes: invalid type: integer `5`, expected a string
        let expected =
            message.split_once("expected ").map_or("another value", |(_, expected)| in_plain_words(expected));
        let written = value.pointer(place).unwrap_or(&Value::Null);
        (Rule::ExtensionValueUnknown, format!("{written} does not fit"), format!("write {expected}"))
    };
    Fault { rule, pointer, found, remedy }
}

/// Serde's name for a kind of value, as the spec's authors would say it.
fn in_plain_words(expected: &str) -> &str {
    match expected {
        "a boolean" => "true or false",
        "a character" => "one character",
        "a map" => "an object",
        "a sequence" => "a list",
        "a string" => "text",
        "u64" | "usize" => "a whole number",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    }
}

fn within(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Map { key } => pointer::child(&pointer, key),
        Segment::Seq { index } => pointer::item(&pointer, *index),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// Takes the member at `place` out; `None` if there is nothing to take.
fn remove(value: &mut Value, place: &str) -> Option<String> {
    let key = pointer::names(place).last()?;
    match value.pointer_mut(pointer::parent(place)?)? {
        Value::Object(members) => members.shift_remove(&key).map(|_| key),
        Value::Array(items) => {
            let index = key.parse().ok().filter(|index| *index < items.len())?;
            items.remove(index);
            Some(key)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
