//! For a pull request, or a job's summary.

use std::fmt::Write;

use super::{counts, file, line, touched, verdict};
use crate::diff::finding::{Finding, Side};
use crate::diff::{Class, Report};

pub(super) fn render(report: &Report) -> String {
    let mut text = format!("**{}**\n", verdict(report));
    if !report.findings.is_empty() {
        let _ = writeln!(text, "\n`spec diff` found {}.", counts(report));
    }
    for class in Class::ALL {
        let findings: Vec<&Finding> = report.of(*class).collect();
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {class}: {}\n", class.headline());
        // What asks nothing of anybody does not stand in the way of the rest.
        let is_quiet = *class >= Class::Tolerated;
        if is_quiet {
            let _ = writeln!(text, "<details><summary>{} to know of</summary>\n", findings.len());
        }
        findings.iter().for_each(|finding| one(&mut text, report, finding));
        if is_quiet {
            text.push_str("\n</details>\n");
        }
    }
    if let Some(code) = report.code.as_ref().filter(|code| !code.is_empty()) {
        text.push_str("\n### In Rust\n\n```diff\n");
        for line in super::text::rust(code).lines() {
            // The signs of a difference stand first.
            let _ = writeln!(text, "{}", line.strip_prefix("    ").unwrap_or(line));
        }
        text.push_str("```\n");
    }
    text
}

fn one(text: &mut String, report: &Report, finding: &Finding) {
    let side = if finding.side == Side::Old { ", before" } else { "" };
    let number = finding.line.map(|number| format!(":{number}")).unwrap_or_default();
    let (place, found) = (escaped(&finding.place()), escaped(&finding.found));
    let _ =
        writeln!(text, "- **{place}**: {found} (`{}{number}`{side}, `{}`)", file(report, finding), finding.rule.id());
    if let Some(events) = touched(&finding.events) {
        let _ = writeln!(text, "  Touches {}.", escaped(&events));
    }
    if finding.class() != Class::Docs {
        let _ = writeln!(text, "  {}", finding.rule.advice());
    }
}

/// A line in which nothing but our own backticks is Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_code = false;
    for letter in line(text).chars() {
        match letter {
            '`' => is_code = !is_code,
            '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '\\' | '@' if !is_code => out.push('\\'),
            _ => {}
        }
        out.push(letter);
    }
    out
}
