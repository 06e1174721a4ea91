//! JSON with line ends and indents, and otherwise the very characters that came: numbers keep their digits, members
//! their order, and one that is there twice stays so.

use serde::de::IgnoredAny;

/// The same JSON with a value a line; `None` if it is none.
pub(super) fn pretty(body: &[u8]) -> Option<String> {
    let text = str::from_utf8(body).ok()?;
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut rest = text.chars().peekable();
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                out.push(c);
                let mut escaped = false;
                for c in rest.by_ref() {
                    out.push(c);
                    match c {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(c);
                while rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(end) = rest.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out.push('\n');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn puts_a_value_on_each_line_and_changes_none() {
        let body = br#" {"b":1.10, "a" : [ ] ,"c":{"d":"x\"{,}","d":[1,2E400,{ }]},"b":null}"#;
        let expected = "{\n  \"b\": 1.10,\n  \"a\": [],\n  \"c\": {\n    \"d\": \"x\\\"{,}\",\n    \"d\": [\n      1,\n      2E400,\n      {}\n    ]\n  },\n  \"b\": null\n}\n";
        assert_eq!(pretty(body).unwrap(), expected);
        assert_eq!(pretty(expected.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn leaves_alone_what_is_no_json() {
        for body in [&b"{\"a\":"[..], b"", b"\xff", b"{} {}", b"text"] {
            assert_eq!(pretty(body), None);
        }
    }
}
