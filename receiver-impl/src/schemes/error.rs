//! What is wrong with the schemes of the settings, said so that it can be mended without looking elsewhere.

use std::fmt;

use webhook_api::contract::Endpoint;

use crate::suggest::closest;

/// An entry `[schemes.NAME]` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeError {
    /// A key is missing, unfit or unsafe.
    Unfit {
        /// The entry's name.
        entry: String,
        /// The key.
        key: String,
        /// What is wrong, and what to do.
        fault: String,
    },
    /// The spec says how this endpoint is signed.
    InSpec {
        /// The entry's name.
        entry: String,
        /// The endpoint.
        endpoint: &'static str,
    },
    /// Every endpoint of the provider that could use it has an entry of its own.
    Covered {
        /// The entry's name.
        entry: String,
    },
    /// Nothing has this name. The text says what comes close.
    Unknown(String),
}

/// An endpoint for which neither the spec nor the settings have a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingScheme {
    pub(super) endpoint: &'static Endpoint,
}

impl SchemeError {
    pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::Unknown(match closest(name, known) {
            Some(near) => format!("`schemes.{name}`: there is no such provider or endpoint; did you mean `{near}`?"),
            None => format!(
                "`schemes.{name}`: there is no such provider or endpoint; write a tag or an operationId of the spec"
            ),
        })
    }
}

impl fmt::Display for SchemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit { entry, key, fault } => write!(f, "`schemes.{entry}.{key}` {fault}"),
            Self::InSpec { entry, endpoint } => write!(
                f,
                "`schemes.{entry}`: the spec says how deliveries to `{endpoint}` are signed, and that counts; remove \
                 this table, or change the spec and type `make regen`"
            ),
            Self::Covered { entry } => write!(
                f,
                "`schemes.{entry}` is for nothing: each of its endpoints without a scheme has a table of its own; \
                 remove it"
            ),
            Self::Unknown(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for SchemeError {}

impl fmt::Display for MissingScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Endpoint { id, provider, method, path, .. } = self.endpoint;
        let (of_provider, of_endpoint) = (table(provider), table(id));
        write!(
            f,
            "nothing says how deliveries to the endpoint `{id}` ({method} {path}) are signed: the spec has no \
             x-webhook-signature for it, and the settings have none either. Write into receiver.toml what {provider} \
             documents, for example\n\n    \
             [schemes.{of_provider}]\n    \
             header = \"X-Signature\"\n    \
             algorithm = \"hmac-sha256\"\n    \
             encoding = \"hex\"\n\n\
             (`[schemes.{of_endpoint}]` is for this endpoint alone; the README has every key). If everybody may send \
             events there, write `open = true` below `[schemes.{of_endpoint}]` instead."
        )
    }
}

/// A name as TOML takes it in the head of a table.
fn table(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { format!("{name:?}") }
}

impl std::error::Error for MissingScheme {}
