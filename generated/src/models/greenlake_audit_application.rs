use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The application that reported it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeAuditApplication {
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<uuid::Uuid>,
}
