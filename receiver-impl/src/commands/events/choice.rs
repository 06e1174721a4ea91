//! Which events are meant: by their ids, or by what they have in common.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use chrono::DateTime;

use super::access::Access;
use super::progress::Progress;
use crate::commands::Failure;
use crate::config::Span;
use crate::inbox::{EventId, Filter, State};
use crate::wire::PAGE;

/// What events have in common.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Choice {
    /// Of this provider
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,

    /// Of this type, as events name it
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,

    /// In this state, or one of several: pending, leased, retrying, done, dead, parked
    #[arg(long = "state", value_name = "STATE")]
    states: Vec<State>,

    /// Received at this time or later: 2026-01-31T12:00:00Z, or how long ago: 2h
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,

    /// Received before this time
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,

    /// With this identity, which copies of an event share
    #[arg(long, value_name = "IDENTITY")]
    id: Option<String>,
}

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(SystemTime);

impl Choice {
    /// The filter that this is.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            provider: self.provider.clone(),
            event_type: self.event_type.clone(),
            states: self.states.clone(),
            from: self.since.map(|since| since.0),
            until: self.until.map(|until| until.0),
            identity: self.id.clone(),
        }
    }
}

/// So long ago, but not before any event.
pub(super) fn ago(time: Duration) -> SystemTime {
    SystemTime::now().checked_sub(time).map_or(SystemTime::UNIX_EPOCH, |then| then.max(SystemTime::UNIX_EPOCH))
}

/// An event that is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) id: EventId,
    pub(super) has_body: bool,
}

/// All events that fit, the oldest first. What comes meanwhile is not among them.
pub(super) async fn find(access: &Access, filter: &Filter) -> Result<Vec<Found>, Failure> {
    let progress = Progress::looking();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = access.list(filter, after, PAGE).await?;
        found.extend(page.events.iter().map(|event| Found { id: event.id, has_body: event.size.is_some() }));
        progress.at(found.len());
        if page.next.is_none() {
            found.reverse();
            return Ok(found);
        }
        after = page.next;
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self(time.into()));
        }
        let span = text.trim_end().trim_end_matches("ago").parse::<Span>().ok();
        span.map(|span| Self(ago(span.0))).ok_or_else(|| {
            format!("`{text}` is no time; write for example 2026-01-31T12:00:00Z, or 2h for two hours ago")
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_moment_is_a_time_or_how_long_ago_it_was() {
        assert_eq!("1970-01-01T01:00:05+01:00".parse(), Ok(Moment(UNIX_EPOCH + Duration::from_secs(5))));
        for text in ["2h", "120m", "2h ago"] {
            let Moment(then) = text.parse().unwrap();
            let age = then.elapsed().unwrap();
            assert!((7200..7260).contains(&age.as_secs()), "{text}: {age:?}");
        }
        assert_eq!("99999999999d".parse(), Ok(Moment(UNIX_EPOCH)));
        for text in ["", "yesterday", "2", "2026-01-31"] {
            assert!(text.parse::<Moment>().unwrap_err().contains("is no time; write for example"), "{text}");
        }
    }
}
