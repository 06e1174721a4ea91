use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A device whose subscription is about to expire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeExpiringDevice {
    /// The serial number.
    #[serde(rename = "serialNumber", alias = "serialnumber", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub serial_number: Option<String>,
    /// The part number.
    #[serde(rename = "partNumber", alias = "partnumber", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub part_number: Option<String>,
    /// The model.
    #[serde(rename = "deviceModel", alias = "devicemodel", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device_model: Option<String>,
    /// The MAC address.
    #[serde(rename = "macAddress", alias = "macaddress", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mac_address: Option<String>,
}
