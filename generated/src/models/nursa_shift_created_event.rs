use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A shift was created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftCreatedEvent {
    /// Always `shift.created`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A new shift.
    pub data: super::NursaShiftCreated,
}
