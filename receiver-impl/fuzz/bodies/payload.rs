//! What is signed: two different requests must never be the same signed text.

use std::sync::OnceLock;

use http::{HeaderMap, HeaderValue};
use receiver::secrets::Secret;
use receiver::signature::{Signer, Verifier};
use webhook_api::contract::{SignatureScheme, SignedPart, TimestampSource};

use super::schemes::{ALL, Keyed};

/// Times from here on. Earlier, a digit that goes from the body into the time need not make it stale.
const THIS_CENTURY: u64 = 1_000_000_000;

/// What a request brings to the signed text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts<'a> {
    id: &'a [u8],
    time: &'a [u8],
    body: &'a [u8],
}

/// The first byte chooses a scheme that signs more than the body. Eight bytes are the time, two say where the signed
/// text is cut otherwise, what follows up to a line end is the id, and the rest is the body; a byte 1 in them stands for
/// the time. The request with the parts so found has the same signed text: it must be refused unless it is the same.
pub(crate) fn payload_template(data: &[u8]) {
    static ENGINES: OnceLock<Vec<(&Keyed, Signer, Verifier)>> = OnceLock::new();
    let engines = ENGINES.get_or_init(|| {
        let engine = |keyed: &'static Keyed| {
            let signer = Signer::new(keyed.scheme, &[Secret::new(keyed.private)]).unwrap();
            (keyed, signer, Verifier::new(keyed.scheme, &[Secret::new(keyed.public)]).unwrap())
        };
        ALL.iter().filter(|keyed| keyed.scheme.signed.len() > 1).map(engine).collect()
    });
    let Some(([which, time @ .., first, second], rest)) = data.split_first_chunk::<11>() else { return };
    let (keyed, signer, verifier) = &engines[usize::from(*which) % engines.len()];
    let now = THIS_CENTURY + u64::from_be_bytes(*time) % 100_000_000_000_000_000;
    let time = now.to_string();
    let rest = filled(rest, time.as_bytes());
    let mut lines = rest.splitn(2, |byte| *byte == b'\n' && keyed.signs_id());
    let id = if keyed.signs_id() { lines.next().unwrap_or_default() } else { b"" };
    let body = lines.next().unwrap_or_default();

    let mut headers = HeaderMap::new();
    if keyed.signs_id() && !insert(&mut headers, "webhook-id", id) {
        return;
    }
    let Ok(signed) = signer.sign(&headers, body, now) else { return };
    headers.extend(signed);
    assert!(verifier.verify(&headers, body, now).is_ok(), "what is signed verifies: {headers:?}");

    let parts = Parts { id, time: time.as_bytes(), body };
    let text = parts.join(keyed.scheme);
    let Some(other) = Parts::cut(keyed.scheme, &text, [*first, *second]) else { return };
    if let Some(headers) = other.headers(keyed, headers, &time) {
        let verdict = verifier.verify(&headers, other.body, now);
        assert_eq!(verdict.is_ok(), other == parts, "{parts:?} and {other:?} are both {verdict:?}");
    }
}

impl<'a> Parts<'a> {
    fn join(&self, scheme: &SignatureScheme) -> Vec<u8> {
        let part = |part: &SignedPart| match part {
            SignedPart::Text(text) => text.as_bytes().to_vec(),
            SignedPart::Header(_) => self.id.to_vec(),
            SignedPart::Timestamp => self.time.to_vec(),
            SignedPart::Body => self.body.to_vec(),
        };
        scheme.signed.iter().flat_map(part).collect()
    }

    /// Parts that make up `text`, too: what goes before a literal ends at one of its places, by choice.
    fn cut(scheme: &SignatureScheme, text: &'a [u8], choices: [u8; 2]) -> Option<Self> {
        let (mut parts, mut rest, mut choices) = (Self::default(), text, choices.into_iter());
        for (place, part) in scheme.signed.iter().enumerate() {
            let behind = match scheme.signed.get(place + 1) {
                Some(SignedPart::Text(text)) => text.as_bytes(),
                _ => b"",
            };
            let into = match part {
                SignedPart::Text(text) => {
                    rest = rest.strip_prefix(text.as_bytes())?;
                    continue;
                }
                SignedPart::Body => {
                    parts.body = rest;
                    return Some(parts);
                }
                SignedPart::Header(_) => &mut parts.id,
                SignedPart::Timestamp => &mut parts.time,
            };
            let ends: Vec<usize> = (0..=rest.len()).filter(|end| rest[*end..].starts_with(behind)).collect();
            let choice = usize::from(choices.next()?).checked_rem(ends.len())?;
            (*into, rest) = rest.split_at(ends[choice]);
        }
        None
    }

    /// The headers of another request with its id and time in their places.
    fn headers(&self, keyed: &Keyed, mut headers: HeaderMap, time: &str) -> Option<HeaderMap> {
        let timed = match keyed.scheme.timestamp?.source {
            TimestampSource::Header(name) => insert(&mut headers, name, self.time),
            TimestampSource::Element(prefix) => {
                let value = headers[keyed.scheme.header].as_bytes();
                let signatures = value.strip_prefix(format!("{prefix}{time}").as_bytes())?.to_vec();
                insert(&mut headers, keyed.scheme.header, &[prefix.as_bytes(), self.time, &signatures].concat())
            }
        };
        (timed && (!keyed.signs_id() || insert(&mut headers, "webhook-id", self.id))).then_some(headers)
    }
}

fn filled(text: &[u8], time: &[u8]) -> Vec<u8> {
    text.split(|byte| *byte == 1).collect::<Vec<_>>().join(time)
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &[u8]) -> bool {
    let name = name.parse::<http::HeaderName>().unwrap();
    HeaderValue::from_bytes(value).map(|value| headers.insert(name, value)).is_ok()
}
