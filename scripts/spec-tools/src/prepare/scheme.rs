//! From security schemes with `x-webhook-signature` to constants.

use serde_json::Value;

use super::PrepareError;
use super::contract::Scheme;
use super::docs;
use super::name::{self, Unique, literal};
use super::schema::text;
use crate::extension::{
    Algorithm, Blanks, Encoding, KeyEncoding, OnFault, RepeatedHeader, Signature, Timestamp, TimestampFormat,
};

/// How many signatures are looked at where the spec does not say.
const DEFAULT_MAX_SIGNATURES: usize = 8;

/// The constant for a security scheme; `None` if it is not one that signs deliveries.
pub(super) fn scheme(key: &str, declared: &Value, constants: &mut Unique) -> Result<Option<Scheme>, PrepareError> {
    let Some(extension) = declared.get("x-webhook-signature") else { return Ok(None) };
    let place = format!("components.securitySchemes.{key}");
    let signature: Signature = serde_json::from_value(extension.clone())
        .map_err(|error| PrepareError::extension(&place, "x-webhook-signature", &error.to_string()))?;
    let signed = parts(&signature.signed)
        .map_err(|error| PrepareError::extension(&place, "x-webhook-signature.signed", &error))?;
    let description = text(declared, "description").trim();
    let lines = docs::lines(description);
    let default_max = if signature.separator.is_some() { DEFAULT_MAX_SIGNATURES } else { 1 };
    Ok(Some(Scheme {
        constant: constants.take(&name::shouty(key)),
        docs: if lines.is_empty() { vec![format!("The security scheme {}.", docs::code(key))] } else { lines },
        name: literal(key),
        description: literal(description),
        header: literal(text(declared, "name")),
        algorithm: algorithm(signature.algorithm).to_owned(),
        encoding: encoding(signature.encoding).to_owned(),
        prefix: literal(&signature.prefix),
        separator: signature.separator.map_or_else(|| "None".to_owned(), |separator| format!("Some({separator:?})")),
        blanks: blanks(signature.blanks).to_owned(),
        malformed: on_fault(signature.malformed).to_owned(),
        others: on_fault(signature.other_elements).to_owned(),
        repeated_header: repeated(signature.repeated_header).to_owned(),
        max_signatures: signature.max_signatures.unwrap_or(default_max).to_string(),
        signed,
        timestamp: timestamp(signature.timestamp.as_ref())
            .map_err(|error| PrepareError::extension(&place, "x-webhook-signature.timestamp", &error))?,
        key_encoding: key_encoding(signature.key.encoding).to_owned(),
        key_prefix: literal(&signature.key.prefix),
    }))
}

/// Splits a template over `{body}`, `{timestamp}` and `{header:NAME}`; `{{` and `}}` stand for braces.
fn parts(template: &str) -> Result<Vec<String>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let brace = &rest[at..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            plain.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let (placeholder, after) = brace
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .ok_or_else(|| format!("{template:?} has a brace without its partner"))?;
        if !plain.is_empty() {
            parts.push(format!("SignedPart::Text({})", literal(&std::mem::take(&mut plain))));
        }
        parts.push(match (placeholder, placeholder.strip_prefix("header:")) {
            ("body", _) => "SignedPart::Body".to_owned(),
            ("timestamp", _) => "SignedPart::Timestamp".to_owned(),
            (_, Some(header)) if !header.is_empty() => format!("SignedPart::Header({})", literal(header)),
            _ => return Err(format!("{{{placeholder}}} is none of {{body}}, {{timestamp}}, {{header:NAME}}")),
        });
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(format!("SignedPart::Text({})", literal(&plain)));
    }
    Ok(parts)
}

fn timestamp(rule: Option<&Timestamp>) -> Result<String, String> {
    let Some(rule) = rule else { return Ok("None".to_owned()) };
    let source = match (&rule.element, &rule.header) {
        (Some(element), None) => format!("Element({})", literal(element)),
        (None, Some(header)) => format!("Header({})", literal(header)),
        _ => return Err("exactly one of `element` and `header` says where the timestamp stands".to_owned()),
    };
    let format = match rule.format {
        TimestampFormat::UnixSeconds => "UnixSeconds",
        TimestampFormat::UnixMilliseconds => "UnixMilliseconds",
    };
    Ok(format!(
        "Some(TimestampRule {{ source: TimestampSource::{source}, format: TimestampFormat::{format}, \
         tolerance_seconds: {} }})",
        rule.tolerance
    ))
}

/// The variant of the generated `Algorithm`.
pub(super) fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::HmacSha1 => "HmacSha1",
        Algorithm::HmacSha256 => "HmacSha256",
        Algorithm::HmacSha384 => "HmacSha384",
        Algorithm::HmacSha512 => "HmacSha512",
        Algorithm::RsaPkcs1Sha256 => "RsaPkcs1Sha256",
        Algorithm::Ed25519 => "Ed25519",
    }
}

/// The variant of the generated `Encoding`.
pub(super) fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "Hex",
        Encoding::Base64 => "Base64",
        Encoding::Base64Any => "Base64Any",
    }
}

fn blanks(blanks: Blanks) -> &'static str {
    match blanks {
        Blanks::Trim => "Trim",
        Blanks::OneAfterSeparator => "OneAfterSeparator",
    }
}

fn on_fault(on_fault: OnFault) -> &'static str {
    match on_fault {
        OnFault::Ignore => "Ignore",
        OnFault::Refuse => "Refuse",
    }
}

fn repeated(repeated: RepeatedHeader) -> &'static str {
    match repeated {
        RepeatedHeader::Refuse => "Refuse",
        RepeatedHeader::Join => "Join",
    }
}

fn key_encoding(encoding: KeyEncoding) -> &'static str {
    match encoding {
        KeyEncoding::Utf8 => "Utf8",
        KeyEncoding::Base64 => "Base64",
        KeyEncoding::Hex => "Hex",
        KeyEncoding::Pem => "Pem",
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn splits_a_template_into_its_parts() {
        assert_eq!(
            parts("v0:{timestamp}:{body}").unwrap(),
            [r#"SignedPart::Text("v0:")"#, "SignedPart::Timestamp", r#"SignedPart::Text(":")"#, "SignedPart::Body",]
        );
        assert_eq!(
            parts("{header:webhook-id}.{{x}}").unwrap(),
            [r#"SignedPart::Header("webhook-id")"#, r#"SignedPart::Text(".{x}")"#,]
        );
    }

    #[test]
    fn refuses_unknown_placeholders_and_lonely_braces() {
        assert!(parts("{url}").is_err());
        assert!(parts("{body").is_err());
        assert!(parts("body}").is_err());
    }
}
