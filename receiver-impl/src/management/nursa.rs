//! Nursa's user and facility webhooks and their delivery logs.
//!
//! Generated from `receiver-impl/management/` by `make regen-clients`; change the description or `templates/clients/`,
//! never this file.

use http::Method;

use super::{Call, Nothing};

/// Where the API is unless somebody says otherwise.
pub const BASE: &str = "https://public-api.prod.nursa.com";

/// A new webhook for events of facilities.
pub fn create_facility_webhook(
    facility_webhook_input: &models::FacilityWebhookInput,
) -> Call<models::FacilityWebhookAnswer> {
    Call::new(Method::POST, "/api/v2/public/webhooks/facility")
        .accept("application/json")
        .body("application/json", facility_webhook_input)
}

/// A new webhook for events of a user.
pub fn create_user_webhook(user_webhook_input: &models::UserWebhookInput) -> Call<models::UserWebhookAnswer> {
    Call::new(Method::POST, "/api/v2/public/webhooks/user")
        .accept("application/json")
        .body("application/json", user_webhook_input)
}

/// Ends a webhook.
pub fn delete_facility_webhook(webhook_id: &str) -> Call<Nothing> {
    Call::new(Method::DELETE, "/api/v2/public/webhooks/facility/{webhookId}")
        .accept("application/json")
        .path("webhookId", webhook_id)
}

/// Ends a webhook.
pub fn delete_user_webhook(webhook_id: &str) -> Call<Nothing> {
    Call::new(Method::DELETE, "/api/v2/public/webhooks/user/{webhookId}")
        .accept("application/json")
        .path("webhookId", webhook_id)
}

/// Every webhook for events of facilities, with its secrets.
pub fn list_facility_webhooks() -> Call<models::FacilityWebhookList> {
    Call::new(Method::GET, "/api/v2/public/webhooks/facility").accept("application/json")
}

/// What was sent to facility webhooks in the last 14 days.
pub fn list_logs(
    facilities_ids: Option<&[String]>,
    event_type: Option<&str>,
    start_date: Option<&str>,
    end_date: Option<&str>,
    limit: Option<i32>,
    offset: Option<i32>,
    sort_direction: Option<&str>,
) -> Call<models::LogList> {
    Call::new(Method::GET, "/api/v2/public/webhooks/logs")
        .accept("application/json")
        .query("facilitiesIds", facilities_ids)
        .query("eventType", event_type)
        .query("startDate", start_date)
        .query("endDate", end_date)
        .query("limit", limit)
        .query("offset", offset)
        .query("sortDirection", sort_direction)
}

/// Every webhook for events of a user, with its secrets.
pub fn list_user_webhooks() -> Call<models::UserWebhookList> {
    Call::new(Method::GET, "/api/v2/public/webhooks/user").accept("application/json")
}

/// Changes what is given and leaves the rest.
pub fn update_facility_webhook(
    webhook_id: &str,
    facility_webhook_patch: &models::FacilityWebhookPatch,
) -> Call<models::FacilityWebhookAnswer> {
    Call::new(Method::PATCH, "/api/v2/public/webhooks/facility/{webhookId}")
        .accept("application/json")
        .path("webhookId", webhook_id)
        .body("application/json", facility_webhook_patch)
}

/// Changes what is given and leaves the rest.
pub fn update_user_webhook(
    webhook_id: &str,
    user_webhook_patch: &models::UserWebhookPatch,
) -> Call<models::UserWebhookAnswer> {
    Call::new(Method::PATCH, "/api/v2/public/webhooks/user/{webhookId}")
        .accept("application/json")
        .path("webhookId", webhook_id)
        .body("application/json", user_webhook_patch)
}

/// What is said and answered.
#[allow(unused_qualifications)] // The generator names models as they are named where the calls stand.
pub mod models {
    use serde::{Deserialize, Serialize};

    use super::models;
    use crate::management::Hidden;

    /// An event of a facility webhook.
    pub type FacilityEventType = String;

