//! From a configuration and handlers to a server that is ready to run.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tracing::warn;
use webhook_api::contract::Endpoint;

use crate::attempt::Dispatch;
use crate::body::BodyLimits;
use crate::config::{Config, Place};
use crate::direct::{Direct, DirectProvider};
use crate::durable::Durable;
use crate::gate::{Gate, Shared};
use crate::inbox::nats::{Address, Nats, NatsOptions};
use crate::inbox::sqlite::{Note, Sqlite, SqliteOptions};
use crate::inbox::{EventId, Inbox};
use crate::intake::Intake;
use crate::keep::Keep;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::page::LivePage;
use crate::providers::Active;
use crate::server::{BindError, Server, url};
use crate::signature::{Clock, SystemClock};
use crate::watch::{Feed, Watched};
use crate::worker::WorkerProvider;

/// Why a server does not start.
#[derive(Debug)]
pub enum StartError {
    /// A port cannot be had.
    Bind(BindError),
    /// The inbox cannot be opened; what is wrong, and what to do about it.
    Inbox(String),
    /// The spec asks for what cannot be.
    Endpoint {
        /// The endpoint's id.
        endpoint: &'static str,
        /// What is wrong with it.
        fault: String,
    },
}

/// Builds the routes of the providers that are on, opens the inbox and binds the ports; `handlers` run after the answer,
/// or, without an inbox, before it.
///
/// # Errors
///
/// [`StartError`].
pub async fn start<D: Dispatch>(
    config: &Config,
    active: &[Active],
    metrics: &Metrics,
    handlers: D,
) -> Result<Server, StartError> {
    start_by(Box::new(SystemClock), config, active, metrics, handlers).await
}

/// As [`start`], with signed times held against another clock than the machine's.
///
/// # Errors
///
/// [`StartError`].
pub async fn start_by<D: Dispatch>(
    clock: Box<dyn Clock>,
    config: &Config,
    active: &[Active],
    metrics: &Metrics,
    handlers: D,
) -> Result<Server, StartError> {
    match &config.inbox.place {
        Place::Nowhere => start_direct(clock, config, active, metrics, handlers).await,
        Place::Sqlite(path) => {
            let inbox = Arc::new(open_inbox(path.clone(), config).await?);
            let started = start_with_inbox(clock, config, active, metrics, handlers, Arc::clone(&inbox)).await;
            match &started {
                Ok(server) => tell(&inbox, server),
                Err(_) => inbox.close().await,
            }
            started
        }
        Place::Nats(Ok(address)) => {
            let inbox = Arc::new(open_broker(address, config).await?);
            let started = start_with_inbox(clock, config, active, metrics, handlers, Arc::clone(&inbox)).await;
            if started.is_err() {
                inbox.close().await;
            }
            started
        }
        Place::Nats(Err(fault)) => Err(StartError::Inbox(fault.clone())),
    }
}

/// The inbox on this broker.
async fn open_broker(address: &Address, config: &Config) -> Result<Nats, StartError> {
    let options = NatsOptions {
        address: address.clone(),
        queue: config.inbox.queue,
        retention: config.inbox.retention,
        longest_wait: longest_wait(config),
        body: config.limits.body,
        handles: true,
    };
    Nats::open(options).await.map_err(StartError::Inbox)
}

fn longest_wait(config: &Config) -> Duration {
    config.providers.iter().map(|of| of.handling.retry_most).max().unwrap_or_default()
}

/// Lets commands that want the inbox find the receiver that has it.
fn tell(inbox: &Sqlite, server: &Server) {
    let told = server.admin_address().and_then(|address| inbox.tell(&Note::of_this_process(Some(url(address)))));
    if let Err(error) = told {
        warn!(%error, "`receiver events` will not find this receiver: its address cannot be written beside the inbox");
    }
}

/// As [`start_by`], whatever the configuration says of the inbox: `handlers` run before the answer.
async fn start_direct<D: Dispatch>(
    clock: Box<dyn Clock>,
    config: &Config,
    active: &[Active],
    metrics: &Metrics,
    handlers: D,
) -> Result<Server, StartError> {
    let providers = active.iter().map(|active| DirectProvider {
        name: active.config.provider.name,
        deadline: active.config.handler_deadline,
        counters: metrics.handlers(active.config.provider),
    });
    let server = bind(clock, config, active, metrics, Direct::new(handlers, providers)).await?;
    Ok(server.showing(LivePage::start(Arc::default(), None, lives(active), metrics.clone())))
}

