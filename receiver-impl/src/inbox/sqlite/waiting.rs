//! What waits for a worker, read a portion at a time, so that the writer is never away for long: neither a long backlog
//! nor events of others that lie between hold up whoever wants to be admitted.

use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use super::rows;
use crate::inbox::EventId;
use crate::inbox::schedule::{Waiting, Wanted};

/// The most events that are looked at, be they wanted or not.
const LOOKED_AT: usize = 20_000;

/// A portion of what waits.
pub(super) struct Portion {
    /// Each event with the time from which on it is due.
    pub(super) events: Vec<(Waiting, Option<SystemTime>)>,
    /// Where to read on.
    pub(super) next: Option<EventId>,
}

/// Reads what the schedule [wants](Wanted) of a provider.
pub(super) fn read(connection: &Connection, provider: &str, wanted: Wanted) -> rusqlite::Result<Portion> {
    let most = wanted.limit();
    let (from, key) = match wanted {
        Wanted::From(from) => (from, None),
        Wanted::OfKey(key, from) => (from, Some(key)),
        Wanted::Due(_) => {
            let soonest = "SELECT event, tries, attempts, due, key FROM open WHERE provider = ?1 AND state = 1
                           ORDER BY due LIMIT ?2";
            let events = events(connection, soonest, (provider, most))?;
            let next = full(&events, most);
            return Ok(Portion { events, next });
        }
    };
    let end: Option<u64> = connection
        .prepare_cached("SELECT event FROM open WHERE event >= ?1 ORDER BY event LIMIT 1 OFFSET ?2")?
        .query_row((from.0, LOOKED_AT), |row| row.get(0))
        .optional()?;
    let last = end.map_or(i64::MAX, |end| i64::try_from(end).unwrap_or(i64::MAX) - 1);
    // Only what was tried has a time that counts, and a place in the index of those.
    let oldest = "SELECT event, tries, attempts, iif(state = 1, due, NULL), key FROM open
                  WHERE event BETWEEN ?2 AND ?5 AND provider = ?1 AND state <= 1 AND (?3 IS NULL OR key = ?3)
                  ORDER BY event LIMIT ?4";
    let events = events(connection, oldest, (provider, from.0, key, most, last))?;
    let next = full(&events, most).or(end.map(EventId));
    Ok(Portion { events, next })
}

fn events(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<(Waiting, Option<SystemTime>)>> {
    let row = |row: &Row<'_>| {
        let (tries, attempts, key) = (row.get(1)?, row.get(2)?, row.get(4)?);
        let event = Waiting { id: EventId(row.get(0)?), key, tries, attempts, due: None, content: None };
        Ok((event, row.get::<_, Option<i64>>(3)?.map(rows::time)))
    };
    connection.prepare_cached(sql)?.query_map(params, row)?.collect()
}

/// The id behind the last of these events, if they are as many as were wanted.
fn full(events: &[(Waiting, Option<SystemTime>)], most: usize) -> Option<EventId> {
    events.last().filter(|_| events.len() >= most).map(|(last, _)| EventId(last.id.0 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::sqlite::schema;

    /// An inbox in which these events wait: id, key, state and due.
    fn inbox(events: impl Iterator<Item = (u64, i64, i64, Option<i64>)>) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, schema::STEPS).unwrap();
        let transaction = connection.transaction().unwrap();
        for (id, key, state, due) in events {
            let insert = "INSERT INTO open VALUES (?1, 'p', ?2, 0, 0, ?3, ?4)";
            transaction.prepare_cached(insert).unwrap().execute((id, state, due, key)).unwrap();
        }
        transaction.commit().unwrap();
        connection
    }

    fn ids(portion: &Portion) -> Vec<u64> {
        portion.events.iter().map(|(event, _)| event.id.0).collect()
    }

    #[test]
    fn the_events_of_a_key_are_found_behind_a_long_backlog_in_several_portions() {
        let far = 2 * LOOKED_AT as u64 + 7;
        let connection = inbox((1..=far).map(|id| (id, if id == far { 7 } else { 8 }, 0, None)));
        let mut from = EventId(1);
        let mut looks = 0;
        let found = loop {
            let portion = read(&connection, "p", Wanted::OfKey(7, from)).unwrap();
            looks += 1;
            match portion.next {
                Some(next) if portion.events.is_empty() => from = next,
                next => break (ids(&portion), next),
            }
        };
        assert_eq!((found, looks), ((vec![far], None), 3));
    }

    #[test]
    fn a_portion_that_is_full_says_where_it_ends() {
        let connection = inbox((1..=9000).map(|id| (id, 0, 0, None)));
        let portion = read(&connection, "p", Wanted::From(EventId(3))).unwrap();
        let last = 2 + portion.events.len() as u64;
        assert_eq!((ids(&portion)[0], portion.next), (3, Some(EventId(last + 1))));
        assert!(read(&connection, "q", Wanted::From(EventId(0))).unwrap().events.is_empty());
    }

    #[test]
    fn those_that_are_due_first_come_first_and_are_found_by_an_index() {
        let connection =
            inbox([(1, 0, 1, Some(30)), (2, 0, 0, None), (3, 0, 1, Some(10)), (4, 0, 2, None)].into_iter());
        let portion = read(&connection, "p", Wanted::Due(1)).unwrap();
        assert_eq!((ids(&portion), portion.next.is_some()), (vec![3], true));
        let portion = read(&connection, "p", Wanted::Due(5)).unwrap();
        assert_eq!((ids(&portion), portion.next), (vec![3, 1], None));
        let plan = "EXPLAIN QUERY PLAN SELECT event FROM open WHERE provider = 'p' AND state = 1 ORDER BY due LIMIT 5";
        let plan: String = connection.query_row(plan, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("open_by_due"), "{plan}");
    }
}
