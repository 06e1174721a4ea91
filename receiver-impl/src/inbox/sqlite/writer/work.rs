//! One transaction: what it does, and what it did.

use rusqlite::Transaction;
use tokio::time::Instant;

use crate::inbox::sqlite::Shared;
use crate::inbox::sqlite::apply::{self, Counters, Effect, Incoming};
use crate::inbox::sqlite::prune::Pruner;
use crate::inbox::sqlite::queue::{Admit, Batch, Settle, Wish};
use crate::inbox::sqlite::rows::PENDING;
use crate::inbox::sqlite::seen::Seen;
use crate::inbox::{Admission, EventId, Pruned};

/// What a transaction did, to be told once it is committed.
#[derive(Default)]
pub(super) struct Done {
    /// Each with what stands for the ordering key of the event.
    pub(super) admissions: Vec<Vec<(Admission, Option<i64>)>>,
    pub(super) wish: Option<Granted>,
    pub(super) sealed: bool,
}

pub(super) enum Granted {
    Changed(Vec<Effect>),
    Imported(Vec<Admission>),
    Pruned(Pruned),
}

/// A transaction under way.
pub(super) struct Work<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) seen: &'a mut Seen,
    pub(super) counters: &'a mut Counters,
    pub(super) pruner: &'a mut Pruner,
    /// Events that the schedule is not to lend meanwhile.
    pub(super) held: &'a mut Vec<EventId>,
    pub(super) shared: &'a Shared,
}

impl Work<'_> {
    pub(super) fn all(mut self, batch: &Batch, settlements: &[Settle]) -> rusqlite::Result<Done> {
        let mut done = Done { admissions: Vec::with_capacity(batch.admissions.len()), ..Done::default() };
        for settle in settlements {
            apply::settle(self.transaction, settle)?;
        }
        for admit in &batch.admissions {
            done.admissions.push(self.admit(admit)?);
        }
        done.wish = batch.wish.as_ref().map(|wish| self.grant(wish)).transpose()?;
        if self.seen.is_full(self.counters.last) {
            self.seen.seal(self.transaction, self.counters.last)?;
            done.sealed = true;
        }
        Ok(done)
    }

    fn admit(&mut self, admit: &Admit) -> rusqlite::Result<Vec<(Admission, Option<i64>)>> {
        let retention = &self.shared.retention;
        let keep = |event| {
            let incoming = Incoming { event, open: Some(PENDING), due: None, attempts: &[], has_body: true };
            let kept = apply::keep(self.transaction, self.seen, self.counters, retention, &incoming)?;
            if let (Admission::Duplicate(_), _) = kept {
                self.counters.duplicates += 1;
            }
            Ok(kept)
        };
        admit.events.iter().map(keep).collect()
    }

    fn grant(&mut self, wish: &Wish) -> rusqlite::Result<Granted> {
        let (transaction, counters) = (self.transaction, &mut *self.counters);
        Ok(match wish {
            Wish::Change { ids, change, .. } => {
                let now = Instant::now();
                let effect = |id: &EventId| {
                    let lent = self.shared.schedule().hold_back(*id, now).is_err();
                    self.held.push(*id);
                    apply::change(transaction, counters, *id, *change, lent)
                };
                Granted::Changed(ids.iter().map(effect).collect::<Result<_, _>>()?)
            }
            Wish::Import { records, .. } => {
                let retention = &self.shared.retention;
                let import = |record| apply::import(transaction, self.seen, counters, retention, record);
                Granted::Imported(records.iter().map(import).collect::<Result<_, _>>()?)
            }
            Wish::Prune { retention, now, .. } => {
                Granted::Pruned(self.pruner.portion(transaction, self.seen, counters, retention, *now)?)
            }
        })
    }
}
