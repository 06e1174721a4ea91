use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// An audit log entry as HPE's event catalogue describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeCatalogAuditEntry {
    /// The workspace, 32 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer_id: Option<String>,
    /// Who published the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub username: Option<String>,
    /// The application that reported it, such as `COM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub app_slug: Option<String>,
    /// What was done, by whom and when.
    pub audit_info: super::GreenlakeAuditInfo,
    /// The instance of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub app_instance_id: Option<String>,
    /// The workspace as the application knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub application_customer_id: Option<String>,
    /// The entry's details, different for every category.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    pub audit_details: Option<serde_json::Map<String, serde_json::Value>>,
    /// Whether the entry is streamed, as the text `true` or `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enable_streaming: Option<String>,
    /// When the entry was written, in RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created_at: Option<String>,
}