/// As [`start_by`], whatever the configuration says of the inbox: events are kept in this one, and `handlers` run
/// after the answer.
///
/// # Errors
///
/// [`StartError`].
pub async fn start_with_inbox<D: Dispatch, I: Inbox>(
    clock: Box<dyn Clock>,
    config: &Config,
    active: &[Active],
    metrics: &Metrics,
    handlers: D,
    inbox: Arc<I>,
) -> Result<Server, StartError> {
    let feed = Arc::new(Feed::default());
    if let Some(news) = inbox.news() {
        tokio::spawn(hear(news, Arc::clone(&feed)));
    }
    let inbox = Arc::new(Watched::new(inbox, Arc::clone(&feed)));
    let (counters, figures) = metrics.inbox();
    let endpoints = active.iter().flat_map(|active| active.config.provider.endpoints).copied();
    let intake = Keep::new(Arc::clone(&inbox), endpoints, config.inbox.timeout, counters);
    let server = bind(clock, config, active, metrics, intake).await?;
    let providers = active.iter().map(|active| WorkerProvider {
        provider: active.config.provider,
        deadline: active.config.handler_deadline,
        handling: active.config.handling,
        counters: metrics.handlers(active.config.provider),
    });
    let durable = Durable::start(inbox, handlers, providers, config.inbox.retention, figures);
    let page = LivePage::start(feed, Some(durable.overview()), lives(active), metrics.clone());
    Ok(server.with(durable).showing(page))
}

/// Notes what other receivers keep, until the inbox is gone.
async fn hear(mut news: UnboundedReceiver<(EventId, EventId)>, feed: Arc<Feed>) {
    while let Some((first, last)) = news.recv().await {
        feed.miss([first, last].into_iter());
    }
}

fn lives(active: &[Active]) -> Vec<Arc<Live>> {
    active.iter().map(|active| Arc::clone(&active.live)).collect()
}

async fn bind(
    clock: Box<dyn Clock>,
    config: &Config,
    active: &[Active],
    metrics: &Metrics,
    intake: impl Intake,
) -> Result<Server, StartError> {
    metrics.list_keys(lives(active));
    let shared = Arc::new(Shared {
        intake,
        permits: Semaphore::new(config.limits.requests),
        body: BodyLimits { size: config.limits.body, time: config.limits.body_timeout },
        retry_after: config.retry_after,
        clock,
    });
    let routes = routes(active, metrics, &shared)?;
    Server::bind(config, routes, metrics.clone()).await.map_err(StartError::Bind)
}

/// The inbox in this file, which is made if it is not there.
async fn open_inbox(path: PathBuf, config: &Config) -> Result<Sqlite, StartError> {
    let options = SqliteOptions {
        path,
        queue: config.inbox.queue,
        retention: config.inbox.retention,
        longest_wait: longest_wait(config),
        note: Note::of_this_process(None).to_string(),
    };
    match tokio::task::spawn_blocking(|| Sqlite::open(options)).await {
        Ok(opened) => opened.map_err(|error| StartError::Inbox(error.to_string())),
        Err(error) => Err(StartError::Inbox(format!("opening it failed: {error}"))),
    }
}

/// The public port's routes: one for each endpoint of a provider that is on, and nothing else.
///
/// # Errors
///
/// [`StartError::Endpoint`].
pub fn routes<I: Intake>(active: &[Active], metrics: &Metrics, shared: &Arc<Shared<I>>) -> Result<Router, StartError> {
    let mut routes = Router::new();
    for active in active {
        for endpoint in active.config.provider.endpoints.iter().copied() {
            let gate = Gate::new(Arc::clone(shared), active, endpoint, metrics.endpoint(endpoint));
            let gate = gate.map_err(|what| fault(endpoint, &what))?;
            let route = webhook_api::router::router(&gate, [endpoint]).map_err(|_| fault(endpoint, "its method"))?;
            routes = routes.merge(route);
        }
    }
    // A router that still waits for its state makes its handlers anew for each request.
    Ok(routes.with_state(()))
}

fn fault(endpoint: &'static Endpoint, what: &str) -> StartError {
    StartError::Endpoint { endpoint: endpoint.id, fault: format!("{what} cannot be used") }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(error) => error.fmt(f),
            Self::Inbox(fault) => f.write_str(fault),
            Self::Endpoint { endpoint, fault } => write!(f, "the endpoint `{endpoint}` of the spec: {fault}"),
        }
    }
}

impl std::error::Error for StartError {}

#[cfg(test)]
mod tests;
