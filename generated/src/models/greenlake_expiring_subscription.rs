use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A subscription that is about to expire. HPE writes the names of members in camel case or all in lower case;
/// both are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeExpiringSubscription {
    /// The subscription's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// The day on which it ends, month first, such as `10/25/2026`.
    #[serde(rename = "expiryDate", alias = "expirydate", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expiry_date: Option<String>,
    /// The stock keeping unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sku: Option<String>,
    /// The tier.
    #[serde(rename = "licenseTier", alias = "licensetier", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub license_tier: Option<String>,
    /// For how many devices it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quantity: Option<i64>,
    /// The customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub username: Option<String>,
    /// When it ends. Described as the seconds that are left, but seen as seconds since 1970: take a large value as
    /// the latter.
    #[serde(
        rename = "subscriptionEndInSecs",
        alias = "subscriptionendinsecs",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(nullable = false)]
    pub subscription_end_in_secs: Option<i64>,
    /// The class of devices that it is for.
    #[serde(rename = "subscriptionType", alias = "subscriptiontype", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub subscription_type: Option<String>,
    /// What it is bound to, such as `DEVICE`.
    #[serde(rename = "productType", alias = "producttype", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub product_type: Option<String>,
    /// The workspace, 32 hex digits.
    #[serde(rename = "platformCustomerId", alias = "platformcustomerid", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub platform_customer_id: Option<String>,
    /// The devices that use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub devices: Option<Vec<super::GreenlakeExpiringDevice>>,
}
