use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A service in a workspace. The application, its instance, and the managed service provider's provision and
/// customer are left out once the service is taken away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeServiceProvision {
    /// The provision.
    #[serde(rename = "ServiceProvisionID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_provision_id: Option<String>,
    /// The service.
    #[serde(rename = "ServiceOfferID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service_offer_id: Option<String>,
    /// The region that it runs in.
    #[serde(rename = "Region", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub region: Option<String>,
    /// The workspace.
    #[serde(rename = "PlatformCustomerID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub platform_customer_id: Option<String>,
    /// The workspace as the application knows it.
    #[serde(rename = "ApplicationCustomerID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub application_customer_id: Option<String>,
    /// Who asked for it.
    #[serde(rename = "UserID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<String>,
    /// The application behind the service.
    #[serde(rename = "ApplicationID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub application_id: Option<String>,
    /// The instance of the application.
    #[serde(rename = "ApplicationInstanceID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub application_instance_id: Option<String>,
    /// Whether a service is there.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<super::GreenlakeServiceProvisionStatus>,
    /// What a workspace is.
    #[serde(rename = "AccountType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account_type: Option<super::GreenlakeAccountType>,
    /// Who owns the inventory of a managed workspace.
    #[serde(rename = "OperationalMode", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub operational_mode: Option<super::GreenlakeOperationalMode>,
    /// The managed service provider's workspace.
    #[serde(rename = "MspPlatformCustomerID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub msp_platform_customer_id: Option<String>,
    /// The managed service provider's provision.
    #[serde(rename = "MspServiceProvisionID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub msp_service_provision_id: Option<String>,
    /// The managed service provider's workspace as the application knows it.
    #[serde(rename = "MspApplicationCustomerID", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub msp_application_customer_id: Option<String>,
}
