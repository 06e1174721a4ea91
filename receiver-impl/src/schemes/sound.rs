//! What `spec check` refuses in a scheme of the spec is refused in one of the settings: what can work and is not safe,
//! or cannot tell what it reads.

use webhook_api::contract::{Algorithm, Encoding, KeyEncoding, SignatureScheme, SignedPart, TimestampSource};

use crate::signature::{SchemeFault, check_scheme};

/// The key with the first fault, and what is wrong.
pub(super) fn fault(scheme: &SignatureScheme, legacy: Option<bool>) -> Option<(&'static str, String)> {
    algorithm(scheme, legacy)
        .or_else(|| key(scheme))
        .or_else(|| signed(scheme))
        .or_else(|| element(scheme))
        .or_else(|| separator(scheme))
        .or_else(|| count(scheme))
        .or_else(|| check_scheme(scheme).err().map(|fault| (place(fault), fault.to_string())))
}

fn found(key: &'static str, fault: impl Into<String>) -> Option<(&'static str, String)> {
    Some((key, fault.into()))
}

fn algorithm(scheme: &SignatureScheme, legacy: Option<bool>) -> Option<(&'static str, String)> {
    let is_sha1 = scheme.algorithm == Algorithm::HmacSha1;
    match legacy {
        Some(true) if !is_sha1 => found("legacy", "says something of `hmac-sha1` alone; remove it"),
        None | Some(false) if is_sha1 => found(
            "algorithm",
            "is SHA-1, which is broken; use the provider's newer scheme, or say that there is none: `legacy = true`",
        ),
        _ => None,
    }
}

fn key(scheme: &SignatureScheme) -> Option<(&'static str, String)> {
    match (scheme.algorithm.is_hmac(), scheme.key.encoding) {
        (false, KeyEncoding::Utf8) => found(
            "key",
            "is plain text, but this algorithm verifies with a public key; write `encoding = \"pem\"`, or `base64` or \
             `hex` for a bare Ed25519 key",
        ),
        (true, KeyEncoding::Pem) => found(
            "key",
            "is a public key, but an HMAC key is a shared secret; write `encoding = \"utf8\"`, or `base64` or `hex`",
        ),
        _ => None,
    }
}

fn signed(scheme: &SignatureScheme) -> Option<(&'static str, String)> {
    let signs = |part| scheme.signed.contains(&part);
    if !signs(SignedPart::Body) {
        return found("signed", "leaves the body out, so that anybody could change it; put `{body}` into it");
    }
    match (&scheme.timestamp, signs(SignedPart::Timestamp)) {
        (None, true) => found(
            "signed",
            "has `{timestamp}`, but nothing says where that stands; add `timestamp` with its `element` or `header`, \
             and a `tolerance`",
        ),
        (Some(_), false) => found(
            "signed",
            "leaves the timestamp out, so that whoever replays a delivery can renew it; put `{timestamp}` into it, or \
             remove `timestamp` if the provider does not sign it",
        ),
        (Some(rule), true) if rule.tolerance_seconds == 0 => found(
            "timestamp.tolerance",
            "is 0, which refuses every delivery that was not sent this very second; write the provider's, or 300",
        ),
        _ => None,
    }
}

fn element(scheme: &SignatureScheme) -> Option<(&'static str, String)> {
    let element = own_element(scheme)?;
    if scheme.separator.is_none() {
        found(
            "timestamp.element",
            "is in a header of one element, which cannot be both timestamp and signature; add a `separator`",
        )
    } else if scheme.prefix.starts_with(element) {
        let prefix = scheme.prefix;
        let fault = format!("is `{element}`, and the signature's prefix `{prefix}` begins alike; nobody can tell them");
        found("timestamp.element", fault)
    } else {
        None
    }
}

fn own_element(scheme: &SignatureScheme) -> Option<&'static str> {
    match scheme.timestamp?.source {
        TimestampSource::Element(element) => Some(element),
        TimestampSource::Header(_) => None,
    }
}

fn separator(scheme: &SignatureScheme) -> Option<(&'static str, String)> {
    let separator = scheme.separator?;
    let is_in_digest = match scheme.encoding {
        Encoding::Hex => separator.is_ascii_hexdigit(),
        Encoding::Base64 => separator.is_ascii_alphanumeric() || "+/=".contains(separator),
        Encoding::Base64Any => separator.is_ascii_alphanumeric() || "+/=-_".contains(separator),
    };
    let holder = if scheme.prefix.contains(separator) {
        "the prefix"
    } else if is_in_digest {
        "the encoded signature"
    } else if own_element(scheme).is_some_and(|element| element.contains(separator)) {
        "the timestamp's element"
    } else {
        return None;
    };
    found("separator", format!("is `{separator}`, which can also stand in {holder}; write the provider's"))
}

fn count(scheme: &SignatureScheme) -> Option<(&'static str, String)> {
    match (scheme.max_signatures, scheme.separator) {
        (most, None) if most > 1 => found(
            "max-signatures",
            format!("is {most}, but no `separator` tells signatures apart; add the separator, or write 1"),
        ),
        _ => None,
    }
}

/// The key that a fault of the engine is about.
fn place(fault: SchemeFault) -> &'static str {
    match fault {
        SchemeFault::HeaderName(_) => "header",
        SchemeFault::MaxSignatures(_) => "max-signatures",
        SchemeFault::Separator(_) => "separator",
        SchemeFault::JoinedWithoutSeparator => "repeated-header",
        SchemeFault::BodyNotSigned | SchemeFault::TimestampNotSigned | SchemeFault::TooManyPieces => "signed",
        SchemeFault::KeyEncoding => "key",
    }
}
