//! Which receiver handles which partition.
//!
//! Every receiver says each second that it lives. Those that live divide the partitions among themselves: for each
//! partition all of them come to the same receiver by the same reckoning, so nobody has to lead. A partition is taken by
//! a message that says so, over the one that was there, so that only one can take it. It is free if nobody has it, or if
//! whoever has it was not heard of for eight seconds, by the clock of the one who waits; no machine's time of day matters.
//!
//! A receiver that could not say for [`ALONE`] that it lives stops lending and forgets its leases, before anybody takes
//! its partitions. A handler that is under way may still run; the event is then handled again elsewhere, and what makes
//! its effect happen once is the event's identity.
//!
//! When a receiver joins, the others lend nothing until what their workers have is settled, and hand over. That costs a
//! pause as long as the slowest handler, and keeps the order of every key.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::local::{Floors, Owned};
use super::members::{LEFT, Part, Says};
use super::shared::Shared;
use super::store::{AT_ONCE, WriteError};
use crate::inbox::{EventId, InboxError};

/// How often a receiver says that it lives.
const BEAT: Duration = Duration::from_secs(1);
/// How soon it looks again while it waits for its workers.
const SOON: Duration = Duration::from_millis(100);
/// How long it may not be able to say that it lives before it stops lending.
const ALONE: Duration = Duration::from_secs(5);
/// After how many beats floors are written, where they moved.
const FLOORS: u32 = 3;
/// For how many beats events are looked for after the last that came, whether anybody told of them or not.
const AGAIN: u32 = 3;
/// After how many beats they are looked for as the stream's leader knows them.
const SURE: u32 = 30;
/// After how many beats the messages of receivers that are gone are removed.
const GONE: u32 = 60;
/// After how many beats what is known of hours is forgotten, because others may have changed it.
const HOURS: u32 = 600;

/// How far the events were looked at, beat by beat.
#[derive(Debug, Default)]
pub(super) struct Seen {
    last: u64,
    /// How many of them this receiver kept.
    own: u64,
    /// For how many more beats.
    again: u32,
}

impl Shared {
    /// Says that this receiver lives, and does what follows from what the others say; until the inbox is closed.
    pub(super) async fn live(self: Arc<Self>) {
        let mut beats = 0_u32;
        let mut seen = Seen::default();
        while !self.closed.load(Relaxed) {
            beats = beats.wrapping_add(1);
            let beat = self.beat(beats, &mut seen).await;
            if let Err(error) = &beat {
                debug!("the inbox has trouble: {error}");
                if self.alive().is_err() {
                    self.alone();
                }
            }
            self.set_health(beat.map_err(|error| error.to_string()));
            let pause = if self.local().is_paused() { SOON } else { BEAT };
            tokio::time::sleep(pause).await;
        }
    }

    /// One round.
    pub(super) async fn beat(&self, beats: u32, seen: &mut Seen) -> Result<(), InboxError> {
        self.store.connected()?;
        // Otherwise it would keep partitions from those that can read them.
        self.store.current()?;
        let now = Instant::now();
        let me = self.store.names.node(&self.me);
        self.store.tell(me, std::process::id().to_string().into(), None).await.map_err(plain)?;
        *self.beat.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(now);
        self.look_around().await?;
        self.heed();
        self.give_back().await?;
        self.hand_over().await?;
        // In this order: what is kept here in between counts as another receiver's, and not the other way round.
        let own = self.figures.admitted.load(Relaxed);
        let newest = self.store.figures().await?.0.last;
        self.claim(newest).await?;
        if beats.is_multiple_of(FLOORS) {
            self.write_floors().await?;
        }
        if beats.is_multiple_of(HOURS) {
            self.hours.lock().await.clear();
        }
        if beats.is_multiple_of(GONE) {
            let dead = self.members().dead();
            for sequence in dead {
                self.store.forget_node(sequence).await?;
            }
        }
        self.write_duplicates().await?;
        self.store.tidy_again().await;
        if newest != seen.last {
            if seen.last > 0 && newest.saturating_sub(seen.last) > own - seen.own {
                self.tell_news(EventId(seen.last + 1), EventId(newest));
            }
            *seen = Seen { last: newest, own, again: AGAIN };
        }
        // Hints get lost, for instance with a connection; and whoever answers may lag behind.
        let sure = beats.is_multiple_of(SURE);
        if seen.again > 0 || sure {
            seen.again = seen.again.saturating_sub(1);
            self.local().hint_all(sure);
        }
        Ok(())
    }

