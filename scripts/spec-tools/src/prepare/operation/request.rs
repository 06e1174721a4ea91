//! What a request to an operation must bring besides its body: a signature and other headers.

use std::collections::HashMap;

use serde_json::Value;

use crate::prepare::PrepareError;
use crate::prepare::contract::{Guard, Header};
use crate::prepare::name::literal;
use crate::prepare::schema::{Spec, text};

/// The alternatives of `security`, the operation's own or the document's, as the names of scheme `constants`.
pub(super) fn guards(
    spec: Spec<'_>,
    constants: &HashMap<String, String>,
    place: &str,
    operation: &Value,
) -> Result<Vec<Guard>, PrepareError> {
    let alternatives = operation.get("security").or_else(|| spec.at("/security")).and_then(Value::as_array);
    let mut guards = Vec::new();
    for alternative in alternatives.into_iter().flatten() {
        let mut schemes = Vec::new();
        for name in alternative.as_object().into_iter().flatten().map(|(name, _)| name) {
            match constants.get(name) {
                Some(constant) => schemes.push(constant.clone()),
                // What it protects is the provider's own API, or nothing that says how deliveries are signed.
                None if spec.foreign => {}
                None => return Err(PrepareError::UnknownScheme { place: place.to_owned(), scheme: name.clone() }),
            }
        }
        if !schemes.is_empty() {
            guards.push(Guard { schemes });
        }
    }
    Ok(guards)
}

/// The header parameters of the path and of the operation.
pub(super) fn headers(spec: Spec<'_>, item: &Value, operation: &Value) -> Vec<Header> {
    let lists = [item, operation].into_iter().filter_map(|holder| holder.get("parameters").and_then(Value::as_array));
    let mut headers: Vec<&Value> = Vec::new();
    for parameter in lists.flatten().filter_map(|parameter| spec.resolve(parameter)) {
        let name = text(parameter, "name");
        if text(parameter, "in") == "header" && !name.is_empty() {
            // The operation's own goes before the path's.
            headers.retain(|known| !text(known, "name").eq_ignore_ascii_case(name));
            headers.push(parameter);
        }
    }
    let header = |parameter: &Value| Header {
        name: literal(text(parameter, "name")),
        description: literal(text(parameter, "description").trim()),
        required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false),
    };
    headers.into_iter().map(header).collect()
}
