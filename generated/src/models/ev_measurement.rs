use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A vehicle and its readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvMeasurement {
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
    /// The power into the battery in milliwatts; negative while it feeds back.
    #[serde(rename = "chargePower", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub charge_power: Option<i64>,
    /// What a vehicle's charger does; empty while the vehicle is unplugged.
    #[serde(rename = "chargeState", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub charge_state: Option<super::EvMeasuredChargeState>,
    /// Whether a vehicle is plugged in.
    #[serde(rename = "plugState", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub plug_state: Option<super::EvMeasuredPlugState>,
    /// Whether gridX can start and stop the charging.
    #[serde(rename = "isControllable", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_controllable: Option<bool>,
    /// How full the battery is, in percent.
    #[serde(rename = "stateOfCharge", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state_of_charge: Option<f64>,
    /// How far the vehicle can drive, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint32", nullable = false, minimum = 0)]
    pub range: Option<u32>,
    /// At which state of charge the vehicle stops by itself, in percent.
    #[serde(rename = "chargeLimit", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub charge_limit: Option<f64>,
    /// What the battery holds when full, in watt-hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint32", nullable = false, minimum = 0)]
    pub capacity: Option<u32>,
}
