//! How values stand in the file.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::inbox::{Attempt, Ending, Event, EventId, State};

/// A state in the table `open`.
pub(super) const PENDING: i64 = 0;
/// As [`PENDING`].
pub(super) const RETRYING: i64 = 1;
/// As [`PENDING`].
pub(super) const DEAD: i64 = 2;
/// As [`PENDING`].
pub(super) const PARKED: i64 = 3;

/// A state from the table `open`; no row means done.
pub(super) fn state(open: Option<i64>) -> State {
    match open {
        None => State::Done,
        Some(RETRYING) => State::Retrying,
        Some(DEAD) => State::Dead,
        Some(PARKED) => State::Parked,
        Some(_) => State::Pending,
    }
}

/// A state for the table `open`; what is lent is pending there, and what is done has no row.
pub(super) fn open(state: State) -> Option<i64> {
    match state {
        State::Pending | State::Leased => Some(PENDING),
        State::Retrying => Some(RETRYING),
        State::Dead => Some(DEAD),
        State::Parked => Some(PARKED),
        State::Done => None,
    }
}

/// Microseconds since 1970, before which no time lies.
pub(super) fn micros(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    i64::try_from(since).unwrap_or(i64::MAX)
}

/// The time of [`micros`].
pub(super) fn time(micros: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

/// The value of a counter.
pub(super) fn counter(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    let mut find = connection.prepare_cached("SELECT value FROM counter WHERE name = ?1")?;
    Ok(find.query_row([name], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Sets the value of a counter.
pub(super) fn set_counter(connection: &Connection, name: &str, value: u64) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE counter SET value = ?2 WHERE name = ?1")?.execute((name, value)).map(drop)
}

/// A line for each header, as HTTP writes it: values may be any bytes but line ends.
pub(super) fn header_lines(headers: &HeaderMap) -> Vec<u8> {
    let length = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let mut lines = Vec::with_capacity(length);
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    lines
}

/// The headers of [`header_lines`]; what is none is passed over.
pub(super) fn headers(lines: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(colon) = line.windows(2).position(|pair| pair == b": ") else { continue };
        let (name, value) = (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(&line[colon + 2..]));
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// The columns of `event` and `content` that [`event`] reads.
pub(super) const EVENT: &str = "e.provider, e.endpoint, e.type, e.identity, e.digest, e.ordering_key, e.received_at, \
                                e.matched, c.headers, c.body";

/// An event from the columns [`EVENT`], and whether its content is still there.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<(Event, bool)> {
    let lines: Option<&[u8]> = row.get_ref(8)?.as_blob_or_null()?;
    let body = row.get_ref(9)?.as_blob_or_null()?;
    let event = Event {
        provider: row.get::<_, String>(0)?.into(),
        endpoint: row.get::<_, String>(1)?.into(),
        event_type: row.get(2)?,
        identity: row.get(3)?,
        identity_is_digest: row.get(4)?,
        ordering_key: row.get(5)?,
        received_at: time(row.get(6)?),
        // A text that this program did not write says nothing about keys.
        matched: serde_json::from_str(row.get_ref(7)?.as_str()?).unwrap_or_default(),
        headers: lines.map(headers).unwrap_or_default(),
        body: body.map(Bytes::copy_from_slice).unwrap_or_default(),
    };
    Ok((event, body.is_some()))
}

/// How an attempt ended, as a number.
pub(super) fn ending(ending: Ending) -> i64 {
    match ending {
        Ending::Done => 0,
        Ending::Failed => 1,
        Ending::Dead => 2,
        Ending::Parked => 3,
    }
}

/// The attempts of an event, the first one first.
pub(super) fn attempts(connection: &Connection, id: EventId) -> rusqlite::Result<Vec<Attempt>> {
    let mut find = connection
        .prepare_cached("SELECT number, ended_at, ending, error FROM attempt WHERE event = ?1 ORDER BY number")?;
    let attempt = |row: &Row<'_>| {
        let ending = match row.get(2)? {
            0 => Ending::Done,
            2 => Ending::Dead,
            3 => Ending::Parked,
            _ => Ending::Failed,
        };
        Ok(Attempt { number: row.get(0)?, ended_at: time(row.get(1)?), ending, error: row.get(3)? })
    };
    find.query_map([id.0], attempt)?.collect()
}

/// The schemes that verified an event, as JSON.
pub(super) fn matched(event: &Event) -> String {
    // Names and numbers always have a form in JSON.
    serde_json::to_string(&event.matched).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_back_as_they_were() {
        let mut map = HeaderMap::new();
        map.append("x-signature", HeaderValue::from_static("a: b"));
        map.append("x-signature", HeaderValue::from_static(""));
        map.append("x-odd", HeaderValue::from_bytes(b"\xff\t~").unwrap());
        assert_eq!(headers(&header_lines(&map)), map);
        assert_eq!(headers(b"nonsense\r\n: x\r\nfine: 1\r\n").len(), 1);
    }

    #[test]
    fn times_keep_their_microseconds() {
        let at = UNIX_EPOCH + Duration::from_micros(1_790_000_000_123_456);
        assert_eq!(time(micros(at)), at);
        assert_eq!(time(micros(UNIX_EPOCH - Duration::from_secs(5))), UNIX_EPOCH);
    }

    #[test]
    fn every_state_but_leased_comes_back() {
        for kept in [State::Pending, State::Retrying, State::Done, State::Dead, State::Parked] {
            assert_eq!(state(open(kept)), kept);
        }
        assert_eq!(state(open(State::Leased)), State::Pending);
    }
}
