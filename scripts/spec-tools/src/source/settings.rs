//! What a spec cannot say in OpenAPI's own words, and a person may: who sends, how many endpoints there are, where the
//! type of an event stands, how much of the spec is believed.

use serde::Deserialize;
use serde_json::Value;

/// The extension of the document's root that holds the settings.
pub(super) const EXTENSION: &str = "x-webhook-settings";

/// How a crate is made of a spec. What is absent has a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// The name of the provider: of `webhooks`, and of operations without a tag. Default: the name of the file.
    pub provider: Option<String>,
    /// Whether each entry of `webhooks` has a path of its own, or all of them share one. Default: each its own.
    pub endpoints: Option<Endpoints>,
    /// With one endpoint: where a delivery names its event, as `header:NAME` or a JSON pointer. A second place is what
    /// the first leaves open, as GitHub's `action` is; where a delivery has it, it stands behind a slash.
    #[serde(default)]
    pub event: Vec<String>,
    /// Whether a provider may break its own schemas. Default: strict with our extensions, lenient without.
    pub models: Option<Leniency>,
}

/// How many endpoints `webhooks` become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoints {
    /// `/PROVIDER/EVENT` for each.
    Each,
    /// `/PROVIDER` for all of them.
    One,
}

/// How much of a schema is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leniency {
    /// What does not fit its schema is refused, and what a schema does not name is passed over.
    Strict,
    /// Nothing is refused and nothing is lost: each member may be absent, null, or something else than the schema says,
    /// and what the schema does not name is kept.
    Lenient,
}

/// Settings that say nothing.
#[derive(Debug, thiserror::Error)]
#[error("{EXTENSION}: {0}; it holds `provider`, `endpoints` (each, one), `event` and `models` (strict, lenient)")]
pub struct SettingsError(serde_json::Error);

impl Settings {
    /// The settings that a document declares.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of(document: &Value) -> Result<Self, SettingsError> {
        let declared = document.get(EXTENSION).map(|declared| serde_json::from_value(declared.clone()));
        declared.transpose().map(Option::unwrap_or_default).map_err(SettingsError)
    }

    /// These settings, and where they are silent `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            provider: self.provider.or(other.provider),
            endpoints: self.endpoints.or(other.endpoints),
            event: if self.event.is_empty() { other.event } else { self.event },
            models: self.models.or(other.models),
        }
    }
}

impl std::str::FromStr for Endpoints {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "each" => Ok(Self::Each),
            "one" => Ok(Self::One),
            _ => Err("it is `each` or `one`".to_owned()),
        }
    }
}

impl std::str::FromStr for Leniency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "strict" => Ok(Self::Strict),
            "lenient" => Ok(Self::Lenient),
            _ => Err("it is `strict` or `lenient`".to_owned()),
        }
    }
}
