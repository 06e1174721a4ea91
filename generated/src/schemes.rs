//! The signature schemes of the spec.
//!
//! The names in the tables of `providers` are these.

use crate::contract::*;

/// Every signature scheme that `components.securitySchemes` declares.
pub const SIGNATURE_SCHEMES: &[&SignatureScheme] =
    &[&GRIDX_SIGNATURE, &GRIDX_SIGNATURE_RS256, &GREENLAKE_SIGNATURE, &GREENLAKE_SIGNATURE2, &NURSA_SIGNATURE];

/// HMAC-SHA512 over the raw body. While a secret is being replaced, the header lists one digest for each live
/// secret, five at most. A secret counts as it was handed out, its `whsec_` included.
pub const GRIDX_SIGNATURE: SignatureScheme = SignatureScheme {
    name: "gridxSignature",
    description: "HMAC-SHA512 over the raw body. While a secret is being replaced, the header lists one digest for each live secret, five at most. A secret counts as it was handed out, its `whsec_` included.",
    header: "X-Signature",
    algorithm: Algorithm::HmacSha512,
    encoding: Encoding::Hex,
    prefix: "sha512=",
    separator: Some(','),
    blanks: Blanks::OneAfterSeparator,
    malformed: OnFault::Refuse,
    others: OnFault::Refuse,
    repeated_header: RepeatedHeader::Join,
    max_signatures: 5,
    signed: &[SignedPart::Body],
    timestamp: None,
    key: KeyRule { encoding: KeyEncoding::Utf8, prefix: "" },
};

/// RS256 over the raw body, in base64: a scheme of the 2024 form that gridX named but never specified. It
/// counts only where an RSA public key is configured.
pub const GRIDX_SIGNATURE_RS256: SignatureScheme = SignatureScheme {
    name: "gridxSignatureRs256",
    description: "RS256 over the raw body, in base64: a scheme of the 2024 form that gridX named but never specified. It counts only where an RSA public key is configured.",
    header: "X-Signature-Rs256",
    algorithm: Algorithm::RsaPkcs1Sha256,
    encoding: Encoding::Base64Any,
    prefix: "",
    separator: None,
    blanks: Blanks::Trim,
    malformed: OnFault::Refuse,
    others: OnFault::Ignore,
    repeated_header: RepeatedHeader::Refuse,
    max_signatures: 1,
    signed: &[SignedPart::Body],
    timestamp: None,
    key: KeyRule { encoding: KeyEncoding::Pem, prefix: "" },
};

/// HMAC-SHA256 over the raw body, with one of the webhook's secrets.
pub const GREENLAKE_SIGNATURE: SignatureScheme = SignatureScheme {
    name: "greenlakeSignature",
    description: "HMAC-SHA256 over the raw body, with one of the webhook's secrets.",
    header: "HPE-Webhook-Signature",
    algorithm: Algorithm::HmacSha256,
    encoding: Encoding::Hex,
    prefix: "sha256=",
    separator: None,
    blanks: Blanks::Trim,
    malformed: OnFault::Ignore,
    others: OnFault::Ignore,
    repeated_header: RepeatedHeader::Refuse,
    max_signatures: 1,
    signed: &[SignedPart::Body],
    timestamp: None,
    key: KeyRule { encoding: KeyEncoding::Utf8, prefix: "" },
};

/// HMAC-SHA256 over the raw body, with the other secret of a webhook that has two, as while a secret is being
/// replaced. Which header belongs to which secret is not to be relied on.
pub const GREENLAKE_SIGNATURE2: SignatureScheme = SignatureScheme {
    name: "greenlakeSignature2",
    description: "HMAC-SHA256 over the raw body, with the other secret of a webhook that has two, as while a secret is being replaced. Which header belongs to which secret is not to be relied on.",
    header: "HPE-Webhook-Signature2",
    algorithm: Algorithm::HmacSha256,
    encoding: Encoding::Hex,
    prefix: "sha256=",
    separator: None,
    blanks: Blanks::Trim,
    malformed: OnFault::Ignore,
    others: OnFault::Ignore,
    repeated_header: RepeatedHeader::Refuse,
    max_signatures: 1,
    signed: &[SignedPart::Body],
    timestamp: None,
    key: KeyRule { encoding: KeyEncoding::Utf8, prefix: "" },
};

/// The time of sending and, for each of the webhook's one or two secrets, an HMAC-SHA256 over that time, a full
/// stop and the raw body. Nursa names no tolerance; five minutes are this receiver's choice.
pub const NURSA_SIGNATURE: SignatureScheme = SignatureScheme {
    name: "nursaSignature",
    description: "The time of sending and, for each of the webhook's one or two secrets, an HMAC-SHA256 over that time, a full stop and the raw body. Nursa names no tolerance; five minutes are this receiver's choice.",
    header: "Nursa-Signature",
    algorithm: Algorithm::HmacSha256,
    encoding: Encoding::Hex,
    prefix: "v1=",
    separator: Some(','),
    blanks: Blanks::Trim,
    malformed: OnFault::Ignore,
    others: OnFault::Ignore,
    repeated_header: RepeatedHeader::Refuse,
    max_signatures: 4,
    signed: &[SignedPart::Timestamp, SignedPart::Text("."), SignedPart::Body],
    timestamp: Some(TimestampRule {
        source: TimestampSource::Element("t="),
        format: TimestampFormat::UnixSeconds,
        tolerance_seconds: 300,
    }),
    key: KeyRule { encoding: KeyEncoding::Utf8, prefix: "" },
};
