//! HPE GreenLake's webhooks and the subscriptions to their events.
//!
//! Generated from `receiver-impl/management/` by `make regen-clients`; change the description or `templates/clients/`,
//! never this file.

use http::Method;

use super::{Call, Nothing};

/// Where the API is unless somebody says otherwise.
pub const BASE: &str = "https://global.api.greenlake.hpe.com";

/// New subscriptions of webhooks to event types.
pub fn create_subscriptions(subscription_input: &[models::SubscriptionInput]) -> Call<Vec<models::Subscription>> {
    Call::new(Method::POST, "/events/v1beta1/subscriptions")
        .accept("application/json")
        .body("application/json", subscription_input)
}

/// A new webhook. HPE sends its challenge to the destination at once.
pub fn create_webhook(webhook_input: &models::WebhookInput) -> Call<models::Webhook> {
    Call::new(Method::POST, "/events/v1beta1/webhooks")
        .accept("application/json")
        .body("application/json", webhook_input)
}

/// Ends subscriptions.
pub fn delete_subscriptions(id: &[String]) -> Call<Nothing> {
    Call::new(Method::DELETE, "/events/v1beta1/subscriptions").accept("application/json").query("id", id)
}

/// Ends a webhook.
pub fn delete_webhook(id: &str, force: Option<bool>) -> Call<Nothing> {
    Call::new(Method::DELETE, "/events/v1beta1/webhooks/{id}")
        .accept("application/json")
        .path("id", id)
        .query("force", force)
}

/// What was sent lately, and what was answered.
pub fn list_deliveries(id: &str, limit: Option<i32>, offset: Option<i32>) -> Call<models::DeliveryPage> {
    Call::new(Method::GET, "/events/v1beta1/webhooks/{id}/recent-deliveries")
        .accept("application/json")
        .path("id", id)
        .query("limit", limit)
        .query("offset", offset)
}

/// Subscriptions, the newest first.
pub fn list_subscriptions(
    filter: Option<&str>,
    limit: Option<i32>,
    offset: Option<i32>,
) -> Call<models::SubscriptionPage> {
    Call::new(Method::GET, "/events/v1beta1/subscriptions")
        .accept("application/json")
        .query("filter", filter)
        .query("limit", limit)
        .query("offset", offset)
}

/// Webhooks of the workspace, the newest first.
pub fn list_webhooks(limit: Option<i32>, offset: Option<i32>) -> Call<models::WebhookPage> {
    Call::new(Method::GET, "/events/v1beta1/webhooks")
        .accept("application/json")
        .query("limit", limit)
        .query("offset", offset)
}

/// Sends a failed delivery again.
pub fn retry_delivery(id: &str, failure_id: &str) -> Call<models::DeliveryFailure> {
    Call::new(Method::POST, "/events/v1beta1/webhooks/{id}/delivery-failures/{failureId}/retry")
        .accept("application/json")
        .path("id", id)
        .path("failureId", failure_id)
}

/// One webhook.
pub fn show_webhook(id: &str) -> Call<models::Webhook> {
    Call::new(Method::GET, "/events/v1beta1/webhooks/{id}").accept("application/json").path("id", id)
}

/// Puts others in the place of subscriptions; the list holds whole ones.
pub fn update_subscriptions(subscription_patch: &[models::SubscriptionPatch]) -> Call<Vec<models::Subscription>> {
    Call::new(Method::PATCH, "/events/v1beta1/subscriptions")
        .accept("application/json")
        .body("application/merge-patch+json", subscription_patch)
}

/// Changes what is given and leaves the rest. HPE sends its challenge again.
pub fn update_webhook(id: &str, webhook_patch: &models::WebhookPatch) -> Call<models::Webhook> {
    Call::new(Method::PATCH, "/events/v1beta1/webhooks/{id}")
        .accept("application/json")
        .path("id", id)
        .body("application/merge-patch+json", webhook_patch)
}

/// Sends the challenge now.
pub fn verify_webhook(id: &str) -> Call<models::Webhook> {
    Call::new(Method::POST, "/events/v1beta1/webhooks/{id}/verify").accept("application/json").path("id", id)
}

