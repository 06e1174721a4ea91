//! The signature schemes of the spec.
//!
//! The names in the tables of `providers` are these.

use crate::contract::*;

/// Every signature scheme that `components.securitySchemes` declares.
pub const SIGNATURE_SCHEMES: &[&SignatureScheme] = &[&GRIDX_SIGNATURE, &GRIDX_SIGNATURE_RS256];

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
