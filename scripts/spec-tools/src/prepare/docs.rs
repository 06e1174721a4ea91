//! From the spec's texts to doc comments.
//!
//! Descriptions are Markdown, and so are doc comments; but rustdoc runs what looks like code, links what stands in
//! brackets and warns about the rest. What people wrote is to be read and nothing else.

/// The widest line, which leaves room for indentation and `/// `.
const WIDTH: usize = 108;

/// The first paragraph of a text, on one line.
pub(super) fn one_line(text: &str) -> String {
    let paragraph: Vec<&str> = text.trim().lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ")
}

/// A name as code: on one line, in letters that show.
pub(super) fn code(name: &str) -> String {
    let shown: String = name.chars().map(|c| if c == '`' { '\'' } else { c }).flat_map(char::escape_debug).collect();
    format!("`{}`", shown.replace("\\\'", "'").replace("\\\"", "\""))
}

/// A text as the lines of a doc comment, wrapped, and without anything that rustdoc would read as code or as a link.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fenced = false;
    let mut paragraph = String::new();
    // Characters that turn the direction of writing are refused in comments, and lone carriage returns too.
    let text = text.replace(['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}'], "");
    let text = text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "").replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    for line in text.trim().split(['\n', '\r']) {
        let line = line.trim_end();
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            flush(&mut paragraph, &mut out);
            out.push(if fenced { "```".to_owned() } else { "```text".to_owned() });
            fenced = !fenced;
        } else if fenced {
            out.push(line.replace('\t', "    "));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut out);
            if out.last().is_some_and(|last| !last.is_empty()) {
                out.push(String::new());
            }
        } else {
            if starts_block(trimmed) {
                flush(&mut paragraph, &mut out);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    flush(&mut paragraph, &mut out);
    if fenced {
        out.push("```".to_owned());
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Whether Markdown would begin a list, a heading, a quotation or a row of a table here.
fn starts_block(line: &str) -> bool {
    let number = |(number, _): (&str, &str)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    line.starts_with(['-', '*', '+', '|', '#', '>']) || line.split_once(['.', ')']).is_some_and(number)
}

/// Wraps a finished paragraph.
fn flush(paragraph: &mut String, out: &mut Vec<String>) {
    let text = escaped(&std::mem::take(paragraph));
    let table = text.starts_with('|');
    let indent = if text.starts_with("- ") || text.starts_with("* ") { "  " } else { "" };
    let mut line = String::new();
    for word in text.split_whitespace() {
        let begun = !line.trim().is_empty();
        let full = line.chars().count() + 1 + word.chars().count() > WIDTH;
        // At the start of a line, such a word would begin a list or a heading.
        if begun && full && !table && !starts_block(word) {
            out.push(std::mem::replace(&mut line, indent.to_owned()));
        } else if begun {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.trim().is_empty() {
        out.push(line);
    }
}

/// Text that rustdoc takes as it is: addresses become links, brackets and tags become text, code stays code.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(code) = code_span(rest) {
            out.push_str(code);
            rest = &rest[code.len()..];
        } else if let Some((address, after)) = address(rest) {
            out.push('<');
            out.push_str(address);
            out.push('>');
            rest = after;
        } else if c == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
            out.push_str(&rest[..2]);
            rest = &rest[2..];
        } else {
            if matches!(c, '[' | ']' | '<' | '>' | '`') {
                out.push('\\');
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The code between backticks that a text begins with, if both are there.
fn code_span(text: &str) -> Option<&str> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut from = if ticks > 0 { ticks } else { return None };
    loop {
        let start = from + text[from..].find('`')?;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == ticks {
            return Some(&text[..start + run]);
        }
        from = start + run;
    }
}

/// The address that a text begins with, in angle brackets or without the punctuation of the sentence around it, and the
/// rest.
fn address(text: &str) -> Option<(&str, &str)> {
    let bare = text.strip_prefix('<').unwrap_or(text);
    if !["http://", "https://"].iter().any(|scheme| bare.starts_with(scheme)) {
        return None;
    }
    let end = bare.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ')' | ']' | '"' | '\'' | '`'));
    let (address, after) = bare.split_at(end.unwrap_or(bare.len()));
    if bare.len() < text.len() {
        return after.strip_prefix('>').map(|after| (address, after));
    }
    let kept = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
    Some((kept, &bare[kept.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_hold_nothing_that_runs_or_links() {
        assert_eq!(
            lines("See [x] at https://example.com/a.\n\n    indented <b>"),
            ["See \\[x\\] at <https://example.com/a>.", "", "indented \\<b\\>"]
        );
        assert_eq!(lines("<https://a.example/b_> (http://c)"), ["<https://a.example/b_> (<http://c>)"]);
        assert_eq!(lines("```\nlet x\n"), ["```text", "let x", "```"]);
        assert_eq!(lines("a ``b ` [c]`` [d] `"), ["a ``b ` [c]`` \\[d\\] \\`"]);
        assert_eq!(lines("already \\[escaped\\]"), ["already \\[escaped\\]"]);
        assert_eq!(lines("one\rtwo\u{202e}"), ["one two"]);
    }

    #[test]
    fn a_wrapped_line_does_not_begin_a_list() {
        let text = format!("{} - 1) # {}", "x".repeat(104), "y".repeat(20));
        assert_eq!(lines(&text), [format!("{} - 1) #", "x".repeat(104)), "y".repeat(20)]);
    }
}