    /// Whether the others can know that this receiver lives, so that what it has is its own.
    pub(super) fn alive(&self) -> Result<(), InboxError> {
        let beat = *self.beat.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match beat {
            Some(beat) if beat.elapsed() < ALONE => Ok(()),
            _ => Err(InboxError::Unavailable("the broker was not reached for some seconds".to_owned())),
        }
    }

    /// Gives up everything, since others may have it by now.
    fn alone(&self) {
        let mut local = self.local();
        let parts: Vec<_> = local.owned.keys().copied().collect();
        if !parts.is_empty() {
            warn!("the broker was not reached for some seconds: other receivers may handle the events from here on");
            local.disown(&parts);
        }
    }

    /// Reads what all receivers say.
    pub(super) async fn look_around(&self) -> Result<(), InboxError> {
        let names = &self.store.names;
        let subjects = [names.all_nodes(), names.all_parts(), names.duplicates()];
        // A server that lags behind would have receivers dead that live.
        let least = if self.member { self.store.told() } else { self.store.last_told().await? };
        let found = self.store.nodes.last(&subjects, least).await?;
        self.members().take_in(&found, names);
        Ok(())
    }

    /// Heeds what is written of this receiver's partitions. What somebody else took is lost. What is its own and newer than
    /// it knows was written in its name by an operator, who lowered a floor, or by itself, with an answer that got lost.
    fn heed(&self) {
        let members = self.members();
        let mut local = self.local();
        let (mut lost, mut lowered) = (Vec::new(), Vec::new());
        for (part, owned) in &mut local.owned {
            let Some(of) = members.parts.get(part).filter(|of| of.sequence > owned.sequence) else { continue };
            if of.says.node.as_deref() != Some(&self.me) {
                lost.push(*part);
                continue;
            }
            lowered.extend(of.says.floors.iter().map(|(provider, floor)| (*part, provider.clone(), EventId(*floor))));
            *owned = Owned { sequence: of.sequence, floors: of.says.floors.clone() };
        }
        for (part, provider, floor) in lowered {
            local.lower(part, &provider, floor);
        }
        if !lost.is_empty() {
            warn!(partitions = lost.len(), "other receivers took partitions of this one");
            local.disown(&lost);
        }
    }

    /// Frees what is written down as this receiver's although it does not have it, and another one is to have it: it gave
    /// everything up while it could not reach the broker.
    async fn give_back(&self) -> Result<(), InboxError> {
        let stray: Vec<_> = {
            let (members, local) = (self.members(), self.local());
            let share = members.share(&self.me);
            let is_stray = |part: &u8, of: &Part| {
                of.says.node.as_deref() == Some(&self.me) && !local.owned.contains_key(part) && !share.contains(part)
            };
            let found = members.parts.iter().filter(|(part, of)| is_stray(part, of));
            found.map(|(part, of)| (*part, of.sequence, of.says.floors.clone())).collect()
        };
        self.free(stray).await.1
    }

    /// Gives to others what is to be theirs, once nobody here works on anything.
    async fn hand_over(&self) -> Result<(), InboxError> {
        let share = self.members().share(&self.me);
        let going = {
            let mut local = self.local();
            let going: Vec<_> = local.owned.keys().copied().filter(|part| !share.contains(part)).collect();
            local.pause(!going.is_empty());
            if going.is_empty() || !local.lent_now().is_empty() {
                return Ok(());
            }
            going
        };
        let (gone, released) = self.release(&going).await;
        let mut local = self.local();
        if !gone.is_empty() {
            local.disown(&gone);
            info!(partitions = gone.len(), "handed partitions over to other receivers");
        }
        // What was not released is this receiver's until it is.
        local.pause(gone.len() < going.len());
        released
    }