/// What is said and answered.
#[allow(unused_qualifications)] // The generator names models as they are named where the calls stand.
pub mod models {
    use serde::{Deserialize, Serialize};

    use super::models;
    use crate::management::Hidden;

    /// One delivery.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Delivery {
        /// The event or batch.
        #[serde(rename = "id")]
        pub id: String,
        /// What kind of thing this is.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub r#type: Option<String>,
        /// What was answered.
        #[serde(rename = "httpResponseCode", skip_serializing_if = "Option::is_none")]
        pub http_response_code: Option<i32>,
        /// When it was sent first.
        #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// When it was sent last.
        #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<String>,
        /// Counts its changes.
        #[serde(rename = "generation", skip_serializing_if = "Option::is_none")]
        pub generation: Option<i32>,
        /// What was sent.
        #[serde(rename = "requestHeaders", skip_serializing_if = "Option::is_none")]
        pub request_headers: Option<serde_json::Value>,
        /// What was sent.
        #[serde(rename = "requestBody", skip_serializing_if = "Option::is_none")]
        pub request_body: Option<serde_json::Value>,
        /// What was answered.
        #[serde(rename = "responseHeaders", skip_serializing_if = "Option::is_none")]
        pub response_headers: Option<serde_json::Value>,
        /// What was answered.
        #[serde(rename = "responseBody", skip_serializing_if = "Option::is_none")]
        pub response_body: Option<String>,
        /// SUCCESS or FAILURE.
        #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// RETRY or NORETRY: whether HPE tries again.
        #[serde(rename = "retryStatus", skip_serializing_if = "Option::is_none")]
        pub retry_status: Option<String>,
        /// The event type or the batch.
        #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Its address in this API.
        #[serde(rename = "resourceUri", skip_serializing_if = "Option::is_none")]
        pub resource_uri: Option<String>,
        /// What it is about.
        #[serde(rename = "subject", skip_serializing_if = "Option::is_none")]
        pub subject: Option<String>,
        /// What a retry is asked for by.
        #[serde(rename = "failureId", skip_serializing_if = "Option::is_none")]
        pub failure_id: Option<String>,
    }

    /// A delivery that is sent again.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct DeliveryFailure {
        /// The event or batch.
        #[serde(rename = "id")]
        pub id: String,
        /// What kind of thing this is.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub r#type: Option<String>,
        /// What was answered.
        #[serde(rename = "httpResponseCode", skip_serializing_if = "Option::is_none")]
        pub http_response_code: Option<i32>,
        /// When it was sent first.
        #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// When it was sent last.
        #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<String>,
        /// Counts its changes.
        #[serde(rename = "generation", skip_serializing_if = "Option::is_none")]
        pub generation: Option<i32>,
        /// What was sent.
        #[serde(rename = "requestHeaders", skip_serializing_if = "Option::is_none")]
        pub request_headers: Option<serde_json::Value>,
        /// What was sent.
        #[serde(rename = "requestBody", skip_serializing_if = "Option::is_none")]
        pub request_body: Option<serde_json::Value>,
        /// What was answered.
        #[serde(rename = "responseHeaders", skip_serializing_if = "Option::is_none")]
        pub response_headers: Option<serde_json::Value>,
        /// What was answered.
        #[serde(rename = "responseBody", skip_serializing_if = "Option::is_none")]
        pub response_body: Option<String>,
        /// Its address in this API.
        #[serde(rename = "resourceUri", skip_serializing_if = "Option::is_none")]
        pub resource_uri: Option<String>,
        /// What a retry is asked for by.
        #[serde(rename = "failureId", skip_serializing_if = "Option::is_none")]
        pub failure_id: Option<String>,
    }

    /// A part of a list.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct DeliveryPage {
        /// The part.
        #[serde(rename = "items")]
        pub items: Vec<models::Delivery>,
        /// How many are in it.
        #[serde(rename = "count", skip_serializing_if = "Option::is_none")]
        pub count: Option<i32>,
        /// How many stand before it.
        #[serde(rename = "offset", skip_serializing_if = "Option::is_none")]
        pub offset: Option<i32>,
        /// How many there are in all.
        #[serde(rename = "total", skip_serializing_if = "Option::is_none")]
        pub total: Option<i32>,
    }

    /// What the destination answered to a challenge.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct DestinationResponse {
        /// The status.
        #[serde(rename = "statusCode", skip_serializing_if = "Option::is_none")]
        pub status_code: Option<i32>,
        /// What HPE makes of it.
        #[serde(rename = "message", skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// The rate that the destination asked for.
        #[serde(rename = "requestedRate", skip_serializing_if = "Option::is_none")]
        pub requested_rate: Option<i32>,
    }

    /// Why a call was refused.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Refusal {
        /// What HPE calls it.
        #[serde(rename = "errorCode", skip_serializing_if = "Option::is_none")]
        pub error_code: Option<String>,
        /// What is wrong.
        #[serde(rename = "message")]
        pub message: String,
        /// What HPE looks it up by.
        #[serde(rename = "debugId", skip_serializing_if = "Option::is_none")]
        pub debug_id: Option<String>,
        /// The status.
        #[serde(rename = "httpStatusCode", skip_serializing_if = "Option::is_none")]
        pub http_status_code: Option<i32>,
    }

    /// That events go to a webhook.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Subscription {
        /// The subscription.
        #[serde(rename = "id")]
        pub id: String,
        /// Always events/subscription.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub r#type: Option<String>,
        /// Whose events.
        #[serde(rename = "serviceManager", skip_serializing_if = "Option::is_none")]
        pub service_manager: Option<String>,
        /// Of which part.
        #[serde(rename = "apiGroup", skip_serializing_if = "Option::is_none")]
        pub api_group: Option<String>,
        /// Which events.
        #[serde(rename = "eventType", skip_serializing_if = "Option::is_none")]
        pub event_type: Option<String>,
        /// For people.
        #[serde(rename = "friendlyName", skip_serializing_if = "Option::is_none")]
        pub friendly_name: Option<String>,
        /// For people.
        #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Its address in this API.
        #[serde(rename = "resourceUri", skip_serializing_if = "Option::is_none")]
        pub resource_uri: Option<String>,
        /// As its type says.
        #[serde(rename = "webhook", skip_serializing_if = "Option::is_none")]
        pub webhook: Option<models::WebhookRef>,
        /// Which of them: an expression over their data.
        #[serde(rename = "eventFilter", skip_serializing_if = "Option::is_none")]
        pub event_filter: Option<String>,
        /// Whose it is.
        #[serde(rename = "hpePrincipal", skip_serializing_if = "Option::is_none")]
        pub hpe_principal: Option<String>,
        /// Who made it.
        #[serde(rename = "createdBy", skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// Who last changed it.
        #[serde(rename = "updatedBy", skip_serializing_if = "Option::is_none")]
        pub updated_by: Option<String>,
        /// When it was made.
        #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// When it was last changed.
        #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<String>,
        /// Counts its changes.
        #[serde(rename = "generation", skip_serializing_if = "Option::is_none")]
        pub generation: Option<i32>,
    }

    /// Which events go to which webhook.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct SubscriptionInput {
        /// Which events.
        #[serde(rename = "eventType")]
        pub event_type: String,
        /// As its type says.
        #[serde(rename = "webhook")]
        pub webhook: models::WebhookTarget,
        /// Which of them: an expression over their data.
        #[serde(rename = "eventFilter", skip_serializing_if = "Option::is_none")]
        pub event_filter: Option<String>,
    }

    /// A part of a list.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct SubscriptionPage {
        /// The part.
        #[serde(rename = "items")]
        pub items: Vec<models::Subscription>,
        /// How many are in it.
        #[serde(rename = "count", skip_serializing_if = "Option::is_none")]
        pub count: Option<i32>,
        /// How many stand before it.
        #[serde(rename = "offset", skip_serializing_if = "Option::is_none")]
        pub offset: Option<i32>,
        /// How many there are in all.
        #[serde(rename = "total", skip_serializing_if = "Option::is_none")]
        pub total: Option<i32>,
    }

    /// A subscription as it is to be.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct SubscriptionPatch {
        /// Which one.
        #[serde(rename = "subscriptionId")]
        pub subscription_id: String,
        /// Which events.
        #[serde(rename = "eventType")]
        pub event_type: String,
        /// As its type says.
        #[serde(rename = "webhook")]
        pub webhook: models::WebhookTarget,
        /// Which of them: an expression over their data.
        #[serde(rename = "eventFilter", skip_serializing_if = "Option::is_none")]
        pub event_filter: Option<String>,
    }

    /// A webhook. Its secrets are never shown.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Webhook {
        /// The webhook.
        #[serde(rename = "id")]
        pub id: String,
        /// Always events/webhook.
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        pub r#type: Option<String>,
        /// Unique in the workspace.
        #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// For people.
        #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Where deliveries go.
        #[serde(rename = "destination", skip_serializing_if = "Option::is_none")]
        pub destination: Option<String>,
        /// Whether somebody switched it off.
        #[serde(rename = "paused", skip_serializing_if = "Option::is_none")]
        pub paused: Option<bool>,
        /// ACTIVE, DISABLED, PENDING, WARNING or ERROR; in small letters, too.
        #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// Why it is in this state.
        #[serde(rename = "stateReason", skip_serializing_if = "Option::is_none")]
        pub state_reason: Option<String>,
        /// Its address in this API.
        #[serde(rename = "resourceUri", skip_serializing_if = "Option::is_none")]
        pub resource_uri: Option<String>,
        /// Counts its changes.
        #[serde(rename = "generation", skip_serializing_if = "Option::is_none")]
        pub generation: Option<i32>,
        /// Whose it is.
        #[serde(rename = "hpePrincipal", skip_serializing_if = "Option::is_none")]
        pub hpe_principal: Option<String>,
        /// Who made it.
        #[serde(rename = "createdBy", skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// When it was made.
        #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
        pub created_at: Option<String>,
        /// When it was last changed.
        #[serde(rename = "updatedAt", skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<String>,
        /// As given; Oauth in several spellings.
        #[serde(rename = "authType", skip_serializing_if = "Option::is_none")]
        pub auth_type: Option<String>,
        /// As given.
        #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// As given.
        #[serde(rename = "issuerUrl", skip_serializing_if = "Option::is_none")]
        pub issuer_url: Option<String>,
        /// Whether it has two secrets.
        #[serde(rename = "dualSecret", skip_serializing_if = "Option::is_none")]
        pub dual_secret: Option<bool>,
        /// Whether several events come in one delivery.
        #[serde(rename = "batching", skip_serializing_if = "Option::is_none")]
        pub batching: Option<bool>,
        /// Whether HPE sends challenges.
        #[serde(rename = "challengeRequestEnabled", skip_serializing_if = "Option::is_none")]
        pub challenge_request_enabled: Option<bool>,
        /// Deliveries a minute that the destination allows; -1: any number.
        #[serde(rename = "endpointRateLimit", skip_serializing_if = "Option::is_none")]
        pub endpoint_rate_limit: Option<i32>,
        /// As its type says.
        #[serde(rename = "destinationResponse", skip_serializing_if = "Option::is_none")]
        pub destination_response: Option<models::DestinationResponse>,
    }

    /// Where events are to go.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookInput {
        /// Unique in the workspace.
        #[serde(rename = "name")]
        pub name: String,
        /// Where deliveries go.
        #[serde(rename = "destination")]
        pub destination: String,
        /// What signs deliveries and answers challenges; 4 to 100 characters.
        #[serde(rename = "secret")]
        pub secret: Hidden,
        /// A second one, while the first one changes; empty: none.
        #[serde(rename = "secondarySecret", skip_serializing_if = "Option::is_none")]
        pub secondary_secret: Option<Hidden>,
        /// For people.
        #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// What the Authorization header of deliveries is made from; empty: there is none.
        #[serde(rename = "authType", skip_serializing_if = "Option::is_none")]
        pub auth_type: Option<String>,
        /// With Oauth.
        #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// With Oauth.
        #[serde(rename = "clientSecret", skip_serializing_if = "Option::is_none")]
        pub client_secret: Option<Hidden>,
        /// With Oauth: where tokens are fetched.
        #[serde(rename = "issuerUrl", skip_serializing_if = "Option::is_none")]
        pub issuer_url: Option<String>,
        /// With APIKey.
        #[serde(rename = "apiKey", skip_serializing_if = "Option::is_none")]
        pub api_key: Option<Hidden>,
        /// Whether several events come in one delivery.
        #[serde(rename = "batching", skip_serializing_if = "Option::is_none")]
        pub batching: Option<bool>,
        /// Whether HPE sends challenges.
        #[serde(rename = "challengeRequestEnabled", skip_serializing_if = "Option::is_none")]
        pub challenge_request_enabled: Option<bool>,
    }

    /// A part of a list.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookPage {
        /// The part.
        #[serde(rename = "items")]
        pub items: Vec<models::Webhook>,
        /// How many are in it.
        #[serde(rename = "count", skip_serializing_if = "Option::is_none")]
        pub count: Option<i32>,
        /// How many stand before it.
        #[serde(rename = "offset", skip_serializing_if = "Option::is_none")]
        pub offset: Option<i32>,
        /// How many there are in all.
        #[serde(rename = "total", skip_serializing_if = "Option::is_none")]
        pub total: Option<i32>,
    }

    /// What is to change; what is not given stays.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookPatch {
        /// Unique in the workspace.
        #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Where deliveries go.
        #[serde(rename = "destination", skip_serializing_if = "Option::is_none")]
        pub destination: Option<String>,
        /// What signs deliveries and answers challenges; 4 to 100 characters.
        #[serde(rename = "secret", skip_serializing_if = "Option::is_none")]
        pub secret: Option<Hidden>,
        /// A second one, while the first one changes; empty: none.
        #[serde(rename = "secondarySecret", skip_serializing_if = "Option::is_none")]
        pub secondary_secret: Option<Hidden>,
        /// For people.
        #[serde(rename = "description", skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// What the Authorization header of deliveries is made from; empty: there is none.
        #[serde(rename = "authType", skip_serializing_if = "Option::is_none")]
        pub auth_type: Option<String>,
        /// With Oauth.
        #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// With Oauth.
        #[serde(rename = "clientSecret", skip_serializing_if = "Option::is_none")]
        pub client_secret: Option<Hidden>,
        /// With Oauth: where tokens are fetched.
        #[serde(rename = "issuerUrl", skip_serializing_if = "Option::is_none")]
        pub issuer_url: Option<String>,
        /// With APIKey.
        #[serde(rename = "apiKey", skip_serializing_if = "Option::is_none")]
        pub api_key: Option<Hidden>,
        /// Whether several events come in one delivery.
        #[serde(rename = "batching", skip_serializing_if = "Option::is_none")]
        pub batching: Option<bool>,
        /// Whether HPE sends challenges.
        #[serde(rename = "challengeRequestEnabled", skip_serializing_if = "Option::is_none")]
        pub challenge_request_enabled: Option<bool>,
        /// Whether it is switched off.
        #[serde(rename = "paused", skip_serializing_if = "Option::is_none")]
        pub paused: Option<bool>,
    }

    /// Names a webhook.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookRef {
        /// /events/v1beta1/webhooks/ and the id.
        #[serde(rename = "resourceUri", skip_serializing_if = "Option::is_none")]
        pub resource_uri: Option<String>,
    }

    /// Names a webhook.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookTarget {
        /// /events/v1beta1/webhooks/ and the id.
        #[serde(rename = "resourceUri")]
        pub resource_uri: String,
    }
}
