//! Reading for the schedule what it lacks.

use std::time::SystemTime;

use tokio::time::Instant;
use tracing::warn;

use super::Writer;
use crate::inbox::schedule::{Waiting, wait};
use crate::inbox::sqlite::waiting;

impl Writer {
    /// Reads a portion for each lane that wants one.
    pub(super) fn refill(&mut self) {
        let Some(open) = &self.open else { return };
        let now = Instant::now();
        let wanted: Vec<_> = {
            let mut schedule = self.shared.schedule();
            let lanes: Vec<_> = schedule.lanes().map(|(lane, provider)| (lane, provider.to_owned())).collect();
            lanes
                .into_iter()
                .filter_map(|(lane, provider)| Some((lane, provider, schedule.wants(lane, now)?)))
                .collect()
        };
        self.reads_on = false;
        for (lane, provider, wanted) in wanted {
            match waiting::read(&open.connection, &provider, wanted) {
                Ok(portion) => {
                    let (now, clock) = (Instant::now(), SystemTime::now());
                    let due = |due| now + wait(due, clock, self.shared.longest_wait);
                    let events = portion.events.into_iter();
                    let events = events.map(|(event, at)| Waiting { due: at.map(due), ..event }).collect();
                    self.shared.schedule().refill(lane, wanted, events, portion.next);
                    self.reads_on = true;
                }
                Err(error) => warn!(%error, "what waits in the inbox cannot be read now; it is tried again"),
            }
        }
    }
}
