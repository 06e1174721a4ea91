//! Finding the copy of an event among millions, at a price that hardly grows with them.
//!
//! Identities are random texts, so an index of them would be written all over, a page of the file for each event. So
//! they are kept in segments of [`SEGMENT`] events instead: those of the newest segments in memory; those of full ones
//! sorted in the table `identity`, with a [`Filter`] that says in a few memory accesses which segments may have one.
//! For a new event, that is nearly always none.
//!
//! Everything goes by a hash of 64 bits; the texts themselves are compared before an event is called a copy.

use std::collections::{BTreeMap, HashMap};
use std::time::SystemTime;

use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension as _};

use super::filter::{Filter, SEGMENT};
use super::rows;
use crate::inbox::{Event, EventId, Retention};

/// How many identities of a full segment are written at a time.
const SEALED_AT_ONCE: usize = 2048;

/// The identities of all events that are kept.
#[derive(Debug, Default)]
pub(super) struct Seen {
    filter: Filter,
    /// Segments that are not sealed.
    tail: BTreeMap<u64, HashMap<i64, EventId>>,
    /// What was added since the last commit, with what it replaced.
    added: Vec<(u64, i64, Option<EventId>)>,
    /// Segments before this one are sealed.
    sealed: u64,
    sealing: Option<Sealing>,
}

/// A full segment on its way into the table.
#[derive(Debug)]
struct Sealing {
    segment: u64,
    /// Sorted.
    identities: Vec<(i64, EventId)>,
    written: usize,
}

/// What stands for an identity.
pub(super) fn hash(provider: &str, identity: &str) -> i64 {
    let mut digest = Context::new(&SHA256);
    digest.update(provider.as_bytes());
    digest.update(&[0]);
    digest.update(identity.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest.finish().as_ref()[..8]);
    i64::from_le_bytes(first)
}

