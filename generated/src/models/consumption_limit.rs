use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A limit on the power that a system may draw from the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct ConsumptionLimit {
    /// The limit in milliwatts; may be missing when it was lifted.
    #[serde(rename = "newLPC", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub new_lpc: Option<f64>,
    /// When the grid operator's signal came in.
    #[serde(rename = "receivedAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub received_at: Option<crate::Timestamp>,
    /// When the limit ends by itself.
    #[serde(rename = "validUntil", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub valid_until: Option<crate::Timestamp>,
}
