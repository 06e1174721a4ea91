//! Who may use the admin port. Without a token it is whoever reaches it, which is this machine alone; with one, a
//! program that sends it, or a browser that has the cookie which it got for typing it in.
//!
//! Guesses are not counted. What keeps them from the goal is the token's length, and a limit would be a way to keep its
//! owner out.
//!
//! Open to everybody are the answers that tell nothing of any event, and that probes and Prometheus ask for.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, AUTHORIZATION, LOCATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};

use super::answers::ApiError;
use super::{guard, session};
use crate::admin_token::AdminToken;
use crate::answer;

/// What needs no token.
const OPEN: [&str; 6] = ["/healthz", "/readyz", "/metrics", "/login", "/page/style.css", "/page/icon.svg"];

/// Who may use the port.
#[derive(Debug)]
pub(crate) struct Access {
    token: Option<AdminToken>,
}

impl Access {
    /// Those who have this token or, without one, everybody who reaches the port.
    pub(crate) fn new(token: Option<AdminToken>) -> Self {
        Self { token }
    }

    /// The token, if one is asked for.
    pub(super) fn token(&self) -> Option<&AdminToken> {
        self.token.as_ref()
    }

    fn admits(&self, parts: &Parts) -> Result<(), ApiError> {
        let Some(token) = &self.token else { return guard::check_host(parts) };
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, word) = given.and_then(|value| value.split_once(' ')).unwrap_or_default();
        let known = if scheme.eq_ignore_ascii_case("bearer") {
            token.is(word.trim())
        } else {
            session::is_good(token, &parts.headers)
        };
        if known { Ok(()) } else { Err(ApiError::new(StatusCode::UNAUTHORIZED, "the admin port asks for its token")) }
    }
}

/// Lets through whoever may use the port, unless a page from elsewhere sent them.
pub(super) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let open = OPEN.contains(&parts.uri.path());
    let checked = if open { Ok(()) } else { access.admits(&parts) };
    match checked.and_then(|()| guard::check_origin(&parts)) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => refuse(&error, &parts),
    }
}

fn refuse(error: &ApiError, parts: &Parts) -> Response {
    let person = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accepted| {
        let mut accepted = accepted.split([',', ';']).map(str::trim);
        parts.method == Method::GET && accepted.any(|media_type| media_type == "text/html")
    });
    if error.status() != StatusCode::UNAUTHORIZED {
        return error.clone().into_response();
    }
    if person {
        let mut response = answer::empty(StatusCode::SEE_OTHER);
        response.headers_mut().insert(LOCATION, HeaderValue::from_static("/login"));
        return response;
    }
    let mut response = error.clone().into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guarded() -> Access {
        Access::new(Some(AdminToken::of("0123456789abcdef")))
    }

    fn status(access: &Access, headers: &[(&str, &str)]) -> u16 {
        let request =
            headers.iter().fold(http::Request::builder(), |request, (name, value)| request.header(*name, *value));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        access.admits(&parts).map_or_else(|error| error.status().as_u16(), |()| 200)
    }

    #[test]
    fn a_program_sends_the_token() {
        let access = guarded();
        assert_eq!(status(&access, &[("authorization", "Bearer 0123456789abcdef")]), 200);
        assert_eq!(status(&access, &[("authorization", "bearer  0123456789abcdef")]), 200);
        for wrong in ["Bearer", "Bearer 0123456789abcdeg", "Basic 0123456789abcdef", "0123456789abcdef"] {
            assert_eq!(status(&access, &[("authorization", wrong)]), 401, "{wrong}");
        }
        assert_eq!(status(&access, &[("host", "localhost")]), 401);
        assert_eq!(status(&Access::new(None), &[("host", "localhost")]), 200);
        assert_eq!(status(&Access::new(None), &[("host", "evil.example")]), 421);
    }

    #[test]
    fn guesses_keep_nobody_out_who_knows_it() {
        let access = guarded();
        (0..100).for_each(|_| assert_eq!(status(&access, &[("authorization", "Bearer wrong")]), 401));
        assert_eq!(status(&access, &[("authorization", "Bearer 0123456789abcdef")]), 200);
    }
}
