//! The live page of the admin port: what is online, what comes in, and how the receiver is.
//!
//! ```text
//! inbox -> feed -> hub, four times a second -> frame -> ring and broadcast -> one stream a browser
//!                   |
//!                 model: the fleet, rates      <- backlog: what the feed could not hold, read from the inbox
//! ```
//!
//! Nothing here is on the way of a delivery: the [feed](crate::watch) is looked at by the clock, and a browser that
//! reads slowly misses frames, is told so, and asks for the whole again.

mod assets;
mod backlog;
mod counted;
mod frame;
mod health;
mod hub;
mod model;
mod pulse;
mod ring;
mod routes;
mod search;
mod stream;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;

use crate::durable::Overview;
use crate::inbox::{Operate, Stats};
use crate::live::Live;
use crate::metrics::Metrics;
use crate::watch::Feed;

pub(crate) use routes::routes;

use counted::Counted;
use model::Model;
use ring::Ring;

/// What the page shows, kept up to date until this goes.
#[derive(Debug)]
pub(crate) struct LivePage {
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
}

/// What the hub, the backlog and the routes share.
pub(crate) struct Shared {
    feed: Arc<Feed>,
    model: Mutex<Model>,
    ring: Mutex<Ring>,
    providers: Vec<Arc<Live>>,
    metrics: Metrics,
    inbox: Option<Overview>,
    stats: Counted,
}

impl LivePage {
    /// Starts to look on: at `feed` and, for what it does not tell, at the inbox.
    pub(crate) fn start(feed: Arc<Feed>, inbox: Option<Overview>, providers: Vec<Arc<Live>>, metrics: Metrics) -> Self {
        let shared = Arc::new(Shared::new(feed, inbox, providers, metrics));
        let mut tasks = vec![tokio::spawn(hub::run(Arc::clone(&shared)))];
        if let Some(inbox) = shared.operate() {
            tasks.push(tokio::spawn(backlog::run(Arc::clone(&shared), inbox)));
        }
        Self { shared, tasks }
    }

    /// What routes show.
    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }
}

impl Shared {
    fn new(feed: Arc<Feed>, inbox: Option<Overview>, providers: Vec<Arc<Live>>, metrics: Metrics) -> Self {
        let model = Mutex::new(Model::new(providers.iter().map(|live| live.provider().name)));
        Self { feed, model, ring: Mutex::default(), providers, metrics, inbox, stats: Counted::default() }
    }

    /// What is in the inbox, as far as it is known.
    async fn stats(&self) -> Option<Stats> {
        self.stats.now(self.operate()?).await
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        // Nothing that runs with the lock in hand panics half way.
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn operate(&self) -> Option<Arc<dyn Operate>> {
        self.inbox.as_ref().map(Overview::events)
    }
}

impl Drop for LivePage {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("feed", &self.feed).finish_non_exhaustive()
    }
}
