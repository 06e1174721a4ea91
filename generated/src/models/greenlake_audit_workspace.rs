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
    #[serde(default, deserialize_with = "crate::member::exact", skip_serializing_if = "crate::Member::is_absent")]
    #[schema(value_type = Option<String>)]
    pub workspace_name: crate::Member<String>,
    /// The workspace's type.
    #[serde(default, deserialize_with = "crate::member::exact", skip_serializing_if = "crate::Member::is_absent")]
    #[schema(value_type = Option<String>)]
    pub workspace_type: crate::Member<String>,
}
