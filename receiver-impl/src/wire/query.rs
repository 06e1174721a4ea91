//! What stands behind the question mark.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::SystemTime;

use chrono::DateTime;
use form_urlencoded::Serializer;

use super::{EXPORTED, PAGE};
use crate::inbox::{EventId, Filter};
use crate::log_text::Shown;

/// Which part of which list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ListQuery {
    pub(crate) filter: Filter,
    pub(crate) after: Option<EventId>,
    pub(crate) limit: Option<usize>,
}

/// A query that is not understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadQuery(String);

impl ListQuery {
    /// Reads a query.
    pub(crate) fn parse(query: &str) -> Result<Self, BadQuery> {
        let mut list = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let filter = &mut list.filter;
            match &*name {
                "provider" => filter.provider = Some(value.into_owned()),
                "type" => filter.event_type = Some(value.into_owned()),
                "state" => filter.states.push(read(&name, &value)?),
                "since" => filter.from = Some(time(&name, &value)?),
                "until" => filter.until = Some(time(&name, &value)?),
                "id" => filter.identity = Some(value.into_owned()),
                "after" => list.after = Some(read(&name, &value)?),
                "limit" => list.limit = Some(read(&name, &value)?),
                _ => return Err(BadQuery(format!("`{}` is no parameter of this address", Shown(&name)))),
            }
        }
        match list.limit {
            Some(0 | PAGE..) if list.limit != Some(PAGE) => Err(BadQuery(format!("`limit` must be 1 to {PAGE}"))),
            _ => Ok(list),
        }
    }
}

impl Display for ListQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Filter { provider, event_type, states, from, until, identity } = &self.filter;
        let mut query = Serializer::new(String::new());
        let mut add =
            |name, value: Option<String>| value.into_iter().for_each(|value| _ = query.append_pair(name, &value));
        add("provider", provider.clone());
        add("type", event_type.clone());
        states.iter().for_each(|state| add("state", Some(state.to_string())));
        add("since", from.map(exact));
        add("until", until.map(exact));
        add("id", identity.clone());
        add("after", self.after.map(|after| after.to_string()));
        add("limit", self.limit.map(|limit| limit.to_string()));
        f.write_str(&query.finish())
    }
}

/// Reads `ids=1,2,3`.
pub(crate) fn ids(query: &str) -> Result<Vec<EventId>, BadQuery> {
    let mut ids = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "ids" {
            return Err(BadQuery(format!("`{}` is no parameter of this address", Shown(&name))));
        }
        for id in value.split(',') {
            ids.push(read("ids", id)?);
        }
    }
    if ids.is_empty() || ids.len() > EXPORTED {
        return Err(BadQuery(format!("`ids` must name 1 to {EXPORTED} events")));
    }
    Ok(ids)
}

fn read<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, BadQuery> {
    text.parse().map_err(|error| BadQuery(format!("`{name}`: {}", Shown(&format!("{error}")))))
}

fn time(name: &str, text: &str) -> Result<SystemTime, BadQuery> {
    let wrong = |_| BadQuery(format!("`{name}`: `{}` is no time; write for example 2026-01-31T12:00:00Z", Shown(text)));
    DateTime::parse_from_rfc3339(text).map(SystemTime::from).map_err(wrong)
}

fn exact(time: SystemTime) -> String {
    crate::inbox::rfc3339(time)
}

impl Display for BadQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::inbox::State;

    #[test]
    fn reads_what_it_writes() {
        let query = ListQuery {
            filter: Filter {
                provider: Some("gridx".to_owned()),
                event_type: Some("a&b=c d/\u{e4}".to_owned()),
                states: vec![State::Dead, State::Parked],
                from: Some(UNIX_EPOCH + Duration::from_micros(1_790_000_000_000_001)),
                until: None,
                identity: Some("%".to_owned()),
            },
            after: Some(EventId(7)),
            limit: Some(PAGE),
        };
        assert_eq!(ListQuery::parse(&query.to_string()).unwrap(), query);
        assert_eq!(ListQuery::parse("").unwrap(), ListQuery::default());
    }

    #[test]
    fn says_what_it_does_not_understand() {
        let wrong = |query| ListQuery::parse(query).unwrap_err().to_string();
        assert_eq!(wrong("sate=dead"), "`sate` is no parameter of this address");
        assert!(wrong("state=gone").starts_with("`state`: `gone` is no state; there are pending"));
        assert!(wrong("since=today").contains("write for example"));
        for limit in ["limit=0", "limit=1001", "limit=-1"] {
            assert!(wrong(limit).starts_with("`limit`"));
        }
    }

    #[test]
    fn ids_are_some_but_not_many() {
        assert_eq!(ids("ids=3,1").unwrap(), [EventId(3), EventId(1)]);
        let many = format!("ids=1{}", ",1".repeat(EXPORTED));
        for wrong in ["", "ids=", "ids=x", "id=1", &many] {
            assert!(ids(wrong).is_err(), "{wrong}");
        }
    }
}
