//! Texts from outside, made fit for a log line: cut to a length that it can bear, and unable to begin another line.

use std::fmt::{self, Display};

/// The most bytes of one text.
const LONGEST: usize = 200;

/// The beginning of a text.
pub(crate) fn clip(text: &str) -> &str {
    beginning(text, LONGEST)
}

/// As much of a text as goes into so many bytes.
pub(crate) fn beginning(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// Prints the beginning of a text, with its control characters escaped.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a str);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clipped = clip(self.0);
        if clipped.contains(char::is_control) {
            clipped
                .chars()
                .try_for_each(|c| if c.is_control() { write!(f, "{}", c.escape_default()) } else { write!(f, "{c}") })
        } else {
            f.write_str(clipped)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_line_of_its_own() {
        assert_eq!(Shown("PV\n\u{1b}[31m \u{e4}").to_string(), "PV\\n\\u{1b}[31m \u{e4}");
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!(clip("short"), "short");
        assert_eq!(clip(&"\u{20ac}".repeat(100)).len(), 198);
    }
}
