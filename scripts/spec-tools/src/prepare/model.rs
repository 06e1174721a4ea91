//! What the model template renders: one value of [`Model`] per Rust type.
//!
//! Absent texts are empty lists, not nulls: a mustache section over a list renders once per member, and a name that is
//! missing would be looked up in the surrounding context instead.

use serde::Serialize;

/// A type of the generated crate's `models` module.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Model {
    /// The type's name.
    pub(super) name: String,
    /// The name that it has in the document: the component's, if utoipa can say that.
    #[serde(skip)]
    pub(super) component: String,
    /// That name as a path, if it is not the type's.
    pub(super) schema_name: Vec<String>,
    /// That name as a literal.
    pub(super) schema_literal: String,
    /// Lines of documentation.
    pub(super) docs: Vec<String>,
    /// The shape; exactly one member is filled.
    #[serde(flatten)]
    pub(super) shape: Shape,
}

/// The shape of a model, as lists of at most one member so that the template can choose by section.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Shape {
    /// A struct.
    pub(super) structs: Vec<Struct>,
    /// An open enumeration of texts.
    pub(super) enums: Vec<Enum>,
    /// An open enumeration of whole numbers.
    pub(super) numbers: Vec<Enum>,
    /// A union whose variants are told apart by a member.
    pub(super) unions: Vec<Union>,
    /// A union whose variants are tried in turn.
    pub(super) choices: Vec<Union>,
}

/// An object.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Struct {
    /// The members, in the spec's order.
    pub(super) fields: Vec<Field>,
    /// Regular expressions that the fields' checks use.
    pub(super) patterns: Vec<Pattern>,
    /// Functions that check what lists and maps hold.
    pub(super) checks: Vec<Check>,
    /// The field for members that the schema does not name, at most one.
    pub(super) rest: Vec<String>,
    /// Whether nothing about it is insisted on.
    pub(super) lenient: bool,
}

/// A member of an object.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Field {
    /// Lines of documentation.
    pub(super) docs: Vec<String>,
    /// The Rust name.
    pub(super) name: String,
    /// The Rust type.
    pub(super) r#type: String,
    /// What stands in `#[serde(...)]`, at most one.
    pub(super) serde: Vec<String>,
    /// What stands in `#[validate(...)]`, at most one.
    pub(super) validate: Vec<String>,
    /// What stands in `#[schema(...)]`, at most one.
    pub(super) schema: Vec<String>,
    /// The model that is a part of this one by value, if any: the way to a type of infinite size.
    #[serde(skip)]
    pub(super) part: Option<String>,
}

impl Field {
    /// The model that stands in the field by value, if one does.
    pub(super) fn held(&self) -> Option<&str> {
        self.part.as_deref().filter(|_| !self.r#type.contains("Box<"))
    }

    /// Holds the model by a pointer from now on.
    pub(super) fn put_in_box(&mut self) {
        if let Some(part) = self.held() {
            self.r#type = self.r#type.replace(&format!("super::{part}"), &format!("Box<super::{part}>"));
        }
    }
}

/// A regular expression, compiled once.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Pattern {
    /// The name of the static.
    pub(super) name: String,
    /// The expression as a Rust literal.
    pub(super) literal: String,
}

/// A function that checks each value of a list or map.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Check {
    /// The function's name.
    pub(super) name: String,
    /// What it is given a reference to.
    pub(super) argument: String,
    /// The values, from its argument `held`.
    pub(super) values: &'static str,
    /// What `item`, one of them, must be.
    pub(super) condition: String,
}

/// An open enumeration of texts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Enum {
    /// The known values.
    pub(super) variants: Vec<Variant>,
    /// The name of the variant for every other value.
    pub(super) other: String,
}

/// A union of models.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Union {
    /// The member that tells the variants apart, as a Rust literal.
    pub(super) tag: Vec<String>,
    /// `oneOf` or `anyOf`.
    pub(super) keyword: &'static str,
    /// The known variants.
    pub(super) variants: Vec<Variant>,
    /// The name of the variant for everything else.
    pub(super) other: String,
}

/// A variant of an enumeration or union.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Variant {
    /// The Rust name.
    pub(super) name: String,
    /// The wire value as a Rust literal.
    pub(super) literal: String,
    /// The type that it holds; empty in an enumeration.
    pub(super) r#type: String,
    /// Whether that type is a model with limits of its own.
    pub(super) nested: bool,
    /// How the schema of that type is found: `model`, or `named` with a name of the document's own.
    pub(super) form: String,
    /// What a value of that type looks like, where variants are tried in turn: the arguments of `decode::shape`.
    pub(super) shape: String,
}
