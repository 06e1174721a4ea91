use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Whether clinicians may be scheduled automatically.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaAutoScheduleSettings {
    /// Whether they may.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
    /// Which clinicians may.
    #[serde(rename = "enabledOrigins", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enabled_origins: Option<Vec<super::NursaAutoScheduleOrigin>>,
}
