//! What the provider is answered, as it counts once defaults are filled in.

use std::collections::BTreeMap;

use super::endpoint::Pair;
use super::finding::{Findings, new, old};
use super::rule::Rule;
use crate::check::view::Operation;
use crate::document::Document;

/// The outcomes, each with the rule of its change and what it has where the spec does not say: a status, or that of
/// `accepted`.
const OUTCOMES: &[(&str, Rule, Option<&str>)] = &[
    ("accepted", Rule::AnswerAccepted, Some("204")),
    ("parked", Rule::AnswerParked, None),
    ("unauthenticated", Rule::AnswerUnauthenticated, Some("401")),
    ("retry", Rule::AnswerRetry, Some("503")),
    ("malformed", Rule::AnswerMalformed, Some("400")),
    ("gone", Rule::AnswerGone, Some("none")),
];

/// The statuses of an operation with their places, and those of its outcomes.
struct Answers {
    declared: BTreeMap<String, String>,
    outcomes: BTreeMap<String, String>,
}

impl Answers {
    fn read(document: &Document, operation: &Operation<'_>) -> Self {
        let (mut declared, mut outcomes) = (BTreeMap::new(), BTreeMap::new());
        for (place, status, answer) in operation.answers(document) {
            if let Some(outcome) = answer.text("x-webhook-outcome") {
                outcomes.insert(outcome.to_owned(), status.to_owned());
            }
            declared.insert(status.to_owned(), place);
        }
        let success = declared.keys().find(|status| status.starts_with('2')).cloned();
        if let Some(success) = success {
            outcomes.entry("accepted".to_owned()).or_insert(success);
        }
        Self { declared, outcomes }
    }

    fn status(&self, outcome: &str, default: Option<&str>) -> String {
        let stated = self.outcomes.get(outcome).cloned();
        stated.or_else(|| default.map(str::to_owned)).unwrap_or_else(|| self.status("accepted", Some("204")))
    }

    /// Whether a status answers an outcome.
    fn is_outcome(&self, status: &str) -> bool {
        self.outcomes.values().any(|own| own == status)
    }
}

pub(super) fn compare(
    before: &Document,
    after: &Document,
    pair: Pair<'_, '_>,
    findings: &mut Findings<'_>,
    events: &[String],
) {
    let touched = || events.iter().map(String::as_str);
    let (was, is) = (Answers::read(before, pair.old), Answers::read(after, pair.new));
    for (outcome, rule, default) in OUTCOMES {
        let (earlier, later) = (was.status(outcome, *default), is.status(outcome, *default));
        if earlier != later {
            let place =
                is.declared.get(&later).cloned().unwrap_or_else(|| format!("{}/responses", pair.new.node.pointer));
            let found = format!("today's receiver answers {earlier} for `{outcome}`, the provider expects {later}");
            findings.add(*rule, new(&place), found, touched());
        }
    }
    for (status, place) in is.declared.iter().filter(|(status, _)| !was.declared.contains_key(*status)) {
        if !is.is_outcome(status) {
            findings.add(Rule::AnswerNew, new(place), format!("{status} is new"), touched());
        }
    }
    for (status, place) in was.declared.iter().filter(|(status, _)| !is.declared.contains_key(*status)) {
        if !was.is_outcome(status) {
            findings.add(Rule::AnswerDropped, old(place), format!("{status} is gone"), touched());
        }
    }
}
