//! GitHub's workflow commands: an annotation on the line that a finding is about.

use std::fmt::Write;

use super::{file, touched};
use crate::diff::{Class, Report};

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let level = match finding.class() {
            Class::Security | Class::Breaks => "error",
            Class::Handler => "warning",
            Class::Tolerated => "notice",
            Class::Docs => continue,
        };
        let number = finding.line.map(|number| format!(",line={number}")).unwrap_or_default();
        let title = format!("{}: {}", finding.class(), finding.rule.id());
        let events = touched(&finding.events).map(|events| format!(" Touches {events}.")).unwrap_or_default();
        let message = format!("{}: {}.{events} {}", finding.place(), finding.found, finding.rule.advice());
        let _ = writeln!(
            text,
            "::{level} file={}{number},title={}::{}",
            property(file(report, finding)),
            property(&title),
            data(&message)
        );
    }
    text
}

/// What GitHub would take for the end of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What GitHub would take for the end of a property, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
