use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A request to create a facility was rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaFacilityRejectedEvent {
    /// Always `facility.creation.rejected`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A facility that was not created.
    pub data: super::NursaFacilityRejected,
}
