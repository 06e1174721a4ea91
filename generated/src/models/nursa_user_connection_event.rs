use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A user's request to be connected to a facility was decided on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct NursaUserConnectionEvent {
    /// The event type.
    #[serde(rename = "eventType")]
    pub event_type: super::NursaUserConnectionEventEventType,
    /// A user and the facility to be connected to.
    pub data: super::NursaUserConnection,
}
