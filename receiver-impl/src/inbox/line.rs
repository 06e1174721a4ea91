//! A record as one line of JSON: what `receiver events export` writes and `import` takes back, and what the admin port
//! shows of an event.
//!
//! What is read here becomes rows that everything else trusts, so a line must hold together: an event that is yet to be
//! handled has a body, one that is done has an attempt that ended so, and attempts are numbered from 1.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::event::{optional_time, time};
use super::{Attempt, Ending, Event, EventId, Matched, Record, State};

/// The members of a line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(default = "no_id")]
    id: EventId,
    provider: Cow<'a, str>,
    endpoint: Cow<'a, str>,
    #[serde(rename = "type", default)]
    event_type: Option<Cow<'a, str>>,
    identity: Cow<'a, str>,
    #[serde(default)]
    identity_is_digest: bool,
    #[serde(default)]
    ordering_key: Option<Cow<'a, str>>,
    #[serde(with = "time")]
    received_at: SystemTime,
    state: State,
    #[serde(with = "optional_time", default, skip_serializing_if = "Option::is_none")]
    next_attempt: Option<SystemTime>,
    #[serde(default)]
    matched: Cow<'a, [Matched]>,
    #[serde(default)]
    headers: Vec<(Cow<'a, str>, Octets<'a>)>,
    /// Null if it is no longer kept.
    body: Option<Octets<'a>>,
    #[serde(default)]
    attempts: Cow<'a, [Attempt]>,
}

/// Bytes: a text if they are one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Octets<'a> {
    Text(Cow<'a, str>),
    Binary { base64: String },
}

impl Record {
    /// Everything that is known of the event, as one line of JSON without its end.
    pub fn to_line(&self) -> String {
        let Self { id, event, has_body, state, next_attempt, attempts } = self;
        let headers = event.headers.iter();
        let line = Line {
            id: *id,
            provider: Cow::Borrowed(&event.provider),
            endpoint: Cow::Borrowed(&event.endpoint),
            event_type: event.event_type.as_deref().map(Cow::Borrowed),
            identity: Cow::Borrowed(&event.identity),
            identity_is_digest: event.identity_is_digest,
            ordering_key: event.ordering_key.as_deref().map(Cow::Borrowed),
            received_at: event.received_at,
            state: *state,
            next_attempt: *next_attempt,
            matched: Cow::Borrowed(&event.matched),
            headers: headers.map(|(name, value)| (name.as_str().into(), Octets::of(value.as_bytes()))).collect(),
            body: has_body.then(|| Octets::of(&event.body)),
            attempts: Cow::Borrowed(attempts),
        };
        // Every member has a form in JSON.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads what [`Self::to_line`] wrote.
    ///
    /// # Errors
    ///
    /// What is wrong with the line.
    pub fn from_line(line: &str) -> Result<Self, String> {
        let line: Line<'_> = serde_json::from_str(line)
            .map_err(|error| error.to_string().replace(" at line 1 column ", " at column "))?;
        let has_body = line.body.is_some();
        let mut headers = HeaderMap::with_capacity(line.headers.len());
        for (name, value) in line.headers {
            let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no header's name"))?;
            let value = HeaderValue::from_bytes(&value.bytes()?);
            headers.append(known, value.map_err(|_| format!("the header `{name}` has a value that none can have"))?);
        }
        let event = Event {
            provider: line.provider.into_owned().into(),
            endpoint: line.endpoint.into_owned().into(),
            event_type: line.event_type.map(Cow::into_owned),
            identity: line.identity.into_owned(),
            identity_is_digest: line.identity_is_digest,
            ordering_key: line.ordering_key.map(Cow::into_owned),
            received_at: line.received_at,
            headers,
            body: line.body.map(Octets::bytes).transpose()?.unwrap_or_default().into(),
            matched: line.matched.into_owned(),
        };
        Ok(Self {
            id: line.id,
            event: Arc::new(event),
            has_body,
            state: line.state,
            next_attempt: line.next_attempt,
            attempts: line.attempts.into_owned(),
        })
    }

    /// The record as an inbox takes it in. What was leased is pending again.
    ///
    /// # Errors
    ///
    /// How it contradicts itself.
    pub fn importable(mut self) -> Result<Self, String> {
        if self.state == State::Leased {
            self.state = State::Pending;
        }
        self.next_attempt = self.next_attempt.filter(|_| self.state == State::Retrying);
        if self.event.provider.is_empty() {
            return Err("`provider` is empty".to_owned());
        }
        if !self.has_body && self.state != State::Done {
            return Err(format!("`body` is missing, and an event that is {} needs one", self.state));
        }
        if self.state == State::Done && !self.attempts.iter().any(|attempt| attempt.ending == Ending::Done) {
            return Err("it is done, but none of its `attempts` ended so".to_owned());
        }
        if self.attempts.iter().zip(1..).any(|(attempt, number)| attempt.number != number) {
            return Err("`attempts` are not numbered 1, 2, 3 and so on".to_owned());
        }
        Ok(self)
    }
}

impl<'a> Octets<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(Cow::Borrowed(text)),
            Err(_) => Self::Binary { base64: STANDARD.encode(bytes) },
        }
    }

    pub(super) fn bytes(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.into_owned().into_bytes()),
            Self::Binary { base64 } => STANDARD.decode(&base64).map_err(|error| format!("`base64`: {error}")),
        }
    }
}