impl Seen {
    /// Reads what a file has.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let sealed = rows::counter(connection, "sealed")?;
        let mut seen = Self { sealed, ..Self::default() };
        let mut statement = connection.prepare("SELECT segment, hash FROM identity WHERE segment < ?1")?;
        let mut found = statement.query([sealed])?;
        while let Some(row) = found.next()? {
            seen.filter.add(row.get(0)?, row.get(1)?);
        }
        let mut statement =
            connection.prepare("SELECT id, provider, identity FROM event WHERE id >= ?1 ORDER BY id")?;
        let mut found = statement.query([sealed * SEGMENT])?;
        while let Some(row) = found.next()? {
            let (provider, identity) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
            seen.add(EventId(row.get(0)?), hash(provider, identity));
        }
        seen.commit();
        Ok(seen)
    }

    /// The copy of `event` that is still remembered.
    pub(super) fn find(
        &self,
        connection: &Connection,
        hash: i64,
        event: &Event,
        retention: &Retention,
    ) -> rusqlite::Result<Option<EventId>> {
        for id in self.tail.values().rev().filter_map(|segment| segment.get(&hash)) {
            if is_copy(connection, *id, event, retention)? {
                return Ok(Some(*id));
            }
        }
        for segment in self.filter.may_have(hash) {
            for id in sealed(connection, segment, hash)? {
                if is_copy(connection, id, event, retention)? {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    /// Notes a new event.
    pub(super) fn add(&mut self, id: EventId, hash: i64) {
        let segment = id.0 / SEGMENT;
        let before = self.tail.entry(segment).or_default().insert(hash, id);
        self.added.push((segment, hash, before));
    }

    /// What was added stays.
    pub(super) fn commit(&mut self) {
        self.added.clear();
    }

    /// What was added since the last commit never was.
    pub(super) fn roll_back(&mut self) {
        // What was to be sealed first may name events that are not.
        if self.sealing.as_ref().is_some_and(|sealing| sealing.written == 0) {
            self.sealing = None;
        }
        for (segment, hash, before) in self.added.drain(..).rev() {
            let Some(identities) = self.tail.get_mut(&segment) else { continue };
            match before {
                Some(before) => _ = identities.insert(hash, before),
                None => _ = identities.remove(&hash),
            }
        }
    }

    /// Whether there is something to [seal](Self::seal), now that the newest event is `last`.
    pub(super) fn is_full(&self, last: u64) -> bool {
        self.sealing.is_some() || last / SEGMENT > self.sealed
    }

    /// Writes a portion of the oldest full segment, inside a transaction; call [`Self::sealed`] after its commit.
    pub(super) fn seal(&mut self, connection: &Connection, last: u64) -> rusqlite::Result<()> {
        if self.sealing.is_none() && last / SEGMENT > self.sealed {
            let segment = self.sealed;
            let identities = self.tail.get(&segment).into_iter().flatten().map(|(hash, id)| (*hash, *id));
            let mut identities: Vec<_> = identities.collect();
            identities.sort_unstable();
            self.sealing = Some(Sealing { segment, identities, written: 0 });
        }
        let Some(sealing) = &self.sealing else { return Ok(()) };
        // A segment that a killed process left half sealed is there in part.
        let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO identity VALUES (?1, ?2, ?3)")?;
        for (hash, id) in sealing.identities.iter().skip(sealing.written).take(SEALED_AT_ONCE) {
            insert.execute((sealing.segment, hash, id.0))?;
        }
        if sealing.written + SEALED_AT_ONCE >= sealing.identities.len() {
            rows::set_counter(connection, "sealed", sealing.segment + 1)?;
        }
        Ok(())
    }

    /// A portion is written for good.
    pub(super) fn sealed(&mut self) {
        let Some(mut sealing) = self.sealing.take() else { return };
        sealing.written += SEALED_AT_ONCE;
        if sealing.written < sealing.identities.len() {
            self.sealing = Some(sealing);
            return;
        }
        for (hash, _) in &sealing.identities {
            self.filter.add(sealing.segment, *hash);
        }
        self.tail.remove(&sealing.segment);
        self.sealed = sealing.segment + 1;
    }

    /// Forgets the identities of full segments all of whose events are before `first`, a portion at a time, inside a
    /// transaction. Whether there may be more.
    pub(super) fn forget_before(
        &mut self,
        connection: &Connection,
        first: EventId,
        most: usize,
    ) -> rusqlite::Result<bool> {
        let segment = (first.0 / SEGMENT).min(self.sealed);
        let mut remove = connection.prepare_cached(
            "DELETE FROM identity WHERE (segment, hash, event) IN
                (SELECT segment, hash, event FROM identity WHERE segment < ?1
                    AND NOT EXISTS (SELECT 1 FROM event WHERE id = identity.event) LIMIT ?2)",
        )?;
        let removed = remove.execute((segment, most))?;
        if removed > 0 && removed < most {
            self.filter.forget_before(segment);
        }
        Ok(removed == most)
    }
}

/// The events of a full segment that have an identity.
pub(super) fn sealed(connection: &Connection, segment: u64, hash: i64) -> rusqlite::Result<Vec<EventId>> {
    let mut find = connection.prepare_cached("SELECT event FROM identity WHERE segment = ?1 AND hash = ?2")?;
    let found = find.query_map((segment, hash), |row| row.get(0).map(EventId))?;
    found.collect()
}

fn is_copy(connection: &Connection, id: EventId, event: &Event, retention: &Retention) -> rusqlite::Result<bool> {
    let mut find = connection.prepare_cached("SELECT provider, identity, received_at FROM event WHERE id = ?1")?;
    let kept = find.query_row([id.0], |row| {
        let same = row.get_ref(0)?.as_str()? == event.provider && row.get_ref(1)?.as_str()? == event.identity;
        Ok((same, rows::time(row.get(2)?)))
    });
    let Some((same, received_at)) = kept.optional()? else { return Ok(false) };
    Ok(same && remembers(retention, event, received_at))
}

/// Whether an event that came at `kept` still counts as a copy of a new one that is equal to it.
fn remembers(retention: &Retention, event: &Event, kept: SystemTime) -> bool {
    let window = if event.identity_is_digest { retention.digests } else { retention.identities };
    // An event from the future means that the clock was set back.
    event.received_at.duration_since(kept).map_or(true, |age| age <= window)
}
