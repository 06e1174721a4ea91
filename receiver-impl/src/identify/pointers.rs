//! The values at some JSON pointers (RFC 6901) of a document, in one pass and without a tree.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A set of pointers, as the tree of their tokens.
#[derive(Debug, Default)]
pub(crate) struct Pointers {
    root: Node,
    slots: usize,
}

/// Names a pointer of the set it was added to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(usize);

/// What a document has at the pointers.
pub(crate) struct Found<'de>(Vec<Value<'de>>);

#[derive(Debug, Default)]
struct Node {
    slot: Option<usize>,
    children: Vec<(String, Node)>,
}

#[derive(Clone, Copy)]
enum Value<'de> {
    Missing,
    /// The value's own text in the document.
    Once(&'de str),
    Ambiguous,
}

impl Pointers {
    /// Adds a pointer.
    pub(crate) fn add(&mut self, pointer: &str) -> Slot {
        let mut node = &mut self.root;
        for token in pointer.split('/').skip(1) {
            node = node.child(&token.replace("~1", "/").replace("~0", "~"));
        }
        let slot = *node.slot.get_or_insert(self.slots);
        self.slots = self.slots.max(slot + 1);
        Slot(slot)
    }

    /// Reads a document to its end. One that is not JSON has nothing anywhere.
    pub(crate) fn find<'de>(&self, document: &'de [u8]) -> Found<'de> {
        let mut found = vec![Value::Missing; self.slots];
        if self.slots > 0 {
            // Checking the whole for UTF-8 once is cheaper than checking each of its strings.
            let read = match std::str::from_utf8(document) {
                Ok(text) => self.walk(&mut found, serde_json::Deserializer::from_str(text)),
                Err(_) => self.walk(&mut found, serde_json::Deserializer::from_slice(document)),
            };
            if read.is_err() {
                found.fill(Value::Missing);
            }
        }
        Found(found)
    }

    fn walk<'de, R: serde_json::de::Read<'de>>(
        &self,
        found: &mut [Value<'de>],
        mut json: serde_json::Deserializer<R>,
    ) -> serde_json::Result<()> {
        Walk { node: &self.root, found }.deserialize(&mut json)?;
        json.end()
    }
}

impl<'de> Found<'de> {
    /// The text of the scalar that a pointer leads to: a string's content, a number's digits. `None` for nothing,
    /// `null`, a list, an object, the empty string, and what stands there twice.
    pub(crate) fn text(&self, slot: Slot) -> Option<Cow<'de, str>> {
        let Some(Value::Once(text)) = self.0.get(slot.0) else { return None };
        let content = match text.as_bytes() {
            [b'"', ..] if text.contains('\\') => Cow::Owned(serde_json::from_str(text).ok()?),
            [b'"', .., b'"'] => Cow::Borrowed(&text[1..text.len() - 1]),
            [b'{' | b'[' | b'n', ..] => return None,
            _ => Cow::Borrowed(*text),
        };
        Some(content).filter(|content| !content.is_empty())
    }
}

impl<'de> Found<'de> {
    /// The content of the string that a pointer leads to, even if it is empty. `None` for whatever else stands there.
    pub(crate) fn string(&self, slot: Slot) -> Option<Cow<'de, str>> {
        match self.0.get(slot.0) {
            Some(Value::Once("\"\"")) => Some(Cow::Borrowed("")),
            Some(Value::Once(text)) if text.starts_with('"') => self.text(slot),
            _ => None,
        }
    }
}

impl Node {
    fn child(&mut self, token: &str) -> &mut Self {
        let index = self.children.iter().position(|(name, _)| name == token).unwrap_or_else(|| {
            self.children.push((token.to_owned(), Self::default()));
            self.children.len() - 1
        });
        &mut self.children[index].1
    }

