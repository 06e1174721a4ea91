use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A clinician asked for a shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftRequestedEvent {
    /// Always `shift.request.created`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A shift and the clinician who asks for it.
    pub data: super::NursaShiftRequested,
}
