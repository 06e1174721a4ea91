//! A member of an object that can be absent, null, or something else than its schema says, and is written back just so.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use validator::{Validate, ValidateLength, ValidateRange, ValidateRegex, ValidationErrors};

/// What an object has in the place of a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Member<T> {
    /// Nothing.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// What the schema says.
    Value(T),
    /// Something else, as it came. Only lenient models have it.
    Misfit(Value),
}

impl<T> Member<T> {
    /// The value, if it is there and as the schema says.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Misfit(_) => None,
        }
    }

    /// The value; without it, an error that a handler may return.
    ///
    /// # Errors
    ///
    /// It is absent, null, or something else than the schema says.
    pub fn required(&self) -> Result<&T, Missing> {
        self.get().ok_or(match self {
            Self::Misfit(_) => Missing { found: "does not fit its schema" },
            Self::Null => Missing { found: "is null" },
            Self::Absent | Self::Value(_) => Missing { found: "is absent" },
        })
    }

    /// Whether nothing is there, not even null.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A member that a handler needs is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    found: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a member that is needed {}", self.found)
    }
}

impl std::error::Error for Missing {}

impl<T> From<T> for Member<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Serialize> Serialize for Member<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_unit(),
            Self::Value(value) => value.serialize(serializer),
            Self::Misfit(value) => value.serialize(serializer),
        }
    }
}

/// Never fails for what is JSON: what does not fit is a [`Member::Misfit`].
impl<'de, T: DeserializeOwned> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.is_null() {
            return Ok(Self::Null);
        }
        Ok(T::deserialize(&value).map_or_else(|_| Self::Misfit(value), Self::Value))
    }
}

/// Reads what may be null, and else must fit.
#[allow(dead_code)] // Not every spec has such members.
pub(crate) fn exact<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Member<T>, D::Error> {
    Option::deserialize(deserializer).map(|value| value.map_or(Member::Null, Member::Value))
}

impl<T: Validate> Member<Box<T>> {
    /// What `Validate` does; but that is not for boxes.
    #[allow(dead_code)] // Not every spec has such members.
    pub(crate) fn validate(&self) -> Result<(), ValidationErrors> {
        self.get().map_or(Ok(()), |value| value.validate())
    }
}

impl<T: Validate> Validate for Member<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        self.get().map_or(Ok(()), T::validate)
    }
}

impl<T: ValidateLength<u64>> ValidateLength<u64> for Member<T> {
    fn length(&self) -> Option<u64> {
        self.get().and_then(T::length)
    }
}

impl<N, T: ValidateRange<N>> ValidateRange<N> for Member<T> {
    fn greater_than(&self, max: N) -> Option<bool> {
        self.get().and_then(|value| value.greater_than(max))
    }

    fn less_than(&self, min: N) -> Option<bool> {
        self.get().and_then(|value| value.less_than(min))
    }
}

impl<T: ValidateRegex> ValidateRegex for Member<T> {
    fn validate_regex(&self, regex: impl validator::AsRegex) -> bool {
        self.get().is_none_or(|value| value.validate_regex(regex))
    }
}
