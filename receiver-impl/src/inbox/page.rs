//! Choosing events, and reading them page by page.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::event::{EventId, State, Summary, optional_time};

/// Which events are meant. What is not set leaves all in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Of this provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Of this type, as events name it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// In one of these states; empty: in any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<State>,
    /// Received at this time or later.
    #[serde(rename = "since", with = "optional_time", skip_serializing_if = "Option::is_none")]
    pub from: Option<SystemTime>,
    /// Received before this time.
    #[serde(with = "optional_time", skip_serializing_if = "Option::is_none")]
    pub until: Option<SystemTime>,
    /// With this identity.
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
}

impl Filter {
    /// Whether it leaves everything in.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an event is meant.
    pub fn fits(&self, event: &Summary) -> bool {
        self.provider.as_ref().is_none_or(|provider| *provider == event.provider)
            && self.event_type.as_ref().is_none_or(|wanted| event.event_type.as_ref() == Some(wanted))
            && (self.states.is_empty() || self.states.contains(&event.state))
            && self.from.is_none_or(|from| event.received_at >= from)
            && self.until.is_none_or(|until| event.received_at < until)
            && self.identity.as_ref().is_none_or(|identity| *identity == event.identity)
    }
}

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The newest first.
    pub events: Vec<Summary>,
    /// Where the next page begins; `None` if there is nothing more.
    pub next: Option<EventId>,
}
