use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A user and the facility to be connected to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaUserConnection {
    /// The facility.
    #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_id: Option<String>,
    /// The user.
    #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<String>,
}
