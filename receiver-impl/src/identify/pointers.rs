//! The values at some JSON pointers (RFC 6901) of a document, in one pass and without a tree.

use std::borrow::Cow;

use super::json::Json;

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
    Once(&'de [u8]),
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
        if self.slots > 0 && self.walk(&mut found, document).is_none() {
            found.fill(Value::Missing);
        }
        Found(found)
    }

    /// `None` if the document is not JSON.
    fn walk<'de>(&self, found: &mut [Value<'de>], document: &'de [u8]) -> Option<()> {
        let mut json = Json::new(document);
        self.root.find(&mut json, found)?;
        json.peek().is_none().then_some(())
    }
}

impl<'de> Found<'de> {
    /// The text of the scalar that a pointer leads to: a string's content, a number's digits. `None` for nothing,
    /// `null`, a list, an object, the empty string, what is not UTF-8, and what stands there twice.
    pub(crate) fn text(&self, slot: Slot) -> Option<Cow<'de, str>> {
        match self.0.get(slot.0)? {
            Value::Once([b'{' | b'[' | b'n', ..]) => None,
            Value::Once([b'"', ..]) => self.string(slot).filter(|content| !content.is_empty()),
            Value::Once(scalar) => str::from_utf8(scalar).ok().map(Cow::Borrowed),
            Value::Missing | Value::Ambiguous => None,
        }
    }

    /// The content of the string that a pointer leads to, even if it is empty. `None` for whatever else stands there.
    pub(crate) fn string(&self, slot: Slot) -> Option<Cow<'de, str>> {
        let Some(Value::Once(text @ [b'"', content @ .., b'"'])) = self.0.get(slot.0) else { return None };
        if content.contains(&b'\\') {
            return serde_json::from_slice(text).ok().map(Cow::Owned);
        }
        str::from_utf8(content).ok().map(Cow::Borrowed)
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

    /// Goes behind the next value and notes what is wanted of it. `None` if it is not JSON.
    fn find<'de>(&self, json: &mut Json<'de>, found: &mut [Value<'de>]) -> Option<()> {
        let first = json.peek()?;
        let start = json.place();
        match first {
            b'{' if !self.children.is_empty() => self.find_in_object(json, found)?,
            b'[' if !self.children.is_empty() => self.find_in_list(json, found)?,
            _ => json.skip()?,
        }
        if let Some(slot) = self.slot {
            found[slot] = Value::Once(json.since(start));
        }
        Some(())
    }

    fn find_in_object<'de>(&self, json: &mut Json<'de>, found: &mut [Value<'de>]) -> Option<()> {
        let mut seen = 0_u64;
        json.take(b'{');
        if json.take(b'}') {
            return Some(());
        }
        loop {
            if let Some(index) = self.named(&json.name()?) {
                let child = &self.children[index].1;
                // More than 64 siblings share bits, which can only make a value doubtful that is not.
                let bit = 1_u64.rotate_left(index as u32);
                if seen & bit == 0 {
                    seen |= bit;
                    child.find(json, found)?;
                } else {
                    json.skip()?;
                    child.doubt(found);
                }
            } else {
                json.skip()?;
            }
            if !json.take(b',') {
                return json.take(b'}').then_some(());
            }
        }
    }

    fn find_in_list<'de>(&self, json: &mut Json<'de>, found: &mut [Value<'de>]) -> Option<()> {
        json.take(b'[');
        if json.take(b']') {
            return Some(());
        }
        for position in 0_usize.. {
            match self.children.iter().find(|(name, _)| name.parse() == Ok(position)) {
                Some((_, child)) => child.find(json, found)?,
                None => json.skip()?,
            }
            if !json.take(b',') {
                break;
            }
        }
        json.take(b']').then_some(())
    }

    /// The child that a member's name leads to.
    fn named(&self, name: &[u8]) -> Option<usize> {
        self.children.iter().position(|(child, _)| child.as_bytes() == name)
    }

    /// Marks all that can be found from here as standing there twice.
    fn doubt(&self, found: &mut [Value<'_>]) {
        if let Some(slot) = self.slot {
            found[slot] = Value::Ambiguous;
        }
        self.children.iter().for_each(|(_, child)| child.doubt(found));
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
