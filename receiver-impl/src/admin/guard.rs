//! Keeps pages of others out: any page that an operator looks at can make the browser send requests to the admin port.
//! Three things tell those apart from one's own:
//!
//! * A name that leads here today and elsewhere tomorrow makes a foreign page look like our own. So the `Host` must be an
//!   address or `localhost`, which nobody else can have. Where a token is asked for, any name will do: the browser
//!   gives the cookie of one name to no other.
//! * A browser says where a request comes from: `Origin`, `Sec-Fetch-Site`. A change must come from here, and what is read
//!   of events must not come from elsewhere.
//! * A form cannot send JSON, and a script that does so from elsewhere must ask first, which nobody answers here.

use std::net::IpAddr;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};

use super::answers::{ApiError, JSON, LINES};

/// The name that a request is for must be one that nobody else can have.
pub(super) fn check_host(parts: &Parts) -> Result<(), ApiError> {
    if is_ours(host(parts)?) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        "name the admin port by its address or as localhost: another name could be a page's that is not ours",
    ))
}

/// What changes something must come from a page of this port, or from no page at all; so must what reads the API, which a
/// person may open, too.
pub(super) fn check_origin(parts: &Parts) -> Result<(), ApiError> {
    let site = HeaderName::from_static("sec-fetch-site");
    if matches!(parts.method, Method::GET | Method::HEAD) {
        let ours = all(parts, &site).all(|site| matches!(site, Some("same-origin" | "none")));
        if ours || !parts.uri.path().starts_with("/api/") {
            return Ok(());
        }
        return Err(ApiError::new(StatusCode::FORBIDDEN, "a page from elsewhere reads nothing here"));
    }
    let host = host(parts)?;
    let from_here = |origin: &str| origin.strip_prefix("http://").or(origin.strip_prefix("https://")) == Some(host);
    let foreign = !all(parts, &ORIGIN).all(|origin| origin.is_some_and(from_here))
        || !all(parts, &site).all(|site| site == Some("same-origin"));
    if foreign {
        Err(ApiError::new(StatusCode::FORBIDDEN, "a page from elsewhere changes nothing here"))
    } else {
        Ok(())
    }
}

/// What changes something must be JSON, or lines of it for an import.
fn check_content_type(parts: &Parts) -> Result<(), ApiError> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let content_type = text(parts, CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or_default();
    let content_type = content_type.trim();
    let fits = content_type.eq_ignore_ascii_case(JSON)
        || (content_type.eq_ignore_ascii_case(LINES) && parts.uri.path().ends_with("/import"));
    if fits {
        Ok(())
    } else {
        Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("the Content-Type must be {JSON}")))
    }
}

/// Lets JSON through, and nothing that a form can send.
pub(super) async fn json_only(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match check_content_type(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => error.into_response(),
    }
}

fn host(parts: &Parts) -> Result<&str, ApiError> {
    let host = text(parts, HOST).or(parts.uri.authority().map(|authority| authority.as_str()));
    host.ok_or_else(|| ApiError::bad("the header Host is missing"))
}

/// Whether nobody else can have this `Host`.
fn is_ours(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

fn text(parts: &Parts, name: HeaderName) -> Option<&str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

fn all<'a>(parts: &'a Parts, name: &HeaderName) -> impl Iterator<Item = Option<&'a str>> {
    parts.headers.get_all(name).iter().map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &Parts) -> Result<(), ApiError> {
        check_host(parts).and_then(|()| check_origin(parts)).and_then(|()| check_content_type(parts))
    }

    fn status(method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&parts).map_or_else(|error| error.into_response().status().as_u16(), |()| 200)
    }

    #[test]
    fn only_an_address_or_localhost_is_ours() {
        for host in ["127.0.0.1:8081", "10.0.0.7", "[::1]:8081", "localhost:8081", "LocalHost"] {
            assert_eq!(status("GET", "/api/events", &[("host", host)]), 200, "{host}");
        }
        for host in ["evil.example:8081", "127.0.0.1.evil.example", "", "localhost.evil.example"] {
            assert_eq!(status("GET", "/api/events", &[("host", host)]), 421, "{host}");
        }
        assert_eq!(status("GET", "/api/events", &[]), 400);
    }

    #[test]
    fn only_a_page_from_here_changes_something() {
        let post = |further: &[(&'static str, &'static str)]| {
            let own = [("host", "127.0.0.1:8081"), ("content-type", "application/json")];
            status("POST", "/api/events/change", &[&own, further].concat())
        };
        assert_eq!(post(&[]), 200);
        assert_eq!(post(&[("origin", "http://127.0.0.1:8081"), ("sec-fetch-site", "same-origin")]), 200);
        for foreign in [
            ("origin", "http://127.0.0.1:9000"),
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "127.0.0.1:8081"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
        ] {
            assert_eq!(post(&[foreign]), 403, "{foreign:?}");
            assert_eq!(post(&[("sec-fetch-site", "same-origin"), foreign]), 403, "{foreign:?}");
        }
    }

    #[test]
    fn a_page_from_elsewhere_reads_nothing_of_the_api() {
        let get = |path, site| status("GET", path, &[("host", "localhost"), ("sec-fetch-site", site)]);
        for path in ["/api/events", "/api/page", "/api/page/stream", "/api/events/stats"] {
            assert_eq!((get(path, "same-origin"), get(path, "none")), (200, 200), "{path}");
            assert_eq!((get(path, "cross-site"), get(path, "same-site")), (403, 403), "{path}");
            assert_eq!(status("GET", path, &[("host", "localhost")]), 200, "{path}: no browser");
            assert_eq!(status("HEAD", path, &[("host", "localhost"), ("sec-fetch-site", "cross-site")]), 403, "{path}");
        }
        // A link from elsewhere leads to the page.
        assert_eq!(get("/", "cross-site"), 200);
    }

    #[test]
    fn a_form_changes_nothing() {
        let post = |path, content_type| status("POST", path, &[("host", "localhost"), ("content-type", content_type)]);
        assert_eq!(post("/api/events/change", "Application/JSON; charset=utf-8"), 200);
        assert_eq!(post("/api/events/import", "application/x-ndjson"), 200);
        for simple in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/x-ndjson"]
        {
            assert_eq!(post("/api/events/change", simple), 415, "{simple}");
        }
        assert_eq!(status("POST", "/api/events/prune", &[("host", "localhost")]), 415);
    }
}
