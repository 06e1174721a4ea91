use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A shift that nobody will work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftCancelled {
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
    /// Why, in the words of whoever cancelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Who asked for something or cancelled it, and on which side.
    #[serde(rename = "cancelledBy", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cancelled_by: Option<super::NursaActor>,
}
