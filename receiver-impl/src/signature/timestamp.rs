//! The signed time of sending.

use http::{HeaderMap, HeaderName};
use webhook_api::contract::{SignatureScheme, TimestampFormat, TimestampRule, TimestampSource};

use super::fault::SchemeFault;
use super::header::only_value;
use super::refusal::Refusal;

/// More digits than any date needs, and few enough to fit every integer type.
const MAX_DIGITS: usize = 18;

/// Where a scheme's timestamp stands, and how old it may be.
#[derive(Debug)]
pub(super) struct Freshness {
    rule: TimestampRule,
    /// The header's name as declared: the timestamp's own, or the signature's.
    spelled: &'static str,
    /// The timestamp's own header, if it has one.
    header: Option<HeaderName>,
    /// In seconds, either way.
    pub(super) tolerance: u64,
}

/// A timestamp as received, and the second that it names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timestamp<'h> {
    pub(super) text: &'h [u8],
    pub(super) unix_seconds: u64,
}

impl Freshness {
    pub(super) fn new(scheme: &SignatureScheme) -> Result<Option<Self>, SchemeFault> {
        let Some(rule) = scheme.timestamp else { return Ok(None) };
        let (spelled, header) = match rule.source {
            TimestampSource::Element(_) => (scheme.header, None),
            TimestampSource::Header(name) => {
                (name, Some(HeaderName::try_from(name).map_err(|_| SchemeFault::HeaderName(name))?))
            }
        };
        Ok(Some(Self { rule, spelled, header, tolerance: rule.tolerance_seconds }))
    }

    /// The prefix of the signature header's element with the timestamp.
    pub(super) fn element(&self) -> Option<&'static [u8]> {
        match self.rule.source {
            TimestampSource::Element(prefix) => Some(prefix.as_bytes()),
            TimestampSource::Header(_) => None,
        }
    }

    /// The header that holds nothing but the timestamp.
    pub(super) fn own_header(&self) -> Option<&HeaderName> {
        self.header.as_ref()
    }

    /// Reads the timestamp from its own header or from the `element` found beside the signatures.
    pub(super) fn read<'h>(&self, headers: &'h HeaderMap, element: Option<&'h [u8]>) -> Result<Timestamp<'h>, Refusal> {
        let text = match &self.header {
            Some(name) => only_value(headers, name, self.spelled)?,
            None => element.ok_or(Refusal::MissingTimestamp(self.spelled))?,
        };
        let number = decimal(text).ok_or(Refusal::MalformedTimestamp(self.spelled))?;
        let unix_seconds = match self.rule.format {
            TimestampFormat::UnixSeconds => number,
            TimestampFormat::UnixMilliseconds => number / 1000,
        };
        Ok(Timestamp { text, unix_seconds })
    }

    /// Whether the timestamp is near enough to `now`, either way and inclusive.
    pub(super) fn judge(&self, timestamp: Timestamp<'_>, now: u64) -> Result<(), Refusal> {
        if now.abs_diff(timestamp.unix_seconds) <= self.tolerance {
            return Ok(());
        }
        let age = i128::from(now) - i128::from(timestamp.unix_seconds);
        Err(Refusal::Stale { age: i64::try_from(age).unwrap_or(i64::MAX) })
    }

    /// Writes `now` as the sender does.
    pub(super) fn write(&self, now: u64) -> String {
        match self.rule.format {
            TimestampFormat::UnixSeconds => now.to_string(),
            TimestampFormat::UnixMilliseconds => now.saturating_mul(1000).to_string(),
        }
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > MAX_DIGITS || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(text.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_decimal_digits_only() {
        assert_eq!(decimal(b"0"), Some(0));
        assert_eq!(decimal(b"1767225595"), Some(1_767_225_595));
        assert_eq!(decimal(b"999999999999999999"), Some(999_999_999_999_999_999));
        for text in ["", "-1", "+1", " 1", "1 ", "1.0", "1e9", "0x1", "1234567890123456789", "\u{661}"] {
            assert_eq!(decimal(text.as_bytes()), None, "{text}");
        }
    }
}
