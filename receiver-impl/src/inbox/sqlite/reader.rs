//! Reading beside the writer: each call has a connection of its own and sees one moment of the file.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params_from_iter};

use super::file::{self, Inode};
use super::filter::SEGMENT;
use super::rows::{self, micros};
use super::schema::{self, SchemaError};
use super::seen;
use crate::inbox::{Event, EventId, Filter, Record, State, Summary};

/// Connections that nobody uses at the moment.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    /// Rises when another file takes the place of this one.
    generation: u64,
    connections: Vec<Connection>,
    /// Which file it is, once the writer has opened it: for a moment, another one may stand at its path.
    inode: Option<Inode>,
}

/// More are closed after use.
const IDLE: usize = 4;

impl Readers {
    /// Readers of a file that need not be there yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default() }
    }

    /// Reads something.
    pub(super) fn read<T>(&self, what: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let (generation, idle, inode) = {
            let mut idle = self.idle();
            (idle.generation, idle.connections.pop(), idle.inode)
        };
        let connection = idle.map_or_else(|| self.open(inode), Ok)?;
        let found = what(&connection)?;
        let mut idle = self.idle();
        if idle.generation == generation && idle.connections.len() < IDLE {
            idle.connections.push(connection);
        }
        Ok(found)
    }

    fn open(&self, inode: Option<Inode>) -> rusqlite::Result<Connection> {
        let connection = file::open_for_reading(&self.path, inode)?;
        if inode.is_none() {
            schema::check(&connection).map_err(|error| match error {
                SchemaError::Sqlite(error) => error,
                _ => file::moved(),
            })?;
        }
        Ok(connection)
    }

    /// From now on, only this file is read.
    pub(super) fn know(&self, inode: Inode) {
        self.idle().inode = Some(inode);
    }

    /// Another file stands at the path now.
    pub(super) fn forget(&self) {
        let mut idle = self.idle();
        idle.generation += 1;
        idle.connections.clear();
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The content of an event; `None` if it is gone.
pub(super) fn content(connection: &Connection, id: EventId) -> rusqlite::Result<Option<Event>> {
    Ok(event(connection, id)?.filter(|(_, has_body)| *has_body).map(|(event, _)| event))
}

fn event(connection: &Connection, id: EventId) -> rusqlite::Result<Option<(Event, bool)>> {
    let sql = format!("SELECT {} FROM event e LEFT JOIN content c ON c.event = e.id WHERE e.id = ?1", rows::EVENT);
    connection.prepare_cached(&sql)?.query_row([id.0], rows::event).optional()
}

/// Everything about an event.
pub(super) fn show(connection: &Connection, id: EventId) -> rusqlite::Result<Option<Record>> {
    let Some((event, has_body)) = event(connection, id)? else { return Ok(None) };
    let open = connection
        .prepare_cached("SELECT state, due FROM open WHERE event = ?1")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?)))
        .optional()?;
    Ok(Some(Record {
        id,
        event: event.into(),
        has_body,
        state: rows::state(open.map(|(state, _)| state)),
        next_attempt: open.and_then(|(_, due)| due).map(rows::time),
        attempts: rows::attempts(connection, id)?,
    }))
}

/// Up to `limit` events that fit `filter` as far as the file knows, the newest first, before `before`; if `among` is
/// given, only of those.
pub(super) fn list(
    connection: &Connection,
    filter: &Filter,
    among: Option<HashSet<EventId>>,
    before: Option<EventId>,
    limit: usize,
) -> rusqlite::Result<Vec<Summary>> {
    let mut conditions = vec!["e.id < ?".to_owned()];
    let mut values = vec![before.map_or(Value::Integer(i64::MAX), |id| integer(id.0))];
    if let Some(among) = among {
        conditions.push(one_of(among));
    }
    let mut also = |condition: &str, value: Value| {
        conditions.push(condition.to_owned());
        values.push(value);
    };
    if let Some(provider) = &filter.provider {
        also("e.provider = ?", Value::Text(provider.clone()));
    }
    if let Some(event_type) = &filter.event_type {
        also("e.type = ?", Value::Text(event_type.clone()));
    }
    if let Some(from) = filter.from {
        also("e.received_at >= ?", Value::Integer(micros(from)));
    }
    if let Some(until) = filter.until {
        also("e.received_at < ?", Value::Integer(micros(until)));
    }
    if let Some(identity) = &filter.identity {
        let ids = with_identity(connection, filter.provider.as_deref(), identity)?;
        conditions.push(one_of(ids));
    }
    let source = match of_states(&filter.states) {
        States::Any => "event e LEFT JOIN open o ON o.event = e.id",
        States::Done => {
            conditions.push("NOT EXISTS (SELECT 1 FROM open WHERE open.event = e.id)".to_owned());
            "event e LEFT JOIN open o ON o.event = e.id"
        }
        // Led by the events that are open: they are few.
        States::Open(states) => {
            conditions.push("o.event < ?1".to_owned());
            conditions.push(format!("o.state IN ({states})"));
            "open o CROSS JOIN event e ON e.id = o.event"
        }
        States::Aside(state) => {
            // `> 0` lets SQLite see that the index of such events serves.
            conditions.push(format!("o.event < ?1 AND o.state = {state} AND o.state > 0"));
            "open o CROSS JOIN event e ON e.id = o.event"
        }
    };
    let order = if source.starts_with("open") { "o.event" } else { "e.id" };
    let sql = format!(
        "SELECT e.id, e.provider, e.endpoint, e.type, e.identity, e.received_at, o.state, o.due,
            (SELECT max(number) FROM attempt a WHERE a.event = e.id),
            (SELECT length(body) FROM content c WHERE c.event = e.id)
         FROM {source} WHERE {} ORDER BY {order} DESC LIMIT {limit}",
        conditions.join(" AND ")
    );
    connection.prepare_cached(&sql)?.query_map(params_from_iter(values), summary)?.collect()
}

