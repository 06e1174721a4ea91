//! Sizes and times as people write them: `1MiB`, `10s`.
//!
//! One spelling for files, variables and flags; a bare number is refused where its unit could be guessed wrong.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

/// A number of bytes: `512`, `64KiB`, `1MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Size(pub usize);

/// A span of time: `500ms`, `10s`, `2m`, `24h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Span(pub Duration);

/// A number, or a text that may be one: `10`, `"10"`, `"*"`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, unit) = split(text);
        let factor = match unit {
            "" | "B" => 1,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            _ => return Err(format!("`{text}` is not a size; write for example 512, 64KiB or 1MiB")),
        };
        let size = number.parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
        size.map(Self).ok_or_else(|| format!("`{text}` is not a size; write for example 512, 64KiB or 1MiB"))
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, unit) = split(text);
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(format!("`{text}` is not a time; write for example 500ms, 10s, 2m or 7d")),
        };
        let span = number.parse::<u64>().ok().and_then(|number| number.checked_mul(milliseconds));
        let span = span.map(|span| Self(Duration::from_millis(span)));
        span.ok_or_else(|| format!("`{text}` is not a time; write for example 500ms, 10s, 2m or 7d"))
    }
}

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => write!(f, "{}MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 && bytes % (1 << 10) == 0 => write!(f, "{}KiB", bytes >> 10),
            bytes => write!(f, "{bytes}"),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            milliseconds if milliseconds % 1000 == 0 => write!(f, "{}s", milliseconds / 1000),
            milliseconds => write!(f, "{milliseconds}ms"),
        }
    }
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_with_and_without_a_unit() {
        assert_eq!("512".parse(), Ok(Size(512)));
        assert_eq!("64KiB".parse(), Ok(Size(65_536)));
        assert_eq!("1 MiB".parse(), Ok(Size(1_048_576)));
    }

    #[test]
    fn reads_times_only_with_a_unit() {
        assert_eq!("250ms".parse(), Ok(Span(Duration::from_millis(250))));
        assert_eq!("2m".parse(), Ok(Span(Duration::from_secs(120))));
        assert_eq!("24h".parse(), Ok(Span(Duration::from_secs(86_400))));
        assert_eq!("7d".parse::<Span>(), "168h".parse());
        assert!("10".parse::<Span>().is_err());
        assert!("-1s".parse::<Span>().is_err());
    }

    #[test]
    fn refuses_what_overflows_or_is_no_unit() {
        assert!("99999999999999999GiB".parse::<Size>().is_err());
        assert!("1MB".parse::<Size>().unwrap_err().contains("`1MB` is not a size"));
        assert!("9999999999999999999h".parse::<Span>().is_err());
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["512", "64KiB", "1MiB"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
        for text in ["250ms", "10s"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
    }
}
