//! A walk of several steps: each is shown when it is done, and where one fails it is said what was done before, how to
//! take it back, and that the same command goes on from there.

use std::io::{Write as _, stderr, stdout};

use crate::commands::Failure;

/// The steps so far.
#[derive(Debug, Default)]
pub(super) struct Steps {
    number: usize,
    undo: Vec<String>,
    on_stderr: bool,
}

impl Steps {
    /// With JSON on standard output, steps go to standard error.
    pub(super) fn new(json: bool) -> Self {
        Self { on_stderr: json, ..Self::default() }
    }

    /// A step was done.
    pub(super) fn done(&mut self, what: &str, how: impl AsRef<str>) -> Result<(), Failure> {
        self.number += 1;
        let line = format!("{}. {what:<12} {}\n", self.number, how.as_ref());
        let written =
            if self.on_stderr { stderr().write_all(line.as_bytes()) } else { stdout().write_all(line.as_bytes()) };
        written.map_err(Failure::output)
    }

    /// How to take something back that was done.
    pub(super) fn undo(&mut self, how: impl Into<String>) {
        self.undo.push(how.into());
    }

    /// A failure with what a person needs to go on or back.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        if failure.text.is_empty() {
            return failure;
        }
        let mut text = failure.text;
        text.push_str(match self.number {
            0 => "\nNothing was changed.",
            _ => "\nThe steps above are done. The same command goes on from there.",
        });
        if !self.undo.is_empty() {
            text.push_str(" To take them back:");
            self.undo.iter().rev().for_each(|how| text.push_str(&format!("\n  {how}")));
        }
        Failure { text, ..failure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_how_to_go_back_the_last_thing_first() {
        let mut steps = Steps::new(true);
        assert!(steps.explain(Failure::run("no")).text.ends_with("Nothing was changed."));
        steps.done("one", "made").unwrap();
        steps.undo("delete one");
        steps.undo("delete two");
        let text = steps.explain(Failure::run("no")).text;
        assert!(text.starts_with("no\nThe steps above are done."), "{text}");
        assert!(text.ends_with("To take them back:\n  delete two\n  delete one"), "{text}");
    }
}
