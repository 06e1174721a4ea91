//! Where a person types the token in, and gets a cookie for it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};

use super::access::Access;
use super::answers::{self, ApiError};
use super::{body, session};
use crate::answer;

/// The form; `{error}` is what was wrong with the last try.
const FORM: &str = include_str!("login.html");
/// Bytes of what the form sends.
const LARGEST: usize = 8 << 10;

/// The routes.
pub(super) fn routes(access: Arc<Access>) -> Router {
    Router::new().route("/login", get(form).post(log_in)).route("/logout", post(log_out)).with_state(access)
}

async fn form(State(access): State<Arc<Access>>) -> Response {
    if access.token().is_none() { to("/", None) } else { page("") }
}

async fn log_in(State(access): State<Arc<Access>>, request: Request) -> Result<Response, ApiError> {
    let Some(token) = access.token() else { return Ok(to("/", None)) };
    let form = body::read(request, LARGEST).await?;
    let given = form_urlencoded::parse(&form).find(|(name, _)| name == "token").map(|(_, value)| value);
    if token.is(given.as_deref().unwrap_or_default().trim()) {
        return Ok(to("/", session::issue(token)));
    }
    let mut response = page("That is not the token.");
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(response)
}

async fn log_out(State(access): State<Arc<Access>>) -> Response {
    to("/login", access.token().and_then(session::end))
}

fn page(error: &'static str) -> Response {
    answers::typed("text/html; charset=utf-8", FORM.replace("{error}", error)).into_response()
}

fn to(place: &'static str, cookie: Option<HeaderValue>) -> Response {
    let mut response = answer::empty(StatusCode::SEE_OTHER);
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(place));
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
