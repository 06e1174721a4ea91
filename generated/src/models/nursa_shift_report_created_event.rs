use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A report on a shift was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftReportCreatedEvent {
    /// Always `shift.report.created`.
    #[serde(rename = "eventType")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub event_type: String,
    /// A shift and its new report.
    pub data: super::NursaShiftReportCreated,
}
