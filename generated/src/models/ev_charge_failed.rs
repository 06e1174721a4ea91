use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A vehicle, the command that failed and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvChargeFailed {
    /// When the vehicle or its maker reported it.
    #[serde(rename = "issuedAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub issued_at: Option<crate::Timestamp>,
    /// Whether the vehicle was at the system's place.
    #[serde(rename = "atHome", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at_home: Option<bool>,
    /// The class of asset, `EV` so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub r#type: Option<String>,
    /// The system that the vehicle belongs to.
    #[serde(rename = "systemID")]
    pub system_id: uuid::Uuid,
    /// The vehicle.
    #[serde(rename = "assetID")]
    pub asset_id: uuid::Uuid,
    /// The gateway of the system.
    #[serde(rename = "gatewayID")]
    pub gateway_id: uuid::Uuid,
    /// When the command was given.
    #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub created_at: Option<crate::Timestamp>,
    /// When it was given up.
    #[serde(rename = "completedAt", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time", nullable = false)]
    pub completed_at: Option<crate::Timestamp>,
    /// What a vehicle was asked to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<super::EvChargeCommand>,
    /// Why a command to a vehicle failed.
    #[serde(rename = "failureReason", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub failure_reason: Option<super::EvChargeFailureReason>,
}
