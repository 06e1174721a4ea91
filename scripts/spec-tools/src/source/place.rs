//! What an object of a spec is, as far as references are concerned: a schema, something that holds schemas, or data.

/// The kind of a value, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A schema.
    Schema,
    /// Schemas by names that people chose.
    Schemas,
    /// A list of schemas.
    SchemaList,
    /// A discriminator, whose mapping names schemas.
    Discriminator,
    /// The mapping of a discriminator.
    Mapping,
    /// A path item, whose `$ref` may have siblings.
    PathItem,
    /// Path items by names that people chose.
    PathItems,
    /// Any other object of OpenAPI.
    Object,
    /// Such objects by names that people chose.
    Objects,
    /// Whatever people wrote: no reference in it is one.
    Data,
}

/// Keywords of other objects than schemas whose members are named by people.
const NAMED: &[&str] = &[
    "callbacks",
    "content",
    "encoding",
    "examples",
    "headers",
    "links",
    "parameters",
    "requestBodies",
    "responses",
    "securitySchemes",
    "variables",
];

impl Kind {
    /// What the member `name` of an object of this kind is.
    pub(crate) fn member(self, name: &str) -> Self {
        match self {
            Self::Schemas => Self::Schema,
            Self::PathItems => Self::PathItem,
            Self::Objects => Self::Object,
            Self::Schema => Self::in_schema(name),
            Self::Discriminator => {
                if name == "mapping" {
                    Self::Mapping
                } else {
                    Self::Data
                }
            }
            Self::PathItem | Self::Object => Self::in_object(name),
            Self::SchemaList | Self::Mapping | Self::Data => Self::Data,
        }
    }

    /// What an item of a list of this kind is.
    pub(crate) fn item(self) -> Self {
        match self {
            // `items` may be a list in drafts that OpenAPI 3.0 still knew.
            Self::SchemaList | Self::Schema => Self::Schema,
            Self::Object | Self::Objects => Self::Object,
            other => other,
        }
    }

    fn in_schema(name: &str) -> Self {
        match name {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Self::Schemas,
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => Self::SchemaList,
            "items"
            | "additionalProperties"
            | "additionalItems"
            | "contains"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => Self::Schema,
            "discriminator" => Self::Discriminator,
            _ => Self::Data,
        }
    }

    fn in_object(name: &str) -> Self {
        match name {
            "schema" => Self::Schema,
            "schemas" | "$defs" | "definitions" => Self::Schemas,
            "paths" | "webhooks" | "pathItems" => Self::PathItems,
            "example" | "value" | "default" | "enum" | "security" => Self::Data,
            name if name.starts_with("x-") => Self::Data,
            name if NAMED.contains(&name) => Self::Objects,
            _ => Self::Object,
        }
    }
}
