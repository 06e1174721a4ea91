//! What operators do. The receiver that has an event's partition does it, since it alone knows whether somebody has the
//! event; whoever is asked passes the wish on. If no receiver has the partition, whoever is asked does it.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::content::{Kept, Standing};
use super::shared::Shared;
use super::store::{AT_ONCE, Known, WriteError, unavailable};
use crate::inbox::schedule::Waiting;
use crate::inbox::{Change, Changed, EventId, InboxError, State};

/// What receivers ask each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Which events are with workers? To be answered with [`Busy`].
    Lent,
    /// Change these.
    Change { ids: Vec<EventId>, change: Change },
}

/// What a receiver is busy with.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Busy {
    /// The events that its workers have.
    pub(super) lent: Vec<EventId>,
    /// The first one of its partitions that waits.
    pub(super) first: Option<EventId>,
}

/// How often a change is tried that somebody else is faster than.
const TRIES: usize = 5;

impl Shared {
    pub(super) async fn change(
        self: &Arc<Self>,
        ids: Vec<EventId>,
        change: Change,
    ) -> Result<Vec<Changed>, InboxError> {
        self.store.connected()?;
        let owners = self.owners().await?;
        let events = self.store.events(&ids).await?;
        let mut elsewhere: BTreeMap<String, Vec<EventId>> = BTreeMap::new();
        let mut here = Vec::new();
        for (id, event) in ids.iter().zip(&events) {
            let place = event.as_ref().and_then(|event| self.store.names.place(&event.subject));
            match place.and_then(|place| owners.get(&place.part)).filter(|owner| **owner != self.me) {
                Some(owner) => elsewhere.entry(owner.clone()).or_default().push(*id),
                None => here.push(*id),
            }
        }
        let mut changed: BTreeMap<EventId, Changed> = BTreeMap::new();
        for (owner, ids) in elsewhere {
            match self.ask::<Vec<Changed>>(&owner, &Ask::Change { ids: ids.clone(), change }).await? {
                Some(answers) => changed.extend(ids.into_iter().zip(answers)),
                // It is gone, and with it whatever its workers had.
                None => here.extend(ids),
            }
        }
        changed.extend(self.change_here(here, change).await?);
        Ok(ids.iter().map(|id| changed.get(id).cloned().unwrap_or(Changed::Unknown)).collect())
    }

    /// Changes events of partitions that are this receiver's, or nobody's.
    pub(super) async fn change_here(
        self: &Arc<Self>,
        ids: Vec<EventId>,
        change: Change,
    ) -> Result<Vec<(EventId, Changed)>, InboxError> {
        let changes = ids.into_iter().map(|id| async move { Ok((id, self.change_one(id, change).await?)) });
        stream::iter(changes.collect::<Vec<_>>()).buffered(AT_ONCE).try_collect().await
    }

    async fn change_one(&self, id: EventId, change: Change) -> Result<Changed, InboxError> {
        if self.local().schedule.hold_back(id, Instant::now()).is_err() {
            return Ok(Changed::NotIn(State::Leased));
        }
        // Whatever happens, it is let go.
        let _held = Held { shared: self, id };
        let Some(kept) = self.store.newest(None, id.0).await?.filter(|kept| !kept.is_stub()) else {
            return self.change_bare(id, change).await;
        };
        for _ in 0..TRIES {
            let known = self.store.known([(id, kept.event.received_at)].into_iter()).await?.remove(&id);
            let standing = known.as_ref().map(|known| &known.standing).or(kept.past.as_ref());
            let state = standing.map_or(State::Pending, |standing| standing.state);
            if !change.fits(state) {
                return Ok(Changed::NotIn(state));
            }
            let attempts = standing.map(|standing| standing.attempts.clone()).unwrap_or_default();
            let standing = match change {
                Change::Remove => {
                    // In this order: without its state, an event would be new.
                    self.store.forget_event(id.0).await?;
                    if let Some(known) = known {
                        self.store.forget_state(known.sequence).await?;
                    }
                    self.local().end(id);
                    return Ok(Changed::Changed);
                }
                Change::Replay | Change::Retry if !kept.has_body => return Ok(Changed::NoBody),
                Change::Replay | Change::Retry => {
                    self.lower_floor(&kept).await?;
                    Standing::pending(attempts)
                }
                Change::Park => Standing { state: State::Parked, ..Standing::pending(attempts) },
            };
            match self.store.write(id, kept.event.received_at, standing, known.as_ref(), None).await {
                Ok(known) => {
                    self.changed(&kept, known).await;
                    return Ok(Changed::Changed);
                }
                Err(WriteError::Conflict) => {}
                Err(WriteError::Unavailable(error)) => return Err(error),
            }
        }
        Err(unavailable("others change the event all the time"))
    }

    /// Follows in memory what was written.
    async fn changed(&self, kept: &Kept, known: Known) {
        let Some(place) = self.store.names.place(&kept.subject) else { return };
        let mine = {
            let mut local = self.local();
            if !known.standing.waits() {
                return local.end(kept.id);
            }
            let mine = local.owned.contains_key(&place.part);
            if mine {
                let lane = local.lane(&kept.event.provider);
                let (attempts, content) = (known.standing.number(), Some(Arc::clone(&kept.event)));
                let waiting = Waiting { id: kept.id, key: place.key, tries: 0, attempts, due: None, content };
                local.again(lane, place.part, waiting, known);
            }
            mine
        };
        if !mine {
            self.hint(&kept.subject, kept.id).await;
        }
    }

    /// Of an event without its body, or one that is not there.
    async fn change_bare(&self, id: EventId, change: Change) -> Result<Changed, InboxError> {
        let Some(known) = self.store.known_on(&[self.store.names.bare(id)]).await?.remove(&id) else {
            return Ok(Changed::Unknown);
        };
        Ok(match change {
            Change::Replay => Changed::NoBody,
            Change::Remove => {
                if let Some(bare) = &known.standing.bare {
                    self.store.forget_event(bare.stub).await?;
                }
                self.store.forget_state(known.sequence).await?;
                Changed::Changed
            }
            Change::Retry | Change::Park => Changed::NotIn(State::Done),
        })
    }
}

/// An event that is not lent while it is changed.
struct Held<'a> {
    shared: &'a Shared,
    id: EventId,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.shared.local().schedule.let_go(self.id);
    }
}
