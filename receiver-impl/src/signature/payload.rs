//! What was signed, as pieces in order. The body is never copied for an HMAC.

use std::borrow::Cow;
use std::slice;

use http::{HeaderMap, HeaderName};
use webhook_api::contract::{SignatureScheme, SignedPart};

use super::fault::SchemeFault;
use super::header::only_value;
use super::refusal::Refusal;

/// The most pieces of a template.
const MAX_PIECES: usize = 16;

/// A scheme's signed text with holes for what a request brings.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Body,
    Timestamp,
    Header {
        name: HeaderName,
        spelled: &'static str,
        /// The literal text behind it, which must not occur in it: `a.b` and `c` or `a` and `b.c`?
        end: &'static [u8],
    },
    Text(&'static [u8]),
}

/// The pieces of one request.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // It lives on the stack of one verification; a box would be an allocation.
pub(super) enum Payload<'a> {
    /// One, such as the body and nothing else.
    Whole(&'a [u8]),
    /// Several, of which the first so many count.
    Pieces([&'a [u8]; MAX_PIECES], usize),
}

impl Template {
    pub(super) fn new(scheme: &SignatureScheme) -> Result<Self, SchemeFault> {
        let parts = scheme.signed;
        if parts.len() > MAX_PIECES {
            return Err(SchemeFault::TooManyPieces);
        }
        if !parts.contains(&SignedPart::Body) {
            return Err(SchemeFault::BodyNotSigned);
        }
        if parts.contains(&SignedPart::Timestamp) != scheme.timestamp.is_some() {
            return Err(SchemeFault::TimestampNotSigned);
        }
        let piece = |(place, part): (usize, &SignedPart)| match *part {
            SignedPart::Body => Ok(Piece::Body),
            SignedPart::Timestamp => Ok(Piece::Timestamp),
            SignedPart::Text(text) => Ok(Piece::Text(text.as_bytes())),
            SignedPart::Header(spelled) => {
                let end: &'static str = match parts.get(place + 1) {
                    Some(SignedPart::Text(text)) => text,
                    _ => "",
                };
                let name = HeaderName::try_from(spelled).map_err(|_| SchemeFault::HeaderName(spelled))?;
                Ok(Piece::Header { name, spelled, end: end.as_bytes() })
            }
        };
        parts.iter().enumerate().map(piece).collect::<Result<_, _>>().map(Self)
    }

    /// Puts a request's values in. Header values count as received, without the blanks around them.
    pub(super) fn fill<'a>(
        &'a self,
        headers: &'a HeaderMap,
        timestamp: &'a [u8],
        body: &'a [u8],
    ) -> Result<Payload<'a>, Refusal> {
        if let [Piece::Body] = self.0.as_slice() {
            return Ok(Payload::Whole(body));
        }
        let mut pieces: [&[u8]; MAX_PIECES] = [&[]; MAX_PIECES];
        for (place, piece) in pieces.iter_mut().zip(&self.0) {
            *place = match piece {
                Piece::Body => body,
                Piece::Timestamp => timestamp,
                Piece::Text(text) => text,
                Piece::Header { name, spelled, end } => {
                    let value = only_value(headers, name, spelled)?;
                    if !end.is_empty() && value.windows(end.len()).any(|window| window == *end) {
                        return Err(Refusal::AmbiguousHeader(spelled));
                    }
                    value
                }
            };
        }
        Ok(Payload::Pieces(pieces, self.0.len()))
    }
}

impl<'a> Payload<'a> {
    /// A text that is all there is.
    pub(super) fn whole(text: &'a [u8]) -> Self {
        Self::Whole(text)
    }

    #[cfg(test)]
    pub(super) fn of(parts: &[&'a [u8]]) -> Self {
        let mut pieces: [&[u8]; MAX_PIECES] = [&[]; MAX_PIECES];
        pieces[..parts.len()].copy_from_slice(parts);
        Self::Pieces(pieces, parts.len())
    }

    pub(super) fn pieces(&self) -> &[&'a [u8]] {
        match self {
            Self::Whole(text) => slice::from_ref(text),
            Self::Pieces(pieces, count) => pieces.get(..*count).unwrap_or(pieces),
        }
    }

    /// The pieces in one; copied only if there are several.
    pub(super) fn joined(&self) -> Cow<'a, [u8]> {
        match self {
            Self::Whole(text) => Cow::Borrowed(text),
            Self::Pieces(..) => Cow::Owned(self.pieces().concat()),
        }
    }
}
