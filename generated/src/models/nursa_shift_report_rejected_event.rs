use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A report on a shift was rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftReportRejectedEvent {
    /// Always `shift.report.rejected`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A shift and its rejected report.
    pub data: super::NursaShiftReportRejected,
}
