//! The bodies of requests, no longer than they may be and no slower.

use std::time::Duration;

use axum::extract::Request;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use super::answers::ApiError;

/// How long a body may take.
const TIME: Duration = Duration::from_secs(30);

/// Reads a body of up to `most` bytes.
pub(super) async fn read(request: Request, most: usize) -> Result<Bytes, ApiError> {
    let body = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(TIME, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the body may have up to {most} bytes")))
        }
        Ok(Err(error)) => Err(ApiError::bad(format!("the body ended early: {error}"))),
        Err(_) => Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, format!("the body took longer than {TIME:?}"))),
    }
}

/// The same for one JSON value.
pub(super) async fn read_json<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, ApiError> {
    serde_json::from_slice(&read(request, most).await?).map_err(|error| ApiError::bad(format!("the body: {error}")))
}
