//! Removing what is too old, in portions, without looking at everything each time.
//!
//! Ids rise with the time of arrival, so where to stop is found among them by halving. A clock that was set, or events
//! that came by an import, make that inexact: some events stay longer for it, but none goes before its own time. What is not done is passed over, and not looked at again
//! until the next sweep.

use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension as _};
use tokio::time::Instant;

use super::apply::Counters;
use super::rows::micros;
use super::seen::Seen;
use crate::inbox::{EventId, PORTION, Pruned, Retention};

/// How long what was passed over is not looked at again.
const SWEEP: Duration = Duration::from_secs(3600);

/// How far a sweep has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pruner {
    began: Instant,
    bodies: u64,
    events: u64,
}

impl Pruner {
    /// One that begins at the oldest event.
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), bodies: 0, events: 0 }
    }

    /// Removes a portion, inside a transaction.
    pub(super) fn portion(
        &mut self,
        connection: &Connection,
        seen: &mut Seen,
        counters: &mut Counters,
        retention: &Retention,
        now: SystemTime,
    ) -> rusqlite::Result<Pruned> {
        if self.began.elapsed() > SWEEP {
            *self = Self::new();
        }
        let before = |age| now.checked_sub(age).map_or(0, micros);
        let (old_body, old_event) = (before(retention.bodies), before(retention.identities));
        let bodies = first_since(connection, counters.last, old_body)?;
        let events = first_since(connection, counters.last, old_event)?;
        let old = portion(
            connection,
            "SELECT event FROM content WHERE event > ?1 AND event < ?2
                AND (SELECT received_at FROM event WHERE id = content.event) < ?4
                AND NOT EXISTS (SELECT 1 FROM open WHERE open.event = content.event) ORDER BY event LIMIT ?3",
            (self.bodies, bodies, PORTION, old_body),
        )?;
        for id in &old {
            connection.prepare_cached("DELETE FROM content WHERE event = ?1")?.execute([id])?;
        }
        let gone = portion(
            connection,
            "SELECT id FROM event WHERE id > ?1 AND id < ?2 AND received_at < ?4
                AND NOT EXISTS (SELECT 1 FROM open WHERE open.event = event.id) ORDER BY id LIMIT ?3",
            (self.events, events, PORTION, old_event),
        )?;
        for id in &gone {
            remove(connection, *id)?;
        }
        counters.removed += gone.len() as u64;
        let identities = seen.forget_before(connection, EventId(events), 4 * PORTION)?;
        self.bodies = old.last().copied().filter(|_| old.len() == PORTION).unwrap_or(bodies.saturating_sub(1));
        self.events = gone.last().copied().filter(|_| gone.len() == PORTION).unwrap_or(events.saturating_sub(1));
        Ok(Pruned {
            bodies: old.len() as u64,
            events: gone.len() as u64,
            more: old.len() == PORTION || gone.len() == PORTION || identities,
        })
    }
}

/// Removes every trace of an event but its identity's hash, which then leads nowhere.
pub(super) fn remove(connection: &Connection, id: u64) -> rusqlite::Result<()> {
    for table in [
        "DELETE FROM open WHERE event = ?1",
        "DELETE FROM content WHERE event = ?1",
        "DELETE FROM attempt WHERE event = ?1",
        "DELETE FROM event WHERE id = ?1",
    ] {
        connection.prepare_cached(table)?.execute([id])?;
    }
    Ok(())
}

/// The ids between two others, so many at most, of what came before a time.
fn portion(connection: &Connection, sql: &str, between: (u64, u64, usize, i64)) -> rusqlite::Result<Vec<u64>> {
    connection.prepare_cached(sql)?.query_map(between, |row| row.get(0))?.collect()
}

/// The first id whose event came at `time` or later, as far as ids rise with time.
fn first_since(connection: &Connection, last: u64, time: i64) -> rusqlite::Result<u64> {
    let mut find = connection.prepare_cached("SELECT id, received_at FROM event WHERE id >= ?1 ORDER BY id LIMIT 1")?;
    // Every event before `low` is older, none from `high` on is.
    let (mut low, mut high) = (0, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = find.query_row([middle], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, i64>(1)?))).optional()?;
        match found {
            Some((id, received_at)) if received_at < time => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_event_of_a_time() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE event (id INTEGER PRIMARY KEY, received_at INTEGER)").unwrap();
        assert_eq!(first_since(&connection, 0, 5).unwrap(), 0);
        for (id, time) in [(3, 10), (4, 20), (9, 30), (10, 40)] {
            connection.execute("INSERT INTO event VALUES (?1, ?2)", (id, time)).unwrap();
        }
        let first = |time| first_since(&connection, 10, time).unwrap();
        assert!(first(10) <= 3);
        assert!((4..=4).contains(&first(15)), "{}", first(15));
        assert!((5..=9).contains(&first(30)), "{}", first(30));
        assert_eq!(first(41), 11);
    }
}
