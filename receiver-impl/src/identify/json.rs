//! JSON text (RFC 8259), read only as far as needed to know where each value ends.
//!
//! Nothing is decoded, not even UTF-8, so a body costs little more than looking at its bytes; and nothing is called
//! recursively, so it may be nested without end. What counts as JSON is what `serde_json` takes for it, which reads the
//! same body later; the tests hold the two against each other.

use std::borrow::Cow;

/// A place in a text.
#[derive(Debug)]
pub(super) struct Json<'de> {
    text: &'de [u8],
    at: usize,
    /// Whether the last string has an escape.
    escaped: bool,
    /// The brackets that will close what is open around the current value.
    open: Vec<u8>,
}

impl<'de> Json<'de> {
    /// The beginning of a text.
    pub(super) fn new(text: &'de [u8]) -> Self {
        Self { text, at: 0, escaped: false, open: Vec::new() }
    }

    /// The first byte of the next token; `None` at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Goes behind the next token if it is this one, and says so.
    pub(super) fn take(&mut self, token: u8) -> bool {
        let there = self.peek() == Some(token);
        self.at += usize::from(there);
        there
    }

    /// How far this has come, for [`Json::since`].
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// The text from a place on.
    pub(super) fn since(&self, place: usize) -> &'de [u8] {
        self.text.get(place..self.at).unwrap_or_default()
    }

    /// Goes behind the next value. `None` if it is not JSON; the place is then anywhere.
    pub(super) fn skip(&mut self) -> Option<()> {
        self.open.clear();
        while self.opens()? || self.goes_on()? {}
        Some(())
    }

    /// Goes behind a member's name and its colon.
    pub(super) fn name(&mut self) -> Option<Cow<'de, [u8]>> {
        self.peek()?;
        let start = self.at;
        let name = self.skip_name()?;
        if !self.escaped {
            return Some(Cow::Borrowed(name));
        }
        let quoted = self.text.get(start..start + name.len() + 2)?;
        serde_json::from_slice(quoted).ok().map(|name: String| Cow::Owned(name.into_bytes()))
    }

    /// As [`Json::name`], but the name is as it is written.
    fn skip_name(&mut self) -> Option<&'de [u8]> {
        let name = self.take(b'"').then(|| self.string())??;
        self.take(b':').then_some(name)
    }

    /// Goes behind a value that stands for itself, or into a list or object that is not empty, and says whether it did
    /// the latter.
    fn opens(&mut self) -> Option<bool> {
        let first = self.peek()?;
        self.at += 1;
        let close = match first {
            b'{' => b'}',
            b'[' => b']',
            b'"' => return self.string().map(|_| false),
            b't' => return self.word("rue"),
            b'f' => return self.word("alse"),
            b'n' => return self.word("ull"),
            b'-' | b'0'..=b'9' => return self.number(first),
            _ => return None,
        };
        if self.take(close) {
            return Some(false);
        }
        self.open.push(close);
        if close == b'}' {
            self.skip_name()?;
        }
        Some(true)
    }

    /// Goes from behind a value to the next one and says whether there is one.
    fn goes_on(&mut self) -> Option<bool> {
        while let Some(close) = self.open.last().copied() {
            if self.take(b',') {
                if close == b'}' {
                    self.skip_name()?;
                }
                return Some(true);
            }
            if !self.take(close) {
                return None;
            }
            self.open.pop();
        }
        Some(false)
    }

    /// The content of a string behind its opening quote.
    fn string(&mut self) -> Option<&'de [u8]> {
        let start = self.at;
        self.escaped = false;
        loop {
            self.at += plain(self.rest());
            match self.text.get(self.at)? {
                b'"' => {
                    let content = self.since(start);
                    self.at += 1;
                    return Some(content);
                }
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
    }

    #[cold]
    fn escape(&mut self) -> Option<()> {
        self.escaped = true;
        self.at += match self.rest() {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', a, b, c, d, ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return None,
        };
        Some(())
    }

    fn word(&mut self, rest: &str) -> Option<bool> {
        self.rest().starts_with(rest.as_bytes()).then(|| {
            self.at += rest.len();
            false
        })
    }

    /// What follows the first byte of a number.
    fn number(&mut self, first: u8) -> Option<bool> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.rest().first() == Some(&b'.') {
            self.at += 1;
            self.at_least_one_digit()?;
        }
        if let Some(b'e' | b'E') = self.rest().first() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.rest().first() {
                self.at += 1;
            }
            self.at_least_one_digit()?;
        }
        Some(false)
    }

    fn at_least_one_digit(&mut self) -> Option<()> {
        let start = self.at;
        self.digits();
        (self.at > start).then_some(())
    }

    fn digits(&mut self) {
        self.at += self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rest().first().copied();
        self.at += 1;
        byte
    }

    fn rest(&self) -> &'de [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// How many bytes of a string stand before its end, an escape or what must not be in it. Looks at eight at a time.
