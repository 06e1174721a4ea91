//! What a check found.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::path::PathBuf;

use super::rule::Rule;
use crate::document::Document;
use crate::pointer;

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Why it is wrong.
    pub rule: Rule,
    /// The JSON pointer to the place.
    pub pointer: String,
    /// The line, if the spec was read from a file.
    pub line: Option<usize>,
    /// What was found.
    pub found: String,
    /// What to do.
    pub remedy: String,
}

/// How much a spec declares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The operations.
    pub endpoints: usize,
    /// The event types, counted once for each provider.
    pub events: usize,
    /// The signature schemes.
    pub schemes: usize,
}

/// The outcome of a check. Displayed, it is what the command prints.
#[derive(Debug, Clone)]
pub struct Report {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, in the order of the file.
    pub findings: Vec<Finding>,
    /// What somebody else's spec leaves out, in the order of the file.
    pub warnings: Vec<Finding>,
    /// What the spec declares.
    pub counts: Counts,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.findings.is_empty()
    }

    /// The warnings for people: a line for each rule, with its first place.
    pub fn warnings(&self) -> String {
        let mut by_rule: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
        for warning in &self.warnings {
            by_rule.entry(warning.rule).or_default().push(warning);
        }
        let line = |(rule, found): (Rule, Vec<&Finding>)| {
            let first = found.first()?;
            let place = first.line.map_or_else(String::new, |line| format!(":{line}"));
            let more = match found.len() - 1 {
                0 => String::new(),
                more => format!(", and in {}", counted(more, "other place")),
            };
            let (path, pointer) = (self.path.display(), pointer::display(&first.pointer));
            Some(format!("warning: {path}{place}: {pointer}: {}{more} [{}]\n", first.found, rule.id()))
        };
        by_rule.into_iter().filter_map(line).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        for finding in &self.findings {
            match finding.line {
                Some(line) => write!(f, "{path}:{line}: ")?,
                None => write!(f, "{path}: ")?,
            }
            let Finding { found, remedy, rule, .. } = finding;
            writeln!(f, "{}: {found}; {remedy} [{}]", pointer::display(&finding.pointer), rule.id())?;
        }
        if self.is_ok() {
            let Counts { endpoints, events, schemes } = self.counts;
            let endpoints = counted(endpoints, "endpoint");
            let events = counted(events, "event");
            write!(f, "{path}: {endpoints}, {events}, {}: ok", counted(schemes, "signature scheme"))
        } else {
            write!(f, "{path}: {}", counted(self.findings.len(), "finding"))
        }
    }
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Collects findings.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    document: &'a Document,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, found: Vec::new() }
    }

    pub(super) fn add(&mut self, rule: Rule, pointer: &str, found: impl Into<String>, remedy: impl Into<String>) {
        let line = self.document.line_of(pointer);
        self.found.push(Finding {
            rule,
            pointer: pointer.to_owned(),
            line,
            found: found.into(),
            remedy: remedy.into(),
        });
    }

    pub(super) fn has(&self, rule: Rule) -> bool {
        self.found.iter().any(|finding| finding.rule == rule)
    }

    /// In the order of the file, each once; what stands nowhere keeps the order in which it was found.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|finding| finding.line);
        let mut seen = HashSet::new();
        self.found.retain(|finding| seen.insert((finding.rule, finding.pointer.clone(), finding.found.clone())));
        self.found
    }
}

/// ``; `near`?`` or the list of what is known.
pub(super) fn suggestion<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance <= 1.max(name.chars().count() / 3))
        .min();
    match (near, known.as_slice()) {
        (Some((_, name)), _) => format!("did you mean `{name}`? Known: {}", listed(&known)),
        (None, []) => "nothing is known here, so remove it".to_owned(),
        (None, known) => format!("known: {}", listed(known)),
    }
}

/// `a`, `b`, `c`
pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
