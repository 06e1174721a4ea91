use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Who scheduled a clinician.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaScheduler {
    /// The side that acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<super::NursaSource>,
    /// The user.
    #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<String>,
    /// The user's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<String>,
    /// Whether the scheduling was automatic.
    #[serde(rename = "autoScheduleContext", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub auto_schedule_context: Option<super::NursaAutoScheduleContext>,
}