    /// Writes that these partitions are nobody's. Of which that is written now; those of others change with the next look.
    pub(super) async fn release(&self, parts: &[u8]) -> (Vec<u8>, Result<(), InboxError>) {
        let told: Vec<_> = {
            let local = self.local();
            let of = |part: &u8| Some((*part, local.owned.get(part)?.sequence, local.floors(*part)));
            parts.iter().filter_map(of).collect()
        };
        self.free(told).await
    }

    async fn free(&self, parts: Vec<(u8, u64, Floors)>) -> (Vec<u8>, Result<(), InboxError>) {
        let frees = parts.into_iter().map(|(part, sequence, floors)| async move {
            match self.tell_part(part, Says { node: None, floors }, sequence).await {
                Ok(_) => Ok(Some(part)),
                Err(WriteError::Conflict) => Ok(None),
                Err(WriteError::Unavailable(error)) => Err(error),
            }
        });
        let freed: Vec<_> = stream::iter(frees.collect::<Vec<_>>()).buffered(AT_ONCE).collect().await;
        let gone = freed.iter().filter_map(|one| one.as_ref().ok().copied().flatten()).collect();
        (gone, freed.into_iter().find_map(Result::err).map_or(Ok(()), Err))
    }

    /// Takes what is to be this receiver's and nobody else's.
    async fn claim(&self, newest: u64) -> Result<(), InboxError> {
        let wanted: Vec<_> = {
            let (members, local) = (self.members(), self.local());
            let mut share = members.share(&self.me);
            share.retain(|part| !local.owned.contains_key(part));
            let free = |part: &u8| {
                let owner = members.parts.get(part).and_then(|of| of.says.node.as_deref());
                owner.is_none_or(|owner| owner == self.me || !members.is_alive(owner))
            };
            let of = |part: u8| {
                let mut of = members.parts.get(&part).cloned().unwrap_or_default();
                // A broker that lost its newest events counts on from before them.
                of.says.floors.values_mut().for_each(|floor| *floor = (*floor).min(newest + 1));
                (part, of)
            };
            share.into_iter().filter(free).map(of).collect()
        };
        if wanted.is_empty() {
            return Ok(());
        }
        let claims = wanted.into_iter().map(|(part, of)| async move {
            let says = Says { node: Some(self.me.clone()), floors: of.says.floors.clone() };
            match self.tell_part(part, says, of.sequence).await {
                Ok(sequence) => Ok(Some((part, Owned { sequence, floors: of.says.floors }))),
                Err(WriteError::Conflict) => Ok(None),
                Err(WriteError::Unavailable(error)) => Err(error),
            }
        });
        let claims: Vec<_> = stream::iter(claims.collect::<Vec<_>>()).buffered(AT_ONCE).collect().await;
        let owned: BTreeMap<_, _> = claims
            .iter()
            .flatten()
            .flatten()
            .map(|(part, owned)| (*part, Owned { sequence: owned.sequence, floors: owned.floors.clone() }))
            .collect();
        // What whoever had them wrote last must be seen.
        self.store.catch_up().await?;
        info!(partitions = owned.len(), "took partitions");
        self.local().own(owned);
        claims.into_iter().find_map(Result::err).map_or(Ok(()), Err)
    }

    async fn tell_part(&self, part: u8, says: Says, expected: u64) -> Result<u64, WriteError> {
        let payload = serde_json::to_vec(&says).unwrap_or_default();
        let sequence = self.store.tell(self.store.names.part(part), payload.into(), Some(expected)).await?;
        self.members().parts.insert(part, Part { sequence, says });
        Ok(sequence)
    }

    async fn write_floors(&self) -> Result<(), InboxError> {
        let moved: Vec<_> = {
            let local = self.local();
            let floors =
                |(part, owned): (&u8, &Owned)| (*part, owned.sequence, local.floors(*part), owned.floors.clone());
            local.owned.iter().map(floors).filter(|(_, _, now, before)| now != before).collect()
        };
        let writes = moved.into_iter().map(|(part, sequence, floors, _)| self.write_floor(part, sequence, floors));
        let written: Vec<_> = stream::iter(writes.collect::<Vec<_>>()).buffered(AT_ONCE).collect().await;
        written
            .into_iter()
            .find_map(|one| match one {
                // Somebody wrote of it, as the next round will see.
                Ok(()) | Err(WriteError::Conflict) => None,
                Err(WriteError::Unavailable(error)) => Some(error),
            })
            .map_or(Ok(()), Err)
    }

