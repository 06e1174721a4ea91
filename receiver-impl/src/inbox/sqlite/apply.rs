//! What the writer does inside a transaction: one function for each kind of work, and no decision about when.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension as _};

use super::prune;
use super::queue::{Settle, Then};
use super::rows::{self, DEAD, PARKED, PENDING, RETRYING, micros};
use super::seen::{self, Seen};
use crate::inbox::{Admission, Attempt, Change, Changed, Event, EventId, Record, Retention, State};

/// Figures of the file that every transaction may move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counters {
    /// The greatest id that was ever given.
    pub(super) last: u64,
    /// Events ever kept.
    pub(super) kept: u64,
    /// Events removed altogether.
    pub(super) removed: u64,
    /// Copies that were not kept.
    pub(super) duplicates: u64,
}

impl Counters {
    /// Differs from whatever stands in a file.
    pub(super) const UNKNOWN: Self = Self { last: u64::MAX, kept: u64::MAX, removed: u64::MAX, duplicates: u64::MAX };

    /// Reads them.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let counter = |name| rows::counter(connection, name);
        Ok(Self {
            last: counter("last")?,
            kept: counter("kept")?,
            removed: counter("removed")?,
            duplicates: counter("duplicates")?,
        })
    }

    /// Writes those that differ from `before`.
    pub(super) fn store(self, connection: &Connection, before: Self) -> rusqlite::Result<()> {
        let all = [
            ("last", self.last, before.last),
            ("kept", self.kept, before.kept),
            ("removed", self.removed, before.removed),
            ("duplicates", self.duplicates, before.duplicates),
        ];
        all.iter()
            .filter(|(_, now, before)| now != before)
            .try_for_each(|(name, now, _)| rows::set_counter(connection, name, *now))
    }
}

/// An event on its way into the file.
pub(super) struct Incoming<'a> {
    pub(super) event: &'a Event,
    /// Its state, tries and attempts; those of a new event, unless it comes from elsewhere.
    pub(super) open: Option<i64>,
    pub(super) due: Option<SystemTime>,
    pub(super) attempts: &'a [Attempt],
    pub(super) has_body: bool,
}

/// Keeps an event, unless it is a copy; and what stands for its ordering key, if it is kept and has one.
pub(super) fn keep(
    connection: &Connection,
    seen: &mut Seen,
    counters: &mut Counters,
    retention: &Retention,
    incoming: &Incoming<'_>,
) -> rusqlite::Result<(Admission, Option<i64>)> {
    let event = incoming.event;
    let hash = seen::hash(&event.provider, &event.identity);
    if let Some(id) = seen.find(connection, hash, event, retention)? {
        return Ok((Admission::Duplicate(id), None));
    }
    let id = EventId(counters.last + 1);
    connection.prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?.execute((
        id.0,
        &*event.provider,
        &*event.endpoint,
        event.event_type.as_deref(),
        &event.identity,
        event.identity_is_digest,
        event.ordering_key.as_deref(),
        micros(event.received_at),
        rows::matched(event),
    ))?;
    if incoming.has_body {
        connection.prepare_cached("INSERT INTO content VALUES (?1, ?2, ?3)")?.execute((
            id.0,
            rows::header_lines(&event.headers),
            &event.body[..],
        ))?;
    }
    let key = event.ordering_key.as_ref().map(|key| seen::hash(&event.provider, key));
    if let Some(state) = incoming.open {
        let attempts = incoming.attempts.last().map_or(0, |last| last.number);
        connection.prepare_cached("INSERT INTO open VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
            id.0,
            &*event.provider,
            state,
            attempts,
            attempts,
            incoming.due.map(micros),
            key,
        ))?;
    }
    for attempt in incoming.attempts {
        note_attempt(connection, id, attempt)?;
    }
    counters.last = id.0;
    counters.kept += 1;
    seen.add(id, hash);
    Ok((Admission::Kept(id), key))
}

