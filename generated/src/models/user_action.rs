use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// Something that a person has to do before a system works in full again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct UserAction {
    /// The action; the same when it is solved.
    pub id: uuid::Uuid,
    /// What does not work until then.
    pub capabilities: Vec<super::UserActionCapability>,
    /// The class of asset, `EV` so far.
    pub r#type: String,
    /// The asset's maker.
    pub manufacturer: String,
    /// Whether the account at the maker or the device itself is concerned.
    pub domain: super::UserActionDomain,
    /// When the action became necessary.
    #[serde(rename = "introducedAt")]
    #[schema(value_type = String, format = "date-time")]
    pub introduced_at: crate::Timestamp,
    /// The gateway of the system.
    #[serde(rename = "gatewayID")]
    pub gateway_id: String,
    /// The asset that it is about.
    #[serde(rename = "assetID")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub asset_id: String,
    /// The system that it is about.
    #[serde(rename = "systemID")]
    #[validate(length(min = 1))]
    #[schema(min_length = 1)]
    pub system_id: String,
    /// Whether the action is still to be done.
    pub status: super::UserActionStatus,
    /// What is to be done, by whom and where.
    pub resolution: super::UserActionResolution,
}
