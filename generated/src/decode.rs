//! From an authentic body to the type of its event.

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;
use validator::{Validate, ValidationError};

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
#[allow(dead_code)] // Not every spec has such events.
pub(crate) fn unvalidated<T: DeserializeOwned>(body: &[u8]) -> Result<T, InvalidEvent> {
    // Checking the whole for UTF-8 once is cheaper than checking each of its strings.
    let read = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    read.map_err(|error| InvalidEvent::Unreadable { reason: error.to_string() })
}

/// Whether each value that a list or map holds keeps the limits of its schema.
#[allow(dead_code)] // Not every spec has such limits.
pub(crate) fn each<T>(mut items: impl Iterator<Item = T>, fits: impl Fn(T) -> bool) -> Result<(), ValidationError> {
    match items.position(|item| !fits(item)) {
        None => Ok(()),
        Some(at) => Err(ValidationError::new("items").with_message(format!("item {at} is beyond its limits").into())),
    }
}

/// The body of an event that is not JSON.
#[allow(dead_code, clippy::unnecessary_wraps)] // Not every spec has one; the others can fail.
pub(crate) fn raw(body: &bytes::Bytes) -> Result<bytes::Bytes, InvalidEvent> {
    Ok(body.clone())
}

/// Whether a body has this text at this JSON pointer.
#[allow(dead_code)] // Not every spec has events that only that tells apart.
pub(crate) fn says(body: &[u8], pointer: &str, text: &str) -> bool {
    let body: Option<Value> = serde_json::from_slice(body).ok();
    body.is_some_and(|body| body.pointer(pointer).and_then(Value::as_str) == Some(text))
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

/// What a value of one variant of a union looks like.
#[allow(dead_code)] // Not every spec has unions.
pub(crate) struct Shape {
    kind: &'static str,
    required: &'static [&'static str],
    known: &'static [&'static str],
    pins: &'static [(&'static str, &'static str)],
}

/// A shape: its type in JSON Schema's words, the members that it must have, the members or texts that it knows, and the
/// texts that members must be.
#[allow(dead_code)]
pub(crate) const fn shape(
    kind: &'static str,
    required: &'static [&'static str],
    known: &'static [&'static str],
    pins: &'static [(&'static str, &'static str)],
) -> Shape {
    Shape { kind, required, known, pins }
}

/// The positions of the shapes that a value may have, the likest first; among equals the spec's order counts.
#[allow(dead_code)]
pub(crate) fn likely(value: &Value, shapes: &[Shape]) -> Vec<usize> {
    let mut ranked: Vec<_> =
        shapes.iter().enumerate().filter_map(|(at, shape)| Some((misses(value, shape)?, at))).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, at)| at).collect()
}

/// How little a value is like a shape: texts that differ, members that are missing, members that are unknown.
fn misses(value: &Value, shape: &Shape) -> Option<(usize, usize, usize)> {
    let fits = match shape.kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => true,
    };
    let count = |all: &mut dyn Iterator<Item = bool>| all.filter(|misses| *misses).count();
    match value {
        _ if !fits => None,
        Value::Object(members) => {
            let other = |(name, text): &(&str, &str)| members.get(*name).is_some_and(|value| value != *text);
            Some((
                count(&mut shape.pins.iter().map(other)),
                count(&mut shape.required.iter().map(|name| !members.contains_key(*name))),
                count(&mut members.keys().map(|name| !shape.known.contains(&name.as_str()))),
            ))
        }
        Value::String(text) => Some((0, 0, usize::from(!shape.known.contains(&text.as_str())))),
        _ => Some((0, 0, 0)),
    }
}