    async fn write_floor(&self, part: u8, sequence: u64, floors: Floors) -> Result<(), WriteError> {
        let says = Says { node: Some(self.me.clone()), floors: floors.clone() };
        let sequence = self.tell_part(part, says, sequence).await?;
        if let Some(owned) = self.local().owned.get_mut(&part) {
            *owned = Owned { sequence, floors };
        }
        Ok(())
    }

    /// Sees to it that whoever takes the partition next reads an event that is handled again.
    pub(super) async fn lower_floor(&self, kept: &super::content::Kept) -> Result<(), InboxError> {
        let Some(place) = self.store.names.place(&kept.subject) else { return Ok(()) };
        let low = |floors: &Floors| floors.get(&place.provider).is_none_or(|floor| *floor <= kept.id.0);
        for _ in 0..5 {
            let mine = self.local().owned.get(&place.part).map(|owned| (owned.sequence, owned.floors.clone()));
            let written = if let Some((sequence, mut floors)) = mine {
                if low(&floors) {
                    return Ok(());
                }
                floors.insert(place.provider.clone(), kept.id.0);
                self.write_floor(place.part, sequence, floors).await
            } else {
                let Some(of) = self.members().parts.get(&place.part).cloned() else { return Ok(()) };
                if low(&of.says.floors) {
                    return Ok(());
                }
                let mut says = of.says;
                says.floors.insert(place.provider.clone(), kept.id.0);
                self.tell_part(place.part, says, of.sequence).await.map(drop)
            };
            match written {
                Ok(()) => return Ok(()),
                Err(WriteError::Conflict) => {
                    self.look_around().await?;
                    self.heed();
                }
                Err(WriteError::Unavailable(error)) => return Err(error),
            }
        }
        Err(InboxError::Unavailable("the partition of the event changes all the time".to_owned()))
    }

    /// Below this event nothing waits.
    pub(super) async fn lowest_floor(&self) -> Result<u64, InboxError> {
        let members = self.members();
        let floor = |part: &Part| part.says.floors.values().copied().min().unwrap_or(0);
        Ok(members.parts.values().map(floor).min().unwrap_or(0))
    }

    /// How many copies came since the inbox was made.
    pub(super) async fn duplicates(&self) -> Result<u64, InboxError> {
        self.look_around().await?;
        Ok(self.members().duplicates.0 + self.figures.duplicates.load(Relaxed))
    }

    pub(super) async fn write_duplicates(&self) -> Result<(), InboxError> {
        let more = self.figures.duplicates.load(Relaxed);
        if more == 0 {
            return Ok(());
        }
        let (number, sequence) = self.members().duplicates;
        let subject = self.store.names.duplicates();
        match self.store.tell(subject, (number + more).to_string().into(), Some(sequence)).await {
            Ok(sequence) => {
                self.figures.duplicates.fetch_sub(more, Relaxed);
                self.members().duplicates = (number + more, sequence);
                Ok(())
            }
            // Another receiver wrote its own; the next round adds to that.
            Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Unavailable(error)) => Err(error),
        }
    }

    /// Says that this receiver does not live any more, and gives its partitions back.
    pub(super) async fn leave(&self) -> Result<(), InboxError> {
        let parts: Vec<_> = self.local().owned.keys().copied().collect();
        self.release(&parts).await.1?;
        for _ in 0..5 {
            self.look_around().await?;
            self.write_duplicates().await?;
            if self.figures.duplicates.load(Relaxed) == 0 {
                break;
            }
        }
        self.store.tell(self.store.names.node(&self.me), LEFT.into(), None).await.map_err(plain)?;
        Ok(())
    }
}

fn plain(error: WriteError) -> InboxError {
    match error {
        WriteError::Unavailable(error) => error,
        WriteError::Conflict => InboxError::Unavailable("somebody else has the name of this receiver".to_owned()),
    }
}
