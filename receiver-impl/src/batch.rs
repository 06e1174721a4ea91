//! A JSON array that holds several events, in pieces: each member as the bytes that it came as.
//!
//! The signature covers the array, so its members are as authentic as a single event is. What cannot be taken apart
//! goes its way as one delivery, like every body that does not fit: an array that was cut off, and one with more
//! members than any provider sends. Nothing is lost of either, and neither can make one request a thousand times as
//! dear as another.

use std::fmt;

use bytes::Bytes;
use serde::de::{Deserializer as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The most members; with a body limit of 1 MiB, events of a real size come nowhere near.
pub(crate) const MAX_MEMBERS: usize = 1000;

/// Why a body is one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// It is no array.
    OneEvent,
    /// It begins like an array, but is no JSON.
    Broken,
    /// It has more than [`MAX_MEMBERS`].
    TooMany,
}

/// The members of `body`, which share its memory.
///
/// # Errors
///
/// [`Whole`].
pub(crate) fn members(body: &Bytes) -> Result<Vec<Bytes>, Whole> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    if body.iter().find(|byte| !blank(byte)) != Some(&b'[') {
        return Err(Whole::OneEvent);
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let found =
        json.deserialize_seq(Members).and_then(|found| json.end().map(|()| found)).map_err(|_| Whole::Broken)?;
    let found = found.ok_or(Whole::TooMany)?;
    Ok(found.into_iter().map(|member| body.slice_ref(member.get().as_bytes())).collect())
}

/// Collects the members; `None` if there are too many, which are read no further than needed to know that it is JSON.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Option<Vec<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            if members.len() == MAX_MEMBERS {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(None);
            }
            members.push(member);
        }
        Ok(Some(members))
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneEvent => f.write_str("the body is no array"),
            Self::Broken => f.write_str("a batch that is not JSON, perhaps cut off by its sender"),
            Self::TooMany => write!(f, "a batch of more than {MAX_MEMBERS} events"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Result<Vec<String>, Whole> {
        let members = members(&Bytes::copy_from_slice(body.as_bytes()))?;
        Ok(members.iter().map(|member| String::from_utf8(member.to_vec()).unwrap()).collect())
    }

    #[test]
    fn members_are_the_bytes_that_they_came_as() {
        let body = Bytes::from_static(b"\n[ {\"a\" : 1.50, \"a\":2} ,\t\"\\u0041\",[ ],7e0 ,null]\n");
        let members = members(&body).unwrap();
        assert_eq!(members, ["{\"a\" : 1.50, \"a\":2}", "\"\\u0041\"", "[ ]", "7e0", "null"]);
        for member in members {
            assert!(body.as_ptr_range().contains(&member.as_ptr()), "a copy");
        }
    }

    #[test]
    fn an_empty_array_has_no_members() {
        assert_eq!(texts("[]").unwrap(), [""; 0]);
        assert_eq!(texts(" [ ] ").unwrap(), [""; 0]);
    }

    #[test]
    fn what_does_not_begin_like_an_array_is_one_event() {
        for body in ["", " ", "{}", "{\"a\":[1]}", "7", "\u{feff}[]", "x[]"] {
            assert_eq!(texts(body), Err(Whole::OneEvent), "{body}");
        }
    }

    #[test]
    fn an_array_that_is_cut_off_stays_whole() {
        let body = r#"[{"a":"b"},{"c":["d"]}]"#;
        for end in 1..body.len() {
            assert_eq!(texts(&body[..end]), Err(Whole::Broken), "{}", &body[..end]);
        }
        for body in ["[] x", "[1,]", "[,1]", "[1 2]", "[][]", "[\"\n\"]"] {
            assert_eq!(texts(body), Err(Whole::Broken), "{body}");
        }
        assert_eq!(members(&Bytes::from_static(b"[\"\xff\"]")), Err(Whole::Broken));
    }

    #[test]
    fn survives_nesting_without_end() {
        let deep = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(texts(&deep).unwrap().len(), 1);
        assert_eq!(texts(&"[".repeat(100_000)), Err(Whole::Broken));
    }

    #[test]
    fn an_array_of_endlessly_many_members_stays_whole() {
        let body = |number: usize| format!("[{}]", vec!["{}"; number].join(","));
        assert_eq!(texts(&body(MAX_MEMBERS)).unwrap().len(), MAX_MEMBERS);
        assert_eq!(texts(&body(MAX_MEMBERS + 1)), Err(Whole::TooMany));
        assert_eq!(texts(&body(MAX_MEMBERS + 2)[1..]), Err(Whole::OneEvent));
        assert_eq!(texts(&format!("{}x", body(MAX_MEMBERS + 1))), Err(Whole::Broken));
    }
}