/// Writes down what became of an event.
pub(super) fn settle(connection: &Connection, settle: &Settle) -> rusqlite::Result<()> {
    let id = settle.id.0;
    let changed = match settle.then {
        Then::Done => connection.prepare_cached("DELETE FROM open WHERE event = ?1")?.execute([id])?,
        Then::Again { tries, due } => connection
            .prepare_cached(
                "UPDATE open SET state = ?2, tries = ?3, attempts = ?4, due = ?5 WHERE event = ?1 AND state <= 1",
            )?
            .execute((id, RETRYING, tries, settle.attempt.number, micros(due)))?,
        Then::Dead => put_aside(connection, id, DEAD, settle.attempt.number)?,
        Then::Parked => put_aside(connection, id, PARKED, settle.attempt.number)?,
    };
    // Nothing to change: the file was exchanged, and this event is not in it.
    if changed > 0 { note_attempt(connection, settle.id, &settle.attempt) } else { Ok(()) }
}

fn put_aside(connection: &Connection, id: u64, state: i64, attempts: u32) -> rusqlite::Result<usize> {
    connection
        .prepare_cached("UPDATE open SET state = ?2, attempts = ?3, due = NULL WHERE event = ?1")?
        .execute((id, state, attempts))
}

fn note_attempt(connection: &Connection, id: EventId, attempt: &Attempt) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO attempt VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            id.0,
            attempt.number,
            micros(attempt.ended_at),
            rows::ending(attempt.ending),
            attempt.error.as_deref(),
        ))
        .map(drop)
}

/// What a change did, and the event to schedule again, if that follows from it.
pub(super) enum Effect {
    None(Changed),
    Handle { provider: String, key: Option<i64>, attempts: u32 },
    Gone,
}

/// Changes an event's state; `lent` says that a worker has it.
pub(super) fn change(
    connection: &Connection,
    counters: &mut Counters,
    id: EventId,
    change: Change,
    lent: bool,
) -> rusqlite::Result<Effect> {
    if i64::try_from(id.0).is_err() {
        return Ok(Effect::None(Changed::Unknown));
    }
    let mut find = connection.prepare_cached(
        "SELECT o.state, e.provider, e.ordering_key, c.event IS NOT NULL,
                coalesce((SELECT max(number) FROM attempt WHERE event = e.id), 0)
         FROM event e LEFT JOIN open o ON o.event = e.id LEFT JOIN content c ON c.event = e.id WHERE e.id = ?1",
    )?;
    let found = find.query_row([id.0], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?, row.get(3)?, row.get(4)?))
    });
    let Some((open, provider, ordering_key, has_body, attempts)) = found.optional()? else {
        return Ok(Effect::None(Changed::Unknown));
    };
    let state = if lent { State::Leased } else { rows::state(open) };
    if !change.fits(state) {
        return Ok(Effect::None(Changed::NotIn(state)));
    }
    match change {
        Change::Replay | Change::Retry => {
            let has_body: bool = has_body;
            if !has_body {
                return Ok(Effect::None(Changed::NoBody));
            }
            let key = ordering_key.map(|key| seen::hash(&provider, &key));
            connection
                .prepare_cached("INSERT OR REPLACE INTO open VALUES (?1, ?2, ?3, 0, ?4, NULL, ?5)")?
                .execute((id.0, &provider, PENDING, attempts, key))?;
            Ok(Effect::Handle { provider, key, attempts })
        }
        Change::Park => {
            put_aside(connection, id.0, PARKED, attempts)?;
            Ok(Effect::Gone)
        }
        Change::Remove => {
            prune::remove(connection, id.0)?;
            counters.removed += 1;
            Ok(Effect::Gone)
        }
    }
}

/// Takes back an event that was exported.
pub(super) fn import(
    connection: &Connection,
    seen: &mut Seen,
    counters: &mut Counters,
    retention: &Retention,
    record: &Record,
) -> rusqlite::Result<Admission> {
    let incoming = Incoming {
        event: &record.event,
        open: rows::open(record.state),
        due: record.next_attempt,
        attempts: &record.attempts,
        has_body: record.has_body,
    };
    keep(connection, seen, counters, retention, &incoming).map(|(admission, _)| admission)
}
