use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A shift and the clinician who asks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftRequested {
    /// The shift, a number as text.
    #[serde(rename = "shiftId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shift_id: Option<String>,
    /// The facility.
    #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_id: Option<String>,
    /// The clinician.
    #[serde(rename = "clinicianId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clinician_id: Option<String>,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub at: Option<crate::Timestamp>,
    /// The clinician's telephone number.
    #[serde(rename = "clinicianContactPhone", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clinician_contact_phone: Option<String>,
    /// Who asked for something or cancelled it, and on which side.
    #[serde(rename = "requestedBy", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requested_by: Option<super::NursaActor>,
}
