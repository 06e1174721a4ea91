//! A signature header's lines to candidates: split, stripped and decoded into room on the stack.
//!
//! The bytes of a header need not be ASCII, let alone UTF-8, and are never taken for text. All loops end with the
//! header or with the scheme's most signatures, whichever comes first.

use http::{HeaderMap, HeaderName, HeaderValue};
use memchr::memchr;
use webhook_api::contract::{Blanks, Encoding, OnFault, RepeatedHeader, SignatureScheme};

use super::fault::SchemeFault;
use super::refusal::Refusal;
use super::text;

/// The most candidates of any scheme.
pub(super) const MAX_CANDIDATES: usize = 16;
/// The longest header looked at, all its lines together.
const MAX_TEXT: usize = 16 << 10;

/// How a scheme writes its signature header.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) header: HeaderName,
    spelled: &'static str,
    encoding: Encoding,
    prefix: &'static [u8],
    timestamp: Option<&'static [u8]>,
    separator: Option<u8>,
    blanks: Blanks,
    malformed: OnFault,
    others: OnFault,
    repeated: RepeatedHeader,
    max: usize,
    /// The length of a signature in bytes, where the algorithm says.
    len: Option<usize>,
}

/// Decoded signatures, each up to `WIDTH` bytes with zeros behind.
#[derive(Debug)]
pub(super) struct Candidates<const WIDTH: usize> {
    bytes: [[u8; WIDTH]; MAX_CANDIDATES],
    lens: [usize; MAX_CANDIDATES],
    count: usize,
}

impl Grammar {
    /// `timestamp` is the prefix of the element with the timestamp.
    pub(super) fn new(scheme: &SignatureScheme, timestamp: Option<&'static [u8]>) -> Result<Self, SchemeFault> {
        if !(1..=MAX_CANDIDATES).contains(&scheme.max_signatures) {
            return Err(SchemeFault::MaxSignatures(scheme.max_signatures));
        }
        let separator = match scheme.separator {
            Some(found) if !found.is_ascii() => return Err(SchemeFault::Separator(found)),
            None if scheme.repeated_header == RepeatedHeader::Join => return Err(SchemeFault::JoinedWithoutSeparator),
            separator => separator.map(|found| found as u8),
        };
        Ok(Self {
            header: HeaderName::try_from(scheme.header).map_err(|_| SchemeFault::HeaderName(scheme.header))?,
            spelled: scheme.header,
            encoding: scheme.encoding,
            prefix: scheme.prefix.as_bytes(),
            timestamp,
            separator,
            blanks: scheme.blanks,
            malformed: scheme.malformed,
            others: scheme.others,
            repeated: scheme.repeated_header,
            max: scheme.max_signatures,
            len: scheme.algorithm.signature_len(),
        })
    }

