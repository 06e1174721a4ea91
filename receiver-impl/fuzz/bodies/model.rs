//! Every event's model, read from its example after some damage.

use std::sync::OnceLock;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::HeaderMap;
use receiver::handlers;
use serde_json::Value;
use webhook_api::contract::{Endpoint, Event};
use webhook_api::{Delivery, Disposition, EventId, PROVIDERS};

/// The first byte chooses the event. Groups of four that follow are what is done to its example: where, twice, what,
/// and with which byte.
pub(crate) fn models(data: &[u8]) {
    static ALL: OnceLock<Vec<(&Endpoint, &Event)>> = OnceLock::new();
    let all = ALL.get_or_init(|| PROVIDERS.iter().flat_map(|provider| provider.events()).collect());
    let Some((first, edits)) = data.split_first() else { return };
    let (endpoint, event) = all[usize::from(*first) % all.len()];
    let mut body = event.example.unwrap_or("{}").as_bytes().to_vec();
    let (edits, _) = edits.as_chunks::<4>();
    for [high, low, what, byte] in edits.iter().take(64) {
        let place = usize::from(u16::from_be_bytes([*high, *low])) % (body.len() + 1);
        edit(&mut body, place, *what, *byte);
    }
    let taken = is_taken(endpoint, event, body.clone());
    if edits.is_empty() {
        assert!(taken, "{} takes its own example", event.name);
    }
    // Whatever is taken, is taken with one member more. Written anew, a member that occurred twice occurs once.
    let Ok(Value::Object(mut members)) = serde_json::from_slice::<Value>(&body) else { return };
    if is_taken(endpoint, event, serde_json::to_vec(&members).unwrap()) {
        members.insert("a member that nobody knows".to_owned(), Value::from(vec![Value::Null]));
        assert!(is_taken(endpoint, event, serde_json::to_vec(&members).unwrap()), "{}: {members:?}", event.name);
    }
}

fn edit(body: &mut Vec<u8>, place: usize, what: u8, byte: u8) {
    const TOKENS: [&[u8]; 12] = [
        b"null",
        b"true",
        b"{}",
        b"[]",
        b"\"\"",
        b"-1",
        b"1e999",
        b"0.5",
        b"18446744073709551616",
        b",",
        b":",
        b"\\u0000",
    ];
    match what % 5 {
        0 if place < body.len() => body[place] = byte,
        1 => body.insert(place, byte),
        2 if place < body.len() => drop(body.remove(place)),
        3 => drop(body.splice(place..place, TOKENS[usize::from(byte) % TOKENS.len()].iter().copied())),
        4 => {
            // A value, from here to the next delimiter, becomes another one.
            let end = body[place..].iter().position(|found| matches!(found, b',' | b'}' | b']'));
            let end = end.map_or(body.len(), |end| place + end);
            drop(body.splice(place..end, TOKENS[usize::from(byte) % TOKENS.len()].iter().copied()));
        }
        _ => {}
    }
}

/// Whether a handler was called. No body may make that fail.
fn is_taken(endpoint: &'static Endpoint, event: &Event, body: Vec<u8>) -> bool {
    let delivery = Delivery {
        endpoint,
        event_id: EventId::named("1"),
        event_type: Some(event.name.to_owned()),
        body: Bytes::from(body),
        headers: HeaderMap::new(),
        received_at: SystemTime::UNIX_EPOCH,
        attempt: 1,
        ordering_key: None,
        matched: Vec::new(),
    };
    match handlers::all().dispatch(&delivery).now_or_never() {
        Some(Ok(Disposition::Handled)) => true,
        Some(Ok(Disposition::InvalidEvent(_))) => false,
        other => panic!("{}: {other:?}", event.name),
    }
}
