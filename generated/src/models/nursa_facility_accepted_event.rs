use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A request to create a facility was accepted; whoever asked is connected to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaFacilityAcceptedEvent {
    /// Always `facility.creation.accepted`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A new facility.
    pub data: super::NursaFacilityAccepted,
}
