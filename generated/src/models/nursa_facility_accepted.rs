use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaFacilityAccepted {
    /// The facility.
    #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_id: Option<String>,
}
