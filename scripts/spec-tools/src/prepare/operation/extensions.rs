//! The extensions of an operation.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::extension;
use crate::prepare::contract::Challenge;
use crate::prepare::name::literal;
use crate::prepare::{PrepareError, scheme};

/// An extension of an operation, if it has it.
pub(super) fn read<T: DeserializeOwned>(place: &str, operation: &Value, name: &str) -> Result<Option<T>, PrepareError> {
    let found = operation.get(name).map(|value| serde_json::from_value(value.clone()));
    found.transpose().map_err(|error| PrepareError::extension(place, name, &error.to_string()))
}

/// The handshake, if the operation has one.
pub(super) fn challenge(place: &str, operation: &Value) -> Result<Option<Challenge>, PrepareError> {
    const NAME: &str = "x-webhook-challenge";
    let Some(declared) = read::<extension::Challenge>(place, operation, NAME)? else { return Ok(None) };
    let event = match (&declared.event, &declared.event_suffix) {
        (Some(event), None) => format!("Exact({})", literal(event)),
        (None, Some(suffix)) => format!("Suffix({})", literal(suffix)),
        _ => {
            return Err(PrepareError::extension(
                place,
                NAME,
                "exactly one of `event` and `event-suffix` must be there",
            ));
        }
    };
    Ok(Some(Challenge {
        event,
        token: literal(&declared.token),
        token_pattern: literal(&declared.token_pattern),
        answer: literal(&declared.answer),
        algorithm: scheme::algorithm(declared.algorithm),
        encoding: scheme::encoding(declared.encoding),
    }))
}

/// How the type of an event is found.
pub(super) fn event_rule(operation: &Value) -> Result<extension::EventRule, String> {
    match operation.get("x-webhook-event") {
        None => Ok(extension::EventRule::default()),
        Some(rule) => extension::EventRule::read(rule.clone()).map_err(|error| error.to_string()),
    }
}

/// A JSON pointer, or `header:` and a name, as a `ValueSource`.
pub(super) fn value_source(part: &str) -> String {
    match part.strip_prefix("header:") {
        Some(header) => format!("ValueSource::Header({})", literal(header)),
        None => format!("ValueSource::Pointer({})", literal(part)),
    }
}
