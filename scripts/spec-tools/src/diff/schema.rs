//! Schemas: will what the new one allows be read rightly by the type that was made from the old one?
//!
//! The old side is not a schema any more but a reader ([`Reading`]): strict about members, types and the limits that
//! the crate checks; lenient about enumerations, unknown members and everything that it does not look at. What the new
//! schema allows and the old one did already is never a finding worse than `tolerated`.

mod members;
mod union;
mod value;

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::finding::{Findings, Place, new};
use super::place::target;
use super::rule::Rule;
use crate::document::Document;
use crate::prepare::reading;

/// A schema as it counts after merging, and the place that it has in the file.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) value: Value,
    pub(super) pointer: String,
}

/// How a value is used, which decides what the reader takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Use {
    /// Where it stands in the event, as a JSON pointer; `None` behind a list or map.
    pub(super) path: Option<String>,
    /// Whether limits of the value itself are checked: those of a member are.
    pub(super) checked: bool,
    /// Whether limits of what it holds, as a list or map, are checked: those of a member are, and not deeper.
    pub(super) holds_checked: bool,
    /// Whether the type is an `Option` whatever its schema says, so that null is taken.
    pub(super) optional: bool,
}

/// Compares the schemas of one event.
#[derive(Debug)]
pub(super) struct Schemas<'a, 'f> {
    pub(super) old: &'a Document,
    pub(super) new: &'a Document,
    pub(super) findings: &'f mut Findings<'a>,
    /// The event, with its provider.
    pub(super) event: &'f str,
    /// Pointers to the members that make the event's identity.
    pub(super) identity: BTreeSet<String>,
    /// What was compared already: schemas may include themselves.
    pub(super) seen: HashSet<(String, String, Use)>,
}

impl Schemas<'_, '_> {
    /// Compares two schemas that describe the same value.
    pub(super) fn compare(&mut self, old: &Part, new: &Part, at: &Use) {
        let key = |document: &Document, part: &Part| {
            let own = if part.value.get("$ref").is_some() { String::new() } else { part.value.to_string() };
            format!("{}{own}", target(document, &part.pointer))
        };
        // Behind a list or map places do not count, so that recursion ends.
        if !self.seen.insert((key(self.old, old), key(self.new, new), at.clone())) {
            return;
        }
        self.names(old, new);
        let was = reading::read(self.old.value(), &old.value);
        let is = reading::read(self.new.value(), &new.value);
        self.null(&was, &is, new, at);
        self.value(old, new, &was, &is, at);
        self.keywords(&was, &is, new);
    }

    /// Names that stand in Rust alone.
    fn names(&mut self, old: &Part, new: &Part) {
        if let (Some(was), Some(is)) = (reading::referenced(&old.value), reading::referenced(&new.value))
            && was != is
        {
            self.add(Rule::SchemaRenamed, super::finding::new(&new.pointer), format!("`{was}` is now `{is}`"));
        }
        let own = |document: &Document, part: &Part| {
            let model = document.resolve(&part.pointer).ok();
            let name = |value: &Value| value.get("x-rust-name").and_then(Value::as_str).map(str::to_owned);
            name(&part.value).or_else(|| name(model?.value))
        };
        let (was, is) = (own(self.old, old), own(self.new, new));
        if was != is {
            let told = |name: Option<String>| {
                name.map_or_else(|| "made from the schema's own".to_owned(), |name| format!("`{name}`"))
            };
            let found = format!("the Rust name was {}, is {}", told(was), told(is));
            self.add(Rule::RustName, super::finding::new(&target(self.new, &new.pointer)), found);
        }
    }

    fn null(&mut self, was: &reading::Read, is: &reading::Read, part: &Part, at: &Use) {
        let place = new(&target(self.new, &part.pointer));
        if was.nullable == is.nullable {
            return;
        }
        if was.nullable {
            self.add(Rule::NullGone, place, "it is never null any more");
        } else if at.optional || matches!(was.reading, reading::Reading::Any) {
            self.add(Rule::NullTaken, place, "it may be null, which is read as nothing");
        } else {
            self.add(Rule::NullRefused, place, "it may be null, and the type that reads it is no `Option`");
        }
        if is.nullable && at.path.as_ref().is_some_and(|path| self.identity.contains(path)) {
            self.add(Rule::EventIdWeak, new(&part.pointer), "it names the event, and may be null");
        }
    }

    /// What no type is made from.
    fn keywords(&mut self, was: &reading::Read, is: &reading::Read, part: &Part) {
        let place = target(self.new, &part.pointer);
        if was.flat.get("default") != is.flat.get("default") {
            let told = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
            let found = format!("`default` was {}, is {}", told(was.flat.get("default")), told(is.flat.get("default")));
            self.add(Rule::DefaultChanged, new(&format!("{place}/default")), found);
        }
        let mut keys: BTreeSet<&String> = was.flat.keys().chain(is.flat.keys()).collect();
        keys.retain(|key| was.flat.get(*key) != is.flat.get(*key) && !reading::is_annotation(key));
        for key in keys {
            let rule = match key.as_str() {
                key if READ.contains(&key) => continue,
                key if UNCHECKED.contains(&key) => Rule::KeywordUnread,
                _ => Rule::Unjudged,
            };
            self.add(rule, new(&format!("{place}/{key}")), format!("`{key}` changes"));
        }
    }

    pub(super) fn add(&mut self, rule: Rule, place: Place, found: impl Into<String>) {
        self.findings.add(rule, place, found, [self.event]);
    }
}

/// Keywords that types are made from, or that the crate checks; comparing types compares them.
const READ: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "discriminator",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
];

/// Keywords that only restrict values, and that no receiver checks.
const UNCHECKED: &[&str] = &[
    "contains",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "else",
    "if",
    "maxContains",
    "minContains",
    "multipleOf",
    "not",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];
