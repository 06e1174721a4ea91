//! A signed event of our own, for providers that send none on request. It goes to the registered address, the way that
//! the provider's will go. Its type is in no spec, so that no handler runs: the receiver keeps it and parks it.

use std::time::SystemTime;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, Request, Uri};
use http_body_util::Full;
use serde_json::{Value, json};
use uuid::Uuid;

use super::options::is_safe;
use super::session::{self, Session};
use super::target;
use crate::commands::Failure;
use crate::http_client::{Http, Tls};
use crate::inbox::rfc3339;
use crate::secrets::{Credentials, KeyFiles, Secret};
use crate::signature::sign_delivery;
use crate::subscriptions::Api;

/// Its type.
pub(super) const TYPE: &str = "receiver.test";

/// Signs and sends one. In a dry run it is shown.
pub(super) async fn send(session: &Session<'_>, url: &str, secret: &Secret) -> Result<(), Failure> {
    let address: Uri = url.parse().map_err(|_| Failure::run(format_args!("`{url}` is no address")))?;
    if !is_safe(&address) {
        return Err(Failure::run(format_args!("`{url}` is not https")));
    }
    let (id, now) = (Uuid::new_v4(), SystemTime::now());
    let body = match session.api {
        Api::Nursa => json!({"data": {"id": id}, "eventType": TYPE}),
        Api::Gridx | Api::Greenlake => json!({
            "specversion": "1.0",
            "specVersion": "1.0",
            "id": id,
            "source": "//receiver/subscriptions",
            "type": TYPE,
            "time": rfc3339(now),
            "data": {},
        }),
    };
    let (json, body) = (&body, body.to_string().into_bytes());
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let signed = sign_delivery(target::endpoint(session.api)?, std::slice::from_ref(secret), &headers, &body, seconds);
    headers.extend(signed.map_err(Failure::run)?);
    if let Some(value) = authorization(session)? {
        headers.insert(AUTHORIZATION, value);
    }
    if session.is_dry() {
        return show(&address, &headers, json);
    }
    let mut request = Request::new(Full::new(body.into()));
    (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (Method::POST, address.clone(), headers);
    let tls = Tls::for_addresses([&address], session.common.ca_file.as_deref());
    let http = Http::new(&tls, session.common.timeout()).map_err(Failure::run)?;
    let answer = http.exchange(request).await.map_err(Failure::run)?;
    match answer.status {
        status if status.is_success() => Ok(()),
        status => Err(Failure::run(format_args!(
            "{url} answered {} to a signed event: {}",
            status.as_u16(),
            match status.as_u16() {
                401 | 403 => "the receiver there has another secret; does it read the same file?",
                404 => "no receiver listens at that path, or it does not take this provider's events",
                _ => "is it the receiver's public address? Its log says more",
            }
        ))),
    }
}

/// The event as it would be sent, without its signature.
fn show(address: &Uri, headers: &HeaderMap, body: &Value) -> Result<(), Failure> {
    let mut text = format!("POST {address}\n");
    for (name, value) in headers {
        let value = value.to_str().ok().filter(|_| *name == CONTENT_TYPE).unwrap_or("[redacted]");
        text.push_str(&format!("{name}: {value}\n"));
    }
    let body = serde_json::to_string_pretty(body).map_err(Failure::run)?;
    session::print(&format!("{text}\n{body}\n\n"))
}

/// What the receiver wants to see in `Authorization`, if anything.
pub(super) fn authorization(session: &Session<'_>) -> Result<Option<HeaderValue>, Failure> {
    let (_, config) = session.common.config(session.api)?;
    let files = KeyFiles { authorization: config.files.authorization, ..KeyFiles::default() };
    // The secrets may stand in a file that is not there yet.
    let env = |name: &str| std::env::var_os(name).filter(|_| name.contains("_AUTHORIZATION"));
    let credentials = Credentials::read(session.api.provider(), &files, &env).map_err(Failure::usage)?;
    let first = credentials.authorization.and_then(|values| values.keys().first().cloned());
    let value = first.map(|value| HeaderValue::from_bytes(value.expose().as_bytes())).transpose();
    let mut value =
        value.map_err(|_| Failure::usage("the value for `Authorization` is none that a header can carry"))?;
    value.iter_mut().for_each(|value| value.set_sensitive(true));
    Ok(value)
}
