//! Why a captured request does not verify, told to whoever makes the sender and the receiver fit.
//!
//! The verdict is the engine's own. Around it stands what the engine saw: the header in its elements, the time, the
//! pieces that are signed. And where it found no match, what a sender or the way here often gets wrong is tried, one
//! change at a time and then two: each is a scheme, a secret or a body that differs a little from the right one, given
//! to the same engine. So nothing is computed here that could sign anything, and no signature is ever shown.

mod bodies;
mod elements;
mod json;
mod mistakes;

use http::HeaderMap;
use webhook_api::contract::{SignatureScheme, SignedPart, TimestampSource};

use crate::secrets::Secret;
use crate::signature::{Refusal, Verified, Verifier};

pub use bodies::{BodyChange, Json};
pub use elements::{Content, Element};
pub use mistakes::{KeyChange, Mistake};

pub(crate) use mistakes::name;

/// What can be said of a request under one scheme.
#[derive(Debug)]
pub struct Diagnosis {
    /// The scheme.
    pub scheme: &'static SignatureScheme,
    /// What the signature header holds, in order.
    pub elements: Vec<Element>,
    /// The header's lines.
    pub lines: usize,
    /// The timestamp as it stands in the request, if the scheme has one and it is there.
    pub timestamp: Option<String>,
    /// What is signed, in order.
    pub signed: Vec<Piece>,
    /// The engine's verdict.
    pub verdict: Result<Verified, Refusal>,
    /// What would have to be otherwise for a match; empty if nothing was found, or nothing was looked for.
    pub mistakes: Vec<Mistake>,
    /// The key that matches then, counted from 1.
    pub mistaken_slot: Option<u8>,
}

/// A piece of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The place in the scheme's template, or the literal text.
    pub what: String,
    /// Its value, unless that is the body or what stands there anyway.
    pub value: Option<String>,
    /// Its length in bytes; `None` if it is not there.
    pub len: Option<usize>,
}

/// Looks at a request as `verifier` sees it at `now`. Where there is no match, mistakes are looked for with `keys`, the
/// ones that the verifier was made from.
pub fn diagnose(verifier: &Verifier, keys: Option<&[Secret]>, headers: &HeaderMap, body: &[u8], now: u64) -> Diagnosis {
    let scheme = verifier.scheme();
    let verdict = verifier.verify(headers, body, now);
    let elements = elements::of(scheme, headers);
    let timestamp = timestamp(scheme, headers, &elements);
    let is_no_match = !matches!(verdict, Ok(_) | Err(Refusal::Stale { .. }));
    let found = keys.filter(|_| is_no_match).and_then(|keys| mistakes::find(scheme, keys, headers, body));
    let (mistakes, mistaken_slot) = found.map_or((Vec::new(), None), |(mistakes, slot)| (mistakes, Some(slot)));
    Diagnosis {
        signed: scheme.signed.iter().map(|part| piece(*part, headers, body, timestamp.as_deref())).collect(),
        lines: headers.get_all(scheme.header).iter().count(),
        scheme,
        elements,
        timestamp,
        verdict,
        mistakes,
        mistaken_slot,
    }
}

fn timestamp(scheme: &SignatureScheme, headers: &HeaderMap, elements: &[Element]) -> Option<String> {
    match scheme.timestamp?.source {
        TimestampSource::Header(name) => headers.get(name).map(|value| lossy(value.as_bytes())),
        TimestampSource::Element(_) => elements.iter().find_map(|element| match &element.content {
            Content::Timestamp(text) => Some(text.clone()),
            _ => None,
        }),
    }
}

fn piece(part: SignedPart, headers: &HeaderMap, body: &[u8], timestamp: Option<&str>) -> Piece {
    let valued = |what: String, value: Option<String>| Piece { what, len: value.as_ref().map(String::len), value };
    match part {
        SignedPart::Body => Piece { what: "{body}".to_owned(), value: None, len: Some(body.len()) },
        SignedPart::Text(text) => Piece { what: format!("{text:?}"), value: None, len: Some(text.len()) },
        SignedPart::Timestamp => valued("{timestamp}".to_owned(), timestamp.map(str::to_owned)),
        SignedPart::Header(name) => {
            let value = headers.get(name).map(|value| lossy(value.as_bytes()));
            valued(format!("{{header:{name}}}"), value)
        }
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests;
