use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeAuditUser {
    /// The user's name, most often an e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub username: Option<String>,
}
