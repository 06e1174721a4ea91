//! What is said to people at a terminal, and not to programs: colours, and texts from outside that cannot command it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, stdout};

use crate::inbox::State;

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    /// For standard output: colours if that is a terminal and nobody asked for none.
    pub(super) fn for_stdout() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_none_or(|term| term == "dumb");
        Self(stdout().is_terminal() && !dumb && set("NO_COLOR").is_none())
    }

    /// No colours, whoever reads.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self(false)
    }

    /// A state, `width` columns wide.
    pub(super) fn state(self, state: State, width: usize) -> String {
        let code = match state {
            State::Done => "32",
            State::Dead => "31",
            State::Retrying | State::Parked => "33",
            State::Leased => "36",
            State::Pending => "0",
        };
        self.with(code, &format!("{state:width$}"))
    }

    /// What is a heading.
    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// JSON in which a terminal finds no command: what remains of control characters in its texts is escaped.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    if !stdout().is_terminal() || !text.contains(|c: char| c.is_control() && c != '\n') {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            // Control characters have one unit of UTF-16, and writing to a text cannot fail.
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe.into()
}

/// A text of several lines in which control characters but line ends and tabs are escaped.
pub(super) fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\t') { safe.extend(c.escape_default()) } else { safe.push(c) }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_where_it_is_seen() {
        assert_eq!(Paint(false).state(State::Dead, 6), "dead  ");
        assert_eq!(Paint(true).state(State::Dead, 6), "\u{1b}[31mdead  \u{1b}[0m");
    }

    #[test]
    fn a_text_from_outside_cannot_command_a_terminal() {
        assert_eq!(plain("a\tb\r\n\u{1b}[2J\u{9b}2J"), "a\tb\\r\n\\u{1b}[2J\\u{9b}2J");
    }
}
