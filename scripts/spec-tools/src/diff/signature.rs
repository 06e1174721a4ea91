//! A signature scheme, field by field, as it counts once defaults are filled in.

use heck::ToKebabCase;
use serde_json::Value;

use super::finding::{Findings, new};
use super::guards::lost;
use super::rule::Rule;
use crate::document::Document;
use crate::extension::Signature;

/// A field of `x-webhook-signature`: its name, the rule of its change, and its value as text.
type Field = (&'static str, Rule, fn(&Signature) -> String);

const FIELDS: &[Field] = &[
    ("algorithm", Rule::SignatureAlgorithm, |of| word(of.algorithm)),
    ("encoding", Rule::SignatureEncoding, |of| word(of.encoding)),
    ("prefix", Rule::SignaturePrefix, |of| of.prefix.clone()),
    ("separator", Rule::SignatureGrammar, |of| of.separator.map(String::from).unwrap_or_default()),
    ("blanks", Rule::SignatureGrammar, |of| word(of.blanks)),
    ("malformed", Rule::SignatureGrammar, |of| word(of.malformed)),
    ("other-elements", Rule::SignatureGrammar, |of| word(of.other_elements)),
    ("repeated-header", Rule::SignatureGrammar, |of| word(of.repeated_header)),
    ("max-signatures", Rule::SignatureMost, most),
    ("signed", Rule::SignatureSigned, |of| of.signed.clone()),
    ("timestamp", Rule::SignatureTimestamp, timestamp),
    ("timestamp/tolerance", Rule::SignatureTolerance, tolerance),
    ("key", Rule::SignatureKey, key),
];

/// A variant as the spec writes it.
fn word(variant: impl std::fmt::Debug) -> String {
    format!("{variant:?}").to_kebab_case()
}

fn key(signature: &Signature) -> String {
    let prefix = &signature.key.prefix;
    let encoding = word(signature.key.encoding);
    if prefix.is_empty() { encoding } else { format!("{encoding} behind {prefix}") }
}

/// As many as are looked at where the spec does not say.
fn most(signature: &Signature) -> String {
    signature.max_signatures.unwrap_or(if signature.separator.is_some() { 8 } else { 1 }).to_string()
}

fn timestamp(signature: &Signature) -> String {
    let Some(rule) = &signature.timestamp else { return String::new() };
    let place = |name: &str, at: &Option<String>| at.as_ref().map(|at| format!("{name} {at} "));
    let place = place("element", &rule.element).or_else(|| place("header", &rule.header)).unwrap_or_default();
    format!("{place}in {}", word(rule.format))
}

fn tolerance(signature: &Signature) -> String {
    signature.timestamp.as_ref().map(|rule| format!("{} s", rule.tolerance)).unwrap_or_default()
}

/// Compares the schemes at two pointers, both of which guards name.
pub(super) fn compare(
    before: &Document,
    after: &Document,
    (older, newer): (&str, &str),
    findings: &mut Findings<'_>,
    events: &[String],
) {
    let (Ok(was), Ok(is)) = (before.resolve(older), after.resolve(newer)) else {
        lost(findings, older, events);
        return;
    };
    let touched = || events.iter().map(String::as_str);
    let quoted = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
    let mut is_same = true;
    let mut note = |rule: Rule, key: &str, was: &str, is: &str| {
        is_same = false;
        let found = format!("`{}` was {}, is {}", key.replace('/', "."), quoted(was), quoted(is));
        let place = if key == "name" { "name".to_owned() } else { format!("x-webhook-signature/{key}") };
        findings.add(rule, new(&format!("{newer}/{place}")), found, touched());
    };
    let header = |value: &Value| value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if !header(was.value).eq_ignore_ascii_case(&header(is.value)) {
        note(Rule::SignatureHeader, "name", &header(was.value), &header(is.value));
    }
    let read =
        |value: &Value| -> Option<Signature> { serde_json::from_value(value.get("x-webhook-signature")?.clone()).ok() };
    if let (Some(was), Some(is)) = (read(was.value), read(is.value)) {
        for (key, rule, value) in FIELDS {
            let (was, is) = (value(&was), value(&is));
            if was != is {
                note(*rule, key, &was, &is);
            }
        }
    } else if was.value.get("x-webhook-signature") != is.value.get("x-webhook-signature") {
        is_same = false;
        let found = "`x-webhook-signature` changes, and one of both cannot be read";
        findings.add(Rule::SchemeChanged, new(newer), found, touched());
    }
    for key in ["type", "in", "x-webhook-legacy"] {
        if was.value.get(key) != is.value.get(key) {
            is_same = false;
            let told = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"));
            let found = format!("`{key}` was {}, is {}", told(was.value.get(key)), told(is.value.get(key)));
            findings.add(Rule::SchemeChanged, new(&format!("{newer}/{key}")), found, touched());
        }
    }
    let words = |value: &Value| [value.get("name").cloned(), value.get("x-webhook-signature").cloned()];
    if is_same && words(was.value) != words(is.value) {
        findings.add(Rule::Metadata, new(newer), "it is written in another way that means the same", touched());
    }
}
