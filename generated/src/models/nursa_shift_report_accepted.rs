use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A shift and its accepted report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftReportAccepted {
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
    /// Who wrote a report.
    #[serde(rename = "reportType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub report_type: Option<super::NursaReportType>,
    /// The clinician.
    #[serde(rename = "clinicianId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub clinician_id: Option<String>,
    /// A user.
    #[serde(rename = "acceptedBy", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub accepted_by: Option<super::NursaUser>,
}
