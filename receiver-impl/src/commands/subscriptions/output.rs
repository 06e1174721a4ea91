//! What a person or a program gets to see of an answer; secrets are struck out of both.

use std::io::{Write as _, stderr, stdout};

use serde_json::Value;

use super::session::Session;
use crate::commands::Failure;
use crate::commands::terminal::{self, Paint};
use crate::log_text::Shown;
use crate::management::redact;

/// A column: its heading, and where its values stand.
pub(super) type Column = (&'static str, &'static str);

/// Prints things as a table, or as a JSON object a line.
pub(super) fn list(session: &Session<'_>, items: &[Value], columns: &[Column]) -> Result<(), Failure> {
    if session.is_dry() {
        return Ok(());
    }
    let items: Vec<_> = items.iter().map(redact).collect();
    if session.common.json {
        let lines = items.iter().map(|item| format!("{}\n", terminal::json(&item.to_string()))).collect::<String>();
        return write(&lines);
    }
    if items.is_empty() {
        return writeln!(stderr(), "there are none").map_err(Failure::output);
    }
    write(&table(&items, columns, Paint::for_stdout()))
}

/// Prints one thing, member by member, or as JSON.
pub(super) fn one(session: &Session<'_>, item: &Value) -> Result<(), Failure> {
    if session.is_dry() {
        return Ok(());
    }
    let item = redact(item);
    if session.common.json {
        return write(&format!("{}\n", terminal::json(&item.to_string())));
    }
    let members: Vec<_> = item.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()).collect();
    let width = members.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let lines = members.iter().map(|(name, value)| format!("{:width$}  {}\n", Shown(name), cell(value)));
    write(&lines.collect::<String>())
}

/// Says that something was done.
pub(super) fn done(session: &Session<'_>, text: &str) -> Result<(), Failure> {
    if session.is_dry() || session.common.json { Ok(()) } else { write(&format!("{text}\n")) }
}

fn write(text: &str) -> Result<(), Failure> {
    stdout().lock().write_all(text.as_bytes()).map_err(Failure::output)
}

fn table(items: &[Value], columns: &[Column], paint: Paint) -> String {
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| columns.iter().map(|(_, place)| item.pointer(place).map_or_else(|| "-".to_owned(), cell)).collect())
        .collect();
    let width = |(place, (head, _)): (usize, &Column)| {
        rows.iter().map(|row| row[place].chars().count()).max().unwrap_or_default().max(head.len())
    };
    let widths: Vec<_> = columns.iter().enumerate().map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<_> = cells.zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut text = paint.bold(&line(&mut columns.iter().map(|(head, _)| *head)));
    text.push('\n');
    for row in &rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
        text.push('\n');
    }
    text
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => Shown(text).to_string(),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            let texts: Vec<_> = list.iter().filter_map(Value::as_str).collect();
            Shown(&texts.join(", ")).to_string()
        }
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => Shown(&other.to_string()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_they_must_be_and_texts_cannot_command_a_terminal() {
        let items = [json!({"id": "a", "on": true, "events": ["x", "y"]}), json!({"id": "long\u{1b}[2J", "on": null})];
        let text = table(&items, &[("ID", "/id"), ("ON", "/on"), ("EVENTS", "/events")], Paint::none());
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0].find("ON"), lines[1].find("yes"));
        assert!(lines[1].starts_with("a  ") && lines[1].ends_with("yes  x, y"), "{text}");
        assert_eq!(lines[2], "long\\u{1b}[2J  -    -");
    }
}
