//! What a browser asks for.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::answer;

use super::Shared;
use super::assets::ASSETS;
use super::frame::{Tiles, Whole};
use super::health::Health;
use super::hub;
use super::ring::Place;
use super::search::{self, Search};
use super::stream::{self, Streams};

#[derive(Debug, Clone)]
struct Shown {
    shared: Arc<Shared>,
    streams: Arc<Streams>,
    /// Whether people log in, and so may log out.
    login: bool,
}

/// The routes of the page: its files, its content, and the stream of what changes.
pub(crate) fn routes(shared: Arc<Shared>, login: bool) -> Router {
    let files = ASSETS.iter().fold(Router::new(), |router, (path, media_type, text)| {
        router.route(path, get(async || answered(media_type, text.as_bytes())))
    });
    let search = shared.operate().map(|inbox| {
        let search = Arc::new(Search::new(inbox));
        Router::new().route("/api/page/search", get(search::search)).with_state(search)
    });
    let router = files.route("/api/page", get(whole)).route("/api/page/stream", get(stream)).with_state(Shown {
        shared,
        streams: Arc::default(),
        login,
    });
    search.into_iter().fold(router, Router::merge)
}

async fn whole(State(shown): State<Shown>) -> Response {
    let shared = &shown.shared;
    let health = Health::of(shared, hub::stats(shared).await);
    let json = {
        let model = shared.model();
        let whole = Whole { inbox: shared.inbox.is_some(), login: shown.login, fleet: Tiles(&model.fleet), health };
        serde_json::to_vec(&whole)
    };
    match json {
        Ok(json) => answered("application/json", json),
        Err(error) => {
            tracing::error!(%error, "the page's content cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

async fn stream(State(shown): State<Shown>, headers: HeaderMap, request: Request) -> Response {
    let Some(seat) = shown.streams.seat() else {
        return answer::empty(StatusCode::SERVICE_UNAVAILABLE);
    };
    let header = headers.get(HeaderName::from_static("last-event-id")).and_then(|value| value.to_str().ok());
    // A page that makes its stream anew cannot set the header.
    let query = request.uri().query().and_then(|query| query.strip_prefix("last="));
    let last = header.or(query).and_then(Place::parse);
    answered("text/event-stream", stream::body(&shown.shared, last, seat))
}

/// Nothing is kept by a browser: the files change with the program, and the rest with the moment.
fn answered(media_type: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let mut response = answer::empty(StatusCode::OK);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    *response.body_mut() = body.into();
    response
}
