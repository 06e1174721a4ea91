//! Signature schemes that cannot be secure, or cannot work.

use serde_json::Value;

use super::report::Findings;
use super::rule::Rule;
use super::template::{Part, parts};
use super::view::{Scheme, View};
use crate::document::Node;
use crate::extension::{Algorithm, Encoding, KeyEncoding, Signature, Timestamp};
use crate::pointer;

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for scheme in &view.schemes {
        place(scheme, findings);
        let (Some(signature), Some(node)) = (&scheme.signature, scheme.node.child("x-webhook-signature")) else {
            continue;
        };
        algorithm(scheme, signature, &node, findings);
        key(signature, &node, findings);
        signed(signature, &node, findings);
        if let Some(timestamp) = &signature.timestamp {
            self::timestamp(signature, timestamp, &node, findings);
        }
        separator(signature, &node, findings);
        count(signature, &node, findings);
    }
}

fn place(scheme: &Scheme<'_>, findings: &mut Findings<'_>) {
    let node = &scheme.node;
    if node.text("type") != Some("apiKey") || node.text("in") != Some("header") || scheme.header.is_none() {
        let found = "a signature scheme that is not a header";
        let remedy = "write `type: apiKey`, `in: header` and the header's `name`";
        findings.add(Rule::SchemeNotHeader, &node.pointer, found, remedy);
    }
}

fn algorithm(scheme: &Scheme<'_>, signature: &Signature, node: &Node<'_>, findings: &mut Findings<'_>) {
    let is_legacy = scheme.node.value.get("x-webhook-legacy").and_then(Value::as_bool).unwrap_or(false);
    if signature.algorithm == Algorithm::HmacSha1 && !is_legacy {
        let found = "SHA-1 is broken and no longer to be used for signatures";
        let remedy =
            "use the provider's newer scheme, or say that there is none: `x-webhook-legacy: true` on the scheme";
        findings.add(Rule::AlgorithmBroken, &at(node, "algorithm"), found, remedy);
    }
}

fn key(signature: &Signature, node: &Node<'_>, findings: &mut Findings<'_>) {
    let is_public = matches!(signature.algorithm, Algorithm::RsaPkcs1Sha256 | Algorithm::Ed25519);
    let (found, remedy) = match (is_public, signature.key.encoding) {
        (true, KeyEncoding::Utf8) => (
            "this algorithm verifies with a public key, and plain text is none",
            "write `key: {encoding: pem}`, or `base64` or `hex` for a bare Ed25519 key",
        ),
        (false, KeyEncoding::Pem) => (
            "an HMAC key is a shared secret; a public key in its place would let everybody sign",
            "write `key: {encoding: utf8}`, or `base64` or `hex`",
        ),
        _ => return,
    };
    findings.add(Rule::KeyUnfit, &at(node, "key"), found, remedy);
}

fn signed(signature: &Signature, node: &Node<'_>, findings: &mut Findings<'_>) {
    let place = at(node, "signed");
    let parts = match parts(&signature.signed) {
        Ok(parts) => parts,
        Err(fault) => {
            let remedy = "use `{body}`, `{timestamp}` and `{header:NAME}`, and `{{` for a brace";
            findings.add(Rule::SignedTemplate, &place, fault, remedy);
            return;
        }
    };
    if !parts.contains(&Part::Body) {
        let found = "the body is not signed, so anybody could change it";
        findings.add(Rule::BodyUnsigned, &place, found, "put `{body}` into the template");
    }
    let signs_time = parts.contains(&Part::Timestamp);
    match &signature.timestamp {
        None if signs_time => {
            let found = "`{timestamp}` is signed but nothing says where it stands";
            let remedy = "add `timestamp` with its `element` or `header`, and a `tolerance`";
            findings.add(Rule::TimestampUndeclared, &place, found, remedy);
        }
        Some(timestamp) if !signs_time && !signs_header(&parts, timestamp.header.as_deref()) => {
            let found = "the timestamp is checked but not signed, so whoever replays a delivery can renew it";
            let remedy = "put `{timestamp}` into the template, or remove `timestamp` if the provider does not sign it";
            findings.add(Rule::TimestampUnsigned, &place, found, remedy);
        }
        Some(_) | None => {}
    }
}

fn signs_header(parts: &[Part<'_>], header: Option<&str>) -> bool {
    header.is_some_and(|header| {
        parts.iter().any(|part| matches!(part, Part::Header(name) if name.eq_ignore_ascii_case(header)))
    })
}

fn timestamp(signature: &Signature, timestamp: &Timestamp, node: &Node<'_>, findings: &mut Findings<'_>) {
    let place = at(node, "timestamp");
    if timestamp.tolerance == 0 {
        let found = "a tolerance of 0 seconds refuses every delivery that was not sent this very second";
        let remedy = "write the provider's, or 300";
        findings.add(Rule::ToleranceZero, &pointer::child(&place, "tolerance"), found, remedy);
    }
    let element = match (&timestamp.element, &timestamp.header) {
        (Some(element), None) => element,
        (None, Some(_)) => return,
        (Some(_), Some(_)) | (None, None) => {
            let found = "a timestamp stands in an `element` of the signature header or in a `header` of its own";
            findings.add(Rule::TimestampPlace, &place, found, "write exactly one of the two");
            return;
        }
    };
    let fault = if signature.separator.is_none() {
        Some(
            "without a `separator` the header has one element, which cannot be both timestamp and signature".to_owned(),
        )
    } else if signature.prefix.starts_with(element.as_str()) {
        let prefix = &signature.prefix;
        Some(format!("an element with the signature's prefix `{prefix}` also begins like the timestamp, `{element}`"))
    } else {
        None
    };
    if let Some(found) = fault {
        let remedy = "give them a separator and beginnings that differ, such as `t=` and `v1=`";
        findings.add(Rule::ElementsAmbiguous, &pointer::child(&place, "element"), found, remedy);
    }
}

fn separator(signature: &Signature, node: &Node<'_>, findings: &mut Findings<'_>) {
    let Some(separator) = signature.separator else { return };
    let is_in_digest = match signature.encoding {
        Encoding::Hex => separator.is_ascii_hexdigit(),
        Encoding::Base64 => separator.is_ascii_alphanumeric() || "+/=".contains(separator),
        Encoding::Base64Any => separator.is_ascii_alphanumeric() || "+/=-_".contains(separator),
    };
    let element = signature.timestamp.as_ref().and_then(|timestamp| timestamp.element.as_deref()).unwrap_or_default();
    let holder = if signature.prefix.contains(separator) {
        "the prefix"
    } else if is_in_digest {
        "the encoded signature"
    } else if element.contains(separator) {
        "the timestamp's element"
    } else {
        return;
    };
    let found = format!("the separator `{separator}` can also stand in {holder}");
    findings.add(Rule::SeparatorInElement, &at(node, "separator"), found, "write the separator that the provider uses");
}

fn count(signature: &Signature, node: &Node<'_>, findings: &mut Findings<'_>) {
    let (found, remedy) = match (signature.max_signatures, signature.separator) {
        (Some(0), _) => ("no signature would be looked at".to_owned(), "write 1, or as many as the provider sends"),
        (Some(most), None) if most > 1 => {
            (format!("{most} signatures, but no `separator` to tell them apart"), "add the separator, or write 1")
        }
        _ => return,
    };
    findings.add(Rule::MaxSignatures, &at(node, "max-signatures"), found, remedy);
}

fn at(node: &Node<'_>, key: &str) -> String {
    pointer::child(&node.pointer, key)
}
