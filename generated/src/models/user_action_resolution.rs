use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What is to be done, by whom and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct UserActionResolution {
    /// What to do, in a few words.
    pub title: String,
    /// What to do, step by step, as Markdown that may hold HTML line breaks.
    pub description: String,
    /// Whether somebody has to go to the asset.
    pub access: super::UserActionAccess,
    /// Who has to act.
    pub agent: super::UserActionAgent,
    /// What to link anew, if that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub action: Option<super::UserActionLink>,
}
