//! gridX's users, notification rules and webhook subscriptions.
//!
//! Generated from `receiver-impl/management/` by `make regen-clients`; change the description or `templates/clients/`,
//! never this file.

use http::Method;

use super::{Call, Nothing};

/// Where the API is unless somebody says otherwise.
pub const BASE: &str = "https://api.gridx.de";

/// A new notification rule, for one event type.
pub fn create_rule(account_id: &str, user_id: &str, rule_input: &models::RuleInput) -> Call<models::Rule> {
    Call::new(Method::POST, "/accounts/{accountID}/users/{userID}/notifications/rules")
        .accept("application/vnd.gridx.v2+json")
        .path("accountID", account_id)
        .path("userID", user_id)
        .body("application/json", rule_input)
}

/// A new webhook subscription. Its secret is in the answer, and never seen again.
pub fn create_webhook(account_id: &str, webhook_input: &models::WebhookInput) -> Call<models::Webhook> {
    Call::new(Method::POST, "/accounts/{accountID}/webhooks")
        .accept("application/json")
        .path("accountID", account_id)
        .body("application/json", webhook_input)
}

/// Ends a notification rule.
pub fn delete_rule(account_id: &str, user_id: &str, rule_id: &str) -> Call<Nothing> {
    Call::new(Method::DELETE, "/accounts/{accountID}/users/{userID}/notifications/rules/{ruleID}")
        .accept("application/vnd.gridx.v2+json")
        .path("accountID", account_id)
        .path("userID", user_id)
        .path("ruleID", rule_id)
}

/// Ends a webhook subscription.
pub fn delete_webhook(account_id: &str, webhook_id: &str) -> Call<Nothing> {
    Call::new(Method::DELETE, "/accounts/{accountID}/webhooks/{webhookID}")
        .accept("application/json")
        .path("accountID", account_id)
        .path("webhookID", webhook_id)
}

/// Every notification rule of the user, with its secret.
pub fn list_rules(account_id: &str, user_id: &str) -> Call<Vec<models::Rule>> {
    Call::new(Method::GET, "/accounts/{accountID}/users/{userID}/notifications/rules")
        .accept("application/vnd.gridx.v2+json")
        .path("accountID", account_id)
        .path("userID", user_id)
}

/// Every webhook subscription of the account, without secrets.
pub fn list_webhooks(account_id: &str) -> Call<Vec<models::Webhook>> {
    Call::new(Method::GET, "/accounts/{accountID}/webhooks").accept("application/json").path("accountID", account_id)
}

/// Has a ping event delivered, signed as any other.
pub fn ping_webhook(account_id: &str, webhook_id: &str, body: &serde_json::Value) -> Call<Nothing> {
    Call::new(Method::POST, "/accounts/{accountID}/webhooks/{webhookID}/ping")
        .accept("application/json")
        .path("accountID", account_id)
        .path("webhookID", webhook_id)
        .body("application/json", body)
}

/// A further secret. For three days deliveries are signed with the old one, too.
pub fn rotate_webhook_secret(account_id: &str, webhook_id: &str) -> Call<models::NewSecret> {
    Call::new(Method::POST, "/accounts/{accountID}/webhooks/{webhookID}/secret")
        .accept("application/json")
        .path("accountID", account_id)
        .path("webhookID", webhook_id)
}

/// One notification rule.
pub fn show_rule(account_id: &str, user_id: &str, rule_id: &str) -> Call<models::Rule> {
    Call::new(Method::GET, "/accounts/{accountID}/users/{userID}/notifications/rules/{ruleID}")
        .accept("application/vnd.gridx.v2+json")
        .path("accountID", account_id)
        .path("userID", user_id)
        .path("ruleID", rule_id)
}

/// One webhook subscription, without its secret.
pub fn show_webhook(account_id: &str, webhook_id: &str) -> Call<models::Webhook> {
    Call::new(Method::GET, "/accounts/{accountID}/webhooks/{webhookID}")
        .accept("application/json")
        .path("accountID", account_id)
        .path("webhookID", webhook_id)
}

/// Another rule in the place of this one.
pub fn update_rule(account_id: &str, user_id: &str, rule_id: &str, rule_input: &models::RuleInput) -> Call<Nothing> {
    Call::new(Method::PUT, "/accounts/{accountID}/users/{userID}/notifications/rules/{ruleID}")
        .accept("application/vnd.gridx.v2+json")
        .path("accountID", account_id)
        .path("userID", user_id)
        .path("ruleID", rule_id)
        .body("application/json", rule_input)
}

/// Other events, another address, on or off.
pub fn update_webhook(
    account_id: &str,
    webhook_id: &str,
    webhook_input: &models::WebhookInput,
) -> Call<Option<models::Webhook>> {
    Call::new(Method::PUT, "/accounts/{accountID}/webhooks/{webhookID}")
        .accept("application/json")
        .path("accountID", account_id)
        .path("webhookID", webhook_id)
        .body("application/json", webhook_input)
}

/// Whose token this is.
pub fn who_am_i() -> Call<models::User> {
    Call::new(Method::GET, "/user").accept("application/vnd.gridx.v2+json")
}

