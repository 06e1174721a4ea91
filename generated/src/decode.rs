//! From an authentic body to the type of its event.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use validator::Validate;

use crate::delivery::InvalidEvent;

/// Reads a body and checks it against the limits of its schema.
#[allow(dead_code)] // Not every spec has limits.
pub(crate) fn validated<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T, InvalidEvent> {
    let event: T = unvalidated(body)?;
    match event.validate() {
        Ok(()) => Ok(event),
        Err(errors) => Err(InvalidEvent::Unfit { reason: errors.to_string().replace('\n', "; ") }),
    }
}

/// Reads a body whose schema has no limits.
pub(crate) fn unvalidated<T: DeserializeOwned>(body: &[u8]) -> Result<T, InvalidEvent> {
    // Checking the whole for UTF-8 once is cheaper than checking each of its strings.
    let read = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    read.map_err(|error| InvalidEvent::Unreadable { reason: error.to_string() })
}

/// Whether a body has this text at this JSON pointer.
#[allow(dead_code)] // Not every spec has events that only that tells apart.
pub(crate) fn says(body: &[u8], pointer: &str, text: &str) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    body.is_some_and(|body| body.pointer(pointer).and_then(serde_json::Value::as_str) == Some(text))
}

/// Writes a variant of a union, its tag set to the mapping's value whatever the variant itself says.
#[allow(dead_code)] // Not every spec has unions.
pub(crate) fn tagged<T: Serialize, S: Serializer>(
    variant: &T,
    tag: &str,
    value: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut written = serde_json::to_value(variant).map_err(serde::ser::Error::custom)?;
    if let Some(members) = written.as_object_mut() {
        members.insert(tag.to_owned(), value.into());
    }
    written.serialize(serializer)
}
