//! What a browser asks for.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use crate::admin::typed;
use crate::answer;

use super::Shared;
use super::assets::ASSETS;
use super::frame::{Tiles, Whole};
use super::health::Health;
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
        router.route(path, get(async || typed(media_type, text.as_bytes())))
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

async fn whole(State(Shown { shared, login, .. }): State<Shown>) -> Response {
    match content(&shared, login).await {
        Ok(json) => typed("application/json", json),
        Err(error) => {
            tracing::error!(%error, "the page's content cannot be written");
            answer::empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// Everything, as JSON.
pub(super) async fn content(shared: &Shared, login: bool) -> serde_json::Result<Vec<u8>> {
    let health = Health::of(shared, shared.stats().await);
    let mut model = shared.model();
    // Whoever has the whole wants everything that comes after it, also before the next look at the feed.
    model.tell_changes(true);
    serde_json::to_vec(&Whole { inbox: shared.inbox.is_some(), login, fleet: Tiles(&model.fleet), health })
}

async fn stream(State(shown): State<Shown>, headers: HeaderMap, request: Request) -> Response {
    let Some(seat) = shown.streams.seat() else {
        return answer::empty(StatusCode::SERVICE_UNAVAILABLE);
    };
    let header = headers.get(HeaderName::from_static("last-event-id")).and_then(|value| value.to_str().ok());
    // A page that makes its stream anew cannot set the header.
    let query = request.uri().query().and_then(|query| query.strip_prefix("last="));
    let last = header.or(query).and_then(Place::parse);
    typed("text/event-stream", stream::body(&shown.shared, last, seat))
}
