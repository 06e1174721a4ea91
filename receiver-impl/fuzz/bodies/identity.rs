//! Which event a body is, found in one pass, and by a reader that builds the whole tree.

use std::sync::OnceLock;

use http::HeaderMap;
use receiver::identify::Identifier;
use serde::de::IgnoredAny;
use serde_json::Value;
use webhook_api::PROVIDERS;
use webhook_api::contract::{Endpoint, ValueSource};

/// An identity longer than this is not kept.
const LONGEST_ID: usize = 512;

/// Any bytes as a body, at every endpoint.
pub(crate) fn identification(data: &[u8]) {
    static ALL: OnceLock<Vec<(&Endpoint, Identifier)>> = OnceLock::new();
    let endpoints = || PROVIDERS.iter().flat_map(|provider| provider.endpoints).copied();
    let all = ALL.get_or_init(|| endpoints().map(|endpoint| (endpoint, Identifier::new(endpoint).unwrap())).collect());
    let headers = HeaderMap::new();
    let is_json = serde_json::from_slice::<IgnoredAny>(data).is_ok();
    let tree = serde_json::from_slice::<Value>(data).ok();
    // A member that occurs twice is ambiguous to the one and not to the other. Written anew, it occurs once.
    let written = tree.as_ref().map(|tree| serde_json::to_vec(tree).unwrap());
    for (endpoint, identifier) in all {
        let identity = identifier.identify(&headers, data);
        if !is_json {
            assert_eq!((identity.event_type, identity.event_id), (None, None), "what is no JSON names nothing");
            continue;
        }
        let Some((tree, written)) = tree.as_ref().zip(written.as_deref()) else { continue };
        let once = identifier.identify(&headers, written);
        assert_eq!(once.event_type, endpoint.event_type.source.as_ref().and_then(|source| text(tree, source)));
        let parts: Option<Vec<String>> = endpoint.event_id.iter().map(|source| text(tree, source)).collect();
        match (once.event_id.as_deref(), parts.as_deref()) {
            (Some(id), Some([part])) => assert_eq!(id, part),
            // The parts can be told apart again.
            (Some(id), Some(parts)) => assert_eq!(id.split('#').map(unescaped).collect::<Vec<_>>(), parts),
            (Some(id), None) => panic!("{id} lacks a part"),
            (None, Some(parts)) => assert!(parts.is_empty() || parts.concat().len() > LONGEST_ID / 3, "{parts:?}"),
            (None, None) => (),
        }
    }
}

/// What the tree has at a pointer: a scalar's text.
fn text(tree: &Value, source: &ValueSource) -> Option<String> {
    let ValueSource::Pointer(pointer) = source else { return None };
    match tree.pointer(pointer)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        scalar @ (Value::Number(_) | Value::Bool(_)) => Some(scalar.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn unescaped(part: &str) -> String {
    part.replace("%23", "#").replace("%25", "%")
}
