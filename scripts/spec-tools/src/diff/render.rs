//! A report for its readers: people at a terminal, a pull request, programs, and GitHub's annotations.

mod github;
mod json;
mod markdown;
mod text;

use std::collections::BTreeSet;

use super::Report;
use super::class::Class;
use super::finding::{Finding, Side};

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// People, at a terminal
    Text,
    /// A pull request: the first line says whether it is safe to merge
    Markdown,
    /// Programs
    Json,
    /// GitHub's annotations: a line for each change of a class worse than docs
    Github,
}

/// The report as text.
pub fn render(report: &Report, format: Format) -> String {
    match format {
        Format::Text => text::render(report),
        Format::Markdown => markdown::render(report),
        Format::Json => json::render(report),
        Format::Github => github::render(report),
    }
}

/// Whether to merge, and what to do.
fn verdict(report: &Report) -> &'static str {
    match report.worst() {
        Some(class) => class.verdict(),
        None => "Safe to merge: no delivery is read in another way.",
    }
}

/// `1 security, 2 handler`
fn counts(report: &Report) -> String {
    let counted = Class::ALL.iter().map(|class| (report.of(*class).count(), class)).filter(|(number, _)| *number > 0);
    counted.map(|(number, class)| format!("{number} {class}")).collect::<Vec<_>>().join(", ")
}

/// The file that a finding's line is in.
fn file<'r>(report: &'r Report, finding: &Finding) -> &'r str {
    match finding.side {
        Side::Old => &report.old,
        Side::New => &report.new,
    }
}

/// The events that a finding touches: all of a few, else how many.
fn touched(events: &BTreeSet<String>) -> Option<String> {
    const SHOWN: usize = 3;
    let first: Vec<&str> = events.iter().take(SHOWN).map(String::as_str).collect();
    match events.len() {
        0 => None,
        number if number > SHOWN => Some(format!("{} and {} more", first.join(", "), number - SHOWN)),
        _ => Some(first.join(", ")),
    }
}

/// One line without what a terminal or a log would take for a command.
fn line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
