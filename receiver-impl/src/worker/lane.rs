//! The events of one provider, on their way from the inbox to the handlers.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;
use tracing::{info, warn};

use super::{Phase, WorkerProvider};
use crate::attempt::Dispatch;
use crate::inbox::{Inbox, InboxError, Leased};

/// How much longer than the handler's deadline an event is lent: the time for the inbox to learn how it ended.
const MARGIN: Duration = Duration::from_secs(30);
/// How many events of a provider may be in tasks, be it in a handler or until they are settled.
const TASKS: usize = 2048;
/// How long to wait before an inbox that failed is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// What the tasks of one provider share.
#[derive(Debug)]
pub(super) struct Lane<D, I> {
    pub(super) inbox: Arc<I>,
    pub(super) handlers: Arc<D>,
    pub(super) of: WorkerProvider,
    pub(super) phase: watch::Receiver<Phase>,
    /// A permit for each handler that may run.
    slots: Arc<Semaphore>,
    /// A permit for each event that may be in a task.
    tasks: Arc<Semaphore>,
    most_tasks: u32,
}

impl<D: Dispatch, I: Inbox> Lane<D, I> {
    pub(super) fn new(inbox: Arc<I>, handlers: Arc<D>, of: WorkerProvider, phase: watch::Receiver<Phase>) -> Self {
        let slots = of.handling.concurrency;
        let most_tasks = u32::try_from(TASKS.max(slots.saturating_mul(2))).unwrap_or(u32::MAX);
        Self {
            inbox,
            handlers,
            of,
            phase,
            slots: Arc::new(Semaphore::new(slots)),
            tasks: Arc::new(Semaphore::new(most_tasks as usize)),
            most_tasks,
        }
    }

    /// Takes and hands out until the workers stop, and then waits for what was begun.
    pub(super) async fn run(self: Arc<Self>) {
        let mut phase = self.phase.clone();
        // The sender goes only with the workers, which nobody asks for anything any more then.
        let stopping = phase.wait_for(|phase| *phase >= Phase::Stopping);
        tokio::select! {
            biased;
            _ = stopping => {}
            () = self.take() => {}
        }
        drop(self.tasks.acquire_many(self.most_tasks).await);
    }

    async fn take(self: &Arc<Self>) {
        let mut failing = false;
        loop {
            let (Ok(slots), Ok(tasks)) = (several(&self.slots).await, several(&self.tasks).await) else { return };
            let most = slots.num_permits().min(tasks.num_permits());
            let lease = self.of.deadline + MARGIN;
            match self.inbox.take(self.of.provider.name, most, lease).await {
                Ok(events) => {
                    if failing {
                        info!(provider = self.of.provider.name, "the inbox lends events again");
                    }
                    failing = false;
                    self.hand_out(events, Instant::now() + lease, slots, tasks);
                }
                Err(InboxError::Closed) => return,
                Err(error) => {
                    if !failing {
                        warn!(provider = self.of.provider.name, "the inbox lends no events for now: {error}");
                    }
                    failing = true;
                    drop((slots, tasks));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// A task for each event. It begins even if this lane is told to stop in between, and gives the event back then.
    fn hand_out(
        self: &Arc<Self>,
        events: Vec<Leased>,
        until: Instant,
        mut slots: OwnedSemaphorePermit,
        mut tasks: OwnedSemaphorePermit,
    ) {
        for event in events {
            let (Some(slot), Some(task)) = (slots.split(1), tasks.split(1)) else { return };
            tokio::spawn(super::job::run(Arc::clone(self), event, until, slot, task));
        }
    }
}

/// Every permit that is there, and at least one.
async fn several(semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
    let mut permits = Arc::clone(semaphore).acquire_owned().await?;
    let others = u32::try_from(semaphore.available_permits()).unwrap_or(u32::MAX);
    // Somebody else may have been faster, which only makes this a smaller number next time.
    if others > 0
        && let Ok(others) = Arc::clone(semaphore).try_acquire_many_owned(others)
    {
        permits.merge(others);
    }
    Ok(permits)
}
