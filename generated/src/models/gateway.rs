use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The device that connects a system's appliances to gridX.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct Gateway {
    /// The gateway.
    #[serde(rename = "gatewayID")]
    pub gateway_id: uuid::Uuid,
    /// The system that it belongs to.
    #[serde(rename = "systemID")]
    pub system_id: uuid::Uuid,
    /// The gateway's name.
    #[serde(rename = "gatewayName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gateway_name: Option<String>,
    /// The serial number on its housing.
    #[serde(rename = "gatewaySerialnumber", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gateway_serial_number: Option<String>,
    /// The identity of the hardware.
    #[serde(rename = "gatewayDeviceID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gateway_device_id: Option<String>,
    /// The system's name.
    #[serde(rename = "systemName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub system_name: Option<String>,
    /// The user who owns the system.
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<uuid::Uuid>,
    /// The user's name.
    #[serde(rename = "userName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_name: Option<String>,
    /// The user's e-mail address.
    #[serde(rename = "userMail", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_mail: Option<String>,
}
