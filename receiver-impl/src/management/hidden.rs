//! Secrets in what is sent and answered: sent as they are, printed never.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::secrets::Secret;

/// A secret within a model. It prints as `[redacted]`; its text goes over the wire.
#[derive(Clone)]
pub struct Hidden(Secret);

/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";

/// The members that hold secrets, in whatever the three APIs send and answer.
const MEMBERS: [&str; 8] = [
    "secret",
    "secrets",
    "secondarySecret",
    "clientSecret",
    "apiKey",
    "client_secret",
    "access_token",
    "Authorization",
];

impl Hidden {
    /// The secret.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}

impl Default for Hidden {
    fn default() -> Self {
        Self(Secret::new(""))
    }
}

impl From<Secret> for Hidden {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// The same with every secret struck out, fit to be shown.
#[must_use]
pub fn redact(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), member(name, value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(elements) => elements.iter().map(redact).collect(),
        other => other.clone(),
    }
}

fn member(name: &str, value: &Value) -> Value {
    if !MEMBERS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
        return redact(value);
    }
    match value {
        Value::Null => Value::Null,
        // That a secret is taken away is worth showing.
        Value::String(text) if text.is_empty() => value.clone(),
        Value::Array(elements) => elements.iter().map(|_| Value::from(REDACTED)).collect(),
        _ => REDACTED.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strikes_secrets_out_at_any_depth() {
        let value = json!({"data": [{"secrets": ["a", "b"], "url": "u"}], "secondarySecret": "", "authorization": "c"});
        let shown = json!({
            "data": [{"secrets": ["[redacted]", "[redacted]"], "url": "u"}],
            "secondarySecret": "",
            "authorization": "[redacted]",
        });
        assert_eq!(redact(&value), shown);
    }

    #[test]
    fn a_model_prints_none() {
        let hidden: Hidden = serde_json::from_str("\"hush\"").unwrap();
        assert_eq!(format!("{hidden:?}"), "[redacted]");
        assert_eq!(serde_json::to_string(&hidden).unwrap(), "\"hush\"");
    }
}
