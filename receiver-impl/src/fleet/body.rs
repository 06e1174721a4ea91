//! The texts, numbers and truths of a body, by where they stand: `data.clinician.firstname`. Names are written small:
//! providers spell the same one in several ways.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// How deep members are looked for; what lies below tells nothing that is shown.
const DEPTH: usize = 4;
/// How many are held.
const MOST: usize = 128;

/// What a body says.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<(String, String)>);

impl Members {
    /// Reads what is wanted of a body, if it is a JSON object.
    pub(super) fn read(body: &[u8], wanted: &dyn Fn(&str) -> bool) -> Option<Self> {
        let mut found = Found { members: Vec::new(), path: String::with_capacity(64), wanted };
        let mut reader = serde_json::Deserializer::from_slice(body);
        reader.deserialize_any(Collect { found: &mut found, depth: 0 }).ok()?;
        Some(Self(found.members))
    }

    /// What stands there.
    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| at == path).map(|(_, text)| text.as_str())
    }
}

/// What was found so far, and where the reader is.
struct Found<'w> {
    members: Vec<(String, String)>,
    path: String,
    wanted: &'w dyn Fn(&str) -> bool,
}

impl Found<'_> {
    fn add(&mut self, text: &(impl ToString + ?Sized)) {
        if self.members.len() < MOST && !self.path.is_empty() && (self.wanted)(&self.path) {
            self.members.push((self.path.clone(), text.to_string()));
        }
    }
}

/// Collects the scalars of one value.
struct Collect<'f, 'w> {
    found: &'f mut Found<'w>,
    depth: usize,
}

/// Puts a name behind the path.
struct Name<'p>(&'p mut String);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.extend(name.chars().map(|c| c.to_ascii_lowercase()));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Collect<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.found.add(&value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.found.add(&value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.found.add(&value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.found.add(&value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.found.add(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    /// Of a list, only its length is told.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut length = 0_usize;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        self.found.add(&length);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let above = self.found.path.len();
        while map.next_key_seed(Name(&mut self.found.path))?.is_some() {
            if self.depth < DEPTH {
                map.next_value_seed(Collect { found: self.found, depth: self.depth + 1 })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            self.found.path.truncate(above);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Option<Members> {
        Members::read(body, &|_| true)
    }

    #[test]
    fn finds_scalars_by_where_they_stand() {
        let body = br#"{"time":"t","data":{"ApplianceID":"a","n":-1.5,"yes":true,"none":null,"l":[1,[2]],
            "user":{"Name":"Kim"}},"time":"second"}"#;
        let members = read(body).unwrap();
        for (path, text) in [
            ("time", "t"),
            ("data.applianceid", "a"),
            ("data.n", "-1.5"),
            ("data.yes", "true"),
            ("data.l", "2"),
            ("data.user.name", "Kim"),
        ] {
            assert_eq!(members.get(path), Some(text), "{path}");
        }
        assert_eq!((members.get("data.none"), members.get("data"), members.get("")), (None, None, None));
    }

    #[test]
    fn finds_only_what_is_wanted() {
        let members = Members::read(br#"{"a":{"b":"1","c":"2"},"b":"3"}"#, &|path| path == "a.b").unwrap();
        assert_eq!(members.0, [("a.b".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn bears_what_is_odd() {
        for odd in [&b""[..], b"{", b"\xff", br#"{"a":1"#] {
            assert!(read(odd).is_none(), "{odd:?}");
        }
        assert_eq!(read(b"[1,2]").unwrap().0, []);
        let deep = format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100));
        assert_eq!(read(deep.as_bytes()).unwrap().0, []);
        let wide = (0..1000).map(|n| format!(r#""m{n}":{n}"#)).collect::<Vec<_>>().join(",");
        assert_eq!(read(format!("{{{wide}}}").as_bytes()).unwrap().0.len(), MOST);
    }
}
