//! For people at a terminal.

use std::fmt::Write;

use super::{counts, file, line, touched, verdict};
use crate::diff::code::{CodeChanges, ModelChange};
use crate::diff::finding::{Finding, Side};
use crate::diff::{Class, Report};

pub(super) fn render(report: &Report) -> String {
    let mut text = format!("{}\n", verdict(report));
    if !report.findings.is_empty() {
        let _ = writeln!(text, "{}", counts(report));
    }
    for class in Class::ALL {
        let findings: Vec<&Finding> = report.of(*class).collect();
        if !findings.is_empty() {
            let _ = writeln!(text, "\n{class}: {}", class.headline());
            findings.iter().for_each(|finding| one(&mut text, report, finding));
        }
    }
    if let Some(code) = report.code.as_ref().filter(|code| !code.is_empty()) {
        text.push_str("\nin Rust:\n");
        text.push_str(&rust(code));
    }
    text
}

fn one(text: &mut String, report: &Report, finding: &Finding) {
    let side = if finding.side == Side::Old { "before: " } else { "" };
    let number = finding.line.map(|number| format!(":{number}")).unwrap_or_default();
    let (place, found) = (line(&finding.place()), line(&finding.found));
    let _ = writeln!(text, "  {side}{}{number}: {place}: {found} [{}]", file(report, finding), finding.rule.id());
    if let Some(events) = touched(&finding.events) {
        let _ = writeln!(text, "      touches {}", line(&events));
    }
    if finding.class() != Class::Docs {
        let _ = writeln!(text, "      {}", finding.rule.advice());
    }
}

/// Traits and models, a line for each change.
pub(super) fn rust(code: &CodeChanges) -> String {
    let mut text = String::new();
    for change in &code.traits {
        let _ = writeln!(text, "  trait {}", change.name);
        signs(&mut text, &change.new, &change.gone, &change.changed);
    }
    for change in &code.models {
        match change.whole {
            Some(word) => {
                let _ = writeln!(text, "  model {} is {word}", change.name);
            }
            None => {
                let _ = writeln!(text, "  model {}", change.name);
                let ModelChange { new, gone, changed, .. } = change;
                signs(&mut text, new, gone, changed);
            }
        }
    }
    text
}

fn signs(text: &mut String, new: &[String], gone: &[String], changed: &[(String, String)]) {
    for added in new {
        let _ = writeln!(text, "    + {added}");
    }
    for removed in gone {
        let _ = writeln!(text, "    - {removed}");
    }
    for (was, is) in changed {
        let _ = writeln!(text, "    - {was}\n    + {is}");
    }
}
