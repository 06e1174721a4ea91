//! Handshakes that ask for a MAC. Such an answer is a signature: what may be signed must never be an event.

use regex::Regex;

use super::report::Findings;
use super::rule::Rule;
use super::view::View;
use crate::extension::{Algorithm, Challenge};
use crate::pointer;

/// The empty text, bodies that a forger would want signed, and what they cannot do without.
const FORGERIES: &[&str] =
    &["", "{}", "[]", "{\"a\":1}", "[1]", "1767225600.{}", "a\n{}", "{}\na", "a{", "a[", "a\"", "a b", "a\n"];

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        let place = pointer::child(&operation.node.pointer, "x-webhook-challenge");
        let value = operation.node.value.get("x-webhook-challenge").cloned();
        let Some(challenge) = value.and_then(|value| serde_json::from_value::<Challenge>(value).ok()) else { continue };
        if challenge.event.is_some() == challenge.event_suffix.is_some() {
            let found = "a challenge is recognised by its event type (`event`) or by its ending (`event-suffix`)";
            findings.add(Rule::ChallengeUnrecognisable, &place, found, "write exactly one of the two");
        }
        if matches!(challenge.algorithm, Algorithm::RsaPkcs1Sha256 | Algorithm::Ed25519) {
            let found = "a challenge is answered with a secret that both sides know";
            let remedy = "write the HMAC that the provider documents, such as `hmac-sha256`";
            findings.add(Rule::ExtensionValueUnknown, &format!("{place}/algorithm"), found, remedy);
        }
        pattern(&challenge.token_pattern, &format!("{place}/token-pattern"), findings);
    }
}

fn pattern(pattern: &str, place: &str, findings: &mut Findings<'_>) {
    let remedy = "allow letters, digits and few signs from start to end, such as `^[A-Za-z0-9._~-]{1,256}$`";
    let signed = match Regex::new(pattern) {
        Ok(pattern) => FORGERIES.iter().find(|forgery| pattern.is_match(forgery)),
        Err(_) => {
            let found = format!("`{pattern}` is no regular expression");
            findings.add(Rule::ExtensionValueUnknown, place, found, remedy);
            return;
        }
    };
    if let Some(forgery) = signed {
        let found = format!("the pattern allows {forgery:?}, so a challenge would get an event signed");
        findings.add(Rule::ChallengeSignsEvents, place, found, remedy);
    }
}
