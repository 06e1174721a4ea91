use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What a sign of life carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct Ping {
    /// A text that means nothing in particular.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub message: Option<String>,
}
