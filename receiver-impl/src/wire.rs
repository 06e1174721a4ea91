//! What the admin port's API and the commands that ask it say to each other.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /api/events?FILTER&after=ID&limit=N` | a page of events, the newest first |
//! | `GET /api/events/ID` | everything about one |
//! | `GET /api/events/export?ids=ID,ID` | the same of several, a line each |
//! | `GET /api/events/stats` | how many there are in each state |
//! | `GET /api/events/retention` | how long this receiver keeps things |
//! | `POST /api/events/change` | [`ChangeRequest`]: replay, retry, park or remove some |
//! | `POST /api/events/import` | lines of an export: takes them back |
//! | `POST /api/events/prune` | [`PruneRequest`]: removes what is old |
//!
//! `FILTER` is any of `provider`, `type`, `state` (several times), `since`, `until`, `id` (the identity). Everything is
//! bounded: what is more than fits into an answer comes with the next request.

mod query;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::inbox::{Change, Changed, EventId, Filter, Retention, State};

pub(crate) use query::{ListQuery, ids};

/// The most events of a page.
pub(crate) const PAGE: usize = 1000;
/// The most events of an export.
pub(crate) const EXPORTED: usize = 100;
/// An export adds no further event to this many bytes.
pub(crate) const EXPORT_BYTES: usize = 4 << 20;
/// The most bytes of an import, and so of a line.
pub(crate) const IMPORT_BYTES: usize = 32 << 20;

/// What is to become of events: of these, or of those that fit a filter, a portion at a time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeRequest {
    pub(crate) change: Change,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ids: Vec<EventId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<Filter>,
    /// With a filter: from behind this one on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<EventId>,
}

/// What a change came to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ChangeAnswer {
    /// How many were changed.
    pub(crate) changed: usize,
    /// For each event, in the order of the ids or of the list.
    pub(crate) results: Vec<ChangeResult>,
    /// Where the next portion begins; `None` if nothing more fits the filter.
    pub(crate) next: Option<EventId>,
}

/// What a change came to for one event.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ChangeResult {
    pub(crate) id: EventId,
    pub(crate) result: Changed,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Imported {
    pub(crate) kept: u64,
    pub(crate) duplicates: u64,
}

/// Which events are too old; if nothing is said, by the receiver's own settings.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PruneRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) older_than_seconds: Option<u64>,
    /// In which states; if none is named, done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) states: Vec<State>,
}

/// How long a receiver keeps things.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct KeepsFor {
    bodies_seconds: u64,
    identities_seconds: u64,
    digests_seconds: u64,
}

/// Why a request did nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refused {
    pub(crate) error: String,
}

impl From<Retention> for KeepsFor {
    fn from(retention: Retention) -> Self {
        Self {
            bodies_seconds: retention.bodies.as_secs(),
            identities_seconds: retention.identities.as_secs(),
            digests_seconds: retention.digests.as_secs(),
        }
    }
}

impl From<KeepsFor> for Retention {
    fn from(keeps: KeepsFor) -> Self {
        Self {
            bodies: Duration::from_secs(keeps.bodies_seconds),
            identities: Duration::from_secs(keeps.identities_seconds),
            digests: Duration::from_secs(keeps.digests_seconds),
        }
    }
}
