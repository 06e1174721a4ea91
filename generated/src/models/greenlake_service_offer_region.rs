use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A service in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeServiceOfferRegion {
    /// The service.
    #[serde(rename = "ServiceOfferID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_offer_id: Option<String>,
    /// The service's short name.
    #[serde(rename = "ServiceOfferSlug", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_offer_slug: Option<String>,
    /// The application behind the service.
    #[serde(rename = "AppID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub app_id: Option<String>,
    /// The service in this region.
    #[serde(rename = "ServiceOfferRegionID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_offer_region_id: Option<String>,
    /// The region.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub region: Option<String>,
}
