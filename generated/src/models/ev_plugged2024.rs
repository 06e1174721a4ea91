use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A charging station that a vehicle was plugged into. Today's form tells of the vehicle instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct EvPlugged2024 {
    /// The appliance.
    #[serde(rename = "applianceID")]
    pub appliance_id: uuid::Uuid,
    /// The gateway that it is connected to.
    #[serde(rename = "gatewayID")]
    pub gateway_id: uuid::Uuid,
    /// The system that it belongs to.
    #[serde(rename = "systemID")]
    pub system_id: uuid::Uuid,
    /// The system's name.
    #[serde(rename = "systemName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub system_name: Option<String>,
    /// The model, as the maker calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// The maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub manufacturer: Option<String>,
    /// The name that its owner gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The maker's serial number.
    #[serde(rename = "serialNumber", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub serial_number: Option<String>,
    /// What class of device an appliance is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub r#type: Option<super::ApplianceType>,
    /// What an inverter or a meter is for; other appliances have none. An inverter is one of `UNKNOWN`, `PV`,
    /// `BATTERY`, `HYBRID` and `PV_EXTERNAL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<super::ApplianceKind>,
    /// What happened at a charging station.
    pub state: super::EvPlugState2024,
    /// The station's identity at roaming networks, such as `FR*A23*E45B*78C`.
    #[serde(rename = "evseID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub evse_id: Option<String>,
}
