//! A captured head: `Name: value` lines as people have them, from a proxy, a log or `curl -v`.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// What was captured of a request, its body aside.
#[derive(Debug, Default)]
pub(super) struct Capture {
    /// The path of the request line, without its query, if there is one.
    pub(super) path: Option<String>,
    /// The headers.
    pub(super) headers: HeaderMap,
}

/// A line that is none of a head.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoHeader {
    line: usize,
}

impl Capture {
    /// Reads a head. Line ends may be either kind; what stands behind an empty line is not part of it, and neither are
    /// the lines that `curl -v` writes about the connection and the answer.
    pub(super) fn parse(text: &[u8]) -> Result<Self, NoHeader> {
        let mut capture = Self::default();
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for (line, text) in (1..).zip(text.split(|byte| *byte == b'\n')) {
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            let text = match text {
                [b'*' | b'<' | b'{' | b'}', b' ', ..] | [b'<' | b'>'] => continue,
                [b'>', b' ', rest @ ..] => rest,
                text => text,
            };
            match text.trim_ascii() {
                [] if capture.headers.is_empty() => {}
                [] => break,
                text => capture.add(text).ok_or(NoHeader { line })?,
            }
        }
        Ok(capture)
    }

    fn add(&mut self, line: &[u8]) -> Option<()> {
        if let Some(path) = line.strip_prefix(b":path:") {
            self.path = Some(without_query(str::from_utf8(path).ok()?.trim()));
            return Some(());
        }
        // The other names of that kind are HTTP/2's own.
        if let [b':', b'a'..=b'z', ..] = line {
            return Some(());
        }
        if self.headers.is_empty()
            && let Some(path) = path(line)
        {
            self.path = Some(path);
            return Some(());
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at_checked(colon)?;
        let name = HeaderName::from_bytes(name.trim_ascii_end()).ok()?;
        let value = HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?;
        self.headers.append(name, value);
        Some(())
    }
}

/// The path of a request line.
fn path(line: &[u8]) -> Option<String> {
    let mut words = str::from_utf8(line).ok()?.split(' ');
    let (_method, target, version) = (words.next()?, words.next()?, words.next()?);
    version.starts_with("HTTP/").then(|| without_query(target))
}

fn without_query(target: &str) -> String {
    target.split('?').next().unwrap_or_default().to_owned()
}

impl fmt::Display for NoHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is no header; each line should be `Name: value`", self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<String>, Vec<(String, String)>) {
        let capture = Capture::parse(text.as_bytes()).unwrap();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = capture.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
        (capture.path, headers.collect())
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn reads_plain_lines() {
        let (path, headers) = parse("X-Signature: a: b\r\nx-signature:c\n\nHost: body");
        assert_eq!((path, headers), (None, vec![pair("x-signature", "a: b"), pair("x-signature", "c")]));
    }

    #[test]
    fn reads_a_whole_head() {
        let (path, headers) = parse("\nPOST /gridx/events?a=b HTTP/1.1\nHost: x\n\n{}");
        assert_eq!((path.as_deref(), headers), (Some("/gridx/events"), vec![pair("host", "x")]));
    }

    #[test]
    fn reads_what_curl_shows() {
        let text = "* Connected to x\n> POST /nursa/events HTTP/2\n> Host: x\n> Nursa-Signature: t=1\n>\n} [77 bytes data]\n\
                    < HTTP/2 401\n< date: now\n<\n";
        let (path, headers) = parse(text);
        assert_eq!(path.as_deref(), Some("/nursa/events"));
        assert_eq!(headers, [pair("host", "x"), pair("nursa-signature", "t=1")]);
    }

    #[test]
    fn reads_the_names_of_http_2() {
        let (path, headers) = parse(":method: POST\n:path: /a?b\naccept: */*\n");
        assert_eq!((path.as_deref(), headers), (Some("/a"), vec![pair("accept", "*/*")]));
    }

    #[test]
    fn keeps_bytes_that_are_no_text() {
        let capture = Capture::parse(b"X: \xff\xfe\n").unwrap();
        assert_eq!(capture.headers["x"].as_bytes(), b"\xff\xfe");
    }

    #[test]
    fn names_the_line_that_is_no_header() {
        for text in ["A: b\nno header\n", "A: b\n: c", "A: b\nC D: e", "A: b\nC: \u{1}"] {
            assert_eq!(Capture::parse(text.as_bytes()).unwrap_err().line, 2, "{text}");
        }
        assert_eq!(NoHeader { line: 2 }.to_string(), "line 2 is no header; each line should be `Name: value`");
    }
}
