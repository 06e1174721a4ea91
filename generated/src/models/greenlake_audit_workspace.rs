use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Where it was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeAuditWorkspace {
    /// The workspace, 32 hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
    /// The workspace's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_name: Option<String>,
    /// The workspace's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_type: Option<String>,
}
