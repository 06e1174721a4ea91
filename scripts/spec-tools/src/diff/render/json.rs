//! For programs: one object.

use serde_json::{Value, json};

use super::{file, verdict};
use crate::diff::code::CodeChanges;
use crate::diff::finding::Side;
use crate::diff::{Class, Report};

pub(super) fn render(report: &Report) -> String {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule.id(),
                "class": finding.class().name(),
                "file": file(report, finding),
                "side": if finding.side == Side::Old { "old" } else { "new" },
                "line": finding.line,
                "pointer": finding.pointer,
                "found": finding.found,
                "what": finding.rule.what(),
                "advice": finding.rule.advice(),
                "events": finding.events,
            })
        })
        .collect();
    let counts: serde_json::Map<String, Value> =
        Class::ALL.iter().map(|class| (class.name().to_owned(), json!(report.of(*class).count()))).collect();
    let whole = json!({
        "old": report.old,
        "new": report.new,
        "worst": report.worst().map(Class::name),
        "verdict": verdict(report),
        "counts": counts,
        "findings": findings,
        "rust": report.code.as_ref().map(code),
    });
    format!("{whole:#}\n")
}

fn code(code: &CodeChanges) -> Value {
    let pairs = |pairs: &[(String, String)]| -> Vec<Value> {
        pairs.iter().map(|(was, is)| json!({"was": was, "is": is})).collect()
    };
    let traits: Vec<Value> = code
        .traits
        .iter()
        .map(|change| {
            let changed = pairs(&change.changed);
            json!({"name": change.name, "new": change.new, "gone": change.gone, "changed": changed})
        })
        .collect();
    let models: Vec<Value> = code
        .models
        .iter()
        .map(|change| {
            let changed = pairs(&change.changed);
            json!({"name": change.name, "whole": change.whole, "new": change.new, "gone": change.gone, "changed": changed})
        })
        .collect();
    json!({"traits": traits, "models": models})
}
