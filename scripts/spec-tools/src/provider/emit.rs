//! Values as YAML in the form of `webhooks.yaml`: blocks, two spaces deeper each, text bare where that is safe.

use std::fmt::Write as _;

use serde_json::Value;

/// The members of an object as lines that begin at this depth of spaces.
pub(super) fn members(value: &Value, depth: usize) -> String {
    let mut out = String::new();
    write_members(&mut out, value, depth);
    out
}

/// The items of a list as lines that begin at this depth of spaces.
pub(super) fn items(value: &Value, depth: usize) -> String {
    let mut out = String::new();
    write_items(&mut out, value, depth);
    out
}

fn write_members(out: &mut String, value: &Value, depth: usize) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let _ = write!(out, "{:depth$}{}:", "", scalar_text(name));
        write_after(out, value, depth);
    }
}

fn write_items(out: &mut String, value: &Value, depth: usize) {
    for item in value.as_array().into_iter().flatten() {
        let _ = write!(out, "{:depth$}-", "");
        match item {
            // The first member stands behind the dash.
            Value::Object(members) if !members.is_empty() => {
                let block = self::members(item, depth + 2);
                out.push(' ');
                out.push_str(block.trim_start_matches(' '));
            }
            _ => write_after(out, item, depth),
        }
    }
}

/// What follows a name or a dash, with the end of its line.
fn write_after(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            write_members(out, value, depth + 2);
        }
        Value::Array(list) if !list.is_empty() => {
            if list.iter().all(|item| !item.is_object() && !item.is_array()) && short(list) {
                let words: Vec<_> = list.iter().map(flow).collect();
                let _ = writeln!(out, " [{}]", words.join(", "));
            } else {
                out.push('\n');
                write_items(out, value, depth + 2);
            }
        }
        Value::Object(_) => out.push_str(" {}\n"),
        Value::Array(_) => out.push_str(" []\n"),
        Value::String(text) if is_block(text) => {
            out.push_str(" |-\n");
            for line in text.split('\n') {
                let depth = if line.is_empty() { 0 } else { depth + 2 };
                let _ = writeln!(out, "{:depth$}{line}", "");
            }
        }
        Value::String(text) => {
            let _ = writeln!(out, " {}", scalar_text(text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            let _ = writeln!(out, " {value}");
        }
    }
}

fn short(list: &[Value]) -> bool {
    list.iter().map(|item| flow(item).len() + 2).sum::<usize>() <= 80
}

/// A scalar between brackets, where a comma ends it.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains([',', '[', ']', '{', '}']) => quoted(text),
        Value::String(text) => scalar_text(text),
        other => other.to_string(),
    }
}

/// Several lines that a literal block gives back as they are.
fn is_block(text: &str) -> bool {
    let is_plain = |line: &str| !line.ends_with(' ') && !line.contains('\t') && !line.chars().any(is_special);
    let begins_well = text.split('\n').next().is_some_and(|line| !line.is_empty() && !line.starts_with(' '));
    text.contains('\n') && !text.ends_with('\n') && begins_well && text.split('\n').all(is_plain)
}

/// Characters that YAML does not take, or does not keep, outside of double quotes.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Text on one line: bare if every reader takes it for just that text.
fn scalar_text(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || "_/.$+() ;=<>^~\\,!?'`*@|&\"-".contains(c);
    let first = text.chars().next().unwrap_or(' ');
    let starts_well = first.is_alphabetic() || "_/.$(".contains(first);
    // `no`, `null`, `1e3`, `.5`, `0x1f` and dates mean something else to one reader or another.
    let lower = text.to_ascii_lowercase();
    let is_taken =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"].contains(&lower.as_str());
    let is_number = text.trim_start_matches(['.', '$']).starts_with(|c: char| c.is_ascii_digit());
    let is_bare = starts_well
        && text.chars().all(|c| is_word(c) || c == ':')
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !text.contains(" #")
        && !is_taken
        && !is_number;
    if is_bare { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    if text.chars().any(is_special) {
        // JSON's escapes are YAML's; what JSON leaves as it is and YAML does not is escaped here.
        let json = Value::String(text.to_owned()).to_string();
        json.chars().map(|c| if is_special(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Document;

    #[test]
    fn what_is_written_reads_as_the_same_value() {
        let texts = [
            "",
            " ",
            "a",
            "no",
            "NO",
            "null",
            "~",
            "1",
            "1.5",
            "1e3",
            "0x1f",
            ".5",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "a:",
            "'",
            "\"",
            "\\",
            "\\n",
            "a\nb",
            "a\n\nb",
            "a\nb\n",
            " a\nb",
            "a \nb",
            "a\n b",
            "a\tb",
            "\t",
            "\u{85}",
            "\u{2028}",
            "ä",
            "日本",
            "🦀",
            "2026-01-31",
            "12:30",
            "a,b",
            "[a]",
            "{a}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a`",
            "? a",
            "a?",
            "=",
            "<<",
            "\r\n",
            "a\r\nb",
            "\u{0}",
            "\u{7f}",
            "\u{feff}a",
            "'a'",
            "it's",
            "a\u{a0}b",
            "true",
            "https://a.example/x?y=z#frag",
            "{header:webhook-id}.{timestamp}.{body}",
            "v1,",
            "t=",
            "---",
            "...",
            "--- a",
        ];
        let value = json!({
            "texts": texts.as_slice(),
            "apart": texts.iter().map(|text| json!({ "text": text })).collect::<Vec<_>>(),
            "names": texts.iter().map(|text| ((*text).to_owned(), json!(1))).collect::<serde_json::Map<_, _>>(),
            "lists": [[1, 2], [], [[]], [{}], [{ "a": [1, { "b": null }] }]],
            "numbers": [0, -1, 1.5, 1e300, 18446744073709551615_u64],
            "other": { "true": true, "empty": {}, "none": null },
        });
        let text = members(&value, 0);
        let read = Document::parse("t.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(read.value(), &value, "{text}");
        let list = items(&value["lists"], 4);
        assert_eq!(Document::parse("t.yaml", &list).unwrap().value(), &value["lists"], "{list}");
    }

    #[test]
    fn writes_as_a_person_would() {
        let value =
            json!({ "tags": ["acme"], "security": [{ "acmeSignature": [] }], "prefix": "v1,", "text": "It is." });
        let expected = "tags: [acme]\nsecurity:\n  - acmeSignature: []\nprefix: v1,\ntext: It is.\n";
        assert_eq!(members(&value, 0), expected);
    }
}
