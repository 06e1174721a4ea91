use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A vehicle, its new charge state and its battery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvCharge {
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
    /// Whether a vehicle began or stopped charging.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<super::EvChargeState>,
    /// The power into the battery in milliwatts; negative while it feeds back.
    #[serde(rename = "chargePower", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub charge_power: Option<i64>,
    /// How full the battery is, in percent.
    #[serde(rename = "stateOfCharge", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state_of_charge: Option<f64>,
    /// How far the vehicle can drive, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint32", nullable = false, minimum = 0)]
    pub range: Option<u32>,
}
