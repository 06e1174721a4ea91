//! The admin port: the live page, how the receiver is, and what it takes. Keep it private.

mod access;
mod answers;
mod body;
mod docs;
mod events;
mod guard;
mod login;
mod security;
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;

use crate::answer;
use crate::durable::Overview;
use crate::metrics::{self, Metrics};
use crate::page;

pub(crate) use access::Access;
pub(crate) use answers::{ApiError, json, typed};

/// Whether the receiver takes deliveries.
#[derive(Clone, Default)]
pub(crate) struct Health {
    draining: Arc<AtomicBool>,
    inbox: Option<Overview>,
}

impl Health {
    /// Of a receiver with this inbox, if it has one.
    pub(crate) fn new(inbox: Option<Overview>) -> Self {
        Self { draining: Arc::default(), inbox }
    }

    /// From now on, send deliveries elsewhere.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    fn answer(&self) -> Response {
        if self.draining.load(Ordering::Relaxed) {
            return text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
        }
        match self.inbox.as_ref().and_then(Overview::fault) {
            None => text(StatusCode::OK, "ready\n"),
            Some(fault) => text(StatusCode::SERVICE_UNAVAILABLE, format!("inbox_unavailable: {fault}\n")),
        }
    }
}

/// The routes of the admin port.
pub(crate) fn routes(health: Health, metrics: Metrics, access: Access, page: Option<Arc<page::Shared>>) -> Router {
    let access = Arc::new(access);
    let inbox = health.inbox.clone();
    let counters = async move || {
        if let Some(inbox) = &inbox {
            inbox.refresh().await;
        }
        counters(&metrics)
    };
    let events = health.inbox.as_ref().map(|inbox| events::routes(inbox.events(), inbox.retention()));
    let routes = Router::new()
        .route("/healthz", get(async || text(StatusCode::OK, "alive\n")))
        .route("/readyz", get(async move || health.answer()))
        .route("/openapi.json", get(async || document()))
        .route("/metrics", get(counters))
        .merge(docs::routes())
        .merge(login::routes(Arc::clone(&access)));
    let login = access.token().is_some();
    let pages = page.map(|shared| page::routes(shared, login));
    [events, pages]
        .into_iter()
        .flatten()
        .fold(routes, Router::merge)
        .layer(middleware::from_fn_with_state(access, access::guard))
        .layer(middleware::from_fn(security::headers))
}

fn counters(metrics: &Metrics) -> Response {
    match metrics.text() {
        Ok(text) => typed(metrics::MEDIA_TYPE, text),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn document() -> Response {
    json(&webhook_api::openapi::document())
}

fn text(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = typed("text/plain; charset=utf-8", text);
    *response.status_mut() = status;
    response
}
