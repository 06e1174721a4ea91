use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A facility that was not created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaFacilityRejected {
    /// The name that it was to have.
    #[serde(rename = "facilityName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_name: Option<String>,
}
