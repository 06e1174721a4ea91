//! The template of what a scheme signs: text over `{body}`, `{timestamp}` and `{header:NAME}`; `{{` and `}}` are braces.

use webhook_api::contract::SignedPart;

use super::settings::text;

/// The pieces, neighbouring text joined, or what is wrong.
pub(super) fn parts(template: &str) -> Result<Vec<SignedPart>, String> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            plain.push_str(&rest[..1]);
            rest = after;
            continue;
        }
        let inner = rest.strip_prefix('{').ok_or("has a `}` without its `{`; a brace itself is doubled")?;
        let (name, after) = inner.split_once('}').ok_or("has a `{` without its `}`; a brace itself is doubled")?;
        flush(&mut plain, &mut parts);
        parts.push(placeholder(name)?);
        rest = after;
    }
    plain.push_str(rest);
    flush(&mut plain, &mut parts);
    Ok(parts)
}

fn flush(plain: &mut String, parts: &mut Vec<SignedPart>) {
    if !plain.is_empty() {
        parts.push(SignedPart::Text(text(plain)));
        plain.clear();
    }
}

fn placeholder(name: &str) -> Result<SignedPart, String> {
    match (name, name.strip_prefix("header:")) {
        ("body", _) => Ok(SignedPart::Body),
        ("timestamp", _) => Ok(SignedPart::Timestamp),
        (_, Some(header)) if !header.is_empty() => Ok(SignedPart::Header(text(header))),
        _ => {
            Err(format!("has `{{{name}}}`, which stands for nothing; use {{body}}, {{timestamp}} and {{header:NAME}}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_template_apart() {
        let parts = parts("v0:{timestamp}.{{{header:webhook-id}}}{body}").unwrap();
        let expected = [
            SignedPart::Text("v0:"),
            SignedPart::Timestamp,
            SignedPart::Text(".{"),
            SignedPart::Header("webhook-id"),
            SignedPart::Text("}"),
            SignedPart::Body,
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn says_what_is_wrong_with_a_template() {
        for (template, fault) in [("{body", "`{` without"), ("body}", "`}` without"), ("{url}", "`{url}`, which")] {
            assert!(parts(template).unwrap_err().contains(fault), "{template}");
        }
    }
}
