use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A clinician's request or scheduled shift was cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaClinicianCancelledEvent {
    /// The event type.
    #[serde(rename = "eventType")]
    pub event_type: super::NursaClinicianCancelledEventEventType,
    /// A shift and the clinician who will not work it.
    pub data: super::NursaClinicianCancelled,
}
