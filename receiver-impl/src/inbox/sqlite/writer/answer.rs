//! Answering everybody, once what they asked for is on the disk or cannot be.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Writer;
use super::work::{Done, Granted};
use crate::inbox::schedule::Waiting;
use crate::inbox::sqlite::apply::Effect;
use crate::inbox::sqlite::queue::{Admit, Batch, Wish};
use crate::inbox::{Admission, Changed, EventId, InboxError};

impl Writer {
    /// Schedules what is new, and answers everybody.
    pub(super) fn tell(&mut self, batch: Batch, done: Done) {
        let mut schedule = self.shared.schedule();
        let mut waiting = Vec::new();
        for settle in self.unsettled.drain(..) {
            schedule.ended(settle.id);
            waiting.extend(settle.reply);
        }
        let mut admitted = Vec::with_capacity(batch.admissions.len());
        for (Admit { events, reply }, admissions) in batch.admissions.into_iter().zip(done.admissions) {
            for (event, kept) in events.into_iter().zip(&admissions) {
                let (Admission::Kept(id), key) = *kept else { continue };
                let lane = schedule.lane(&event.provider, Some(EventId(0)));
                let content = Some(Arc::new(event));
                schedule.add(lane, Waiting { id, key, tries: 0, attempts: 0, due: None, content });
                self.shared.figures.admitted.fetch_add(1, Relaxed);
            }
            admitted.push((reply, admissions));
        }
        // Whoever waited for an answer may be gone: its request was given up.
        match (batch.wish, done.wish) {
            (Some(Wish::Change { ids, reply, .. }), Some(Granted::Changed(effects))) => {
                let mut changed = Vec::with_capacity(ids.len());
                for (id, effect) in ids.into_iter().zip(effects) {
                    match &effect {
                        Effect::None(_) => schedule.let_go(id),
                        Effect::Gone => schedule.remove(id),
                        Effect::Handle { provider, key, attempts } => {
                            let lane = schedule.lane(provider, Some(EventId(0)));
                            let (key, attempts) = (*key, *attempts);
                            schedule.add(lane, Waiting { id, key, tries: 0, attempts, due: None, content: None });
                        }
                    }
                    changed.push(match effect {
                        Effect::None(why) => why,
                        _ => Changed::Changed,
                    });
                }
                let _ = reply.send(Ok(changed));
            }
            (Some(Wish::Import { records, reply }), Some(Granted::Imported(admissions))) => {
                for (record, admission) in records.iter().zip(&admissions) {
                    if let Admission::Kept(id) = admission {
                        let lane = schedule.lane(&record.event.provider, Some(EventId(0)));
                        schedule.read_again(lane, *id);
                    }
                }
                let _ = reply.send(Ok(admissions));
            }
            (Some(Wish::Prune { reply, .. }), Some(Granted::Pruned(pruned))) => _ = reply.send(Ok(pruned)),
            _ => {}
        }
        drop(schedule);
        for (reply, admissions) in admitted {
            let _ = reply.send(Ok(admissions.into_iter().map(|(admission, _)| admission).collect()));
        }
        for reply in waiting {
            let _ = reply.send(Ok(()));
        }
    }
}

pub(super) fn refuse(batch: Batch, error: &InboxError) {
    // Whoever waited for an answer may be gone.
    for admit in batch.admissions {
        let _ = admit.reply.send(Err(error.clone()));
    }
    match batch.wish {
        Some(Wish::Change { reply, .. }) => _ = reply.send(Err(error.clone())),
        Some(Wish::Import { reply, .. }) => _ = reply.send(Err(error.clone())),
        Some(Wish::Prune { reply, .. }) => _ = reply.send(Err(error.clone())),
        None => {}
    }
}
