//! Who may call: `security`, and that what it names can verify something.

use serde_json::Value;

use super::report::{Findings, listed, suggestion};
use super::rule::Rule;
use super::view::{Operation, Scheme, View, named};
use crate::extension::{OnFault, Signature};

pub(super) fn check(view: &View<'_>, findings: &mut Findings<'_>) {
    for operation in &view.operations {
        presence(operation, findings);
        names(view, operation, findings);
        headers(view, operation, findings);
    }
}

fn presence(operation: &Operation<'_>, findings: &mut Findings<'_>) {
    let place = &operation.node.pointer;
    let remedy =
        "list the schemes, `security: [{SCHEME: []}]`, or write `security: []` here to leave it to receiver.toml";
    let is_own = operation.node.value.get("security").is_some();
    match operation.security.as_ref().map(|security| security.value) {
        Some(Value::Array(alternatives)) if is_own || !alternatives.is_empty() => {}
        Some(Value::Array(_)) => {
            let found = "only the document says `security: []`";
            findings.add(Rule::GuardMissing, place, found, remedy);
        }
        Some(_) => findings.add(Rule::GuardMissing, place, "`security` is not a list", remedy),
        None => findings.add(Rule::GuardMissing, place, "there is no guard (`security`)", remedy),
    }
    let is_optional = operation.alternatives().iter().any(Vec::is_empty);
    if let Some(security) = operation.security.as_ref().filter(|_| is_optional) {
        let found = "one alternative is `{}`, which lets everybody in";
        let remedy = "remove it, or write `security: []` if that is meant";
        findings.add(Rule::GuardEmptyAlternative, &security.pointer, found, remedy);
    }
}

fn names(view: &View<'_>, operation: &Operation<'_>, findings: &mut Findings<'_>) {
    let Some(security) = &operation.security else { return };
    let schemes: Vec<&str> = named(view.document, "securitySchemes").map(|(name, _)| name).collect();
    for alternative in security.items() {
        for (name, place) in alternative.members() {
            if !schemes.contains(&name) {
                let found = format!("the guard `{name}` is not below components.securitySchemes");
                findings.add(Rule::GuardUnknown, &place.pointer, found, suggestion(name, schemes.iter().copied()));
            } else if view.scheme(name).is_none() {
                let found = format!("the scheme `{name}` says nothing of signatures");
                let remedy = "add `x-webhook-signature` to it, or guard this operation with one that has it";
                findings.add(Rule::GuardWithoutSignature, &place.pointer, found, remedy);
            }
        }
    }
}

/// Two schemes may share a header if each passes over the other's elements.
fn headers(view: &View<'_>, operation: &Operation<'_>, findings: &mut Findings<'_>) {
    let mut schemes: Vec<&Scheme<'_>> = Vec::new();
    for scheme in operation.alternatives().into_iter().flatten().filter_map(|name| view.scheme(name)) {
        if !schemes.iter().any(|known| known.name == scheme.name) {
            schemes.push(scheme);
        }
    }
    for (index, one) in schemes.iter().enumerate() {
        for other in schemes.iter().skip(index + 1) {
            let Some(header) = one.header.filter(|header| other.header.is_some_and(|h| h.eq_ignore_ascii_case(header)))
            else {
                continue;
            };
            let (Some(a), Some(b)) = (&one.signature, &other.signature) else { continue };
            let differing = differences(a, b);
            if !differing.is_empty() {
                let found = format!(
                    "`{}` and `{}` both read the header `{header}` but exclude each other by {}",
                    one.name,
                    other.name,
                    listed(&differing)
                );
                let place = operation.security.as_ref().map_or(operation.node.pointer.as_str(), |s| s.pointer.as_str());
                let remedy = "make them agree, or give their signatures prefixes that the other passes over";
                findings.add(Rule::GuardHeaderReadTwoWays, place, found, remedy);
            }
        }
    }
}

/// The keys in which two readings of one header exclude each other.
fn differences(a: &Signature, b: &Signature) -> Vec<&'static str> {
    let element = |signature: &Signature| signature.timestamp.as_ref().and_then(|timestamp| timestamp.element.clone());
    let mut keys = Vec::new();
    let mut differ = |differs: bool, key| {
        if differs {
            keys.push(key);
        }
    };
    differ(a.separator != b.separator, "separator");
    differ(a.blanks != b.blanks, "blanks");
    differ(a.repeated_header != b.repeated_header, "repeated-header");
    differ(element(a) != element(b), "timestamp.element");
    let is_same_element = a.prefix.starts_with(&b.prefix) || b.prefix.starts_with(&a.prefix);
    if is_same_element {
        differ(a.prefix != b.prefix, "prefix");
        differ(a.algorithm != b.algorithm, "algorithm");
        differ(a.encoding != b.encoding, "encoding");
        differ(a.signed != b.signed, "signed");
        differ(a.key.encoding != b.key.encoding, "key.encoding");
    } else {
        let refuses = a.other_elements == OnFault::Refuse || b.other_elements == OnFault::Refuse;
        differ(refuses, "other-elements");
    }
    keys
}

/// Whether every alternative of an operation has a scheme that signs this header.
pub(super) fn signs(view: &View<'_>, operation: &Operation<'_>, header: &str) -> bool {
    let signed_by = |name: &&str| {
        let signature = view.scheme(name).and_then(|scheme| scheme.signature.as_ref());
        signature.is_some_and(|signature| {
            super::template::headers(&signature.signed).any(|h| h.eq_ignore_ascii_case(header))
        })
    };
    let alternatives = operation.alternatives();
    !alternatives.is_empty() && alternatives.iter().all(|schemes| schemes.iter().any(signed_by))
}
