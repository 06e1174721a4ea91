//! The admin port: how the receiver is, and what it takes. Keep it private.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

use crate::answer;
use crate::metrics::{self, Metrics};

/// Whether the receiver takes deliveries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Health(Arc<AtomicBool>);

impl Health {
    /// From now on, send deliveries elsewhere.
    pub(crate) fn drain(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_ready(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// The routes of the admin port.
pub(crate) fn routes(health: Health, metrics: Metrics) -> Router {
    let ready = move || async move {
        if health.is_ready() {
            text(StatusCode::OK, "ready\n")
        } else {
            text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
        }
    };
    Router::new()
        .route("/healthz", get(async || text(StatusCode::OK, "alive\n")))
        .route("/readyz", get(ready))
        .route("/openapi.json", get(async || document()))
        .route("/metrics", get(async move || counters(&metrics)))
}

fn counters(metrics: &Metrics) -> Response {
    match metrics.text() {
        Ok(text) => typed(StatusCode::OK, metrics::MEDIA_TYPE, text),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn document() -> Response {
    match serde_json::to_vec(&webhook_api::openapi::document()) {
        Ok(json) => typed(StatusCode::OK, "application/json", json),
        Err(error) => {
            tracing::error!(%error, "the OpenAPI document cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn text(status: StatusCode, text: &'static str) -> Response {
    typed(status, "text/plain; charset=utf-8", text)
}

fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = answer::empty(status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    *response.body_mut() = body.into();
    response
}
