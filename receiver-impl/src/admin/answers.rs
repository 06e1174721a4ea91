//! What the API answers: JSON, whether it did what it was asked or not.

use std::fmt::Display;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde::Serialize;

use crate::answer;
use crate::inbox::InboxError;
use crate::wire::Refused;

/// One value.
pub(super) const JSON: &str = "application/json";
/// A value a line.
pub(super) const LINES: &str = "application/x-ndjson";

/// Why a request did nothing.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    text: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, text: impl Display) -> Self {
        Self { status, text: text.to_string() }
    }

    /// The status that says it.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// It asks for what there is not.
    pub(crate) fn bad(text: impl Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// There is no such event.
    pub(super) fn missing(text: impl Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }
}

impl From<InboxError> for ApiError {
    fn from(error: InboxError) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = json(&Refused { error: self.text });
        *response.status_mut() = self.status;
        response
    }
}

/// An answer of one value.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(json) => typed(JSON, json),
        Err(error) => {
            tracing::error!(%error, "an answer of the API cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// An answer of this type. It may hold what a provider sent, or files that change with the program, so nobody keeps it.
pub(crate) fn typed(content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = answer::empty(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = body.into();
    response
}

/// The lines of a text that are not blank.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty())
}
