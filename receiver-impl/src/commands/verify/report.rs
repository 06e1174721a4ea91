//! What `receiver verify` says to people.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use ring::digest::{SHA256, digest};
use webhook_api::contract::{Encoding, Endpoint, SignatureScheme, TimestampFormat};

use super::capture::Capture;
use crate::diagnose::{Content, Diagnosis, Element, Piece, name};
use crate::hex::hex;
use crate::log_text::Shown;
use crate::signature::{Refusal, Verified};

/// All that is known of a captured request.
pub(super) struct Report<'a> {
    pub(super) endpoint: &'static Endpoint,
    pub(super) capture: &'a Capture,
    pub(super) body: &'a [u8],
    pub(super) now: u64,
    pub(super) verdict: Result<Vec<Verified>, Refusal>,
    /// What becomes of it as a challenge without a signature, if it is one.
    pub(super) challenge: Option<&'static str>,
    pub(super) schemes: Vec<Scheme>,
}

/// A scheme of the endpoint.
pub(super) enum Scheme {
    /// It has keys.
    InForce {
        diagnosis: Diagnosis,
        /// Where its keys stand.
        source: String,
        keys: usize,
        /// How old a request may be, where that is configured.
        tolerance: Option<u64>,
    },
    /// It has none.
    Without {
        scheme: &'static SignatureScheme,
        /// Where they would stand.
        variable: String,
    },
}

impl Report<'_> {
    pub(super) fn is_verified(&self) -> bool {
        self.verdict.is_ok()
    }

    pub(super) fn print(&self, json: bool) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        if json { writeln!(stdout, "{}", self.json()) } else { write!(stdout, "{self}") }
    }

    /// What of the capture makes it doubtful that these are the bytes that were sent.
    pub(super) fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        let header = |name| self.capture.headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(length) = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok())
            && length != self.body.len()
        {
            let found = self.body.len();
            doubts.push(format!("Content-Length is {length}, but the body has {found} bytes: it is not the raw body"));
        }
        if let Some(coding) = header(CONTENT_ENCODING).filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
            doubts.push(format!("Content-Encoding is {}: the receiver takes no compressed bodies", Shown(coding)));
        }
        doubts
    }

    pub(super) fn digest(&self) -> String {
        hex(digest(&SHA256, self.body).as_ref())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Endpoint { id, method, path, .. } = self.endpoint;
        writeln!(f, "endpoint      {id}: {method} {path}")?;
        writeln!(f, "body          {} bytes, SHA-256 {}", self.body.len(), self.digest())?;
        for doubt in self.doubts() {
            writeln!(f, "doubt         {doubt}")?;
        }
        for scheme in &self.schemes {
            writeln!(f)?;
            scheme.write(f, self.now)?;
        }
        writeln!(f)?;
        if let Some(challenge) = self.challenge {
            writeln!(f, "challenge: {challenge}")?;
        }
        match &self.verdict {
            Ok(verified) if verified.is_empty() => writeln!(f, "verified: nothing guards this endpoint"),
            Ok(verified) => {
                let by = verified.iter().map(|Verified { scheme, slot }| format!("{}, key {slot}", scheme.name));
                writeln!(f, "verified: {}", by.collect::<Vec<_>>().join("; "))
            }
            Err(refusal) => writeln!(f, "refused: {refusal} ({})", refusal.reason()),
        }
    }
}

impl Scheme {
    fn write(&self, f: &mut fmt::Formatter<'_>, now: u64) -> fmt::Result {
        let (diagnosis, source, keys, tolerance) = match self {
            Self::Without { scheme, variable } => {
                return writeln!(f, "{}: not in force; {variable} has no key for it", scheme.name);
            }
            Self::InForce { diagnosis, source, keys, tolerance } => (diagnosis, source, keys, tolerance),
        };
        let scheme = diagnosis.scheme;
        let encoding = match scheme.encoding {
            Encoding::Hex => "hexadecimal",
            Encoding::Base64 | Encoding::Base64Any => "base64",
        };
        writeln!(f, "{}: {} in {encoding}, in `{}`", scheme.name, name(scheme.algorithm), scheme.header)?;
        match diagnosis.lines {
            0 => writeln!(f, "  header      not there")?,
            1 => writeln!(f, "  header      there")?,
            lines => writeln!(f, "  header      there {lines} times")?,
        }
        for Element { place, content } in &diagnosis.elements {
            writeln!(f, "  element {place:<3} {}", Described(content))?;
        }
        if let Some(rule) = scheme.timestamp {
            let allowed = tolerance.unwrap_or(rule.tolerance_seconds);
            let unit = match rule.format {
                TimestampFormat::UnixSeconds => "s",
                TimestampFormat::UnixMilliseconds => "ms",
            };
            match diagnosis.timestamp.as_deref() {
                None => writeln!(f, "  time        not there")?,
                Some(text) => match text.parse::<u64>() {
                    Ok(time) => {
                        writeln!(f, "  time        {time} {unit}, against {now} s; {allowed} s may lie between")?;
                    }
                    Err(_) => writeln!(f, "  time        {}, which is no number", Shown(text))?,
                },
            }
        }
        let signed: Vec<_> = diagnosis.signed.iter().map(piece_text).collect();
        writeln!(f, "  signed      {}", signed.join(" then "))?;
        match &diagnosis.verdict {
            Ok(verified) => writeln!(f, "  keys        {keys} of {source}; key {} made the signature", verified.slot)?,
            Err(_) => writeln!(f, "  keys        {keys} of {source}")?,
        }
        match &diagnosis.verdict {
            Ok(_) => writeln!(f, "  result      verified"),
            Err(refusal) => {
                writeln!(f, "  result      {refusal} ({})", refusal.reason())?;
                write_causes(f, diagnosis)
            }
        }
    }
}

fn write_causes(f: &mut fmt::Formatter<'_>, diagnosis: &Diagnosis) -> fmt::Result {
    if let Some(slot) = diagnosis.mistaken_slot {
        writeln!(f, "  cause       key {slot} matches if this is so:")?;
        for mistake in &diagnosis.mistakes {
            writeln!(f, "              - {mistake}")?;
        }
    }
    match &diagnosis.verdict {
        Err(Refusal::Stale { .. }) => {
            writeln!(f, "  cause       it was captured a while ago (give --now), or a clock is wrong")
        }
        Err(Refusal::NoMatch) if diagnosis.mistaken_slot.is_none() => writeln!(
            f,
            "  cause       none of the usual mistakes: most likely another secret signed it, or the body is not the \
             raw one"
        ),
        _ => Ok(()),
    }
}

fn piece_text(piece: &Piece) -> String {
    let mut text = piece.what.clone();
    // Writing to a string cannot fail.
    let _ = match (&piece.value, piece.len) {
        (Some(value), _) => write!(text, " = {}", Shown(value)),
        (None, Some(len)) if piece.what == "{body}" => write!(text, " of {len} bytes"),
        (None, Some(_)) => Ok(()),
        (None, None) => write!(text, ", which is not there"),
    };
    text
}

struct Described<'a>(&'a Content);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Content::Timestamp(text) => write!(f, "the time, {}", Shown(text)),
            Content::Signature(bytes) => write!(f, "a signature of {bytes} bytes"),
            Content::Malformed(fault) => write!(f, "no signature: {}", Shown(fault)),
            Content::Other(text) => write!(f, "something else: {}", Shown(text)),
        }
    }
}