    /// Reads the header's lines: the signatures into `candidates`, at least one, and the text of the timestamp's element
    /// if there is one. Several lines, where they may be joined, are what a comma between them would make.
    pub(super) fn read<'h, const WIDTH: usize>(
        &self,
        headers: &'h HeaderMap,
        candidates: &mut Candidates<WIDTH>,
    ) -> Result<Option<&'h [u8]>, Refusal> {
        let (mut lines, mut len, mut signatures, mut timestamp) = (0, 0, 0, None);
        for line in headers.get_all(&self.header).iter().map(HeaderValue::as_bytes) {
            if lines > 0 && self.repeated == RepeatedHeader::Refuse {
                return Err(Refusal::RepeatedHeader(self.spelled));
            }
            len += line.len() + 1;
            if len > MAX_TEXT {
                return Err(Refusal::TooLong(self.spelled));
            }
            let mut rest = Some(line);
            while let Some(text) = rest {
                let behind_separator = lines > 0 || text.len() < line.len();
                let (element, behind) = self.split(text);
                rest = behind;
                let element = self.strip_blanks(element, behind_separator);
                match self.timestamp.and_then(|prefix| element.strip_prefix(prefix)) {
                    Some(_) if timestamp.is_some() => return Err(Refusal::RepeatedTimestamp(self.spelled)),
                    Some(text) => timestamp = Some(text),
                    None => self.read_signature(element, candidates, &mut signatures)?,
                }
            }
            lines += 1;
        }
        match (lines, signatures, candidates.count) {
            (0, ..) => Err(Refusal::MissingHeader(self.spelled)),
            (_, 0, _) => Err(Refusal::NoSignature(self.spelled)),
            (_, _, 0) => Err(Refusal::Malformed(self.spelled)),
            _ => Ok(timestamp),
        }
    }

    fn read_signature<const WIDTH: usize>(
        &self,
        element: &[u8],
        candidates: &mut Candidates<WIDTH>,
        signatures: &mut usize,
    ) -> Result<(), Refusal> {
        let (read, fault) = match element.strip_prefix(self.prefix) {
            None => (false, self.others),
            Some(_) if *signatures == self.max => return Err(Refusal::TooManySignatures(self.spelled)),
            Some(text) => {
                *signatures += 1;
                (candidates.push(self.encoding, text, self.len), self.malformed)
            }
        };
        match fault {
            OnFault::Refuse if !read => Err(Refusal::Malformed(self.spelled)),
            _ => Ok(()),
        }
    }

    /// The first element of `text`, and what is behind its separator if there is one.
    fn split<'h>(&self, text: &'h [u8]) -> (&'h [u8], Option<&'h [u8]>) {
        let end = self.separator.and_then(|separator| memchr(separator, text));
        match end.and_then(|end| Some((text.get(..end)?, text.get(end + 1..)?))) {
            Some((element, rest)) => (element, Some(rest)),
            None => (text, None),
        }
    }

    fn strip_blanks<'h>(&self, element: &'h [u8], behind_separator: bool) -> &'h [u8] {
        match self.blanks {
            Blanks::Trim => trim(element),
            Blanks::OneAfterSeparator => match element {
                [b' ' | b'\t', rest @ ..] if behind_separator => rest,
                element => element,
            },
        }
    }

    /// Writes the header as the sender does.
    pub(super) fn write(&self, timestamp: Option<&str>, signatures: &[Vec<u8>]) -> Vec<u8> {
        let mut value = Vec::new();
        let mut element = |prefix: &[u8], text: &str| {
            if !value.is_empty() {
                value.extend(self.separator);
            }
            value.extend_from_slice(prefix);
            value.extend_from_slice(text.as_bytes());
        };
        if let (Some(prefix), Some(text)) = (self.timestamp, timestamp) {
            element(prefix, text);
        }
        for signature in signatures {
            element(self.prefix, &text::encode(self.encoding, signature));
        }
        value
    }

    /// Whether one header can carry this many signatures.
    pub(super) fn has_room_for(&self, signatures: usize) -> bool {
        signatures <= if self.separator.is_some() { self.max } else { 1 }
    }
}

impl<const WIDTH: usize> Candidates<WIDTH> {
    pub(super) fn new() -> Self {
        Self { bytes: [[0; WIDTH]; MAX_CANDIDATES], lens: [0; MAX_CANDIDATES], count: 0 }
    }

    /// Decodes `text` behind the others and says whether it is a signature.
    fn push(&mut self, encoding: Encoding, text: &[u8], expected: Option<usize>) -> bool {
        let Some((bytes, len)) = self.bytes.get_mut(self.count).zip(self.lens.get_mut(self.count)) else {
            return false;
        };
        match text::decode(encoding, text, bytes) {
            Some(found) if found > 0 && expected.is_none_or(|expected| expected == found) => {
                *len = found;
                self.count += 1;
                true
            }
            _ => {
                *bytes = [0; WIDTH];
                false
            }
        }
    }

    /// Each candidate at its full width. They all have the same length where the algorithm lays one down.
    pub(super) fn padded(&self) -> impl Iterator<Item = &[u8; WIDTH]> {
        self.bytes.iter().take(self.count)
    }

    /// Each candidate at its own length.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.padded().zip(self.lens).map(|(bytes, len)| bytes.split_at_checked(len).map_or(&bytes[..], |(own, _)| own))
    }
}

/// The value of a header that must stand exactly once and hold something.
pub(super) fn only_value<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
    spelled: &'static str,
) -> Result<&'h [u8], Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(HeaderValue::as_bytes), values.next()) {
        (None | Some([]), None) => Err(Refusal::MissingHeader(spelled)),
        (Some(value), None) => Ok(value),
        (_, Some(_)) => Err(Refusal::RepeatedHeader(spelled)),
    }
}

fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
