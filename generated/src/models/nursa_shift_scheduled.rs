use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A shift and the clinician who will work it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftScheduled {
    /// The shift, a number as text.
    #[serde(rename = "shiftId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shift_id: Option<String>,
    /// The facility.
    #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_id: Option<String>,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub at: Option<crate::Timestamp>,
    /// A clinician.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clinician: Option<super::NursaClinician>,
    /// Who scheduled a clinician.
    #[serde(rename = "scheduledBy", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scheduled_by: Option<super::NursaScheduler>,
}
