use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What every event says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaEnvelope {
    /// The event type.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
}
