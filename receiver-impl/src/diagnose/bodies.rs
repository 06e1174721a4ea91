//! Bodies that may have become the one that was captured: what editors, shells and JSON libraries do to bytes.

use std::fmt;

use super::json::{Escapes, Space, is_json, rewritten};

/// How what was signed differs from the body at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyChange {
    /// It had no line end behind it.
    NoLineEnd,
    /// It had one.
    LineEnd,
    /// It had one of two characters.
    CarriageReturn,
    /// Its lines ended with CR LF.
    Crlf,
    /// Its lines ended with LF.
    Lf,
    /// It had no byte order mark.
    NoMark,
    /// It was other JSON of the same meaning.
    Rewritten(Json),
}

/// How JSON was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json {
    space: Space,
    escapes: Escapes,
}

/// Every body that is not the one at hand.
pub(super) fn variants(body: &[u8]) -> Vec<(BodyChange, Vec<u8>)> {
    let with = |end: &[u8]| [body, end].concat();
    let mut found = vec![
        (BodyChange::LineEnd, with(b"\n")),
        (BodyChange::CarriageReturn, with(b"\r\n")),
        (BodyChange::Lf, replaced(body, b"\r\n", b"\n")),
        (BodyChange::Crlf, replaced(&replaced(body, b"\r\n", b"\n"), b"\n", b"\r\n")),
    ];
    let without_end = body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body));
    found.extend(without_end.map(|body| (BodyChange::NoLineEnd, body.to_vec())));
    found.extend(body.strip_prefix(b"\xef\xbb\xbf").map(|body| (BodyChange::NoMark, body.to_vec())));
    if let Ok(text) = str::from_utf8(body)
        && is_json(body)
    {
        for space in [Space::AsIs, Space::None, Space::Blanks, Space::Lines(2), Space::Lines(4)] {
            for escapes in [Escapes::AsIs, Escapes::NonAscii, Escapes::Slash, Escapes::Both, Escapes::Neither] {
                let change = BodyChange::Rewritten(Json { space, escapes });
                found.push((change, rewritten(text, space, escapes).into_bytes()));
            }
        }
    }
    let mut kept: Vec<(BodyChange, Vec<u8>)> = Vec::new();
    for (change, variant) in found {
        if variant != body && kept.iter().all(|(_, other)| *other != variant) {
            kept.push((change, variant));
        }
    }
    kept
}

fn replaced(body: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(place) = memchr::memmem::find(rest, old) {
        out.extend_from_slice(rest.get(..place).unwrap_or_default());
        out.extend_from_slice(new);
        rest = rest.get(place + old.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

impl BodyChange {
    /// A stable word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoLineEnd => "line_end_added",
            Self::LineEnd | Self::CarriageReturn => "line_end_lost",
            Self::Crlf | Self::Lf => "line_ends_changed",
            Self::NoMark => "byte_order_mark_added",
            Self::Rewritten(_) => "json_rewritten",
        }
    }
}

impl fmt::Display for BodyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLineEnd => f.write_str(
                "the body has a line end behind it that was not signed; editors add one, and `echo` without -n",
            ),
            Self::LineEnd => f.write_str("a line end (LF) behind the body was signed and is missing"),
            Self::CarriageReturn => f.write_str("a line end (CR LF) behind the body was signed and is missing"),
            Self::Crlf => f.write_str("the lines of the signed body ended with CR LF, and these end with LF"),
            Self::Lf => f.write_str("the lines of the signed body ended with LF, and these end with CR LF"),
            Self::NoMark => f.write_str("the body begins with a byte order mark that was not signed"),
            Self::Rewritten(Json { space, escapes }) => {
                f.write_str("the body was parsed and written again; the signed one ")?;
                f.write_str(match space {
                    Space::AsIs => "has the same blanks",
                    Space::None => "has no blanks between its tokens",
                    Space::Blanks => "has a blank behind each comma and colon",
                    Space::Lines(_) => "is indented, a line for each member",
                })?;
                f.write_str(match escapes {
                    Escapes::AsIs => "",
                    Escapes::NonAscii => ", and \\u escapes for what is not ASCII",
                    Escapes::Slash => ", and `\\/` for each slash",
                    Escapes::Both => ", and \\u escapes for what is not ASCII and `\\/` for each slash",
                    Escapes::Neither => ", and no escapes that need not be",
                })
            }
        }
    }
}
