//! What a comparison found, and how it is collected: each change once, with every event that it touches.

use std::collections::{BTreeMap, BTreeSet};

use super::class::Class;
use super::rule::Rule;
use crate::document::Document;
use crate::pointer;

/// Which of the two documents a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one that today's receiver was built from.
    Old,
    /// The one that is to come.
    New,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of change it is.
    pub rule: Rule,
    /// The document that `pointer` and `line` are of: the new one, but the old one for what is removed.
    pub side: Side,
    /// The JSON pointer to the place.
    pub pointer: String,
    /// The line, if the document was read from a file.
    pub line: Option<usize>,
    /// What was there and what is.
    pub found: String,
    /// The events that it touches, each with its provider: `gridx ping`.
    pub events: BTreeSet<String>,
}

impl Finding {
    /// The class of its rule.
    pub fn class(&self) -> Class {
        self.rule.class()
    }

    /// The place as people write it.
    pub fn place(&self) -> String {
        pointer::display(&self.pointer)
    }
}

/// A place in one of the documents.
#[derive(Debug, Clone)]
pub(super) struct Place {
    side: Side,
    pointer: String,
}

/// In the old document: for what is gone.
pub(super) fn old(pointer: &str) -> Place {
    Place { side: Side::Old, pointer: pointer.to_owned() }
}

/// In the new document.
pub(super) fn new(pointer: &str) -> Place {
    Place { side: Side::New, pointer: pointer.to_owned() }
}

/// Collects findings.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    old: &'a Document,
    new: &'a Document,
    found: BTreeMap<(Rule, Side, String, String), BTreeSet<String>>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(old: &'a Document, new: &'a Document) -> Self {
        Self { old, new, found: BTreeMap::new() }
    }

    /// Notes a change that touches `events`.
    pub(super) fn add<'e>(
        &mut self,
        rule: Rule,
        place: Place,
        found: impl Into<String>,
        events: impl IntoIterator<Item = &'e str>,
    ) {
        let touched = self.found.entry((rule, place.side, place.pointer, found.into())).or_default();
        touched.extend(events.into_iter().map(str::to_owned));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The worst first, then in the order of the file.
    pub(super) fn sorted(self) -> Vec<Finding> {
        let (old, new) = (self.old, self.new);
        let mut findings: Vec<Finding> = self
            .found
            .into_iter()
            .map(|((rule, side, pointer, found), events)| {
                let document = if side == Side::Old { old } else { new };
                Finding { rule, side, line: document.line_of(&pointer), pointer, found, events }
            })
            .collect();
        findings.sort_by_key(|finding| (finding.class(), finding.line, finding.side, finding.rule));
        findings
    }
}
