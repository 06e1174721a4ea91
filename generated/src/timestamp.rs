//! A point in time that is written back exactly as it was read.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};

/// A date and time with offset (RFC 3339), with the text that it came as.
///
/// The text is kept because providers differ in fractions and offsets, and an event that is stored or passed on should
/// not change. Comparison is by instant.
#[derive(Clone)]
pub struct Timestamp {
    text: String,
    instant: DateTime<FixedOffset>,
}

impl Timestamp {
    /// The point in time.
    pub fn instant(&self) -> DateTime<FixedOffset> {
        self.instant
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        match DateTime::parse_from_rfc3339(text) {
            Ok(instant) => Ok(Self { text: text.to_owned(), instant }),
            Err(reason) => Err(ParseTimestampError { reason }),
        }
    }
}

impl From<DateTime<FixedOffset>> for Timestamp {
    fn from(instant: DateTime<FixedOffset>) -> Self {
        Self { text: instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true), instant }
    }
}

impl From<&Timestamp> for SystemTime {
    fn from(timestamp: &Timestamp) -> Self {
        timestamp.instant.into()
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.text).finish()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match DateTime::parse_from_rfc3339(&text) {
            Ok(instant) => Ok(Self { text, instant }),
            Err(reason) => Err(serde::de::Error::custom(ParseTimestampError { reason })),
        }
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).format(Some(format)).into()
    }
}

impl utoipa::ToSchema for Timestamp {}

/// A text that is not a date and time as RFC 3339 writes it.
#[derive(Debug, Clone)]
pub struct ParseTimestampError {
    reason: chrono::ParseError,
}

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a date and time of the form 2026-01-31T23:59:59Z (RFC 3339): {}", self.reason)
    }
}

impl std::error::Error for ParseTimestampError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.reason)
    }
}
