use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftCreated {
    /// The shift, a number as text.
    #[serde(rename = "shiftId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shift_id: Option<String>,
    /// The facility.
    #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facility_id: Option<String>,
    /// When it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub from: Option<crate::Timestamp>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub to: Option<crate::Timestamp>,
    /// When it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub at: Option<crate::Timestamp>,
    /// What there is to know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<String>,
    /// The licence that it asks for, such as `CNA`.
    #[serde(rename = "licenseType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub license_type: Option<String>,
    /// How long the break is, as an ISO 8601 duration such as `PT15M`.
    #[serde(rename = "breakTime", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub break_time: Option<String>,
    /// Whether clinicians may be scheduled automatically.
    #[serde(rename = "autoScheduleSettings", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub auto_schedule_settings: Option<super::NursaAutoScheduleSettings>,
    /// A user.
    #[serde(rename = "createdBy", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created_by: Option<super::NursaUser>,
}
