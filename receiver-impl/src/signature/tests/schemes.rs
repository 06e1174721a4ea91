//! Schemes as the spec says them, none written by hand. They are the proof that the language says enough: a new provider
//! is one of these, not new code.

use webhook_api::contract::{
    Algorithm, Blanks, Encoding, KeyEncoding, KeyRule, OnFault, RepeatedHeader, SignatureScheme, SignedPart,
    TimestampFormat, TimestampRule, TimestampSource,
};
use webhook_api::schemes as spec;

/// A plain one, for tests of what a scheme can be.
pub(crate) const PLAIN: SignatureScheme = SignatureScheme {
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

// What the spec declares, under short names.

pub(crate) const GRIDX: SignatureScheme = SignatureScheme { name: "gridx", ..spec::GRIDX_SIGNATURE };
pub(crate) const GRIDX_RS256: SignatureScheme = SignatureScheme { name: "gridx-rs256", ..spec::GRIDX_SIGNATURE_RS256 };
pub(crate) const HPE: SignatureScheme = SignatureScheme { name: "hpe", ..spec::GREENLAKE_SIGNATURE };
pub(crate) const HPE_2: SignatureScheme = SignatureScheme { name: "hpe-2", ..spec::GREENLAKE_SIGNATURE2 };
pub(crate) const NURSA: SignatureScheme = SignatureScheme { name: "nursa", ..spec::NURSA_SIGNATURE };

// What `spec prepare` makes of the YAML beside these texts; tests of the spec tool hold them there.

pub(crate) const GITHUB: SignatureScheme = include!("../../../../scripts/spec-tools/tests/schemes/github/expected.txt");
pub(crate) const STRIPE: SignatureScheme = include!("../../../../scripts/spec-tools/tests/schemes/stripe/expected.txt");
pub(crate) const SLACK: SignatureScheme = include!("../../../../scripts/spec-tools/tests/schemes/slack/expected.txt");
pub(crate) const SHOPIFY: SignatureScheme =
    include!("../../../../scripts/spec-tools/tests/schemes/shopify/expected.txt");
pub(crate) const STANDARD_WEBHOOKS: SignatureScheme =
    include!("../../../../scripts/spec-tools/tests/schemes/standard-webhooks/expected.txt");
pub(crate) const STANDARD_WEBHOOKS_V1A: SignatureScheme =
    include!("../../../../scripts/spec-tools/tests/schemes/standard-webhooks-v1a/expected.txt");
pub(crate) const DISCORD: SignatureScheme =
    include!("../../../../scripts/spec-tools/tests/schemes/discord/expected.txt");

/// A scheme with the keys that sign and that verify under it.
pub(crate) struct Keyed {
    pub(crate) scheme: &'static SignatureScheme,
    pub(crate) private: &'static str,
    pub(crate) public: &'static str,
}

impl Keyed {
    /// Whether a request needs a `webhook-id`.
    pub(crate) fn signs_id(&self) -> bool {
        self.scheme.signed.contains(&SignedPart::Header("webhook-id"))
    }
}

const fn shared(scheme: &'static SignatureScheme, secret: &'static str) -> Keyed {
    Keyed { scheme, private: secret, public: secret }
}

/// RFC 8032, section 7.1, test 1, as PKCS #8.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----";

pub(crate) const ALL: &[Keyed] = &[
    shared(&GRIDX, "gridx secret"),
    Keyed {
        scheme: &GRIDX_RS256,
        private: include_str!("../../../tests/data/rsa-2048.private.pem"),
        public: include_str!("../../../tests/data/rsa-2048.public.pem"),
    },
    shared(&HPE, "hpe secret"),
    shared(&HPE_2, "the other hpe secret"),
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
