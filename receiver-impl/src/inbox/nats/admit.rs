//! Keeping new events. Each is one message, and the broker's acknowledgement is waited for before anybody is told.
//!
//! A copy is refused by the broker itself. The subject of an event holds its identity, and a message says that it wants
//! to be the first one on its subject: so a copy is known for as long as anything is left of the event, which is as long
//! as the settings say, and when two receivers take copies at the same moment. Besides, the message's number
//! (`Nats-Msg-Id`) is made from the identity, so that within the broker's window also a copy is known that has another
//! ordering key, and so another subject.
//!
//! All events of an admission are under way at once. If one of them is not kept, the admission fails; the others may
//! have been kept, and are duplicates when the provider sends all again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use async_nats::jetstream::context::PublishAckFuture;
use async_nats::jetstream::publish::PublishAck;
use bytes::Bytes;

use super::content::{Kept, Standing, message};
use super::names::{Names, hour};
use super::shared::Shared;
use super::store::{Store, WriteError, unavailable};
use crate::inbox::{Admission, Event, EventId, InboxError, Record, State};

/// How often a copy that is under way elsewhere is waited for, and the pause before that.
const TRIES: (usize, Duration) = (50, Duration::from_millis(20));

impl Shared {
    pub(super) async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        let _permit = self.queue.try_acquire().map_err(|_| InboxError::Full)?;
        self.store.connected()?;
        let mut first = HashMap::new();
        let mut sending = Vec::with_capacity(events.len());
        for (number, event) in events.iter().enumerate() {
            let copy_of = *first.entry(Names::message_id(event)).or_insert(number);
            let sent = if copy_of == number { Some(self.send(event, true, None, Some(0)).await) } else { None };
            sending.push((copy_of, sent));
        }
        let mut admissions: Vec<Admission> = Vec::with_capacity(events.len());
        let mut fault = None;
        for ((copy_of, sent), event) in sending.into_iter().zip(&events) {
            let admission = match (sent, admissions.get(copy_of)) {
                (Some(sent), _) => self.kept(event, true, None, sent).await,
                (None, Some(Admission::Kept(id) | Admission::Duplicate(id))) => Ok(Admission::Duplicate(*id)),
                (None, None) => break,
            };
            match admission {
                Ok(admission) => {
                    if let Admission::Kept(id) = admission {
                        self.hint(&self.store.names.event(event), id).await;
                    }
                    admissions.push(admission);
                }
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            }
        }
        if let Some(error) = fault {
            return Err(error);
        }
        self.count(&admissions);
        Ok(admissions)
    }

    fn count(&self, admissions: &[Admission]) {
        let kept = kept(admissions);
        self.figures.admitted.fetch_add(kept, Relaxed);
        self.figures.duplicates.fetch_add(admissions.len() as u64 - kept, Relaxed);
    }

    async fn send(
        &self,
        event: &Event,
        has_body: bool,
        past: Option<Standing>,
        number: Option<u64>,
    ) -> Result<PublishAckFuture, WriteError> {
        let (mut headers, payload) = message(event, has_body, past);
        if number == Some(0) {
            headers.insert("Nats-Msg-Id", Names::message_id(event));
        }
        self.store.send(self.store.names.event(event), headers, payload, number.map(|number| (number, None))).await
    }

    /// What became of an event that was sent.
    async fn kept(
        &self,
        event: &Event,
        has_body: bool,
        past: Option<&Standing>,
        sent: Result<PublishAckFuture, WriteError>,
    ) -> Result<Admission, InboxError> {
        let subject = self.store.names.event(event);
        let mut answer = answer(sent).await;
        for _ in 0..TRIES.0 {
            let copy = match answer {
                Ok(PublishAck { duplicate: false, sequence, .. }) => {
                    return Ok(Admission::Kept(EventId(sequence)));
                }
                // One with this number was there a moment ago; perhaps it was removed since.
                Ok(PublishAck { sequence, .. }) => match self.store.newest(None, sequence).await? {
                    Some(kept) if kept.event.identity == event.identity && kept.event.provider == event.provider => {
                        Some(kept)
                    }
                    _ => self.store.newest(Some(&subject), 0).await?,
                },
                Err(WriteError::Conflict) => self.store.newest(Some(&subject), 0).await?,
                Err(WriteError::Unavailable(error)) => return Err(error),
            };
            match &copy {
                Some(kept) if self.remembers(kept, event) => return Ok(Admission::Duplicate(kept.id)),
                _ => {}
            }
            // Nothing is known of it any more, or it is so long ago that it counts as another one.
            let last = copy.filter(|kept| kept.subject == subject).map_or(0, |kept| kept.sequence);
            let (headers, payload): (_, Bytes) = message(event, has_body, past.cloned());
            let sent = self.store.send(subject.clone(), headers, payload, Some((last, None))).await;
            answer = self::answer(sent).await;
            if matches!(answer, Err(WriteError::Conflict)) {
                tokio::time::sleep(TRIES.1).await;
            }
        }
        Err(unavailable("copies of an event come faster than one is kept"))
    }

    /// Whether an event still counts as the one of which `event` is a copy.
    fn remembers(&self, kept: &Kept, event: &Event) -> bool {
        let window = if event.identity_is_digest { self.retention.digests } else { self.retention.identities };
        // An event from the future means that the clock was set back.
        event.received_at.duration_since(kept.event.received_at).map_or(true, |age| age <= window)
    }

    pub(super) async fn import(self: &Arc<Self>, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        self.store.connected()?;
        let mut admissions = Vec::with_capacity(records.len());
        for record in records {
            let past = Standing::of(&record);
            let sent = self.send(&record.event, record.has_body, past.clone(), Some(0)).await;
            let admission = self.kept(&record.event, record.has_body, past.as_ref(), sent).await?;
            // Nobody is told of it before all that is known of it is written.
            if let (Admission::Kept(id), Some(mut standing)) = (admission, past) {
                let received_at = record.event.received_at;
                if !record.has_body {
                    standing.bare = Some(super::content::stub(id, &record.event).1(id.0));
                }
                if standing.state == State::Done {
                    self.mark_hour(hour(received_at), id).await?;
                }
                match self.store.write(id, received_at, standing, None, None).await {
                    // If somebody was faster, it is handled already.
                    Ok(_) | Err(WriteError::Conflict) => {}
                    Err(WriteError::Unavailable(error)) => return Err(error),
                }
            }
            if let Admission::Kept(id) = admission {
                self.hint(&self.store.names.event(&record.event), id).await;
            }
            admissions.push(admission);
        }
        // No provider sent them, so what was here already counts as no copy.
        self.figures.admitted.fetch_add(kept(&admissions), Relaxed);
        Ok(admissions)
    }
}

fn kept(admissions: &[Admission]) -> u64 {
    admissions.iter().filter(|admission| matches!(admission, Admission::Kept(_))).count() as u64
}

async fn answer(sent: Result<PublishAckFuture, WriteError>) -> Result<PublishAck, WriteError> {
    Store::sent(sent?).await
}
