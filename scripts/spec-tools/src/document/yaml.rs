//! YAML 1.2 (and with it JSON) as JSON values with line numbers.
//!
//! The parser underneath yields events; this makes a tree of them and is strict where loaders are usually silent:
//! duplicate keys, several documents, tags that JSON has no word for, merge keys (YAML 1.1), numbers that would lose
//! digits, and aliases that unfold into more than [`MOST_ALIASED`] nodes ("billion laughs") are refused.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StrInput};
use serde_json::{Map, Value};

use super::scalar::{known_tag, scalar};
use crate::pointer;

/// The deepest nesting that is read.
const DEEPEST: usize = 128;

/// The most nodes that all aliases together may stand for.
const MOST_ALIASED: usize = 10_000;

/// What a text says.
pub(super) struct Parsed {
    pub(super) value: Value,
    /// The line of each value by its JSON pointer.
    pub(super) lines: HashMap<String, usize>,
}

/// What is wrong with a text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(at: Marker, message: impl Into<String>) -> Self {
        Self { line: at.line(), message: message.into() }
    }
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        let column = error.marker().col() + 1;
        Self::new(*error.marker(), format!("not valid YAML or JSON at column {column}: {}", error.info()))
    }
}

/// Reads one document.
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let text = join_surrogates(text);
    let mut composer = Composer {
        parser: Parser::new_from_str(&text),
        anchors: HashMap::new(),
        aliased: 0,
        lines: HashMap::from([(String::new(), 1)]),
    };
    let value = composer.stream()?;
    Ok(Parsed { value, lines: composer.lines })
}

/// Events to a tree.
struct Composer<'t> {
    parser: Parser<'t, StrInput<'t>>,
    anchors: HashMap<usize, Anchored>,
    aliased: usize,
    lines: HashMap<String, usize>,
}

/// What `&name` stands before.
struct Anchored {
    value: Value,
    nodes: usize,
}

impl<'t> Composer<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Marker), Fault> {
        match self.parser.next_event() {
            Some(event) => event.map(|(event, span)| (event, span.start)).map_err(Fault::from),
            None => Ok((Event::StreamEnd, Marker::default())),
        }
    }

    fn stream(&mut self) -> Result<Value, Fault> {
        let mut value = None;
        loop {
            let (event, at) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
                _ if value.is_some() => {
                    return Err(Fault::new(at, "a second document (`---`) begins; keep one in a file"));
                }
                event => value = Some(self.node(event, at, "", 0)?),
            }
        }
        value.ok_or_else(|| Fault { line: 1, message: "the file is empty".to_owned() })
    }

    /// The value that begins with `event`.
    fn node(&mut self, event: Event<'t>, at: Marker, pointer: &str, depth: usize) -> Result<Value, Fault> {
        if depth > DEEPEST {
            return Err(Fault::new(at, format!("nested deeper than {DEEPEST} levels")));
        }
        let (anchor, value) = match event {
            Event::Alias(id) => return self.alias(id, at),
            Event::Scalar(text, style, anchor, tag) => (anchor, scalar(&text, style, tag.as_deref(), at)?),
            Event::SequenceStart(anchor, tag) => {
                known_tag(tag.as_deref(), &["seq"], at)?;
                (anchor, Value::Array(self.list(pointer, depth)?))
            }
            Event::MappingStart(anchor, tag) => {
                known_tag(tag.as_deref(), &["map"], at)?;
                (anchor, Value::Object(self.object(pointer, depth)?))
            }
            _ => return Err(Fault::new(at, "a value is missing here")),
        };
        if anchor > 0 {
            let nodes = count(&value);
            self.anchors.insert(anchor, Anchored { value: value.clone(), nodes });
        }
        Ok(value)
    }

    fn list(&mut self, pointer: &str, depth: usize) -> Result<Vec<Value>, Fault> {
        let mut items = Vec::new();
        loop {
            let (event, at) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(items);
            }
            let place = pointer::item(pointer, items.len());
            self.lines.insert(place.clone(), at.line());
            items.push(self.node(event, at, &place, depth + 1)?);
        }
    }

    fn object(&mut self, pointer: &str, depth: usize) -> Result<Map<String, Value>, Fault> {
        let mut members = Map::new();
        loop {
            let (event, at) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(members);
            }
            let name = key(event, at)?;
            let place = pointer::child(pointer, &name);
            if members.contains_key(&name) {
                let first = self.lines.get(&place).copied().unwrap_or_default();
                let around = pointer::display(pointer);
                let message = format!("{around}: `{name}` stands here and on line {first}; keep one of them");
                return Err(Fault::new(at, message));
            }
            self.lines.insert(place.clone(), at.line());
            let (event, at) = self.next()?;
            let value = self.node(event, at, &place, depth + 1)?;
            members.insert(name, value);
        }
    }

    fn alias(&mut self, id: usize, at: Marker) -> Result<Value, Fault> {
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(Fault::new(at, "an alias (`*name`) stands inside what it names; write the value out"));
        };
        self.aliased += anchored.nodes;
        if self.aliased > MOST_ALIASED {
            let message = format!("aliases (`*name`) unfold into more than {MOST_ALIASED} values; use `$ref` instead");
            return Err(Fault::new(at, message));
        }
        Ok(anchored.value.clone())
    }
}

/// The name of a member. JSON has text only, so `200:` is the name `200`.
fn key(event: Event<'_>, at: Marker) -> Result<String, Fault> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<" => {
            Err(Fault::new(at, "merge keys (`<<`) are not part of YAML 1.2; write the members out or use `$ref`"))
        }
        Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => {
            Err(Fault::new(at, "a name is missing before the `:`"))
        }
        Event::Scalar(text, ..) => Ok(text.into_owned()),
        _ => Err(Fault::new(at, "a name must be plain text, not a list, an object or an alias")),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        Value::String(text) => text.len() / 64,
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// JSON writes letters beyond the basic plane as two escapes (`\ud83d\ude00`), which YAML does not know.
fn join_surrogates(text: &str) -> Cow<'_, str> {
    if !text.trim_start().starts_with(['{', '[']) || !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        joined.push_str(&rest[..start]);
        rest = &rest[start..];
        let letter = surrogate(rest, 0).zip(surrogate(rest, 6)).and_then(|(high, low)| {
            char::decode_utf16([high, low]).next().and_then(Result::ok).filter(|letter| letter.len_utf16() == 2)
        });
        // An escape that is no pair is two characters that belong together, so that `\\u` stays what it is.
        let taken = if letter.is_some() { 12 } else { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) };
        match letter {
            Some(letter) => joined.push(letter),
            None => joined.push_str(&rest[..taken]),
        }
        rest = &rest[taken..];
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

fn surrogate(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..0xE000).contains(unit))
}
