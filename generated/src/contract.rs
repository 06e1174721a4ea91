//! What `webhooks.yaml` says, as types: providers, endpoints, events, outcomes and signature schemes.
//!
//! The tables themselves are constants: [`PROVIDERS`](crate::PROVIDERS) and
//! [`SIGNATURE_SCHEMES`](crate::SIGNATURE_SCHEMES). Nothing here is computed at run time.

use http::{Method, StatusCode};

/// A sender of webhooks: one tag of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The tag's name; also the prefix of the provider's settings.
    pub name: &'static str,
    /// The tag's description, in one line.
    pub summary: &'static str,
    /// Every endpoint that takes this provider's deliveries, in the spec's order.
    pub endpoints: &'static [&'static Endpoint],
}

/// One operation of the spec: a method and a path that deliveries arrive at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The operation id.
    pub id: &'static str,
    /// The name of the provider that calls it.
    pub provider: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, in OpenAPI's and axum's common syntax.
    pub path: &'static str,
    /// The operation's summary.
    pub summary: &'static str,
    /// The operation's description.
    pub description: &'static str,
    /// The alternatives that authenticate a delivery; any one suffices, and within one all must hold.
    /// Empty where the spec has no scheme: then the receiver's own settings must say what guards it.
    pub guards: &'static [&'static [&'static SignatureScheme]],
    /// Header parameters that the operation declares beside those of its guards.
    pub headers: &'static [HeaderParameter],
    /// Where the event type stands.
    pub event_type: EventType,
    /// Whose values make the identity of an event. Empty: the digest of what was signed without its timestamp.
    pub event_id: &'static [ValueSource],
    /// JSON pointer to the value whose events are handled in order of arrival.
    pub ordering_key: Option<&'static str>,
    /// The events that arrive here.
    pub events: &'static [Event],
    /// Whether a JSON array is a batch of events, each of which goes its own way.
    pub batch: bool,
    /// The handshake that the provider asks for, if it has one.
    pub challenge: Option<Challenge>,
    /// What an `OPTIONS` request is told, if the provider sends one.
    pub negotiation: Option<Negotiation>,
    /// The schema of the body, and whether the body is required.
    pub body: Option<Body>,
    /// Every declared answer.
    pub answers: &'static [Answer],
    /// The status for each outcome.
    pub outcomes: Outcomes,
}

/// A declared request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The component schema that it follows.
    pub schema: &'static str,
    /// The media types that the spec names.
    pub media_types: &'static [&'static str],
    /// Whether a delivery must have one.
    pub required: bool,
    /// The body's description.
    pub description: &'static str,
}

/// A declared header parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderParameter {
    /// The name as the spec writes it.
    pub name: &'static str,
    /// The parameter's description.
    pub description: &'static str,
    /// Whether the spec calls it required.
    pub required: bool,
}

/// How the type of an event is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// Where a delivery names it; `None`: the endpoint carries one type and deliveries do not repeat it.
    pub source: Option<ValueSource>,
    /// The type that the endpoint is meant for, if it is meant for one. What the delivery says wins.
    pub expected: Option<&'static str>,
    /// Other spellings on the wire, each with the type that it stands for.
    pub aliases: &'static [(&'static str, &'static str)],
}

/// Where a value stands in a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueSource {
    /// In the body, at this JSON pointer (RFC 6901).
    Pointer(&'static str),
    /// In this request header. Unless the scheme signs it, it only routes.
    Header(&'static str),
}

/// One event type as one endpoint receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The event type on the wire.
    pub name: &'static str,
    /// The trait method that handles it.
    pub method: &'static str,
    /// The component schema of its body.
    pub schema: &'static str,
    /// What happened, in one line.
    pub summary: &'static str,
    /// The spec's example of a body, as compact JSON.
    pub example: Option<&'static str>,
}

