//! What is old goes, hour by hour of its arrival, and only when the hour is over.
//!
//! A message cannot be made smaller. So when a body goes, a message without it takes its place on the subject, which
//! keeps the identity; what the event was is written beside its state; and then the message with the body is removed.
//! If the receiver dies in between, the next round goes on from there. Where identities stay as long as bodies
//! (`keep-identities` equal to `keep-bodies`), an event takes two removals instead of these five requests.

use std::time::SystemTime;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::content::{Standing, stub};
use super::names::{Names, end_of};
use super::shared::Shared;
use super::store::{AT_ONCE, Known, Store, WriteError};
use crate::inbox::{EventId, InboxError, PORTION, Pruned, Retention};

/// The partition whose receiver prunes.
const TURN: u8 = 0;

impl Shared {
    pub(super) async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        self.store.connected()?;
        if self.member && self.alive().is_ok() && !self.local().owned.contains_key(&TURN) {
            // Somebody else does it. But where nobody can say that it lives, the streams may be full, and to remove is all
            // that still works.
            return Ok(Pruned::default());
        }
        let older = |hour: u64, age| now.duration_since(end_of(hour)).is_ok_and(|past| past >= age);
        let mut hours: Vec<_> = self.hours().await?.into_iter().collect();
        hours.sort_unstable();
        let mut pruned = Pruned::default();
        for (hour, (_, sequence)) in hours {
            let portion = PORTION as u64;
            if older(hour, retention.identities) {
                for has_body in [true, false] {
                    let left = portion.saturating_sub(pruned.events);
                    let (found, more) = self.done_in(hour, has_body, left).await?;
                    pruned.events += found.len() as u64;
                    pruned.more |= more;
                    self.each(found, |known| self.remove(known)).await?;
                }
                if !pruned.more {
                    // Whoever writes of this hour again finds that it is gone, and writes it first.
                    self.hours.lock().await.remove(&hour);
                    self.store.forget_node(sequence).await?;
                }
            } else if older(hour, retention.bodies) {
                let (found, more) = self.done_in(hour, true, portion.saturating_sub(pruned.bodies)).await?;
                pruned.bodies += found.len() as u64;
                pruned.more |= more;
                self.each(found, |known| self.strip(known)).await?;
            }
            if pruned.more {
                break;
            }
        }
        Ok(pruned)
    }

    async fn each<'a, F: Future<Output = Result<(), InboxError>> + 'a>(
        &'a self,
        found: Vec<Known>,
        what: impl Fn(Known) -> F,
    ) -> Result<(), InboxError> {
        stream::iter(found.into_iter().map(what).collect::<Vec<_>>()).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Up to `most` events of an hour that are done, and whether there are more.
    async fn done_in(&self, hour: u64, has_body: bool, most: u64) -> Result<(Vec<Known>, bool), InboxError> {
        let filter = self.store.names.done_in(hour, has_body);
        let most = usize::try_from(most).unwrap_or(PORTION);
        if most == 0 {
            return Ok((Vec::new(), true));
        }
        let found = self.store.states.run(&filter, 1, most).await?;
        let known = found.messages.into_iter().map(|message| {
            let standing = Standing::read(&message.payload)?;
            Ok(Known { subject: message.subject, sequence: message.sequence, standing })
        });
        Ok((known.collect::<Result<_, InboxError>>()?, !found.end))
    }

    /// Removes all that is left of an event: its state last, so that it does not come up as a new one.
    async fn remove(&self, known: Known) -> Result<(), InboxError> {
        let Some(id) = Names::id_of(&known.subject) else { return Ok(()) };
        let sequence = known.standing.bare.as_ref().map_or(id.0, |bare| bare.stub);
        self.store.forget_event(sequence).await?;
        self.store.forget_state(known.sequence).await
    }

    /// Removes the body of an event.
    async fn strip(&self, known: Known) -> Result<(), InboxError> {
        let Some(id) = Names::id_of(&known.subject) else { return Ok(()) };
        let Some(kept) = self.store.newest(None, id.0).await? else {
            // Without its message there is nothing that its state could be about.
            return self.store.forget_state(known.sequence).await;
        };
        let (headers, bare) = stub(id, &kept.event);
        let sent = self.stub(id, &kept.subject, headers).await;
        let Some(sequence) = sent? else { return Ok(()) };
        let standing = Standing { bare: Some(bare(sequence)), ..known.standing.clone() };
        match self.store.write(id, kept.event.received_at, standing, Some(&known), None).await {
            Ok(_) => self.store.forget_event(id.0).await,
            // It was replayed meanwhile, say, and needs its body.
            Err(WriteError::Conflict) if !self.store.is_stub_of(id, sequence).await? => {
                self.store.forget_event(sequence).await
            }
            // Somebody else prunes, too, and was faster.
            Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Unavailable(error)) => Err(error),
        }
    }

    /// Keeps the identity of an event without its body: on its subject, unless a newer event has it.
    async fn stub(
        &self,
        id: EventId,
        subject: &str,
        headers: async_nats::header::HeaderMap,
    ) -> Result<Option<u64>, InboxError> {
        let last = self.store.newest(Some(subject), 0).await?;
        if let Some(stub) = last.as_ref().filter(|last| last.is_stub() && last.id == id) {
            // A receiver that died has come this far.
            return Ok(Some(stub.sequence));
        }
        let Some(place) = self.store.names.place(subject) else { return Ok(None) };
        let ours = last.is_some_and(|last| last.sequence == id.0);
        let (subject, expected) =
            if ours { (subject.to_owned(), Some((id.0, None))) } else { (self.store.names.aside(&place, id), None) };
        let sent = match self.store.send(subject, headers, bytes::Bytes::new(), expected).await {
            Ok(sending) => Store::sent(sending).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(sent) => Ok(Some(sent.sequence)),
            // The next round does it.
            Err(WriteError::Conflict) => Ok(None),
            Err(WriteError::Unavailable(error)) => Err(error),
        }
    }
}
