//! What the receiver is measured against: the few lines that a person writes who has one event, one secret and no
//! other wish.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use webhook_api::models::ApplianceEvent;

use crate::Result;
use crate::events::{ALL, Events, GRIDX};
use crate::sign::Key;

/// Serves until it is killed.
#[tokio::main]
pub(crate) async fn serve(name: &str) -> Result<()> {
    let events = ALL.iter().find(|events| events.name == name).ok_or_else(|| format!("no events named {name}"))?;
    let secrets = std::env::var(events.secrets).map_err(|_| format!("{} is not set", events.secrets))?;
    let key = Key::new(secrets.lines().last().unwrap_or_default())?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!(r#"{{"ready":true,"public":"http://{}"}}"#, listener.local_addr()?);
    axum::serve(listener, routes(events, key)?).await?;
    Ok(())
}

fn routes(events: &Events, key: Key) -> Result<Router> {
    let route = match events.name {
        name if name == GRIDX.name => post(gridx),
        other => return Err(format!("no bare handler for {other}").into()),
    };
    Ok(Router::new().route(events.path, route).with_state(key))
}

async fn gridx(State(key): State<Key>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let digest = headers.get("X-Signature").and_then(|value| value.to_str().ok()?.strip_prefix("sha512="));
    let Some(digest) = digest.and_then(unhex) else { return StatusCode::UNAUTHORIZED };
    if !key.verify(&body, &digest) {
        return StatusCode::UNAUTHORIZED;
    }
    match serde_json::from_slice::<ApplianceEvent>(&body) {
        Ok(event) => {
            std::hint::black_box(event);
            StatusCode::NO_CONTENT
        }
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

fn unhex(text: &str) -> Option<[u8; 64]> {
    let mut bytes = [0; 64];
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
