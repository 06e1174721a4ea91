//! The identities of a file: each event once, and each where it is looked for.

use std::collections::HashSet;
use std::time::Duration;

use rusqlite::Connection;

use super::Check;
use crate::inbox::EventId;
use crate::inbox::sqlite::filter::SEGMENT;
use crate::inbox::sqlite::{rows, seen};

/// Every event with what stands for its identity, in the order of their ids: 16 bytes each.
pub(super) struct Identities(Vec<(u64, i64)>);

impl Identities {
    /// Reads the events of a file.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut find = connection.prepare("SELECT id, provider, identity FROM event ORDER BY id")?;
        let mut found = find.query([])?;
        let mut events = Vec::new();
        while let Some(row) = found.next()? {
            let (provider, identity) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            events.push((row.get(0)?, seen::hash(provider, identity)));
        }
        Ok(Self(events))
    }

    /// How many events there are.
    pub(super) fn count(&self) -> u64 {
        self.0.len() as u64
    }

    /// The newest event.
    pub(super) fn last(&self) -> Option<EventId> {
        self.0.last().map(|(id, _)| EventId(*id))
    }

    /// Holds the table of identities against the events. An event that is gone may have left its identity behind; of
    /// several events with one identity in a segment, the newest one's row does for all.
    pub(super) fn check_segments(&self, connection: &Connection, check: &mut Check) -> rusqlite::Result<()> {
        let sealed = rows::counter(connection, "sealed")?;
        let mut events = self.0.as_slice();
        while let Some((first, _)) = events.first() {
            let segment = first / SEGMENT;
            let (of_segment, rest) = events.split_at(events.partition_point(|(id, _)| id / SEGMENT == segment));
            events = rest;
            if segment < sealed {
                let mut find = connection.prepare_cached("SELECT hash FROM identity WHERE segment = ?1")?;
                let known: HashSet<i64> = find.query_map([segment], |row| row.get(0))?.collect::<Result<_, _>>()?;
                for (id, _) in of_segment.iter().filter(|(_, hash)| !known.contains(hash)) {
                    check.found(format!("event {id} is missing in it"));
                }
            }
        }
        let mut find = connection.prepare("SELECT segment, hash, event FROM identity")?;
        let mut found = find.query([])?;
        while let Some(row) = found.next()? {
            let (segment, hash, id): (u64, i64, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let event = self.0.binary_search_by_key(&id, |(id, _)| *id).ok().and_then(|place| self.0.get(place));
            // The segment after the last full one may be written in part.
            if segment > sealed || id / SEGMENT != segment || event.is_some_and(|(_, of_event)| *of_event != hash) {
                check.found(format!("event {id} stands in segment {segment} by an identity that is not its own"));
            }
        }
        Ok(())
    }

    /// Looks for events with the same provider and identity that came within `window` of each other.
    pub(super) fn check_doubles(
        mut self,
        connection: &Connection,
        window: Duration,
        check: &mut Check,
    ) -> rusqlite::Result<()> {
        self.0.sort_unstable_by_key(|(id, hash)| (*hash, *id));
        let mut find = connection.prepare("SELECT provider, identity, received_at FROM event WHERE id = ?1")?;
        for equal in self.0.chunk_by(|(_, one), (_, other)| one == other).filter(|equal| equal.len() > 1) {
            let mut same: Vec<(String, String, i64, u64)> = Vec::with_capacity(equal.len());
            for (id, _) in equal {
                same.push(find.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, *id)))?);
            }
            same.sort_unstable();
            for pair in same.windows(2) {
                let [(provider, identity, at, one), (of, as_well, then, other)] = pair else { continue };
                let apart = Duration::from_micros(at.abs_diff(*then));
                if provider == of && identity == as_well && apart <= window {
                    check.found(format!("events {one} and {other} are the same one, {apart:?} apart"));
                }
            }
        }
        Ok(())
    }
}
