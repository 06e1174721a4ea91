//! What handles the kept events: take, dispatch, settle.
//!
//! Each provider has a lane of its own, so that none waits for the handlers of another. A lane takes as many events as
//! it has slots free, and gives each a task. The slot is free again when the handler has returned; the task goes on
//! until the inbox knows how that ended, which may be a commit later, and many tasks share one commit. So a handler that
//! returns at once is not held up by the disk, and neither slots nor threads wait for it.
//!
//! An event is handled at least once. It is handled again if the process ends between the end of its handler and the
//! commit of that, or if its handler blocks its thread for longer than the lease: what makes an effect happen once is
//! the event's identity, which handlers are given.
//!
//! What a try comes to:
//!
//! | the handler | the event |
//! |---|---|
//! | returned | is done |
//! | failed, panicked or ran out of time | is tried again after a pause, and after `max-attempts` tries is dead |
//! | failed for good | is dead |
//! | did not know the event, or its body does not fit | is parked |
//! | was stopped with the receiver | is tried again |

mod backoff;
mod delivery;
mod job;
mod lane;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use webhook_api::contract::Provider;

use crate::attempt::Dispatch;
use crate::config::Handling;
use crate::inbox::Inbox;
use crate::metrics::HandlerCounters;

use lane::Lane;

/// How one provider's events are handled.
#[derive(Debug)]
pub struct WorkerProvider {
    /// The provider.
    pub provider: &'static Provider,
    /// How long a handler may take.
    pub deadline: Duration,
    /// How many run at once, and how often an event is tried.
    pub handling: Handling,
    /// Counts what becomes of its events.
    pub counters: HandlerCounters,
}

/// Workers that are running.
#[derive(Debug)]
pub struct Workers {
    phase: watch::Sender<Phase>,
    lanes: Vec<JoinHandle<()>>,
}

/// Where workers are in their life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Working,
    /// Nothing more is begun.
    Stopping,
    /// Nothing more is waited for.
    Cut,
}

impl Workers {
    /// Starts to handle the events of these providers; the runtime that this is called in runs the handlers.
    pub fn start<D: Dispatch, I: Inbox>(
        inbox: &Arc<I>,
        handlers: &Arc<D>,
        providers: impl IntoIterator<Item = WorkerProvider>,
    ) -> Self {
        let (phase, _) = watch::channel(Phase::Working);
        let lane = |provider| {
            let lane = Lane::new(Arc::clone(inbox), Arc::clone(handlers), provider, phase.subscribe());
            tokio::spawn(Arc::new(lane).run())
        };
        let lanes = providers.into_iter().map(lane).collect();
        Self { phase, lanes }
    }

    /// Begins nothing more; what was taken and not begun goes back.
    pub fn stop(&self) {
        self.phase.send_replace(Phase::Stopping);
    }

    /// Waits until every handler that was begun has returned and is settled. Call [`Workers::stop`] first.
    pub async fn ended(&mut self) {
        // Whoever is tired of waiting may come again.
        while let Some(lane) = self.lanes.last_mut() {
            // A lane ends by itself: it does not panic, and nobody aborts it.
            let _ = lane.await;
            self.lanes.pop();
        }
    }

    /// Drops the handlers that still run; their events are tried again.
    pub fn cut(&self) {
        self.phase.send_replace(Phase::Cut);
    }
}

#[cfg(test)]
mod tests;
