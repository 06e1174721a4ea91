//! The receiver that runs today: the generated crate as it is in the workspace, and the real signature engine, in this
//! process.

use std::collections::HashMap;
use std::time::SystemTime;

use futures_util::FutureExt as _;
use receiver::identify::Identifier;
use receiver::secrets::Secret;
use receiver::signature::Verifier;
use serde_json::Value;
use webhook_api::contract::Endpoint;
use webhook_api::{Delivery, Disposition, EventId, PROVIDERS};

use crate::json::{by_first_names, same};
use crate::list::by_schema;

/// The secret that both sides hold; it is valid as text and as base64.
pub(crate) const SECRET: &str = "c2VjcmV0LW9mLXRoZS10ZXN0LXdpdGgtMzItYnl0ZXM";
pub(crate) const NOW: u64 = 1_780_000_000;

/// A request as it arrives.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The event that the sender means.
    pub(crate) event: String,
    /// Members that stand for members of another name, by construction of the edit.
    pub(crate) renamed: Vec<String>,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The method of its event got it, and nothing of what that reads is lost.
    Read,
    /// No endpoint, no valid signature, or parked.
    Refused(String),
    /// A method got it, but not all that was sent, or not as what it was sent.
    Misread(String),
}

pub(crate) struct Receiver {
    /// Aliases of members, each with the name that it stands for.
    aliases: HashMap<String, String>,
}

impl Receiver {
    pub(crate) fn new(spec: &Value) -> Self {
        let mut aliases = HashMap::new();
        crate::json::aliases(&spec["components"]["schemas"], &mut aliases);
        Self { aliases }
    }

    pub(crate) fn take(&self, request: &Request) -> Fate {
        let endpoints = || PROVIDERS.iter().flat_map(|provider| provider.endpoints.iter().copied());
        let Some(endpoint) =
            endpoints().find(|endpoint| endpoint.path == request.path && endpoint.method.as_str() == request.method)
        else {
            return Fate::Refused(format!("no endpoint {} {}", request.method, request.path));
        };
        if !is_authentic(endpoint, request) {
            return Fate::Refused("no valid signature".to_owned());
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return Fate::Refused("not JSON".to_owned());
        };
        match &body {
            Value::Array(members) if endpoint.batch => {
                let fates = members.iter().map(|member| self.event(endpoint, request, member));
                fates.into_iter().find(|fate| *fate != Fate::Read).unwrap_or(Fate::Read)
            }
            body => self.event(endpoint, request, body),
        }
    }

    fn event(&self, endpoint: &'static Endpoint, request: &Request, body: &Value) -> Fate {
        let text = body.to_string();
        let identity = Identifier::new(endpoint).unwrap().identify(&request.headers, text.as_bytes());
        let unnamed = endpoint.event_type.expected.filter(|_| endpoint.event_type.source.is_none());
        let event_type = identity.event_type.or(unnamed.map(str::to_owned));
        if !endpoint.event_id.is_empty() && identity.event_id.is_none() {
            return Fate::Misread("it has no identity".to_owned());
        }
        let delivery = Delivery {
            endpoint,
            event_id: EventId::named("1"),
            event_type,
            body: text.into(),
            headers: request.headers.clone(),
            received_at: SystemTime::UNIX_EPOCH,
            attempt: 1,
            ordering_key: None,
            matched: Vec::new(),
        };
        match receiver::handlers::all().dispatch(&delivery).now_or_never() {
            Some(Ok(Disposition::Handled)) => {}
            other => return Fate::Refused(format!("{other:?}")),
        }
        // The first candidate that reads it is the one whose method ran.
        let read = delivery.candidates().find_map(|(at, event)| Some((at, event, by_schema(event.schema)(body).ok()?)));
        let Some((at, event, written)) = read else { return Fate::Refused("no type reads it".to_owned()) };
        if at.id != endpoint.id || event.name != request.event {
            return Fate::Misread(format!("as {} of {}", event.name, at.id));
        }
        let meant = by_first_names(body, &self.aliases);
        if let Some(lost) = lost(&meant, &written, &request.renamed) {
            return Fate::Misread(format!("{lost} is lost or different"));
        }
        Fate::Read
    }
}

/// A member that was sent and read otherwise, or under a name that the reader does not know though it knows the member.
fn lost(sent: &Value, read: &Value, renamed: &[String]) -> Option<String> {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => sent.iter().find_map(|(name, value)| match read.get(name) {
            Some(read) => lost(value, read, renamed).map(|below| format!("{name}.{below}")),
            // What a renamed member holds is lost, and what is new is not known.
            None => (renamed.contains(name) && !value.is_null()).then(|| name.clone()),
        }),
        (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
            sent.iter().zip(read).find_map(|(sent, read)| lost(sent, read, renamed))
        }
        (sent, read) => (!same(sent, read)).then(|| format!("{sent} as {read}")),
    }
}

/// Any alternative of the endpoint suffices; none of them needs more than one scheme.
fn is_authentic(endpoint: &'static Endpoint, request: &Request) -> bool {
    let schemes = endpoint.guards.iter().copied().flatten().filter(|scheme| scheme.algorithm.is_hmac());
    let secret = Secret::new(SECRET);
    schemes.into_iter().any(|scheme| {
        let verifier = Verifier::new(scheme, std::slice::from_ref(&secret)).unwrap();
        verifier.verify(&request.headers, &request.body, NOW).is_ok()
    })
}
