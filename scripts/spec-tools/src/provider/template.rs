//! What a provider begins with whose spec nobody has: one event, in the envelope of Standard Webhooks, to be changed.

use heck::ToUpperCamelCase;
use serde_json::json;

use crate::document::Document;

/// A spec with one example event.
pub(super) fn document(name: &str) -> Document {
    let title = name.to_upper_camel_case();
    let event = json!({
        "description": "Something was created. Rename this event, and say here what its body has.",
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "id": { "type": "string", "description": "The event's identity." },
            "type": { "type": "string", "description": "The event type.", "enum": ["example.created"] },
            "timestamp": { "type": "string", "format": "date-time", "description": "When it happened." },
            "data": { "$ref": "#/components/schemas/Example" },
        },
    });
    let data = json!({
        "description": "What the event is about.",
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "type": "string", "description": "Its id." },
            "name": { "type": "string", "description": "Its name, if it has one." },
        },
    });
    let example = json!({
        "id": "evt_1", "type": "example.created", "timestamp": "2026-01-31T12:00:00Z",
        "data": { "id": "ex_1", "name": "First" },
    });
    let media = json!({ "schema": { "$ref": "#/components/schemas/ExampleCreated" }, "example": example });
    let operation = json!({
        "description": "Something was created.",
        "requestBody": { "content": { "application/json": media } },
        "responses": { "204": { "description": "Taken." } },
    });
    Document::from_value(
        "the template",
        json!({
            "openapi": "3.1.0",
            "info": { "title": title },
            "webhooks": { "example.created": { "post": operation } },
            "components": { "schemas": { "ExampleCreated": event, "Example": data } },
        }),
    )
}