/// What is said and answered.
#[allow(unused_qualifications)] // The generator names models as they are named where the calls stand.
pub mod models {
    use serde::{Deserialize, Serialize};

    use super::models;
    use crate::management::Hidden;

    /// A secret that was just made.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct NewSecret {
        /// The secret, whsec_ included.
        #[serde(rename = "secret")]
        pub secret: Hidden,
    }

    /// The ways in which somebody is told; one or several.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct NotificationType {
        /// As its type says.
        #[serde(rename = "webhook", skip_serializing_if = "Option::is_none")]
        pub webhook: Option<models::RuleWebhook>,
        /// As its type says.
        #[serde(rename = "email", skip_serializing_if = "Option::is_none")]
        pub email: Option<models::RuleEmail>,
        /// A note on the dashboard; its members are not published.
        #[serde(rename = "dashboardNotification", skip_serializing_if = "Option::is_none")]
        pub dashboard_notification: Option<serde_json::Value>,
        /// A note on the phone; its members are not published.
        #[serde(rename = "mobile", skip_serializing_if = "Option::is_none")]
        pub mobile: Option<serde_json::Value>,
    }

    /// Why a call was refused.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Refusal {
        /// What is wrong.
        #[serde(rename = "message")]
        pub message: String,
        /// What is wrong in detail.
        #[serde(rename = "details", skip_serializing_if = "Option::is_none")]
        pub details: Option<Vec<String>>,
    }

    /// A notification rule.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Rule {
        /// The rule.
        #[serde(rename = "id")]
        pub id: String,
        /// Its account.
        #[serde(rename = "accountID", skip_serializing_if = "Option::is_none")]
        pub account_id: Option<String>,
        /// Its user.
        #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
        /// The one event type, such as appliance/online.
        #[serde(rename = "eventType")]
        pub event_type: String,
        /// Which of the events; the grammar is not published.
        #[serde(rename = "filters", skip_serializing_if = "Option::is_none")]
        pub filters: Option<Vec<models::RuleFilter>>,
        /// As its type says.
        #[serde(rename = "notificationType")]
        pub notification_type: models::NotificationType,
        /// The language of texts for people, such as DE.
        #[serde(rename = "locale", skip_serializing_if = "Option::is_none")]
        pub locale: Option<String>,
    }

    /// Tells a person.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RuleEmail {
        /// The e-mail address.
        #[serde(rename = "address")]
        pub address: String,
    }

    /// A condition on a member of the event.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RuleFilter {
        /// The member.
        #[serde(rename = "name")]
        pub name: String,
        /// What must hold for it.
        #[serde(rename = "condition")]
        pub condition: String,
    }

    /// What is to be told, and how.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RuleInput {
        /// The one event type, such as appliance/online.
        #[serde(rename = "eventType")]
        pub event_type: String,
        /// Which of the events; the grammar is not published.
        #[serde(rename = "filters", skip_serializing_if = "Option::is_none")]
        pub filters: Option<Vec<models::RuleFilter>>,
        /// As its type says.
        #[serde(rename = "notificationType")]
        pub notification_type: models::NotificationType,
        /// The language of texts for people, such as DE.
        #[serde(rename = "locale", skip_serializing_if = "Option::is_none")]
        pub locale: Option<String>,
    }

    /// Tells a program.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RuleWebhook {
        /// Where deliveries go.
        #[serde(rename = "targetURL")]
        pub target_url: String,
        /// What signs them, chosen by the caller.
        #[serde(rename = "secret", skip_serializing_if = "Option::is_none")]
        pub secret: Option<Hidden>,
    }

    /// Whose token it is.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct User {
        /// The user.
        #[serde(rename = "id")]
        pub id: String,
        /// The account that the user belongs to.
        #[serde(rename = "accountID")]
        pub account_id: String,
    }

    /// A webhook subscription.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Webhook {
        /// The subscription.
        #[serde(rename = "id")]
        pub id: String,
        /// Its account.
        #[serde(rename = "accountID", skip_serializing_if = "Option::is_none")]
        pub account_id: Option<String>,
        /// The event types.
        #[serde(rename = "eventTypes", skip_serializing_if = "Option::is_none")]
        pub event_types: Option<Vec<String>>,
        /// Where deliveries go.
        #[serde(rename = "targetURL", skip_serializing_if = "Option::is_none")]
        pub target_url: Option<String>,
        /// Whether there are deliveries.
        #[serde(rename = "active", skip_serializing_if = "Option::is_none")]
        pub active: Option<bool>,
        /// What signs deliveries; only when it is new.
        #[serde(rename = "secret", skip_serializing_if = "Option::is_none")]
        pub secret: Option<Hidden>,
    }

    /// Which events go where.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub struct WebhookInput {
        /// The event types.
        #[serde(rename = "eventTypes")]
        pub event_types: Vec<String>,
        /// Where deliveries go.
        #[serde(rename = "targetURL")]
        pub target_url: String,
        /// Whether there are deliveries.
        #[serde(rename = "active", skip_serializing_if = "Option::is_none")]
        pub active: Option<bool>,
    }
}
