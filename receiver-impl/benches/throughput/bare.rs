//! What the receiver is measured against: the few lines that a person writes who has one event, one secret and no
//! other wish.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde::de::DeserializeOwned;
use webhook_api::models::{ApplianceEvent, GreenlakeAuditLogEvent, NursaShiftCreatedEvent};

use crate::Result;
use crate::events::{ALL, Events, GREENLAKE, GRIDX, NURSA};
use crate::sign::Key;

/// Serves until it is killed.
#[tokio::main]
pub(crate) async fn serve(name: &str) -> Result<()> {
    let events = ALL.iter().find(|events| events.name == name).ok_or_else(|| format!("no events named {name}"))?;
    let secrets = std::env::var(events.secrets).map_err(|_| format!("{} is not set", events.secrets))?;
    let keys = secrets.lines().map(|secret| Key::new(events.hash, secret)).collect::<Result<_>>()?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!(r#"{{"ready":true,"public":"http://{}"}}"#, listener.local_addr()?);
    axum::serve(listener, routes(events, Keys(keys))?).await?;
    Ok(())
}

fn routes(events: &Events, keys: Keys) -> Result<Router> {
    let route = match events.name {
        name if name == GRIDX.name => post(gridx),
        name if name == GREENLAKE.name => post(greenlake),
        name if name == NURSA.name => post(nursa),
        other => return Err(format!("no bare handler for {other}").into()),
    };
    Ok(Router::new().route(events.path, route).with_state(keys))
}

#[derive(Clone)]
struct Keys(Arc<[Key]>);

impl Keys {
    fn verify(&self, pieces: &[&[u8]], signature: &[u8]) -> bool {
        self.0.iter().any(|key| key.verify(pieces, signature))
    }
}

async fn gridx(State(keys): State<Keys>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let digest = text(&headers, "X-Signature").and_then(|value| unhex::<64>(value.strip_prefix("sha512=")?));
    match digest {
        Some(digest) if keys.verify(&[&body], &digest) => take::<ApplianceEvent>(&body, StatusCode::NO_CONTENT),
        _ => StatusCode::UNAUTHORIZED,
    }
}

async fn greenlake(State(keys): State<Keys>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let digest = text(&headers, "HPE-Webhook-Signature").and_then(|value| unhex::<32>(value.strip_prefix("sha256=")?));
    match digest {
        Some(digest) if keys.verify(&[&body], &digest) => take::<GreenlakeAuditLogEvent>(&body, StatusCode::OK),
        _ => StatusCode::UNAUTHORIZED,
    }
}

async fn nursa(State(keys): State<Keys>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut parts = text(&headers, "Nursa-Signature").unwrap_or_default().split(',');
    let time = parts.next().and_then(|part| part.strip_prefix("t=")).unwrap_or_default();
    let digest = parts.next().and_then(|part| unhex::<32>(part.strip_prefix("v1=")?));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let fresh = time.parse::<u64>().is_ok_and(|time| now.abs_diff(time) <= 300);
    match digest {
        Some(digest) if fresh && keys.verify(&[time.as_bytes(), b".", &body], &digest) => {
            take::<NursaShiftCreatedEvent>(&body, StatusCode::OK)
        }
        _ => StatusCode::UNAUTHORIZED,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn take<T: DeserializeOwned>(body: &[u8], accepted: StatusCode) -> StatusCode {
    match serde_json::from_slice::<T>(body) {
        Ok(event) => {
            std::hint::black_box(event);
            accepted
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let high = char::from(digits[0]).to_digit(16)?;
        let low = char::from(digits[1]).to_digit(16)?;
        *byte = (high << 4 | low) as u8;
    }
    Some(bytes)
}
