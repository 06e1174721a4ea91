//! Asking before much is changed.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use crate::commands::Failure;

/// So many are changed without a question.
const UNASKED: usize = 100;

/// Whether `number` events are to be changed: `question` is put if they are many and `--yes` was not given.
pub(super) fn confirmed(number: usize, yes: bool, question: &str) -> Result<bool, Failure> {
    if yes || number <= UNASKED {
        return Ok(true);
    }
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(Failure::usage(format_args!(
            "this is about {number} events, and nobody is there to be asked: give `--yes` to do it, or `--dry-run` to \
             see first"
        )));
    }
    let mut out = stderr().lock();
    write!(out, "{question} [y/N] ").and_then(|()| out.flush()).map_err(Failure::output)?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(Failure::run)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
