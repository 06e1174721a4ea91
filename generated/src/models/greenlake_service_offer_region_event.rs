use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A service became available in a region or ceased to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeServiceOfferRegionEvent {
    /// The CloudEvents version, as the text `1.0` or the number 1. Nothing depends on it.
    #[serde(default, deserialize_with = "crate::member::exact", skip_serializing_if = "crate::Member::is_absent")]
    #[schema(value_type = serde_json::Value)]
    pub specversion: crate::Member<serde_json::Value>,
    /// The event's identity within its source; not always a UUID.
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub id: String,
    /// What sent it, most often a URI reference such as `//global.api.greenlake.hpe.com/audit-log`.
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub source: String,
    /// The event type.
    pub r#type: super::GreenlakeServiceOfferRegionEventType,
    /// What it is about, often the workspace id of 32 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subject: Option<String>,
    /// When it happened, to the nanosecond at best.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub time: Option<crate::Timestamp>,
    /// The media type of `data`, `application/json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub datacontenttype: Option<String>,
    /// The address of a schema of `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub dataschema: Option<String>,
    /// The W3C trace context that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub traceparent: Option<String>,
    /// What vendors add to the trace context.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tracestate: Option<String>,
    /// When HPE recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub recordedtime: Option<crate::Timestamp>,
    /// Its position in the source's stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sequence: Option<String>,
    /// Whether the event type is on its way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deprecated: Option<bool>,
    /// Since when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub deprecationfrom: Option<crate::Timestamp>,
    /// When it will no longer be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub deprecationsunset: Option<crate::Timestamp>,
    /// The address of instructions for moving on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deprecationmigration: Option<String>,
    /// A service in a region.
    pub data: super::GreenlakeServiceOfferRegion,
}