fn summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: EventId(row.get(0)?),
        provider: row.get(1)?,
        endpoint: row.get(2)?,
        event_type: row.get(3)?,
        identity: row.get(4)?,
        received_at: rows::time(row.get(5)?),
        state: rows::state(row.get(6)?),
        attempts: row.get::<_, Option<u32>>(8)?.unwrap_or_default(),
        next_attempt: row.get::<_, Option<i64>>(7)?.map(rows::time),
        size: row.get(9)?,
    })
}

/// How the states of a filter are found in the file.
enum States {
    Any,
    Done,
    Open(String),
    Aside(i64),
}

fn of_states(states: &[State]) -> States {
    if states.is_empty() {
        return States::Any;
    }
    let mut open: Vec<_> = states.iter().copied().filter_map(rows::open).collect();
    if states.contains(&State::Leased) {
        // The file does not know of leases: what is lent is pending or retrying there.
        open.extend([rows::PENDING, rows::RETRYING]);
    }
    open.sort_unstable();
    open.dedup();
    match (states.contains(&State::Done), open.as_slice()) {
        (true, []) => States::Done,
        (true, _) => States::Any,
        (false, [state]) if *state > 0 => States::Aside(*state),
        (false, open) => States::Open(open.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
    }
}

/// The events that have an identity. Those of full segments are found by its hash, the rest by reading them.
fn with_identity(connection: &Connection, provider: Option<&str>, identity: &str) -> rusqlite::Result<Vec<EventId>> {
    let sealed = rows::counter(connection, "sealed")?;
    let mut find = connection.prepare_cached("SELECT id FROM event WHERE id >= ?1 AND identity = ?2")?;
    let mut ids: Vec<_> = find
        .query_map((sealed * SEGMENT, identity), |row| row.get(0).map(EventId))?
        .collect::<rusqlite::Result<_>>()?;
    let named = webhook_api::PROVIDERS.iter().map(|known| known.name);
    let providers: Vec<_> = provider.map_or_else(|| named.collect(), |provider| vec![provider]);
    let oldest: Option<u64> =
        connection.prepare_cached("SELECT min(segment) FROM identity")?.query_row([], |row| row.get(0))?;
    let mut same = connection.prepare_cached("SELECT 1 FROM event WHERE id = ?1 AND identity = ?2")?;
    for provider in providers {
        let hash = seen::hash(provider, identity);
        for segment in oldest.unwrap_or(sealed)..sealed {
            for id in seen::sealed(connection, segment, hash)? {
                if same.exists((id.0, identity))? {
                    ids.push(id);
                }
            }
        }
    }
    Ok(ids)
}

/// How many events the file has in each state of the table `open`, and when the oldest that waits was received.
pub(super) fn open(connection: &Connection) -> rusqlite::Result<([u64; 4], Option<SystemTime>)> {
    let mut counts = [0; 4];
    let mut find = connection.prepare_cached("SELECT state, count(*) FROM open GROUP BY state")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let state: usize = row.get(0)?;
        if let Some(count) = counts.get_mut(state) {
            *count = row.get(1)?;
        }
    }
    let oldest = connection
        .prepare_cached(
            "SELECT received_at FROM event WHERE id = (SELECT event FROM open WHERE state <= 1 ORDER BY event LIMIT 1)",
        )?
        .query_row([], |row| row.get(0).map(rows::time))
        .optional()?;
    Ok((counts, oldest))
}

fn one_of(ids: impl IntoIterator<Item = EventId>) -> String {
    let ids: Vec<_> = ids.into_iter().map(|id| id.0.to_string()).collect();
    format!("e.id IN ({})", ids.join(","))
}

fn integer(id: u64) -> Value {
    Value::Integer(i64::try_from(id).unwrap_or(i64::MAX))
}
