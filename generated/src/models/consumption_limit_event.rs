use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The grid operator set or lifted a limit on the power that a system may draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct ConsumptionLimitEvent {
    /// The event's identity; the same in every copy of it.
    pub id: uuid::Uuid,
    /// When it happened, which may be long before it was sent.
    #[schema(value_type = String, format = "date-time")]
    pub time: crate::Timestamp,
    /// The CloudEvents version, `1.0` or `1.0.1`. gridX always sends it; it is not insisted on, because nothing
    /// depends on it.
    #[serde(rename = "specVersion", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spec_version: Option<String>,
    /// The path of the resource that it happened to, such as `/systems/{uuid}`.
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub source: String,
    /// The event type.
    pub r#type: super::ConsumptionLimitEventType,
    /// The media type of `data`, always `application/json`.
    #[serde(rename = "dataContentType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub data_content_type: Option<String>,
    /// Ties together events with one cause; the spelling in use until May 2026.
    #[serde(rename = "correlationID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub former_correlation_id: Option<uuid::Uuid>,
    /// Ties together events with one cause; the spelling in use since May 2026.
    #[serde(rename = "correlationId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub correlation_id: Option<uuid::Uuid>,
    /// A limit on the power that a system may draw from the grid.
    pub data: super::ConsumptionLimit,
}
