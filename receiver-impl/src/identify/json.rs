//! JSON text (RFC 8259), read only as far as needed to know where each value ends.
//!
//! Nothing is decoded, not even UTF-8, so a body costs little more than looking at its bytes; and nothing is called
//! recursively, so it may be nested without end. What counts as JSON is what `serde_json` takes for it, which reads the
//! same body later; the tests hold the two against each other.

use memchr::memchr2;

/// A place in a text.
#[derive(Debug)]
pub(super) struct Json<'de> {
    text: &'de [u8],
    at: usize,
    /// Whether there is a byte anywhere that must not be in a string; in compact JSON there is none.
    controls: bool,
    /// The brackets that will close what is open around the current value.
    open: Vec<u8>,
}

impl<'de> Json<'de> {
    /// The beginning of a text.
    pub(super) fn new(text: &'de [u8]) -> Self {
        Self { text, at: 0, controls: has_controls(text), open: Vec::new() }
    }

    /// The first byte of the next token; `None` at the end.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.rest().first()? {
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

    /// Goes behind a member's name and its colon; the name as it is written, without its quotes.
    pub(super) fn name(&mut self) -> Option<&'de [u8]> {
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
            self.name()?;
        }
        Some(true)
    }

    /// Goes from behind a value to the next one and says whether there is one.
    fn goes_on(&mut self) -> Option<bool> {
        while let Some(close) = self.open.last().copied() {
            if self.take(b',') {
                if close == b'}' {
                    self.name()?;
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
        loop {
            self.at += memchr2(b'"', b'\\', self.rest())?;
            match self.rest() {
                [b'"', ..] => {
                    let content = self.since(start);
                    self.at += 1;
                    return (!self.controls || !has_controls(content)).then_some(content);
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.at += 2,
                [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => self.at += 6,
                _ => return None,
            }
        }
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

/// Looks at all bytes whatever it finds, which the processor does many at a time.
fn has_controls(text: &[u8]) -> bool {
    text.iter().fold(false, |found, byte| found | (*byte < 0x20))
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
