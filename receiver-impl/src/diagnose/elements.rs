//! A signature header taken apart for people: every element and what is wrong with it, where the engine stops at the
//! first fault.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT};
use http::{HeaderMap, HeaderValue};
use webhook_api::contract::{Blanks, Encoding, SignatureScheme, TimestampSource};

use super::lossy;

/// The most elements that are listed; a header of more is refused whatever they are.
const MOST: usize = 64;

/// An element of a signature header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its place, counted from 1 over all lines.
    pub place: usize,
    /// What it is.
    pub content: Content,
}

/// What an element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The time of sending.
    Timestamp(String),
    /// A signature of this many bytes.
    Signature(usize),
    /// A signature that cannot be one, and why.
    Malformed(String),
    /// Something else, which begins like this.
    Other(String),
}

/// The elements of the scheme's header.
pub(super) fn of(scheme: &SignatureScheme, headers: &HeaderMap) -> Vec<Element> {
    let lines = headers.get_all(scheme.header).iter().map(HeaderValue::as_bytes);
    let separated = |line| split(line, scheme.separator).enumerate();
    let elements = lines
        .enumerate()
        .flat_map(|(line, text)| separated(text).map(move |(place, element)| (line + place > 0, element)));
    let content = |(behind_another, element)| content(scheme, strip_blanks(scheme, element, behind_another));
    (1..).zip(elements.take(MOST).map(content)).map(|(place, content)| Element { place, content }).collect()
}

fn split(line: &[u8], separator: Option<char>) -> impl Iterator<Item = &[u8]> {
    line.split(move |byte| Some(char::from(*byte)) == separator)
}

fn strip_blanks<'a>(scheme: &SignatureScheme, element: &'a [u8], behind_another: bool) -> &'a [u8] {
    match (scheme.blanks, element) {
        (Blanks::Trim, element) => element.trim_ascii(),
        (Blanks::OneAfterSeparator, [b' ' | b'\t', rest @ ..]) if behind_another => rest,
        (Blanks::OneAfterSeparator, element) => element,
    }
}

fn content(scheme: &SignatureScheme, element: &[u8]) -> Content {
    if let Some(TimestampSource::Element(prefix)) = scheme.timestamp.map(|rule| rule.source)
        && let Some(text) = element.strip_prefix(prefix.as_bytes())
    {
        return Content::Timestamp(lossy(text));
    }
    match element.strip_prefix(scheme.prefix.as_bytes()) {
        None => Content::Other(beginning(element)),
        Some(text) => match decode(scheme, text) {
            Ok(len) => Content::Signature(len),
            Err(fault) => Content::Malformed(fault),
        },
    }
}

/// As much of an element as tells what it is, and no more: it may be the signature of another scheme.
fn beginning(element: &[u8]) -> String {
    let end = element.iter().position(|byte| matches!(byte, b'=' | b',')).map_or(0, |end| end + 1);
    let shown = element.get(..end.min(16)).unwrap_or_default();
    format!("{}...", lossy(shown))
}

/// The length of a signature in bytes, or what is wrong with its text.
fn decode(scheme: &SignatureScheme, text: &[u8]) -> Result<usize, String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    let len = match scheme.encoding {
        Encoding::Hex => match text.iter().position(|byte| !byte.is_ascii_hexdigit()) {
            Some(place) => return Err(format!("character {} is no hexadecimal digit", place + 1)),
            None if text.len() % 2 == 1 => return Err(format!("{} hexadecimal digits are an odd number", text.len())),
            None => text.len() / 2,
        },
        Encoding::Base64 => base64(STANDARD.decode(text))?,
        Encoding::Base64Any if text.iter().any(|byte| matches!(byte, b'-' | b'_')) => {
            base64(URL_SAFE_PAD_INDIFFERENT.decode(text))?
        }
        Encoding::Base64Any => base64(STANDARD_PAD_INDIFFERENT.decode(text))?,
    };
    match scheme.algorithm.signature_len() {
        Some(expected) if expected != len => Err(format!("it has {len} bytes, and {expected} make a signature")),
        _ => Ok(len),
    }
}

fn base64(decoded: Result<Vec<u8>, base64::DecodeError>) -> Result<usize, String> {
    decoded.map(|bytes| bytes.len()).map_err(|error| format!("it is not base64: {error}"))
}
