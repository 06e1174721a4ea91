use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who asked for something or cancelled it, and on which side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaActor {
    /// The user.
    #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<String>,
    /// The user's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<String>,
    /// The side that acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<super::NursaSource>,
    /// The first name.
    #[serde(rename = "firstName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(rename = "lastName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_name: Option<String>,
}