/// A handshake in which the provider asks for a MAC of its own text: `x-webhook-challenge`.
///
/// The answer is a signature that anybody can ask for. So only a text that can never be an event may be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The event type of a challenge, or the end of it.
    pub event: EventMatch,
    /// JSON pointer to the text that is to be signed.
    pub token: &'static str,
    /// The regular expression that the whole text must match.
    pub token_pattern: &'static str,
    /// The member of the answer that holds the MAC.
    pub answer: &'static str,
    /// The algorithm, an HMAC.
    pub algorithm: Algorithm,
    /// How the MAC is written; hexadecimal in lower case.
    pub encoding: Encoding,
}

/// Which event types are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventMatch {
    /// This one.
    Exact(&'static str),
    /// Every one that ends with this text.
    Suffix(&'static str),
}

impl EventMatch {
    /// Whether `event_type` is meant.
    pub fn matches(self, event_type: &str) -> bool {
        match self {
            Self::Exact(exact) => event_type == exact,
            Self::Suffix(suffix) => event_type.ends_with(suffix),
        }
    }
}

/// The answer to `OPTIONS` (CloudEvents webhook validation, section 4): `x-webhook-negotiation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiation {
    /// The `WebHook-Allowed-Origin`.
    pub origin: &'static str,
}

/// A declared answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// When it is sent.
    pub description: &'static str,
}

/// Which status answers which outcome. What the spec leaves open has the default that the field names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes {
    /// The delivery is handled or durably kept, or was before.
    pub accepted: StatusCode,
    /// The delivery is authentic and kept, but of an unknown type or an unfit shape; `accepted` unless declared.
    pub parked: StatusCode,
    /// No valid signature.
    pub unauthenticated: StatusCode,
    /// A passing fault: the provider should send again. `503` unless declared.
    pub retry: StatusCode,
    /// A request that can never succeed and is no authentic event. `400` unless declared.
    pub malformed: StatusCode,
    /// The endpoint is retired on purpose; only an operator's switch sends it.
    pub gone: Option<StatusCode>,
}

/// How a provider signs: the `x-webhook-signature` extension of a security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureScheme {
    /// The name below `components.securitySchemes`.
    pub name: &'static str,
    /// The scheme's description.
    pub description: &'static str,
    /// The header that carries the signatures, as the spec writes it.
    pub header: &'static str,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// How signature bytes are written as text.
    pub encoding: Encoding,
    /// What stands before each signature; compared byte for byte.
    pub prefix: &'static str,
    /// What separates the elements of the header's value; `None`: the value is one element.
    pub separator: Option<char>,
    /// Which blanks around elements are allowed.
    pub blanks: Blanks,
    /// What an element with the right prefix but unreadable signature does.
    pub malformed: OnFault,
    /// What an element that is neither signature nor timestamp does.
    pub others: OnFault,
    /// What several header lines of this name mean.
    pub repeated_header: RepeatedHeader,
    /// The most signatures looked at; a header with more is refused.
    pub max_signatures: usize,
    /// What is signed, piece by piece.
    pub signed: &'static [SignedPart],
    /// The signed time of sending, if there is one.
    pub timestamp: Option<TimestampRule>,
    /// How the text of a secret or public key becomes a key.
    pub key: KeyRule,
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// HMAC with SHA-1 (RFC 2104); only where the spec marks the scheme as legacy.
    HmacSha1,
    /// HMAC with SHA-256 (RFC 2104).
    HmacSha256,
    /// HMAC with SHA-384 (RFC 2104).
    HmacSha384,
    /// HMAC with SHA-512 (RFC 2104).
    HmacSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017), the RS256 of RFC 7518.
    RsaPkcs1Sha256,
    /// Ed25519 (RFC 8032).
    Ed25519,
}

impl Algorithm {
    /// Whether one shared secret both signs and verifies.
    pub const fn is_hmac(self) -> bool {
        !matches!(self, Self::RsaPkcs1Sha256 | Self::Ed25519)
    }

    /// The length of a signature in bytes; `None` where the key decides.
    pub const fn signature_len(self) -> Option<usize> {
        match self {
            Self::HmacSha1 => Some(20),
            Self::HmacSha256 => Some(32),
            Self::HmacSha384 => Some(48),
            Self::HmacSha512 | Self::Ed25519 => Some(64),
            Self::RsaPkcs1Sha256 => None,
        }
    }
}

