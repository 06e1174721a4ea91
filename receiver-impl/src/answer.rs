//! What the provider is told: a status from the spec, perhaps when to come back, and no body but a challenge's answer.
//!
//! Why a request was refused stands in the log. The answer does not say it: whoever is not the provider would learn
//! from it, and the provider only looks at the status.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use webhook_api::contract::Endpoint;

/// A status and nothing else.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// `200` with a body, which only a challenge gets.
pub(crate) fn json(body: &serde_json::Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The status, if the endpoint's spec declares it: a provider may take one that it does not know for the end.
pub(crate) fn declared(endpoint: &Endpoint, status: StatusCode) -> Option<StatusCode> {
    endpoint.answers.iter().any(|answer| answer.status == status.as_u16()).then_some(status)
}

/// An answer to a request whose body is not read to its end: nothing more can come on this connection.
pub(crate) fn last(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A status that asks to send again after a while.
pub(crate) fn retry(status: StatusCode, after: Duration) -> Response {
    let mut response = empty(status);
    // A fraction of a second is rounded up: `0` would invite a storm.
    let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_a_wait_up_to_whole_seconds() {
        let after = |milliseconds| {
            let response = retry(StatusCode::SERVICE_UNAVAILABLE, Duration::from_millis(milliseconds));
            response.headers()[RETRY_AFTER].to_str().unwrap().to_owned()
        };
        assert_eq!((after(1000), after(1001), after(300)), ("1".to_owned(), "2".to_owned(), "1".to_owned()));
    }
}
