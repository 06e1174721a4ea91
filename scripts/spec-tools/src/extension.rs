//! The `x-webhook-*` vendor extensions, as types. What does not deserialise into these is refused by `spec check`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

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

/// `x-webhook-event` on an operation: where the type of an event is found. A plain text is short for `{type: TEXT}`.
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
    /// The schema of each event type that arrives, for bodies that do not say which they are.
    #[serde(default)]
    pub events: Map<String, Value>,
    /// The trait methods of event types whose own name would make a clumsy one.
    #[serde(default)]
    pub methods: BTreeMap<String, String>,
}

impl EventRule {
    /// The event types of `events`, each with the `$ref` or the name of its schema.
    pub fn mapped(&self) -> impl Iterator<Item = (&str, &str)> {
        self.events.iter().filter_map(|(name, schema)| Some((name.as_str(), schema.as_str()?)))
    }

    /// Reads the extension's value, short or long.
    ///
    /// # Errors
    /// It is neither.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShortOrLong)
    }
}

struct ShortOrLong;

impl<'de> Visitor<'de> for ShortOrLong {
    type Value = EventRule;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an event type or an object")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<EventRule, E> {
        Ok(EventRule { event_type: Some(text.to_owned()), ..EventRule::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<EventRule, A::Error> {
        EventRule::deserialize(MapAccessDeserializer::new(members))
    }
}

/// `x-webhook-event-id` on an operation: whose values together make the identity of an event.
pub type EventId = Vec<ValueSource>;

/// Where a value stands in a delivery. It reads as text: a JSON pointer (`/id`) or `header:NAME`.
///
/// In the spec it is that text or, for a header, `{header: NAME, unsigned: true}`: whoever takes an identity from a
/// header that nobody signs must say that they know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSource {
    text: String,
    unsigned: bool,
}

impl ValueSource {
    /// The header, if it is one.
    pub fn header(&self) -> Option<&str> {
        self.text.strip_prefix("header:")
    }

    /// Whether the spec says that nobody signs it.
    pub fn is_unsigned(&self) -> bool {
        self.unsigned
    }
}

impl Deref for ValueSource {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<'de> Deserialize<'de> for ValueSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrHeader)
    }
}

struct TextOrHeader;

impl<'de> Visitor<'de> for TextOrHeader {
    type Value = ValueSource;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON pointer, `header:NAME` or an object")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ValueSource, E> {
        Ok(ValueSource { text: text.to_owned(), unsigned: false })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<ValueSource, A::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        struct Long {
            header: String,
            #[serde(default)]
            unsigned: bool,
        }
        let Long { header, unsigned } = Long::deserialize(MapAccessDeserializer::new(members))?;
        Ok(ValueSource { text: format!("header:{header}"), unsigned })
    }
}

/// `x-webhook-challenge` on an operation: the handshake of a provider that asks for a MAC of its own text.
///
/// Such an answer is a signature. Unless the text can never be an event, whoever asks gets events signed that they made
/// up; that is what `token-pattern` is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Challenge {
    /// The event type of a challenge: this one of the two.
    pub event: Option<String>,
    /// How the event type of a challenge ends: or this one.
    pub event_suffix: Option<String>,
    /// A JSON pointer to the text to sign.
    pub token: String,
    /// What the text must look like to be signed.
    pub token_pattern: String,
    /// The member of the answer that holds the MAC.
    pub answer: String,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// How the MAC is written.
    pub encoding: Encoding,
}

/// `x-webhook-negotiation` on an operation: the answer to OPTIONS (CloudEvents webhook validation).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Negotiation {
    /// The `WebHook-Allowed-Origin`.
    pub origin: String,
}

/// `x-webhook-aliases` on a property: other names under which providers send it.
pub type Aliases = Vec<String>;

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
