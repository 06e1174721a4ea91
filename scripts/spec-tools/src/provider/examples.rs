//! The example of an event: the provider's, if it fits the schema that the provider gave it, else one that is made.

use serde_json::{Map, Value, json};

use super::instance::instance;
use crate::check::fits;
use crate::document::Document;

/// The schemas that examples are held against.
pub(super) struct Examples<'a> {
    schemas: &'a Map<String, Value>,
    document: Document,
}

impl<'a> Examples<'a> {
    pub(super) fn new(schemas: &'a Map<String, Value>) -> Self {
        let document = json!({ "openapi": "3.0.3", "components": { "schemas": schemas } });
        Self { schemas, document: Document::from_value("the provider's schemas", document) }
    }

    /// The first of `shown` that fits the schema of this name, or one that is made up and does.
    pub(super) fn choose(&self, schema: &str, shown: &[Value]) -> Option<Value> {
        let made_up = || instance(&json!({ "$ref": format!("#/components/schemas/{schema}") }), self.schemas);
        let pointer = format!("/components/schemas/{schema}");
        let own = shown.iter().find(|example| fits(&self.document, &pointer, example)).cloned();
        own.or_else(|| made_up().filter(|made_up| fits(&self.document, &pointer, made_up)))
    }
}
