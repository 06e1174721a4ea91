//! What the provider is told: every operation has answers for success and failure, and each outcome has one status.

use std::collections::BTreeMap;

use super::report::Findings;
use super::rule::Rule;
use super::view::{Operation, View};
use crate::extension::Outcome;
use crate::pointer;

/// A declared answer with an exact status.
struct Answer {
    place: String,
    status: u16,
    outcome: Option<Outcome>,
}

impl Answer {
    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        let answers = exact(view, operation, findings);
        presence(operation, &answers, findings);
        accepted(operation, &answers, findings);
        outcomes(&answers, findings);
    }
}

fn exact(view: &View<'_>, operation: &Operation<'_>, findings: &mut Findings<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (place, status, node) in operation.answers(view.document) {
        match status.parse() {
            Ok(status @ 100..=599) => {
                let outcome = node.value.get("x-webhook-outcome").cloned();
                let outcome = outcome.and_then(|outcome| serde_json::from_value(outcome).ok());
                answers.push(Answer { place, status, outcome });
            }
            _ => {
                let found = format!("`{status}` is no status code, and the receiver must send one");
                findings.add(Rule::StatusInexact, &place, found, "write the exact codes, such as `503`");
            }
        }
    }
    answers
}

fn presence(operation: &Operation<'_>, answers: &[Answer], findings: &mut Findings<'_>) {
    let place = pointer::child(&operation.node.pointer, "responses");
    if !answers.iter().any(Answer::is_success) {
        let remedy = "add the 2xx that the provider takes for success, such as `204`";
        findings.add(Rule::SuccessMissing, &place, "there is no success answer", remedy);
    }
    if answers.iter().all(Answer::is_success) {
        let remedy = "add the status for a refused signature (`401`) or a passing fault (`503`)";
        findings.add(Rule::FailureMissing, &place, "there is no failure answer", remedy);
    }
}

/// A lone 2xx means accepted; of several, one must say that it does.
fn accepted(operation: &Operation<'_>, answers: &[Answer], findings: &mut Findings<'_>) {
    let successes: Vec<_> = answers.iter().filter(|answer| answer.is_success()).collect();
    let is_declared = answers.iter().any(|answer| answer.outcome == Some(Outcome::Accepted));
    let silent = successes.iter().filter(|answer| answer.outcome.is_none()).count();
    if is_declared || successes.is_empty() || silent == 1 {
        return;
    }
    let statuses = successes.iter().map(|answer| answer.status.to_string()).collect::<Vec<_>>().join(", ");
    let found = format!("nothing says which success answer ({statuses}) means that an event was accepted");
    let remedy = "write `x-webhook-outcome: accepted` on that one";
    findings.add(Rule::AcceptedUnclear, &pointer::child(&operation.node.pointer, "responses"), found, remedy);
}

fn outcomes(answers: &[Answer], findings: &mut Findings<'_>) {
    let mut first: BTreeMap<Outcome, u16> = BTreeMap::new();
    for answer in answers {
        let Some(outcome) = answer.outcome else { continue };
        let name = name(outcome);
        match first.get(&outcome) {
            Some(other) => {
                let found = format!("the outcome `{name}` stands on {other} and on {}", answer.status);
                findings.add(Rule::OutcomeRepeated, &answer.place, found, "keep the one that the receiver should send");
            }
            None => {
                first.insert(outcome, answer.status);
            }
        }
        let found = format!("the outcome `{name}` stands on {}", answer.status);
        let is_good = matches!(outcome, Outcome::Accepted | Outcome::Parked);
        let remedy = match (answer.status, is_good) {
            (200..300, true) | (400..600, false) => continue,
            (300..400, _) => "move it: providers follow a redirect, or disable the webhook",
            (_, true) => "move it to a 2xx, because the event was taken",
            (_, false) => "move it to a 4xx or 5xx, because the provider takes this one for success",
        };
        findings.add(Rule::OutcomeStatusUnfit, &answer.place, found, remedy);
    }
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "accepted",
        Outcome::Parked => "parked",
        Outcome::Unauthenticated => "unauthenticated",
        Outcome::Retry => "retry",
        Outcome::Malformed => "malformed",
        Outcome::Gone => "gone",
    }
}
