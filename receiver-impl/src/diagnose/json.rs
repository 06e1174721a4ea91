//! The same JSON, written otherwise. Nothing is parsed and written anew, so numbers and the order of members stay: only
//! what stands between tokens changes, and how characters in strings are escaped.

use serde::de::IgnoredAny;

/// What stands between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// What stands there now.
    AsIs,
    /// Nothing.
    None,
    /// A blank behind each comma and colon, as Python writes.
    Blanks,
    /// A line for each member, indented by so many blanks a level.
    Lines(usize),
}

/// How characters are escaped that need not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// As they are.
    AsIs,
    /// Everything but ASCII as `\uXXXX`.
    NonAscii,
    /// Each `/` as `\/`.
    Slash,
    /// Both, as PHP does.
    Both,
    /// Neither.
    Neither,
}

/// Whether a body is JSON at all.
pub(super) fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// `body`, which is JSON, written otherwise.
pub(super) fn rewritten(body: &str, space: Space, escapes: Escapes) -> String {
    let mut writer = Writer { out: String::with_capacity(body.len()), space, depth: 0, opened: false };
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let len = if first == '"' { string_len(rest) } else { first.len_utf8() };
        let (token, behind) = rest.split_at(len);
        rest = behind;
        match first {
            '"' => writer.value(&escaped(token, escapes)),
            _ => writer.write(first, token),
        }
    }
    writer.out
}

struct Writer {
    out: String,
    space: Space,
    depth: usize,
    /// The last thing written opened an object or array.
    opened: bool,
}

impl Writer {
    fn value(&mut self, text: &str) {
        if std::mem::take(&mut self.opened) {
            self.line();
        }
        self.out.push_str(text);
    }

    fn write(&mut self, first: char, token: &str) {
        match (self.space, first) {
            (Space::AsIs, _) => self.out.push_str(token),
            (_, ' ' | '\t' | '\r' | '\n') => {}
            (_, '{' | '[') => {
                self.value(token);
                self.depth += 1;
                self.opened = true;
            }
            (_, '}' | ']') => {
                self.depth = self.depth.saturating_sub(1);
                if !std::mem::take(&mut self.opened) {
                    self.line();
                }
                self.out.push_str(token);
            }
            (space, ',') => {
                self.out.push_str(if space == Space::Blanks { ", " } else { "," });
                self.line();
            }
            (space, ':') => self.out.push_str(if space == Space::None { ":" } else { ": " }),
            _ => self.value(token),
        }
    }

    fn line(&mut self) {
        if let Space::Lines(indent) = self.space {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', self.depth * indent));
        }
    }
}

/// The length of the string that `text` begins with.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

fn escaped(string: &str, escapes: Escapes) -> String {
    let (non_ascii, slash) = match escapes {
        Escapes::AsIs => return string.to_owned(),
        Escapes::NonAscii => (true, false),
        Escapes::Slash => (false, true),
        Escapes::Both => (true, true),
        Escapes::Neither => (false, false),
    };
    let plain = unescaped(string);
    let mut out = String::with_capacity(plain.len());
    let mut behind_backslash = false;
    for c in plain.chars() {
        match c {
            '/' if slash && !behind_backslash => out.push_str("\\/"),
            c if non_ascii && !c.is_ascii() => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
        behind_backslash = c == '\\' && !behind_backslash;
    }
    out
}

/// A string without the escapes that it need not have: `\/`, and `\uXXXX` of what is not ASCII.
fn unescaped(string: &str) -> String {
    let mut out = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        out.push_str(before);
        let (text, len) = match escape.as_bytes().get(1) {
            Some(b'/') => ("/".to_owned(), 2),
            Some(b'u') => unicode(escape),
            _ => (escape.chars().take(2).collect(), escape.chars().take(2).map(char::len_utf8).sum()),
        };
        out.push_str(&text);
        rest = escape.get(len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character of a `\uXXXX`, or of two that are one, and the length of the escape; ASCII stays escaped.
fn unicode(escape: &str) -> (String, usize) {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let decoded = |units: &[u16]| char::decode_utf16(units.iter().copied()).next()?.ok();
    let one = unit(0);
    let single = one.and_then(|one| decoded(&[one])).map(|c| (c, 6));
    let pair = || one.zip(unit(6)).and_then(|(high, low)| decoded(&[high, low])).map(|c| (c, 12));
    match single.or_else(pair) {
        Some((c, len)) if !c.is_ascii() => (c.to_string(), len),
        _ => (escape.chars().take(6).collect(), escape.chars().take(6).map(char::len_utf8).sum()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"a": [1, 2.50,{ }],	"b":"x: \"y, \u00fc\/","c":{}}"#;

    #[test]
    fn changes_only_what_stands_between_tokens() {
        let written = |space| rewritten(BODY, space, Escapes::AsIs);
        assert_eq!(written(Space::AsIs), BODY);
        assert_eq!(written(Space::None), r#"{"a":[1,2.50,{}],"b":"x: \"y, \u00fc\/","c":{}}"#);
        assert_eq!(written(Space::Blanks), r#"{"a": [1, 2.50, {}], "b": "x: \"y, \u00fc\/", "c": {}}"#);
        let lines =
            "{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x: \\\"y, \\u00fc\\/\",\n  \"c\": {}\n}";
        assert_eq!(written(Space::Lines(2)), lines);
    }

    #[test]
    fn writes_as_serde_json_does() {
        let value: serde_json::Value = serde_json::from_str(BODY).unwrap();
        let plain = rewritten(BODY, Space::None, Escapes::Neither);
        assert_eq!(plain.replace("2.50", "2.5"), value.to_string());
        let pretty = rewritten(BODY, Space::Lines(2), Escapes::Neither);
        assert_eq!(pretty.replace("2.50", "2.5"), serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn escapes_and_unescapes_what_need_not_be() {
        let written = |text: &str, escapes| rewritten(text, Space::AsIs, escapes);
        let plain = "\"\u{fc}/\u{1f600}\\\"\\\\/\\u0007\"";
        let both = r#""\u00fc\/\ud83d\ude00\"\\\/\u0007""#;
        assert_eq!(written(plain, Escapes::Both), both);
        assert_eq!(written(both, Escapes::Neither), plain);
        assert_eq!(written(both, Escapes::Both), both);
        assert_eq!(written(plain, Escapes::Slash), "\"\u{fc}\\/\u{1f600}\\\"\\\\\\/\\u0007\"");
        assert_eq!(written(both, Escapes::NonAscii), r#""\u00fc/\ud83d\ude00\"\\/\u0007""#);
    }

    #[test]
    fn ends_on_any_text() {
        for text in ["\"", "\"\\", "\"\\u", "\"\\u12", "\"\\ud83d\\u0041\"", "\"\\\u{fc}", "]]}", ",,::", "\u{fc}"] {
            for space in [Space::AsIs, Space::None, Space::Blanks, Space::Lines(2)] {
                for escapes in [Escapes::AsIs, Escapes::Both, Escapes::Neither] {
                    rewritten(text, space, escapes);
                }
            }
        }
    }
}
