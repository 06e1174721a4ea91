//! The shapes that models share: open enumerations and unions.
//!
//! A model may have any name; so what the macros name themselves begins with underscores, which no model's name does.

/// An enumeration of texts that keeps values it does not know.
#[allow(unused_macros)] // Not every spec has one.
macro_rules! open_enum {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident: $schema:literal, else $other:ident {
            $($variant:ident = $text:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $variant,
            )*
            /// A value that the spec does not name, kept as it came.
            $other(String),
        }

        impl $name {
            /// The values that the spec names.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::$other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::$other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<__S: serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<__D: serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                struct __Text;
                impl serde::de::Visitor<'_> for __Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<__E: serde::de::Error>(self, text: &str) -> Result<$name, __E> {
                        Ok($name::from(text))
                    }
                }
                deserializer.deserialize_str(__Text)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::openapi::text_enum(&[$($doc),*], Self::KNOWN)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }
        }
    };
}

/// An enumeration of whole numbers that keeps values it does not know.
#[allow(unused_macros)] // Not every spec has one.
macro_rules! open_number {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident: $schema:literal, else $other:ident {
            $($variant:ident = $number:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $number, "`")]
                $variant,
            )*
            /// A value that the spec does not name, kept as it came.
            $other(i64),
        }

        impl $name {
            /// The values that the spec names.
            pub const KNOWN: &'static [i64] = &[$($number),*];

            /// The value as it stands on the wire.
            pub fn as_i64(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::$other(number) => number,
                }
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::$other(other),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<__S: serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<__D: serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                <i64 as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::openapi::number_enum(&[$($doc),*], Self::KNOWN)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }
        }
    };
}

/// A union whose variants are told apart by a text member. Written back, it carries the mapping's value.
#[allow(unused_macros)] // Not every spec has one.
macro_rules! tagged_union {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident: $schema:literal by $tag:literal, else $other:ident {
            $($variant:ident($type:ty, $nested:tt) = $text:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                $variant(Box<$type>),
            )*
            /// A value that the spec does not name, kept as it came.
            $other(serde_json::Value),
        }

        impl serde::Serialize for $name {
            fn serialize<__S: serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(event) => crate::decode::tagged(event, $tag, $text, serializer),)*
                    Self::$other(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<__D: serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                match value.get($tag).and_then(serde_json::Value::as_str) {
                    $(Some($text) => {
                        serde_json::from_value(value).map(Self::$variant).map_err(serde::de::Error::custom)
                    })*
                    _ => Ok(Self::$other(value)),
                }
            }
        }

        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), validator::ValidationErrors> {
                match self {
                    $(Self::$variant(event) => checked!($nested, event),)*
                    Self::$other(_) => Ok(()),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::openapi::union(&[$($doc),*], $tag, &[$(($text, <$type as utoipa::ToSchema>::name())),*])
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }
        }
    };
}

/// A union whose variants nothing tells apart but their shapes: the likest is tried first, and the first that fits is it.
#[allow(unused_macros)] // Not every spec has one.
macro_rules! untagged_union {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident: $schema:literal by $keyword:ident, else $other:ident {
            $($variant:ident($type:ty, $nested:tt, ($($shape:tt)*), $($form:ident)+),)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $(
                #[doc = concat!("The form `", stringify!($variant), "`.")]
                $variant(Box<$type>),
            )*
            /// A value that fits none of them, kept as it came.
            $other(serde_json::Value),
        }

        impl serde::Serialize for $name {
            fn serialize<__S: serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => value.serialize(serializer),)*
                    Self::$other(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<__D: serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                for likely in crate::decode::likely(&value, &[$(crate::decode::shape($($shape)*)),*]) {
                    let mut at = 0;
                    $(
                        if likely == at && let Ok(found) = serde::Deserialize::deserialize(&value) {
                            return Ok(Self::$variant(Box::new(found)));
                        }
                        at += 1;
                    )*
                    let _ = at;
                }
                Ok(Self::$other(value))
            }
        }

        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), validator::ValidationErrors> {
                match self {
                    $(Self::$variant(value) => checked!($nested, value),)*
                    Self::$other(_) => Ok(()),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let variants = vec![$(choice_schema!($type, $($form)+)),*];
                crate::openapi::choice(&[$($doc),*], stringify!($keyword), variants)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }
        }
    };
}

/// The schema of a variant: a reference to a model, or what the document says of another type.
#[allow(unused_macros)] // Not every spec has one.
macro_rules! choice_schema {
    ($type:ty, model) => {
        utoipa::openapi::Ref::from_schema_name(<$type as utoipa::ToSchema>::name()).into()
    };
    ($type:ty, named $name:ident) => {
        <crate::openapi::named::$name as utoipa::PartialSchema>::schema()
    };
}

/// Checks a value's limits where its type has some.
#[allow(unused_macros)] // Not every spec has unions.
macro_rules! checked {
    (true, $value:expr) => {
        validator::Validate::validate(&**$value)
    };
    (false, $value:expr) => {{
        let _ = $value;
        Ok(())
    }};
}
