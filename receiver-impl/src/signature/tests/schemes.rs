//! Schemes as constants. They are the proof that the language says enough: a new provider is one of these, not new code.

use webhook_api::contract::{
    Algorithm, Blanks, Encoding, KeyEncoding, KeyRule, OnFault, RepeatedHeader, SignatureScheme, SignedPart,
    TimestampFormat, TimestampRule, TimestampSource,
};

/// What most of them have in common.
pub(super) const PLAIN: SignatureScheme = SignatureScheme {
    name: "plain",
    description: "",
    header: "X-Signature",
    algorithm: Algorithm::HmacSha256,
    encoding: Encoding::Hex,
    prefix: "sha256=",
    separator: None,
    blanks: Blanks::Trim,
    malformed: OnFault::Refuse,
    others: OnFault::Refuse,
    repeated_header: RepeatedHeader::Refuse,
    max_signatures: 1,
    signed: &[SignedPart::Body],
    timestamp: None,
    key: KeyRule { encoding: KeyEncoding::Utf8, prefix: "" },
};

const fn timestamp(source: TimestampSource) -> Option<TimestampRule> {
    Some(TimestampRule { source, format: TimestampFormat::UnixSeconds, tolerance_seconds: 300 })
}

pub(super) const GRIDX: SignatureScheme = SignatureScheme {
    name: "gridx",
    algorithm: Algorithm::HmacSha512,
    prefix: "sha512=",
    separator: Some(','),
    blanks: Blanks::OneAfterSeparator,
    repeated_header: RepeatedHeader::Join,
    max_signatures: 5,
    ..PLAIN
};

pub(super) const GRIDX_RS256: SignatureScheme = SignatureScheme {
    name: "gridx-rs256",
    header: "X-Signature-Rs256",
    algorithm: Algorithm::RsaPkcs1Sha256,
    encoding: Encoding::Base64Any,
    prefix: "",
    key: KeyRule { encoding: KeyEncoding::Pem, prefix: "" },
    ..PLAIN
};

pub(super) const HPE: SignatureScheme = SignatureScheme { name: "hpe", header: "HPE-Webhook-Signature", ..PLAIN };
pub(super) const HPE_2: SignatureScheme = SignatureScheme { name: "hpe-2", header: "HPE-Webhook-Signature2", ..PLAIN };

pub(super) const NURSA: SignatureScheme = SignatureScheme {
    name: "nursa",
    header: "Nursa-Signature",
    prefix: "v1=",
    separator: Some(','),
    malformed: OnFault::Ignore,
    others: OnFault::Ignore,
    max_signatures: 4,
    signed: &[SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    timestamp: timestamp(TimestampSource::Element("t=")),
    ..PLAIN
};

pub(super) const STRIPE: SignatureScheme = SignatureScheme { name: "stripe", header: "Stripe-Signature", ..NURSA };

pub(super) const GITHUB: SignatureScheme = SignatureScheme { name: "github", header: "X-Hub-Signature-256", ..PLAIN };

pub(super) const SLACK: SignatureScheme = SignatureScheme {
    name: "slack",
    header: "X-Slack-Signature",
    prefix: "v0=",
    signed: &[SignedPart::Text("v0:"), SignedPart::Timestamp, SignedPart::Text(":"), SignedPart::Body],
    timestamp: timestamp(TimestampSource::Header("X-Slack-Request-Timestamp")),
    ..PLAIN
};

pub(super) const SHOPIFY: SignatureScheme = SignatureScheme {
    name: "shopify",
    header: "X-Shopify-Hmac-Sha256",
    encoding: Encoding::Base64,
    prefix: "",
    ..PLAIN
};

pub(super) const STANDARD_WEBHOOKS: SignatureScheme = SignatureScheme {
    name: "standard-webhooks",
    header: "webhook-signature",
    encoding: Encoding::Base64,
    prefix: "v1,",
    separator: Some(' '),
    malformed: OnFault::Ignore,
    others: OnFault::Ignore,
    max_signatures: 8,
    signed: &[
        SignedPart::Header("webhook-id"),
        SignedPart::Text("."),
        SignedPart::Timestamp,
        SignedPart::Text("."),
        SignedPart::Body,
    ],
    timestamp: timestamp(TimestampSource::Header("webhook-timestamp")),
    key: KeyRule { encoding: KeyEncoding::Base64, prefix: "whsec_" },
    ..PLAIN
};

pub(super) const STANDARD_WEBHOOKS_V1A: SignatureScheme = SignatureScheme {
    name: "standard-webhooks-v1a",
    algorithm: Algorithm::Ed25519,
    prefix: "v1a,",
    key: KeyRule { encoding: KeyEncoding::Base64, prefix: "whpk_" },
    ..STANDARD_WEBHOOKS
};

pub(super) const DISCORD: SignatureScheme = SignatureScheme {
    name: "discord",
    header: "X-Signature-Ed25519",
    algorithm: Algorithm::Ed25519,
    prefix: "",
    signed: &[SignedPart::Timestamp, SignedPart::Body],
    timestamp: timestamp(TimestampSource::Header("X-Signature-Timestamp")),
    key: KeyRule { encoding: KeyEncoding::Hex, prefix: "" },
    ..PLAIN
};

/// A scheme with the keys that sign and that verify under it.
pub(super) struct Keyed {
    pub(super) scheme: &'static SignatureScheme,
    pub(super) private: &'static str,
    pub(super) public: &'static str,
}

const fn shared(scheme: &'static SignatureScheme, secret: &'static str) -> Keyed {
    Keyed { scheme, private: secret, public: secret }
}

/// RFC 8032, section 7.1, test 1, as PKCS #8.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----";

pub(super) const ALL: &[Keyed] = &[
    shared(&GRIDX, "gridx secret"),
    Keyed {
        scheme: &GRIDX_RS256,
        private: include_str!("../../../tests/data/rsa-2048.private.pem"),
        public: include_str!("../../../tests/data/rsa-2048.public.pem"),
    },
    shared(&HPE, "hpe secret"),
    shared(&NURSA, "nursa secret"),
    shared(&STRIPE, "stripe secret"),
    shared(&GITHUB, "github secret"),
    shared(&SLACK, "slack secret"),
    shared(&SHOPIFY, "shopify secret"),
    shared(&STANDARD_WEBHOOKS, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    Keyed {
        scheme: &STANDARD_WEBHOOKS_V1A,
        private: ED25519,
        public: "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    },
    Keyed {
        scheme: &DISCORD,
        private: ED25519,
        public: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    },
];
