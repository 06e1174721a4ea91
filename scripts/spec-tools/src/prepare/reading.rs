//! What the generated crate reads at a place of a delivery, without making the crate: the Rust type of a schema in a
//! form that can be compared. It follows `types`, which makes the types themselves.

use serde_json::{Map, Value};

use super::schema::{self, Spec};
use super::union;

/// A schema with its references followed and its parts merged, and what is read by it.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    /// The merged schema.
    pub(crate) flat: Map<String, Value>,
    /// What is read.
    pub(crate) reading: Reading,
    /// Whether null fits the schema.
    pub(crate) nullable: bool,
}

/// What kind of Rust type reads a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reading {
    /// `serde_json::Value`.
    Any,
    /// `String`.
    Text,
    /// `uuid::Uuid`.
    Uuid,
    /// `Timestamp`.
    Timestamp,
    /// An open enumeration of these.
    Enum(Vec<String>),
    /// An integer type with these bounds.
    Integer(i128, i128),
    /// `f64`.
    Float,
    /// `bool`.
    Bool,
    /// `Vec` of this.
    List(Value),
    /// A map to this; without it, to anything.
    Map(Option<Value>),
    /// A struct.
    Struct,
    /// A union by the text member of this name: each of its values with the component that it stands for.
    Tagged(String, Vec<(String, String)>),
    /// A union whose forms are tried in turn.
    Choice(Vec<Value>),
}

/// How `schema` is read, in the document at `root`.
pub(crate) fn read(root: &Value, schema: &Value) -> Read {
    let flat = Spec::of_schemas(root).flatten(schema);
    let nullable = schema::is_nullable(&flat);
    let reading = reading(&flat);
    Read { flat: flat.into_owned(), reading, nullable }
}

/// A document whose schemas are in the form that types are made from.
pub(crate) fn normal(root: &Value) -> Value {
    super::normal::normal(root).0
}

/// The name of the component that a schema refers to, alone or with nothing but text beside it.
pub(crate) fn referenced(schema: &Value) -> Option<&str> {
    schema::referenced(schema)
}

/// Whether a keyword tells something of a schema's use, and nothing of its values but that they may be null.
pub(crate) fn is_annotation(key: &str) -> bool {
    schema::is_annotation(key)
}

fn reading(flat: &Map<String, Value>) -> Reading {
    if let Some(values) = union::text_values(flat) {
        return Reading::Enum(values);
    }
    if union::is_union(flat) {
        return union_of(flat);
    }
    let has_members =
        flat.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    if has_members {
        return Reading::Struct;
    }
    match schema::types(flat).as_slice() {
        ["string"] => match schema::format(flat) {
            "uuid" => Reading::Uuid,
            "date-time" => Reading::Timestamp,
            _ => Reading::Text,
        },
        ["boolean"] => Reading::Bool,
        ["integer"] => integer(schema::format(flat)),
        ["number"] => Reading::Float,
        ["array"] => Reading::List(flat.get("items").cloned().unwrap_or(Value::Bool(true))),
        ["object"] => map(flat),
        [] if flat.contains_key("additionalProperties") => map(flat),
        _ => Reading::Any,
    }
}

fn union_of(flat: &Map<String, Value>) -> Reading {
    let lists = ["oneOf", "anyOf"].iter().filter_map(|key| flat.get(*key).and_then(Value::as_array));
    let members: Vec<Value> = lists.flatten().filter(|member| !schema::is_null(member)).cloned().collect();
    match union::discriminator(flat) {
        Some(tag) => Reading::Tagged(tag.to_owned(), union::mapping(flat, &members)),
        None => Reading::Choice(members),
    }
}

fn map(flat: &Map<String, Value>) -> Reading {
    match flat.get("additionalProperties") {
        Some(values @ Value::Object(members)) if !members.is_empty() => Reading::Map(Some(values.clone())),
        _ => Reading::Map(None),
    }
}

fn integer(format: &str) -> Reading {
    let (least, greatest): (i128, i128) = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    };
    Reading::Integer(least, greatest)
}
