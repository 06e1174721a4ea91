use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A clinician was scheduled for a shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftScheduledEvent {
    /// Always `shift.scheduled`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A shift and the clinician who will work it.
    pub data: super::NursaShiftScheduled,
}
