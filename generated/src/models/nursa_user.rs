use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaUser {
    /// The user.
    #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<String>,
    /// The user's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<String>,
}
