//! An event as it is kept, and what is known about it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use webhook_api::Match;

/// An authentic event, with all that its handling needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The provider's name.
    pub provider: Cow<'static, str>,
    /// The id of the endpoint that took it.
    pub endpoint: Cow<'static, str>,
    /// Its type as it names it; `None` if it does not.
    pub event_type: Option<String>,
    /// What all copies of it, and nothing else of its provider, have in common.
    pub identity: String,
    /// Whether the identity is a digest of the delivery because it names none of its own. Such an identity is
    /// remembered for a shorter time: two events may well be equal.
    pub identity_is_digest: bool,
    /// The text whose events are handled in order.
    pub ordering_key: Option<String>,
    /// When it arrived.
    pub received_at: SystemTime,
    /// The headers that matter: those that a scheme reads or signs, and those that describe the body or its origin.
    pub headers: HeaderMap,
    /// The exact bytes that were signed; of a batch, those of this event.
    pub body: Bytes,
    /// Which schemes verified it, by which key.
    pub matched: Vec<Matched>,
}

/// A scheme that verified an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The scheme's name.
    pub scheme: Cow<'static, str>,
    /// Which key, counted from 1.
    pub slot: u8,
}

/// Names an event in its inbox. Later admissions have greater ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub u64);

impl From<&Match> for Matched {
    fn from(matched: &Match) -> Self {
        Self { scheme: Cow::Borrowed(matched.scheme), slot: matched.slot }
    }
}

/// What admitting an event came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is kept under this id.
    Kept(EventId),
    /// A copy of it was kept before, under this id.
    Duplicate(EventId),
}

/// Where an event is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It waits for a worker.
    Pending,
    /// A worker has it.
    Leased,
    /// It failed and waits for its next attempt.
    Retrying,
    /// It is handled.
    Done,
    /// It failed for good, or too often. Somebody has to look.
    Dead,
    /// It is authentic, but of no type that the spec knows or not of its type's shape, or somebody put it aside.
    Parked,
}

/// One try to handle an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Counted from 1, over the whole life of the event.
    pub number: u32,
    /// When it ended.
    #[serde(with = "super::event::time")]
    pub ended_at: SystemTime,
    /// How.
    pub ending: Ending,
    /// What went wrong, if something did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The handler returned.
    Done,
    /// It failed in a way that may pass.
    Failed,
    /// It failed for good, or once too often.
    Dead,
    /// The event is unknown or unfit.
    Parked,
}

/// What a list shows of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its id here.
    pub id: EventId,
    /// The provider's name.
    pub provider: String,
    /// The id of the endpoint that took it.
    pub endpoint: String,
    /// Its type as it names it.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// Its identity.
    pub identity: String,
    /// When it arrived.
    #[serde(with = "time")]
    pub received_at: SystemTime,
    /// Where it is in its life.
    pub state: State,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, if it waits for that.
    #[serde(with = "optional_time", default, skip_serializing_if = "Option::is_none")]
    pub next_attempt: Option<SystemTime>,
    /// Bytes of its body; `None` if the body was removed.
    pub size: Option<u64>,
}

/// All that is known of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id here.
    pub id: EventId,
    /// The event. Its headers and body are empty if they were removed, which `has_body` tells.
    pub event: Arc<Event>,
    /// Whether headers and body are still kept.
    pub has_body: bool,
    /// Where it is in its life.
    pub state: State,
    /// When it is tried next, if it waits for that.
    pub next_attempt: Option<SystemTime>,
    /// Every try so far.
    pub attempts: Vec<Attempt>,
}

impl Record {
    /// What a list shows of it.
    pub fn summary(&self) -> Summary {
        let event = &*self.event;
        Summary {
            id: self.id,
            provider: event.provider.to_string(),
            endpoint: event.endpoint.to_string(),
            event_type: event.event_type.clone(),
            identity: event.identity.clone(),
            received_at: event.received_at,
            state: self.state,
            attempts: self.attempts.last().map_or(0, |last| last.number),
            next_attempt: self.next_attempt,
            size: self.has_body.then_some(event.body.len() as u64),
        }
    }
}

impl State {
    /// Every state, in the order of an event's life.
    pub const ALL: [Self; 6] = [Self::Pending, Self::Leased, Self::Retrying, Self::Done, Self::Dead, Self::Parked];

    /// The state's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Retrying => "retrying",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Parked => "parked",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| format!("`{text}` is no state; there are {}", Self::ALL.map(Self::name).join(", ")))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EventId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is no event id; `receiver events list` shows them"))
    }
}

/// Points in time as RFC 3339 texts, to the microsecond, which is what stores keep.
pub(crate) mod time {
    use std::time::SystemTime;

    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn text(time: SystemTime) -> String {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).ok();
        // What stands in a broken file may lie beyond every calendar.
        let time = seconds.and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, since.subsec_nanos()));
        time.unwrap_or(DateTime::<Utc>::MAX_UTC).to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    pub(crate) fn serialize<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse_from_rfc3339(&text).map(SystemTime::from).map_err(serde::de::Error::custom)
    }
}

/// The same for times that may be missing.
pub(super) mod optional_time {
    use std::time::SystemTime;

    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

    #[derive(Deserialize)]
    struct Time(#[serde(with = "super::time")] SystemTime);

    pub(in crate::inbox) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(super::time::text).serialize(serializer)
    }

    pub(in crate::inbox) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        Ok(Option::<Time>::deserialize(deserializer)?.map(|Time(time)| time))
    }
}
