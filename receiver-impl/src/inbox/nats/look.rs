//! Lists, single events and figures, as they are in the streams: those of all receivers.
//!
//! A list goes backwards through the ids, some at a time. Where it asks for few events among many, for those that are
//! dead, parked or tried again, or for an identity, the subjects say which those are.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::SystemTime;

use super::change::{Ask, Busy};
use super::content::Kept;
use super::fetch::BATCH;
use super::local::Piece;
use super::shared::Shared;
use super::store::Figures;
use super::take::CONTENT;
use crate::inbox::{EventId, Filter, InboxError, Page, Record, State, Stats};

/// How many ids are looked at in one step, at first and at most.
const STEP: (u64, u64) = (256, 1 << 20);

impl Shared {
    pub(super) async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        self.store.connected()?;
        let limit = limit.max(1);
        let (lent, _) = self.busy_anywhere().await?;
        let mut page = Page::default();
        let until = after.unwrap_or(EventId(u64::MAX));
        if let Some(among) = self.candidates(filter, &lent).await? {
            let ids: Vec<_> = among.range(..until).rev().copied().collect();
            for ids in ids.chunks(BATCH / 4) {
                let mut records = self.records(ids).await?;
                records.sort_by_key(|record| std::cmp::Reverse(record.id));
                if add(&mut page, records, filter, &lent, limit) {
                    break;
                }
            }
            return Ok(page);
        }
        let (events, _) = self.store.figures().await?;
        let bare_from = self.first_bare().await?;
        let least = bare_from.unwrap_or(u64::MAX).min(events.first).max(1);
        let (mut end, mut step) = (until.0.min(events.last + 1), STEP.0);
        while end > least {
            let from = end.saturating_sub(step).max(least);
            let records = self.window(from, end, bare_from, events).await?;
            step = if records.is_empty() { (step * 2).min(STEP.1) } else { STEP.0 };
            if add(&mut page, records, filter, &lent, limit) {
                break;
            }
            end = from;
        }
        Ok(page)
    }

    /// The events that a filter can mean, if the subjects say it.
    async fn candidates(
        &self,
        filter: &Filter,
        lent: &HashSet<EventId>,
    ) -> Result<Option<BTreeSet<EventId>>, InboxError> {
        if let Some(identity) = &filter.identity {
            return Ok(Some(self.with_identity(identity).await?));
        }
        let few = [State::Retrying, State::Dead, State::Parked, State::Leased];
        if filter.states.is_empty() || !filter.states.iter().all(|state| few.contains(state)) {
            return Ok(None);
        }
        let mut ids = BTreeSet::new();
        for state in &filter.states {
            if *state == State::Leased {
                ids.extend(lent);
            } else {
                let subjects = self.store.subjects(&self.store.names.open(Some(*state))).await?;
                ids.extend(subjects.iter().filter_map(|subject| super::names::Names::id_of(subject)));
            }
        }
        Ok(Some(ids))
    }

    async fn with_identity(&self, identity: &str) -> Result<BTreeSet<EventId>, InboxError> {
        let (filter, mut from, mut ids) = (self.store.names.events_with(identity), 1, BTreeSet::new());
        loop {
            let found = self.store.events.run(&filter, from, BATCH).await?;
            from = found.messages.last().map_or(from, |last| last.sequence + 1);
            for message in found.messages {
                ids.extend(Kept::readable(message).map(|kept| kept.id));
            }
            if found.end {
                return Ok(ids);
            }
        }
    }

    /// The records with these ids, the newest first.
    async fn window(
        &self,
        from: u64,
        end: u64,
        bare_from: Option<u64>,
        events: Figures,
    ) -> Result<Vec<Record>, InboxError> {
        let (mut kept, mut next) = (Vec::new(), from.max(events.first));
        while next < end {
            let most = usize::try_from(end - next).unwrap_or(BATCH).min(BATCH);
            let found = self.store.events.run(&self.store.names.events(), next, most).await?;
            next = found.messages.last().map_or(end, |last| last.sequence + 1);
            let within = found.messages.into_iter().filter(|message| message.sequence < end);
            for message in within {
                kept.extend(Kept::readable(message).filter(|message| !message.is_stub()));
            }
            if found.end {
                break;
            }
        }
        let there: HashSet<_> = kept.iter().map(|kept| kept.id.0).collect();
        let mut records = self.with_standing(kept).await?;
        if let Some(bare_from) = bare_from.filter(|bare_from| *bare_from < end) {
            let missing = (from.max(bare_from)..end).filter(|id| !there.contains(id));
            let subjects: Vec<_> = missing.map(|id| self.store.names.bare(EventId(id))).collect();
            let bare = self.store.known_on(&subjects).await?;
            records.extend(bare.into_iter().filter_map(|(id, known)| known.standing.bare_record(id)));
        }
        records.sort_by_key(|record| std::cmp::Reverse(record.id));
        Ok(records)
    }

    async fn with_standing(&self, kept: Vec<Kept>) -> Result<Vec<Record>, InboxError> {
        if kept.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.store.known(kept.iter().map(|kept| (kept.id, kept.event.received_at))).await?;
        let standing = |id| known.get(&id).map(|known| &known.standing);
        Ok(kept.iter().map(|kept| kept.record(standing(kept.id))).collect())
    }

    /// What is known of these events, of those that are there.
    async fn records(&self, ids: &[EventId]) -> Result<Vec<Record>, InboxError> {
        let found = self.store.events(ids).await?;
        let missing = ids.iter().zip(&found).filter(|(_, kept)| kept.is_none());
        let subjects: Vec<_> = missing.map(|(id, _)| self.store.names.bare(*id)).collect();
        let mut records = self.with_standing(found.into_iter().flatten().collect()).await?;
        if !subjects.is_empty() {
            let bare = self.store.known_on(&subjects).await?;
            records.extend(bare.into_iter().filter_map(|(id, known)| known.standing.bare_record(id)));
        }
        Ok(records)
    }

    pub(super) async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        self.store.connected()?;
        let mut found = self.records(&[id]).await?.pop();
        if let Some(record) = &mut found
            && matches!(record.state, State::Pending | State::Retrying)
            && self.busy_anywhere().await?.0.contains(&id)
        {
            (record.state, record.next_attempt) = (State::Leased, None);
        }
        Ok(found)
    }

    /// The least event that may be there without its body.
    async fn first_bare(&self) -> Result<Option<u64>, InboxError> {
        let hours = self.hours().await?;
        Ok(hours.values().map(|(least, _)| least.0).min())
    }

    /// The hours in which events arrived that are done: the least of them, and the message that says so.
    pub(super) async fn hours(&self) -> Result<HashMap<u64, (EventId, u64)>, InboxError> {
        // As many as there are: the last messages of many subjects come in one answer, which is bounded.
        let (filter, mut from, mut hours) = (self.store.names.all_hours(), 1, HashMap::new());
        loop {
            let found = self.store.nodes.run(&filter, from, BATCH).await?;
            from = found.messages.last().map_or(from, |last| last.sequence + 1);
            hours.extend(found.messages.iter().filter_map(|message| {
                let hour: u64 = message.subject.rsplit('.').next()?.parse().ok()?;
                let least = std::str::from_utf8(&message.payload).ok()?.parse().ok()?;
                Some((hour, (EventId(least), message.sequence)))
            }));
            if found.end {
                return Ok(hours);
            }
        }
    }

    /// The events that workers have, and the first one that waits, of all receivers.
    async fn busy_anywhere(&self) -> Result<(HashSet<EventId>, First), InboxError> {
        let mine = self.busy();
        let (mut first, mut known) = (mine.first, self.member);
        let mut lent: HashSet<_> = mine.lent.into_iter().collect();
        for other in self.others().await? {
            // One that is gone has none.
            let Some(Busy { lent: more, first: other }) = self.ask(&other, &Ask::Lent).await? else { continue };
            lent.extend(more);
            (first, known) = ([first, other].into_iter().flatten().min(), true);
        }
        Ok((lent, if known { First::Of(first) } else { First::Unknown }))
    }

    pub(super) async fn stats(&self) -> Result<Stats, InboxError> {
        self.store.connected()?;
        let (lent, first) = self.busy_anywhere().await?;
        let subjects = self.store.subjects(&self.store.names.open(None)).await?;
        let (events, states) = self.store.figures().await?;
        let mut stats = Stats {
            leased: lent.len() as u64,
            duplicates: self.duplicates().await?,
            admitted: self.figures.admitted.load(Relaxed),
            // Every event has a message, and every one but those that nobody tried has another.
            pending: events.messages.saturating_sub(states.messages),
            done: states.messages.saturating_sub(subjects.len() as u64),
            ..Stats::default()
        };
        let mut fresh = lent.len() as u64;
        for subject in &subjects {
            let is_lent = super::names::Names::id_of(subject).is_some_and(|id| lent.contains(&id));
            let count = match self.store.names.state_of(subject) {
                Some(State::Pending) => &mut stats.pending,
                Some(State::Retrying) => &mut stats.retrying,
                Some(State::Dead) => &mut stats.dead,
                Some(State::Parked) => &mut stats.parked,
                Some(State::Done | State::Leased) | None => continue,
            };
            if is_lent {
                fresh = fresh.saturating_sub(1);
            } else {
                *count += 1;
            }
        }
        stats.pending = stats.pending.saturating_sub(fresh);
        if stats.pending + stats.leased + stats.retrying > 0 {
            let oldest = self.oldest(first).await?;
            stats.oldest_seconds = oldest.and_then(|at| at.elapsed().ok()).map_or(0, |age| age.as_secs());
        }
        Ok(stats)
    }

    /// When the first event arrived that waits, which the receivers know, if there are any.
    async fn oldest(&self, first: First) -> Result<Option<SystemTime>, InboxError> {
        if let First::Of(first) = first {
            let Some(id) = first else { return Ok(None) };
            return Ok(self.store.event(id).await?.map(|kept| kept.event.received_at));
        }
        let piece = Piece { part: 0, from: self.lowest_floor().await?, sure: false };
        let read = self.read_waiting(piece, &self.store.names.events(), 1, &AtomicUsize::new(CONTENT)).await?;
        let arrived = read.events.iter().filter_map(|found| found.waiting.content.as_ref());
        Ok(arrived.map(|event| event.received_at).min())
    }
}

/// The first event that waits.
#[derive(Debug, Clone, Copy)]
enum First {
    /// As the receivers know it.
    Of(Option<EventId>),
    /// There is no receiver that could know.
    Unknown,
}

/// Adds what fits to a page; whether it is full.
fn add(page: &mut Page, records: Vec<Record>, filter: &Filter, lent: &HashSet<EventId>, limit: usize) -> bool {
    for record in records {
        let mut event = record.summary();
        if lent.contains(&event.id) && matches!(event.state, State::Pending | State::Retrying) {
            (event.state, event.next_attempt) = (State::Leased, None);
        }
        if !filter.fits(&event) {
            continue;
        }
        if page.events.len() == limit {
            page.next = page.events.last().map(|event| event.id);
            return true;
        }
        page.events.push(event);
    }
    false
}
