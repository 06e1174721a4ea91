use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Why a command to a vehicle failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvChargeFailureReason {
    /// Why a command to a vehicle failed, for programs.
    pub r#type: super::EvChargeFailureType,
    /// The same for people.
    pub detail: String,
}
