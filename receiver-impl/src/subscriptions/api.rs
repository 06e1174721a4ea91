//! The three management APIs: where they are, and what they call the things that a person must know.

use crate::management::{greenlake, gridx, nursa};

/// A management API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// gridX.
    Gridx,
    /// HPE GreenLake.
    Greenlake,
    /// Nursa.
    Nursa,
}

impl Api {
    /// Its provider, as `webhooks.yaml` and the commands call it.
    pub fn provider(self) -> &'static str {
        match self {
            Self::Gridx => "gridx",
            Self::Greenlake => "greenlake",
            Self::Nursa => "nursa",
        }
    }

    /// Its provider, as people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gridx => "gridX",
            Self::Greenlake => "HPE GreenLake",
            Self::Nursa => "Nursa",
        }
    }

    /// Where it is, unless somebody says otherwise.
    pub fn base(self) -> &'static str {
        match self {
            Self::Gridx => gridx::BASE,
            Self::Greenlake => greenlake::BASE,
            Self::Nursa => nursa::BASE,
        }
    }

    /// Where its tokens come from.
    pub(crate) fn token_source(self) -> &'static str {
        match self {
            Self::Gridx => "the user settings of XENON",
            Self::Greenlake => "a personal API client of the workspace",
            Self::Nursa => "Nursa's authorization server",
        }
    }

    /// What a token must be allowed to do for the operation at this path.
    pub(crate) fn permission(self, template: &str) -> &'static str {
        match self {
            Self::Gridx if template.contains("/notifications/") || template == "/user" => {
                "the token's user needs the policies AccountsUsersRead and AccountsUsersWrite"
            }
            Self::Gridx => {
                "the token's user needs the policies WebhooksRead and WebhooksWrite, and the account must be its own"
            }
            Self::Greenlake if template.contains("/subscriptions") => {
                "the API client needs the permission on Automations Subscription"
            }
            Self::Greenlake => "the API client needs the permission on Automations Webhook",
            Self::Nursa => {
                "the token needs the scope for webhooks (probably `integrations:write`), and the user must reach the facilities"
            }
        }
    }
}
