//! The table of rules for `docs/spec-diff.md`.

use std::fmt::Write;

use super::class::Class;
use super::rule::Rule;

/// Every rule in Markdown, a table for each class.
pub fn table() -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let rules: Vec<&Rule> = Rule::ALL.iter().filter(|rule| rule.class() == *class).collect();
        let _ =
            write!(text, "### `{class}`: {}\n\n| rule | the change | what to do |\n|---|---|---|\n", class.headline());
        for rule in rules {
            let _ = writeln!(text, "| `{}` | {} | {} |", rule.id(), rule.what(), rule.advice());
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}
