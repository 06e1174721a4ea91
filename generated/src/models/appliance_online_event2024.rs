use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// An appliance can be reached again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct ApplianceOnlineEvent2024 {
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
    /// Always `appliance/online`.
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub r#type: String,
    /// The media type of `data`, `application/json` also where it is missing.
    #[serde(rename = "dataContentType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub data_content_type: Option<String>,
    /// Ties together events with one cause.
    #[serde(rename = "correlationID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub correlation_id: Option<uuid::Uuid>,
    /// A device behind a gateway, 2024 form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub data: Option<super::Appliance2024>,
}
