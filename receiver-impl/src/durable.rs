//! The inbox and its workers as the server sees them, whatever store is behind: how they are, and how they stop.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::warn;

use crate::attempt::Dispatch;
use crate::inbox::{Inbox, Operate, Retention};
use crate::metrics::InboxFigures;
use crate::retention;
use crate::worker::{WorkerProvider, Workers};

/// How long a scrape waits for figures before it shows the ones before.
const FIGURES: Duration = Duration::from_secs(1);
/// How long the tasks of handlers that were dropped may take to say so, and the inbox to close.
pub(crate) const CLOSING: Duration = Duration::from_secs(3);

/// An inbox with its workers, running.
pub(crate) struct Durable {
    inbox: Arc<dyn AnyInbox>,
    retention: Retention,
    figures: InboxFigures,
    workers: Workers,
    pruning: JoinHandle<()>,
}

/// What of an inbox does not depend on its store.
trait AnyInbox: Operate {
    fn health(&self) -> Result<(), String>;
    fn close(&self) -> BoxFuture<'_, ()>;
}

impl<I: Inbox> AnyInbox for I {
    fn health(&self) -> Result<(), String> {
        Inbox::health(self)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Inbox::close(self).boxed()
    }
}

/// How an inbox is.
#[derive(Clone)]
pub(crate) struct Overview {
    inbox: Arc<dyn AnyInbox>,
    retention: Retention,
    figures: InboxFigures,
}

impl Durable {
    /// Starts to handle what is in `inbox`, and to take away what is old.
    pub(crate) fn start<D: Dispatch, I: Inbox>(
        inbox: Arc<I>,
        handlers: D,
        providers: impl IntoIterator<Item = WorkerProvider>,
        retention: Retention,
        figures: InboxFigures,
    ) -> Self {
        let workers = Workers::start(&inbox, &Arc::new(handlers), providers);
        let pruning = tokio::spawn(retention::run(Arc::clone(&inbox), retention));
        Self { inbox, retention, figures, workers, pruning }
    }

    /// How the inbox is, for as long as anybody asks.
    pub(crate) fn overview(&self) -> Overview {
        Overview { inbox: Arc::clone(&self.inbox), retention: self.retention, figures: self.figures.clone() }
    }

    /// Begins no handler any more.
    pub(crate) fn stop(&self) {
        self.workers.stop();
    }

    /// Waits for the handlers that run, but no longer than until `end`.
    pub(crate) async fn drain(&mut self, end: Instant) {
        if tokio::time::timeout_at(end, self.workers.ended()).await.is_err() {
            warn!("handlers still under way are dropped, and their events tried again: `shutdown-grace` is over");
        }
    }

    /// Drops the handlers that still run, and closes the inbox. Nothing is admitted any more.
    pub(crate) async fn close(mut self) {
        self.workers.cut();
        self.pruning.abort();
        let end = Instant::now() + CLOSING;
        let closed = async {
            // A handler that blocks its thread keeps its event; the next start of the receiver has it.
            let _ = tokio::time::timeout_at(end, self.workers.ended()).await;
            self.inbox.close().await;
        };
        if tokio::time::timeout_at(end + CLOSING, closed).await.is_err() {
            warn!("the inbox did not close in time; nothing that was answered as taken is lost");
        }
    }
}

impl Overview {
    /// Why nothing can be kept at the moment, if that is so.
    pub(crate) fn fault(&self) -> Option<String> {
        self.inbox.health().err()
    }

    /// What operators work on.
    pub(crate) fn events(&self) -> Arc<dyn Operate> {
        Arc::<dyn AnyInbox>::clone(&self.inbox)
    }

    /// How long things stay in it.
    pub(crate) fn retention(&self) -> Retention {
        self.retention
    }

    /// Asks for new figures, which the metrics show from then on.
    pub(crate) async fn refresh(&self) {
        if let Ok(Ok(stats)) = tokio::time::timeout(FIGURES, self.inbox.stats()).await {
            self.figures.set(stats);
        }
    }
}

impl fmt::Debug for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Durable").field("workers", &self.workers).finish_non_exhaustive()
    }
}
