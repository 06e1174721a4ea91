use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A report on a shift was accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaShiftReportAcceptedEvent {
    /// The event type.
    #[serde(rename = "eventType")]
    pub event_type: super::NursaShiftReportAcceptedEventEventType,
    /// A shift and its accepted report.
    pub data: super::NursaShiftReportAccepted,
}
