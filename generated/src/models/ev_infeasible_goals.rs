use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A charging goal and why it is out of reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvInfeasibleGoals {
    /// The system that the vehicle belongs to.
    #[serde(rename = "systemID")]
    pub system_id: uuid::Uuid,
    /// The vehicle.
    #[serde(rename = "assetID")]
    pub asset_id: uuid::Uuid,
    /// How full the battery was to be at the least, in percent.
    #[serde(rename = "minRequestedSoC")]
    pub min_requested_soc: f64,
    /// How full the battery is, in percent.
    #[serde(rename = "currentSoC")]
    pub current_soc: f64,
    /// When the vehicle is to leave.
    #[serde(rename = "departureAt")]
    #[schema(value_type = String, format = "date-time")]
    pub departure_at: crate::Timestamp,
    /// The energy that is missing for the goal, in watt-hours.
    #[serde(rename = "energyNeededWh")]
    pub energy_needed_wh: f64,
    /// The energy that can be charged until then, in watt-hours.
    #[serde(rename = "deliverableEnergyWh")]
    pub deliverable_energy_wh: f64,
    /// The power that this assumes, in watts (not milliwatts as elsewhere).
    #[serde(rename = "chargingPowerW")]
    pub charging_power_w: f64,
    /// How full the battery may become at the most, in percent; null if nothing limits it.
    #[serde(
        rename = "maxStateOfCharge",
        default,
        deserialize_with = "crate::member::exact",
        skip_serializing_if = "crate::Member::is_absent"
    )]
    #[schema(value_type = Option<f64>)]
    pub max_state_of_charge: crate::Member<f64>,
    /// Whether the vehicle is at the system's place; null if nobody knows.
    #[serde(
        rename = "atHome",
        default,
        deserialize_with = "crate::member::exact",
        skip_serializing_if = "crate::Member::is_absent"
    )]
    #[schema(value_type = Option<bool>)]
    pub at_home: crate::Member<bool>,
}