/// A text form of signature bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Hexadecimal, either letter case.
    Hex,
    /// Base64, standard alphabet with padding (RFC 4648, section 4).
    Base64,
    /// Base64, standard or URL alphabet, padded or not.
    Base64Any,
}

/// Which blanks (space, tab) may stand around the elements of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blanks {
    /// Any number; they are trimmed.
    Trim,
    /// At most one after a separator.
    OneAfterSeparator,
}

/// What a part of a header that cannot be used does to the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnFault {
    /// The whole header is refused.
    Refuse,
    /// The part is passed over.
    Ignore,
}

/// What several header lines of one name mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RepeatedHeader {
    /// They are one list (RFC 9110, section 5.3).
    Join,
    /// They are ambiguous, and refused.
    Refuse,
}

/// A piece of the signed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignedPart {
    /// The body's bytes as received.
    Body,
    /// The timestamp's text as received.
    Timestamp,
    /// The value of a request header as received.
    Header(&'static str),
    /// Literal text.
    Text(&'static str),
}

/// Where the time of sending stands and how old it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimestampRule {
    /// Where it stands.
    pub source: TimestampSource,
    /// How it is written.
    pub format: TimestampFormat,
    /// The allowed distance from the receiver's clock, either way and inclusive, in seconds.
    pub tolerance_seconds: u64,
}

/// Where a timestamp stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimestampSource {
    /// An element of the signature header, behind this prefix.
    Element(&'static str),
    /// A header of its own.
    Header(&'static str),
}

/// How a timestamp is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimestampFormat {
    /// Decimal seconds since 1970.
    UnixSeconds,
    /// Decimal milliseconds since 1970.
    UnixMilliseconds,
}

/// How the configured text becomes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyRule {
    /// How the bytes are written.
    pub encoding: KeyEncoding,
    /// What is taken off the text first, where it is there.
    pub prefix: &'static str,
}

/// A text form of key bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyEncoding {
    /// The text itself.
    Utf8,
    /// Base64, standard or URL alphabet, padded or not.
    Base64,
    /// Hexadecimal.
    Hex,
    /// A PEM block with a public key (RFC 7468).
    Pem,
}

impl Provider {
    /// Every event of the provider with its endpoint, in the spec's order.
    pub fn events(&self) -> impl Iterator<Item = (&'static Endpoint, &'static Event)> {
        self.endpoints.iter().flat_map(|endpoint| endpoint.events.iter().map(move |event| (*endpoint, event)))
    }
}

impl Endpoint {
    /// The declared events that a body of type `event_type`, taken here, may be: this endpoint's own first, then those
    /// of the provider's other endpoints, like ones (one event or many) before unlike.
    ///
    /// Providers send an event where it was subscribed to, not where its path says; and one type may have had two
    /// shapes over the years. The first event whose schema fits is it.
    pub fn candidates<'a>(
        &'static self,
        event_type: &'a str,
    ) -> impl Iterator<Item = (&'static Endpoint, &'static Event)> + 'a {
        let event_type = self.event_type.resolve(event_type);
        let own = self.events.iter().map(move |event| (self, event));
        let siblings = |like: bool| {
            let provider = crate::PROVIDERS.iter().filter(|provider| provider.name == self.provider);
            provider.flat_map(|provider| provider.events()).filter(move |(endpoint, _)| {
                endpoint.id != self.id && like == ((endpoint.events.len() == 1) == (self.events.len() == 1))
            })
        };
        own.chain(siblings(true)).chain(siblings(false)).filter(move |(_, event)| event.name == event_type)
    }
}

impl EventType {
    /// The declared name for a name seen on the wire: itself, unless it is an alias.
    pub fn resolve<'a>(&self, seen: &'a str) -> &'a str {
        self.aliases.iter().find(|(alias, _)| *alias == seen).map_or(seen, |(_, name)| name)
    }
}