    /// Marks all that can be found from here as standing there twice.
    fn doubt(&self, found: &mut [Value<'_>]) {
        if let Some(slot) = self.slot {
            found[slot] = Value::Ambiguous;
        }
        self.children.iter().for_each(|(_, child)| child.doubt(found));
    }
}

/// Reads one value, of which `node` says what is wanted.
struct Walk<'n, 'f, 'de> {
    node: &'n Node,
    found: &'f mut [Value<'de>],
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(slot) = self.node.slot else { return deserializer.deserialize_any(self) };
        let raw: &'de RawValue = serde::Deserialize::deserialize(deserializer)?;
        self.found[slot] = Value::Once(raw.get());
        if self.node.children.is_empty() {
            return Ok(());
        }
        // A value that is wanted itself and in parts: its text is read once more for the parts.
        serde_json::Deserializer::from_str(raw.get()).deserialize_any(self).map_err(serde::de::Error::custom)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = 0_u64;
        while let Some(known) = map.next_key_seed(Name(self.node))? {
            let Some(index) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let child = &self.node.children[index].1;
            // More than 64 siblings share bits, which can only make a value doubtful that is not.
            let bit = 1_u64.rotate_left(index as u32);
            if seen & bit == 0 {
                seen |= bit;
                map.next_value_seed(Walk { node: child, found: self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
                child.doubt(self.found);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for position in 0_usize.. {
            let wanted = self.node.children.iter().find(|(name, _)| name.parse() == Ok(position));
            let more = match wanted {
                Some((_, node)) => list.next_element_seed(Walk { node, found: self.found })?.is_some(),
                None => list.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads a member's name and says which child of the node it is.
struct Name<'n>(&'n Node);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.children.iter().position(|(child, _)| child == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pointers: &[&str], document: &str) -> Vec<Option<String>> {
        let mut set = Pointers::default();
        let slots: Vec<_> = pointers.iter().map(|pointer| set.add(pointer)).collect();
        let found = set.find(document.as_bytes());
        slots.into_iter().map(|slot| found.text(slot).map(Cow::into_owned)).collect()
    }

    fn found(texts: &[Option<String>]) -> Vec<Option<&str>> {
        texts.iter().map(Option::as_deref).collect()
    }

    #[test]
    fn follows_members_lists_and_escaped_tokens() {
        let document = r#"{"a":{"b":[{"c":"first"},{"c":true}]},"x/y":1,"m~n":-2.5e3}"#;
        let texts = texts(&["/a/b/0/c", "/a/b/1/c", "/a/b/2/c", "/x~1y", "/m~0n"], document);
        assert_eq!(found(&texts), [Some("first"), Some("true"), None, Some("1"), Some("-2.5e3")]);
    }

    #[test]
    fn reads_the_whole_document_and_a_value_beside_its_parts() {
        assert_eq!(found(&texts(&[""], r#""all""#)), [Some("all")]);
        assert_eq!(found(&texts(&["/a", "/a/b"], r#"{"a":{"b":1}}"#)), [None, Some("1")]);
        assert_eq!(found(&texts(&["/a", "/a/b"], r#"{"a":2}"#)), [Some("2"), None]);
    }

    #[test]
    fn tells_a_string_from_what_only_reads_like_one() {
        let mut set = Pointers::default();
        let slot = set.add("/a");
        let string = |document: &str| set.find(document.as_bytes()).string(slot).map(Cow::into_owned);
        assert_eq!(string(r#"{"a":"b\u0063"}"#).as_deref(), Some("bc"));
        assert_eq!(string(r#"{"a":""}"#).as_deref(), Some(""));
        for other in ["1", "true", "null", "[\"b\"]", "{}", "\"b\",\"a\":\"b\""] {
            assert_eq!(string(&format!(r#"{{"a":{other}}}"#)), None, "{other}");
        }
    }

    #[test]
    fn one_pointer_added_twice_is_one_slot() {
        assert_eq!(found(&texts(&["/a", "/a"], r#"{"a":"x"}"#)), [Some("x"), Some("x")]);
    }

    #[test]
    fn a_path_that_forks_leads_nowhere() {
        assert_eq!(found(&texts(&["/a/b", "/a/c"], r#"{"a":{"b":1},"a":{"c":2}}"#)), [None, None]);
    }
}
