//! Lending events with their content, and ending a lease.

use std::sync::Arc;
use std::time::SystemTime;

use rusqlite::Connection;
use tokio::time::Instant;

use super::queue::{Reply, Settle, Then};
use super::{Shared, Sqlite, reader};
use crate::inbox::schedule::{Lent, Next};
use crate::inbox::{Attempt, Ending, InboxError, Lease, Leased, SettleError, Settlement};

/// What was lent to somebody who may go away before it reaches them.
pub(super) struct Lendings<'a> {
    pub(super) shared: &'a Shared,
    pub(super) events: Vec<Lent>,
}

impl Sqlite {
    /// Reads the content of what is lent, where it is not at hand.
    pub(super) async fn with_content(&self, lent: Lendings<'_>) -> Result<Vec<Leased>, InboxError> {
        let missing: Vec<_> =
            lent.events.iter().filter(|lent| lent.content.is_none()).map(|lent| lent.lease.id).collect();
        let mut read = if missing.is_empty() {
            Vec::new()
        } else {
            let content = move |connection: &Connection| {
                missing.into_iter().map(|id| Ok((id, reader::content(connection, id)?))).collect::<Result<Vec<_>, _>>()
            };
            self.read(content).await?
        };
        let mut read = read.drain(..);
        let mut leased = Vec::with_capacity(lent.events.len());
        for Lent { lease, tries, attempts, content } in lent.done() {
            let event = content.or_else(|| read.next().and_then(|(_, event)| event).map(Arc::new));
            match event {
                Some(event) => leased.push(Leased { lease, attempt: attempts + 1, tries: tries + 1, event }),
                // Nobody can handle it. It is not lost without a word, either.
                None => {
                    let error = "the event's content is missing from the inbox".to_owned();
                    // A lease that ended meanwhile comes here again.
                    let _ = self.settle_later(&lease, &Settlement::Dead { error }, None);
                }
            }
        }
        Ok(leased)
    }

    /// Ends a lease at once, and has that written down.
    pub(super) fn settle_later(
        &self,
        lease: &Lease,
        settlement: &Settlement,
        reply: Option<Reply<()>>,
    ) -> Result<(), SettleError> {
        let (now, clock) = (Instant::now(), SystemTime::now());
        let (next, ending, error) = match settlement {
            Settlement::Done => (Next::Gone, Ending::Done, None),
            Settlement::Retry { error, after } => (Next::Again(now + *after), Ending::Failed, Some(error.clone())),
            Settlement::Dead { error } => (Next::Gone, Ending::Dead, Some(error.clone())),
            Settlement::Parked { reason } => (Next::Gone, Ending::Parked, Some(reason.clone())),
            Settlement::Returned => (Next::Untried, Ending::Failed, None),
        };
        let (number, tries) = self.shared.schedule().settle(lease, next, now).ok_or(SettleError::LeaseLost)?;
        let then = match settlement {
            Settlement::Done => Then::Done,
            Settlement::Retry { after, .. } => Then::Again { tries, due: clock + *after },
            Settlement::Dead { .. } => Then::Dead,
            Settlement::Parked { .. } => Then::Parked,
            Settlement::Returned => {
                // Nothing happened, so there is nothing to write.
                reply.into_iter().for_each(|reply| _ = reply.send(Ok(())));
                return Ok(());
            }
        };
        let attempt = Attempt { number, ended_at: clock, ending, error };
        Ok(self.shared.queue.settle(Settle { id: lease.id, attempt, then, reply })?)
    }
}

impl Lendings<'_> {
    fn done(mut self) -> Vec<Lent> {
        std::mem::take(&mut self.events)
    }
}

impl Drop for Lendings<'_> {
    fn drop(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let mut schedule = self.shared.schedule();
        for lent in &self.events {
            schedule.settle(&lent.lease, Next::Untried, Instant::now());
        }
    }
}
