//! From a configuration and handlers to a server that is ready to run.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use tokio::sync::Semaphore;
use webhook_api::contract::Endpoint;

use crate::body::BodyLimits;
use crate::config::Config;
use crate::direct::{Direct, DirectProvider, Dispatch};
use crate::gate::{Gate, Shared};
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::providers::Active;
use crate::server::{BindError, Server};
use crate::signature::{Clock, SystemClock};

/// Why a server does not start.
#[derive(Debug)]
pub enum StartError {
    /// A port cannot be had.
    Bind(BindError),
    /// The spec asks for what cannot be.
    Endpoint {
        /// The endpoint's id.
        endpoint: &'static str,
        /// What is wrong with it.
        fault: String,
    },
}

/// Builds the routes of the providers that are on and binds the ports; `handlers` run before the answer.
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
    let providers = active.iter().map(|active| DirectProvider {
        name: active.config.provider.name,
        deadline: active.config.handler_deadline,
        counters: metrics.handlers(active.config.provider),
    });
    metrics.list_keys(active.iter().map(|active| Arc::clone(&active.live)).collect());
    let shared = Arc::new(Shared {
        intake: Direct::new(handlers, providers),
        permits: Semaphore::new(config.limits.requests),
        body: BodyLimits { size: config.limits.body, time: config.limits.body_timeout },
        retry_after: config.retry_after,
        clock,
    });
    let routes = routes(active, metrics, &shared)?;
    Server::bind(config, routes, metrics.clone()).await.map_err(StartError::Bind)
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
            Self::Endpoint { endpoint, fault } => write!(f, "the endpoint `{endpoint}` of the spec: {fault}"),
        }
    }
}

impl std::error::Error for StartError {}

#[cfg(test)]
mod tests;