fn plain(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // Marks the bytes below the limit, and perhaps some behind a marked one, where nobody looks.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = text.as_chunks::<8>();
    let mut plain = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let marks = (below(word, 0x20) | equal(word, b'"') | equal(word, b'\\')) & HIGH;
        if marks != 0 {
            return plain + marks.trailing_zeros() as usize / 8;
        }
        plain += 8;
    }
    let special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    plain + rest.iter().position(special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;
    use webhook_api::PROVIDERS;

    use super::*;

    fn is_json(text: &str) -> bool {
        let mut json = Json::new(text.as_bytes());
        json.skip().is_some() && json.peek().is_none()
    }

    fn agree(text: &str) {
        assert_eq!(is_json(text), serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    }

    #[test]
    fn takes_for_json_what_the_decoder_takes_for_it() {
        for text in [
            "",
            " ",
            "0",
            "-0",
            "-",
            "01",
            "1.",
            ".5",
            "1.5",
            "1e",
            "1e5",
            "1E+5",
            "1e-",
            "1e-07",
            "-1.25e9",
            "+1",
            "0x1",
            "1e999",
            "true",
            "tru",
            "truer",
            "false",
            "null",
            "nul",
            "Null",
            "\"\"",
            "\"a",
            "\"\\\"",
            "\"\\\"\"",
            "\"\\u12aF\"",
            "\"\\u12g4\"",
            "\"\\u123\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\t\"",
            "\"\u{7f}\u{e9}\u{1f600}\"",
            "[]",
            "[ ]",
            "[,]",
            "[1,]",
            "[1 2]",
            "[[]",
            "[]]",
            "[1]x",
            "{}",
            "{ }",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\" : [ {\"b\":null } , 1 ] }",
            "[{]}",
            "{[}]",
            "\u{feff}{}",
            "{}\u{c}",
            "\u{a0}1",
            "1\u{0}",
        ] {
            agree(text);
        }
    }

    /// Every example of the spec, with each byte left out, doubled and replaced by each of those that mean something.
    #[test]
    fn agrees_with_the_decoder_on_damaged_events() {
        let examples = PROVIDERS.iter().flat_map(|provider| provider.events()).filter_map(|(_, event)| event.example);
        let mut seen = std::collections::BTreeSet::new();
        for example in examples.filter(|example| seen.insert(*example)) {
            agree(example);
            for (place, found) in example.char_indices() {
                let (before, behind) = (&example[..place], &example[place + found.len_utf8()..]);
                agree(before);
                for change in [
                    "", "\"", "\\", "{", "}", "[", "]", ":", ",", " ", "\n", "0", "1", "-", ".", "e", "u", "t",
                    "\u{e4}",
                ] {
                    agree(&format!("{before}{change}{behind}"));
                }
                agree(&format!("{before}{found}{found}{behind}"));
            }
        }
    }

    #[test]
    fn sees_every_byte_of_a_string_however_it_lies() {
        for byte in 0..=0xff_u8 {
            for place in 0..20 {
                let mut text = [0xc3; 20];
                text[place] = byte;
                let special = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(plain(&text), if special { place } else { 20 }, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn decodes_names_that_are_asked_for() {
        let mut json = Json::new(br#" "i\u0064" : "a\/b" : "\ud800" :"#);
        assert_eq!(json.name().as_deref(), Some(&b"id"[..]));
        assert_eq!(json.name().as_deref(), Some(&b"a/b"[..]));
        assert_eq!(json.name(), None, "half a character");
    }

    #[test]
    fn says_where_a_value_ends() {
        let mut json = Json::new(br#" {"a" : [1,{}] } , "b\"""#);
        let mut next = |behind: u8| {
            json.peek();
            let place = json.place();
            json.skip().unwrap();
            (json.since(place), json.take(behind))
        };
        assert_eq!(next(b','), (&br#"{"a" : [1,{}] }"#[..], true));
        assert_eq!(next(b','), (&br#""b\"""#[..], false));
        assert_eq!(json.peek(), None);
    }
}
