//! Why a delivery was not believed: for the log and the metrics, never for the sender.

use std::fmt;

/// Why a request does not prove who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A header that the scheme needs is not there, or empty where it is signed.
    MissingHeader(&'static str),
    /// A header that may stand once stands several times.
    RepeatedHeader(&'static str),
    /// The signature header is longer than any that could verify.
    TooLong(&'static str),
    /// The signature header has more signatures than the scheme allows.
    TooManySignatures(&'static str),
    /// The signature header does not follow the scheme's grammar.
    Malformed(&'static str),
    /// The signature header is well-formed, but nothing in it is a signature of this scheme.
    NoSignature(&'static str),
    /// The signature header lacks the time of sending.
    MissingTimestamp(&'static str),
    /// The signature header names two times of sending.
    RepeatedTimestamp(&'static str),
    /// The time of sending is not 1 to 18 decimal digits.
    MalformedTimestamp(&'static str),
    /// A signed header contains the text that ends it in the signed text, so that its end is anybody's guess.
    AmbiguousHeader(&'static str),
    /// No key makes any of the signatures.
    NoMatch,
    /// The signature is right, but too old or from the future.
    Stale {
        /// Seconds since it was sent; negative: it claims to come from the future.
        age: i64,
    },
    /// There is no `Authorization`, or several, where one is demanded.
    MissingAuthorization,
    /// `Authorization` has none of the configured values.
    WrongAuthorization,
}

impl Refusal {
    /// Every word that [`Refusal::reason`] says.
    pub const REASONS: &[&str] = &[
        "missing_header",
        "repeated_header",
        "too_long",
        "too_many_signatures",
        "malformed",
        "no_signature",
        "missing_timestamp",
        "repeated_timestamp",
        "malformed_timestamp",
        "ambiguous_header",
        "no_match",
        "stale",
        "missing_authorization",
        "wrong_authorization",
    ];

    /// A stable word for logs and metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::MissingHeader(_) => "missing_header",
            Self::RepeatedHeader(_) => "repeated_header",
            Self::TooLong(_) => "too_long",
            Self::TooManySignatures(_) => "too_many_signatures",
            Self::Malformed(_) => "malformed",
            Self::NoSignature(_) => "no_signature",
            Self::MissingTimestamp(_) => "missing_timestamp",
            Self::RepeatedTimestamp(_) => "repeated_timestamp",
            Self::MalformedTimestamp(_) => "malformed_timestamp",
            Self::AmbiguousHeader(_) => "ambiguous_header",
            Self::NoMatch => "no_match",
            Self::Stale { .. } => "stale",
            Self::MissingAuthorization => "missing_authorization",
            Self::WrongAuthorization => "wrong_authorization",
        }
    }

    /// The one of two that says more: the check that got further.
    pub(super) fn more_telling(self, other: Self) -> Self {
        if other.reached() > self.reached() { other } else { self }
    }

    fn reached(&self) -> u8 {
        match self {
            Self::MissingHeader(_) | Self::MissingAuthorization | Self::WrongAuthorization => 0,
            Self::NoSignature(_) => 1,
            Self::RepeatedHeader(_)
            | Self::TooLong(_)
            | Self::TooManySignatures(_)
            | Self::Malformed(_)
            | Self::MissingTimestamp(_)
            | Self::RepeatedTimestamp(_)
            | Self::MalformedTimestamp(_)
            | Self::AmbiguousHeader(_) => 2,
            Self::NoMatch => 3,
            Self::Stale { .. } => 4,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingHeader(header) => write!(f, "`{header}` is missing or empty"),
            Self::RepeatedHeader(header) => write!(f, "`{header}` stands more than once"),
            Self::TooLong(header) => write!(f, "`{header}` is too long"),
            Self::TooManySignatures(header) => write!(f, "`{header}` has more signatures than the scheme allows"),
            Self::Malformed(header) => write!(f, "`{header}` does not have the form that the scheme lays down"),
            Self::NoSignature(header) => write!(f, "`{header}` has no signature of this scheme"),
            Self::MissingTimestamp(header) => write!(f, "`{header}` has no timestamp"),
            Self::RepeatedTimestamp(header) => write!(f, "`{header}` has several timestamps"),
            Self::MalformedTimestamp(header) => write!(f, "the timestamp in `{header}` is not 1 to 18 decimal digits"),
            Self::AmbiguousHeader(header) => write!(f, "`{header}` contains the text that should end it"),
            Self::NoMatch => f.write_str("no configured key makes the signature"),
            Self::MissingAuthorization => f.write_str("`Authorization` must stand there exactly once"),
            Self::WrongAuthorization => f.write_str("`Authorization` has none of the configured values"),
            Self::Stale { age: age @ 0.. } => write!(f, "the signature is right but {age} s old"),
            Self::Stale { age } => write!(f, "the signature is right but {} s in the future", age.unsigned_abs()),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_listed() {
        for refusal in [
            Refusal::MissingHeader(""),
            Refusal::RepeatedHeader(""),
            Refusal::TooLong(""),
            Refusal::TooManySignatures(""),
            Refusal::Malformed(""),
            Refusal::NoSignature(""),
            Refusal::MissingTimestamp(""),
            Refusal::RepeatedTimestamp(""),
            Refusal::MalformedTimestamp(""),
            Refusal::AmbiguousHeader(""),
            Refusal::NoMatch,
            Refusal::Stale { age: 0 },
            Refusal::MissingAuthorization,
            Refusal::WrongAuthorization,
        ] {
            assert!(Refusal::REASONS.contains(&refusal.reason()), "{refusal:?}");
        }
    }
}
