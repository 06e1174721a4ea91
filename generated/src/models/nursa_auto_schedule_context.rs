use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Whether the scheduling was automatic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaAutoScheduleContext {
    /// Whether it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issued: Option<bool>,
    /// By which rule, such as `Favorites`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub origin: Option<String>,
}