fn no_id() -> EventId {
    EventId(0)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use bytes::Bytes;

    use super::*;

    fn record(state: State) -> Record {
        let at = |seconds: u64| UNIX_EPOCH + Duration::from_micros(1_790_000_000_000_001 + seconds * 1_000_000);
        let mut headers = HeaderMap::new();
        headers.append("x-signature", HeaderValue::from_static("one"));
        headers.append("x-signature", HeaderValue::from_static("two"));
        headers.append("x-odd", HeaderValue::from_bytes(b"\xff").unwrap());
        let event = Event {
            provider: "gridx".into(),
            endpoint: "gridxEvents".into(),
            event_type: Some("appliance/online".to_owned()),
            identity: "id \"1\"\n".to_owned(),
            identity_is_digest: false,
            ordering_key: Some("urn:system:1".to_owned()),
            received_at: at(0),
            headers,
            body: Bytes::from_static(b"{\"a\": 1}\n"),
            matched: vec![Matched { scheme: "gridxSignature".into(), slot: 2 }],
        };
        let attempts = vec![
            Attempt { number: 1, ended_at: at(1), ending: Ending::Failed, error: Some("no".to_owned()) },
            Attempt { number: 2, ended_at: at(2), ending: Ending::Done, error: None },
        ];
        let next_attempt = (state == State::Retrying).then(|| at(9));
        Record { id: EventId(7), event: event.into(), has_body: true, state, next_attempt, attempts }
    }

    fn changed(change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut line = serde_json::from_str(&record(State::Dead).to_line()).unwrap();
        change(&mut line);
        Record::from_line(&line.to_string()).and_then(Record::importable).unwrap_err()
    }

    #[test]
    fn a_record_comes_back_as_it_was() {
        for state in State::ALL {
            let record = record(state);
            let line = record.to_line();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Record::from_line(&line).unwrap(), record);
            if state != State::Leased {
                assert_eq!(record.clone().importable().unwrap(), record);
            }
        }
    }

    #[test]
    fn what_was_leased_is_pending() {
        assert_eq!(record(State::Leased).importable().unwrap().state, State::Pending);
    }

    #[test]
    fn a_body_of_any_bytes_comes_back() {
        let mut record = record(State::Parked);
        for body in [&b""[..], b"\0\xff{", "\u{e4}\u{1f600}".as_bytes()] {
            Arc::make_mut(&mut record.event).body = Bytes::copy_from_slice(body);
            assert_eq!(Record::from_line(&record.to_line()).unwrap(), record);
        }
    }

    #[test]
    fn a_body_that_is_gone_stays_gone() {
        let mut record = record(State::Done);
        record.has_body = false;
        Arc::make_mut(&mut record.event).body = Bytes::new();
        Arc::make_mut(&mut record.event).headers.clear();
        assert!(record.to_line().contains(r#""body":null"#));
        assert_eq!(Record::from_line(&record.to_line()).unwrap(), record);
    }

    #[test]
    fn refuses_what_does_not_hold_together() {
        assert_eq!(changed(|line| line["body"] = ().into()), "`body` is missing, and an event that is dead needs one");
        assert_eq!(
            changed(|line| line["attempts"][1]["number"] = 1.into()),
            "`attempts` are not numbered 1, 2, 3 and so on"
        );
        assert_eq!(changed(|line| line["provider"] = "".into()), "`provider` is empty");
        assert_eq!(changed(|line| line["headers"][0][0] = "a b".into()), "`a b` is no header's name");
        assert!(changed(|line| line["headers"][0][1] = "a\nb".into()).contains("has a value that none can have"));
        assert!(changed(|line| line["body"] = serde_json::json!({"base64": "?"})).starts_with("`base64`: "));
        assert!(changed(|line| line["colour"] = 1.into()).contains("unknown field `colour`"));
        let done_by_nothing = changed(|line| {
            line["state"] = "done".into();
            line["attempts"] = serde_json::json!([]);
        });
        assert_eq!(done_by_nothing, "it is done, but none of its `attempts` ended so");
    }
}
