//! `/docs`: the document of the public port's API, for people. Swagger UI is part of the program, so it works where
//! nothing else can be reached.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION};
use http::{HeaderMap, StatusCode};
use utoipa_swagger_ui::Config;

use crate::answer;

/// Its icons are pictures within its style sheet, and its logo has a style of its own, which this digest names: that is
/// all that it may do beyond the other pages.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; connect-src 'self'; \
                      img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes.
pub(super) fn routes() -> Router {
    // Nothing is sent from here: the signature is what a delivery stands or falls with.
    let config = Config::from("/openapi.json").validator_url("none").supported_submit_methods([""; 0]);
    Router::new()
        .route("/docs", get(async || moved()))
        .route("/docs/", get(async |State(config): State<Arc<Config<'static>>>| file("index.html", config)))
        .route("/docs/{*file}", get(async |Path(path): Path<String>, State(config)| file(&path, config)))
        .with_state(Arc::new(config))
}

fn moved() -> Response {
    let mut response = answer::empty(StatusCode::PERMANENT_REDIRECT);
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/docs/"));
    response
}

fn file(path: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(path, config) {
        Ok(Some(file)) => {
            let content_type = HeaderValue::from_str(&file.content_type);
            let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
            let mut response = Response::new(Body::from(file.bytes.into_owned()));
            let headers: &mut HeaderMap = response.headers_mut();
            headers.insert(CONTENT_TYPE, content_type);
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            response
        }
        Ok(None) => answer::empty(StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::error!(%error, "a file of the documentation cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
