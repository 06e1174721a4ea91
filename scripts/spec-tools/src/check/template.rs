//! The template of what a scheme signs: text over `{body}`, `{timestamp}` and `{header:NAME}`; `{{` and `}}` are braces.

/// A piece of the signed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Body,
    Timestamp,
    Header(&'t str),
    Text(&'t str),
}

/// The pieces, or what is wrong.
pub(super) fn parts(template: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let at = rest.find(['{', '}']).unwrap_or(rest.len());
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        rest = &rest[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            parts.push(Part::Text(&rest[..1]));
            rest = &rest[2..];
        } else if let Some(inner) = rest.strip_prefix('{') {
            let (name, after) = inner.split_once('}').ok_or("a `{` has no `}`")?;
            parts.push(placeholder(name)?);
            rest = after;
        } else if rest.starts_with('}') {
            return Err("a `}` has no `{`".to_owned());
        }
    }
    Ok(parts)
}

fn placeholder(name: &str) -> Result<Part<'_>, String> {
    match (name, name.strip_prefix("header:")) {
        ("body", _) => Ok(Part::Body),
        ("timestamp", _) => Ok(Part::Timestamp),
        (_, Some(header)) if !header.is_empty() => Ok(Part::Header(header)),
        _ => Err(format!("`{{{name}}}` stands for nothing")),
    }
}

/// The headers that the template signs.
pub(super) fn headers(template: &str) -> impl Iterator<Item = &str> {
    parts(template).unwrap_or_default().into_iter().filter_map(|part| match part {
        Part::Header(name) => Some(name),
        Part::Body | Part::Timestamp | Part::Text(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_template_apart() {
        let expected = [Part::Text("v0:"), Part::Timestamp, Part::Text("."), Part::Header("webhook-id"), Part::Body];
        assert_eq!(parts("v0:{timestamp}.{header:webhook-id}{body}").unwrap(), expected);
        assert_eq!(parts("{{}}").unwrap(), [Part::Text("{"), Part::Text("}")]);
    }

    #[test]
    fn says_what_is_wrong_with_a_template() {
        assert_eq!(parts("{body").unwrap_err(), "a `{` has no `}`");
        assert_eq!(parts("body}").unwrap_err(), "a `}` has no `{`");
        assert_eq!(parts("{url}").unwrap_err(), "`{url}` stands for nothing");
        assert_eq!(parts("{header:}").unwrap_err(), "`{header:}` stands for nothing");
    }
}