    /// A webhook with its secrets.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct FacilityWebhook {
        /// The webhook.
        #[serde(rename = "id")]
        pub id: String,
        /// Where deliveries go.
        #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
        pub url: Option<String>,
        /// Which events.
        #[serde(rename = "events", skip_serializing_if = "Option::is_none")]
        pub events: Option<Vec<String>>,
        /// Whose application made it.
        #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets", skip_serializing_if = "Option::is_none")]
        pub secrets: Option<Vec<Hidden>>,
        /// Which facilities; none: each that the user can reach.
        #[serde(rename = "facilities", skip_serializing_if = "Option::is_none")]
        pub facilities: Option<Vec<String>>,
    }

    /// A webhook, wrapped.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct FacilityWebhookAnswer {
        /// As its type says.
        #[serde(rename = "data")]
        pub data: models::FacilityWebhook,
    }

    /// What is to be sent where.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct FacilityWebhookInput {
        /// Where deliveries go.
        #[serde(rename = "url")]
        pub url: String,
        /// Which events.
        #[serde(rename = "events")]
        pub events: Vec<models::FacilityEventType>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets")]
        pub secrets: Vec<Hidden>,
        /// Which facilities; none: each that the user can reach.
        #[serde(rename = "facilities")]
        pub facilities: Vec<String>,
    }

    /// Webhooks, wrapped.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct FacilityWebhookList {
        /// The webhooks.
        #[serde(rename = "data")]
        pub data: Vec<models::FacilityWebhook>,
    }

    /// What is to change.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct FacilityWebhookPatch {
        /// Where deliveries go.
        #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
        pub url: Option<String>,
        /// Which events.
        #[serde(rename = "events", skip_serializing_if = "Option::is_none")]
        pub events: Option<Vec<models::FacilityEventType>>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets", skip_serializing_if = "Option::is_none")]
        pub secrets: Option<Vec<Hidden>>,
        /// Which facilities; none: each that the user can reach.
        #[serde(rename = "facilities", skip_serializing_if = "Option::is_none")]
        pub facilities: Option<Vec<String>>,
    }

    /// What is wrong.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct InvalidRequest {
        /// A text or a list of texts.
        #[serde(rename = "message")]
        pub message: serde_json::Value,
        /// The status in words.
        #[serde(rename = "error", skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
        /// The status.
        #[serde(rename = "statusCode", skip_serializing_if = "Option::is_none")]
        pub status_code: Option<i32>,
    }

    /// One delivery.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct LogEntry {
        /// The delivery.
        #[serde(rename = "id")]
        pub id: String,
        /// Whose event.
        #[serde(rename = "facilityId", skip_serializing_if = "Option::is_none")]
        pub facility_id: Option<String>,
        /// Which event.
        #[serde(rename = "eventType", skip_serializing_if = "Option::is_none")]
        pub event_type: Option<String>,
        /// What was sent.
        #[serde(rename = "requestPayload", skip_serializing_if = "Option::is_none")]
        pub request_payload: Option<serde_json::Value>,
        /// What was answered.
        #[serde(rename = "responseStatus", skip_serializing_if = "Option::is_none")]
        pub response_status: Option<serde_json::Number>,
        /// What was answered.
        #[serde(rename = "responseBody", skip_serializing_if = "Option::is_none")]
        pub response_body: Option<String>,
        /// Where it went.
        #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
        pub url: Option<String>,
        /// The further tries: an object, a list, or nothing.
        #[serde(rename = "retries", skip_serializing_if = "Option::is_none")]
        pub retries: Option<serde_json::Value>,
        /// success or failure; success when any try worked.
        #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
    }

    /// Deliveries, wrapped.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct LogList {
        /// The deliveries.
        #[serde(rename = "data")]
        pub data: Vec<models::LogEntry>,
    }

    /// Why a call was refused.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Refusal {
        /// Why.
        #[serde(rename = "message")]
        pub message: String,
        /// The status in words.
        #[serde(rename = "error", skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
        /// The status.
        #[serde(rename = "statusCode", skip_serializing_if = "Option::is_none")]
        pub status_code: Option<i32>,
    }

    /// An event of a user webhook.
    pub type UserEventType = String;

    /// A webhook with its secrets.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct UserWebhook {
        /// The webhook.
        #[serde(rename = "id")]
        pub id: String,
        /// Where deliveries go.
        #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
        pub url: Option<String>,
        /// Which events.
        #[serde(rename = "events", skip_serializing_if = "Option::is_none")]
        pub events: Option<Vec<String>>,
        /// Whose application made it.
        #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets", skip_serializing_if = "Option::is_none")]
        pub secrets: Option<Vec<Hidden>>,
    }

    /// A webhook, wrapped.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct UserWebhookAnswer {
        /// As its type says.
        #[serde(rename = "data")]
        pub data: models::UserWebhook,
    }

    /// What is to be sent where.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct UserWebhookInput {
        /// Where deliveries go.
        #[serde(rename = "url")]
        pub url: String,
        /// Which events.
        #[serde(rename = "events")]
        pub events: Vec<models::UserEventType>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets")]
        pub secrets: Vec<Hidden>,
    }

    /// Webhooks, wrapped.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct UserWebhookList {
        /// The webhooks.
        #[serde(rename = "data")]
        pub data: Vec<models::UserWebhook>,
    }

    /// What is to change.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct UserWebhookPatch {
        /// Where deliveries go.
        #[serde(rename = "url", skip_serializing_if = "Option::is_none")]
        pub url: Option<String>,
        /// Which events.
        #[serde(rename = "events")]
        pub events: Vec<models::UserEventType>,
        /// What signs deliveries, one or two.
        #[serde(rename = "secrets", skip_serializing_if = "Option::is_none")]
        pub secrets: Option<Vec<Hidden>>,
    }
}
