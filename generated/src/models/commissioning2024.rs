use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A new system and its customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct Commissioning2024 {
    /// The customer.
    #[serde(rename = "customerID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer_id: Option<uuid::Uuid>,
    /// The customer's e-mail address.
    #[serde(rename = "customerEmail", skip_serializing_if = "Option::is_none")]
    #[schema(format = "email", nullable = false)]
    pub customer_email: Option<String>,
    /// The customer's postal address.
    #[serde(rename = "customerAddress", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub customer_address: Option<String>,
    /// The system's name.
    #[serde(rename = "systemName", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub system_name: Option<String>,
    /// The serial number on the gateway's housing.
    #[serde(rename = "gatewaySerialnumber", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gateway_serial_number: Option<String>,
}
