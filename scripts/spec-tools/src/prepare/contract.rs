//! What the provider templates render: traits, endpoints, events, answers and signature schemes as Rust text.

use serde::Serialize;

/// A tag: `x-provider`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Provider {
    /// The name as a literal.
    pub(super) name: String,
    /// The module and the field of `Handlers`.
    pub(super) module: String,
    /// The trait.
    pub(super) r#trait: String,
    /// The constant.
    pub(super) constant: String,
    /// The tag's description in one line, as a literal.
    pub(super) summary: String,
    /// The tag's description as a literal, if it has one.
    pub(super) description: Vec<String>,
    /// The tag's description as documentation.
    pub(super) docs: Vec<String>,
    /// The endpoints.
    pub(super) endpoints: Vec<Endpoint>,
    /// The trait's methods.
    pub(super) methods: Vec<Method>,
}

/// A method of a provider's trait.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Method {
    /// The name.
    pub(super) name: String,
    /// The name as a literal.
    pub(super) literal: String,
    /// Lines of documentation.
    pub(super) docs: Vec<String>,
    /// The type of the event.
    pub(super) r#type: String,
    /// Whether that type has limits to check.
    pub(super) validated: bool,
    /// What the body must say besides, at most one.
    pub(super) pin: Vec<Pin>,
    /// Whether the event is the body as it came, because it is no JSON.
    pub(super) raw: bool,
}

/// A text that tells an event from others of its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Pin {
    /// The pointer to it.
    pub(super) pointer: String,
    /// The text.
    pub(super) value: String,
}

/// An operation. Every text is a Rust expression.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Endpoint {
    /// The constant.
    pub(super) constant: String,
    /// The operation id.
    pub(super) id: String,
    /// The name of the constant in `http::Method`.
    pub(super) method: String,
    /// The path.
    pub(super) path: String,
    /// The summary.
    pub(super) summary: String,
    /// The description.
    pub(super) description: String,
    /// Lines of documentation.
    pub(super) docs: Vec<String>,
    /// Alternatives of scheme constants.
    pub(super) guards: Vec<Guard>,
    /// Declared header parameters.
    pub(super) headers: Vec<Header>,
    /// Where the event type stands, as an `Option<ValueSource>`.
    pub(super) source: String,
    /// The event type that is meant, as an `Option<&str>`.
    pub(super) expected: String,
    /// Other spellings.
    pub(super) aliases: Vec<Alias>,
    /// The parts of an event's identity, as `ValueSource`s.
    pub(super) event_id: Vec<String>,
    /// The ordering key, as an `Option<&str>`.
    pub(super) ordering_key: String,
    /// The events.
    pub(super) events: Vec<Event>,
    /// Whether an array is a batch.
    pub(super) batch: bool,
    /// The handshake, at most one.
    pub(super) challenge: Vec<Challenge>,
    /// The origin that `OPTIONS` is told, at most one.
    pub(super) negotiation: Vec<String>,
    /// The body, at most one.
    pub(super) body: Vec<Body>,
    /// The answers.
    pub(super) answers: Vec<Answer>,
    /// What the body and the answers hold.
    pub(super) contents: Vec<Content>,
    /// The statuses for outcomes.
    pub(super) outcomes: Outcomes,
}

/// One alternative that authenticates a delivery.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Guard {
    /// Constants of schemes that must all hold.
    pub(super) schemes: Vec<String>,
}

/// A header parameter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Header {
    /// The name.
    pub(super) name: String,
    /// The description.
    pub(super) description: String,
    /// Whether it is required.
    pub(super) required: bool,
}

/// Another spelling of an event type.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Alias {
    /// What the wire says.
    pub(super) seen: String,
    /// What it means.
    pub(super) meant: String,
}

/// An event at an endpoint.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Event {
    /// The type.
    pub(super) name: String,
    /// The method.
    pub(super) method: String,
    /// The schema.
    pub(super) schema: String,
    /// What happened.
    pub(super) summary: String,
    /// The example, as an `Option<&str>`.
    pub(super) example: String,
}

/// A handshake. Every text is a Rust expression.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Challenge {
    /// A variant of `EventMatch`.
    pub(super) event: String,
    /// The pointer to the token.
    pub(super) token: String,
    /// The token's pattern.
    pub(super) token_pattern: String,
    /// The member of the answer.
    pub(super) answer: String,
    /// A variant of `Algorithm`.
    pub(super) algorithm: &'static str,
    /// A variant of `Encoding`.
    pub(super) encoding: &'static str,
}

/// A request body.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Body {
    /// The schema.
    pub(super) schema: String,
    /// The media types.
    pub(super) media_types: Vec<String>,
    /// Whether it is required.
    pub(super) required: bool,
    /// The description.
    pub(super) description: String,
}

/// What a body or an answer holds in one media type.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Content {
    /// The status of the answer; empty: the body.
    pub(super) holder: String,
    /// The media type.
    pub(super) media_type: String,
    /// The name of the schema in the document.
    pub(super) schema: String,
    /// The same, not as a literal.
    #[serde(skip)]
    pub(super) name: String,
}

/// A declared answer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: String,
    /// When it is sent.
    pub(super) description: String,
}

/// Numbers of status codes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Outcomes {
    /// Names of `StatusCode` constants, by outcome.
    pub(super) accepted: String,
    /// Authentic, but unknown or unfit.
    pub(super) parked: String,
    /// No valid signature.
    pub(super) unauthenticated: String,
    /// A passing fault.
    pub(super) retry: String,
    /// Never to succeed.
    pub(super) malformed: String,
    /// Retired, as an `Option<StatusCode>`.
    pub(super) gone: String,
}

/// A security scheme: `x-scheme`. Every text is a Rust expression.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Scheme {
    /// The constant.
    pub(super) constant: String,
    /// Lines of documentation.
    pub(super) docs: Vec<String>,
    /// The name.
    pub(super) name: String,
    /// The description.
    pub(super) description: String,
    /// The header.
    pub(super) header: String,
    /// A variant of `Algorithm`.
    pub(super) algorithm: String,
    /// A variant of `Encoding`.
    pub(super) encoding: String,
    /// The prefix.
    pub(super) prefix: String,
    /// An `Option<char>`.
    pub(super) separator: String,
    /// A variant of `Blanks`.
    pub(super) blanks: String,
    /// A variant of `OnFault`.
    pub(super) malformed: String,
    /// A variant of `OnFault`.
    pub(super) others: String,
    /// A variant of `RepeatedHeader`.
    pub(super) repeated_header: String,
    /// A number.
    pub(super) max_signatures: String,
    /// `SignedPart`s.
    pub(super) signed: Vec<String>,
    /// An `Option<TimestampRule>`.
    pub(super) timestamp: String,
    /// A variant of `KeyEncoding`.
    pub(super) key_encoding: String,
    /// The prefix of a key.
    pub(super) key_prefix: String,
}
