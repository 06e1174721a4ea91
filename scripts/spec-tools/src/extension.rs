//! The `x-webhook-*` vendor extensions, as types. What does not deserialise into these is refused by `spec check`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `x-webhook-signature` on a security scheme of `type: apiKey`, `in: header`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signature {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// How the signature's bytes are written.
    pub encoding: Encoding,
    /// What stands before each signature.
    #[serde(default)]
    pub prefix: String,
    /// What separates the elements of the value.
    pub separator: Option<char>,
    /// Blanks around elements.
    #[serde(default)]
    pub blanks: Blanks,
    /// What an element with the right prefix and an unreadable signature does.
    #[serde(default)]
    pub malformed: OnFault,
    /// What an element that is neither signature nor timestamp does.
    #[serde(default)]
    pub other_elements: OnFault,
    /// What several header lines mean.
    #[serde(default)]
    pub repeated_header: RepeatedHeader,
    /// The most signatures looked at; default 1 without a separator, 8 with one.
    pub max_signatures: Option<usize>,
    /// The signed text: a template over `{body}`, `{timestamp}`, `{header:NAME}`.
    #[serde(default = "body")]
    pub signed: String,
    /// The signed time of sending.
    pub timestamp: Option<Timestamp>,
    /// How the secret's text becomes key bytes.
    #[serde(default)]
    pub key: Key,
}

fn body() -> String {
    "{body}".to_owned()
}

/// The `algorithm` of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// HMAC-SHA1, for legacy schemes.
    HmacSha1,
    /// HMAC-SHA256.
    HmacSha256,
    /// HMAC-SHA384.
    HmacSha384,
    /// HMAC-SHA512.
    HmacSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
    /// Ed25519.
    Ed25519,
}

/// The `encoding` of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Hexadecimal, either case.
    Hex,
    /// Padded standard base64.
    Base64,
    /// Standard or URL base64, padded or not.
    Base64Any,
}

/// The `blanks` around elements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blanks {
    /// Any number.
    #[default]
    Trim,
    /// At most one after a separator.
    OneAfterSeparator,
}

/// What an unusable element does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFault {
    /// It is passed over.
    #[default]
    Ignore,
    /// It makes the header invalid.
    Refuse,
}

/// What several lines of the header mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepeatedHeader {
    /// They are refused.
    #[default]
    Refuse,
    /// They are one list.
    Join,
}

/// The `timestamp` of a signature: exactly one of `element` and `header`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Timestamp {
    /// The prefix of the element of the signature header that holds it.
    pub element: Option<String>,
    /// The header that holds it.
    pub header: Option<String>,
    /// How it is written.
    #[serde(default)]
    pub format: TimestampFormat,
    /// The allowed distance from the receiver's clock, in seconds.
    pub tolerance: u64,
}

/// The `format` of a timestamp.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimestampFormat {
    /// Seconds since 1970.
    #[default]
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
}

/// The `key` of a signature.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Key {
    /// How the key's bytes are written.
    #[serde(default)]
    pub encoding: KeyEncoding,
    /// What is taken off the text first, where it is there.
    #[serde(default)]
    pub prefix: String,
}

/// The `encoding` of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyEncoding {
    /// The text's own bytes.
    #[default]
    Utf8,
    /// Base64.
    Base64,
    /// Hexadecimal.
    Hex,
    /// A PEM public key.
    Pem,
}

/// `x-webhook-event` on an operation: a plain type name, or where to find it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// The operation carries this type.
    Type(String),
    /// The type stands in the delivery.
    Rule(EventRule),
}

/// The long form of `x-webhook-event`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventRule {
    /// The type that the operation is meant for.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// A JSON pointer to the type in the body.
    pub pointer: Option<String>,
    /// A request header with the type.
    pub header: Option<String>,
    /// Other spellings on the wire, each with the type that it stands for.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
}

/// `x-webhook-event-id` on an operation: JSON pointers (`/id`) and headers (`header:NAME`).
pub type EventId = Vec<String>;

/// `x-webhook-outcome` on a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Handled, kept, or a duplicate.
    Accepted,
    /// Authentic and kept, but unknown or unfit.
    Parked,
    /// No valid signature.
    Unauthenticated,
    /// A passing fault.
    Retry,
    /// A request that can never succeed.
    Malformed,
    /// Retired on purpose.
    Gone,
}
