//! The providers with state: they keep webhooks, and call the real receiver back, signed as each does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::common::{Connection, Request, hmac_sha256, sign};
use crate::stand_in::{Asked, Reply, StandIn};
use crate::tool::TOKEN;

pub(crate) const ACCOUNT: &str = "2f6b0d7c-1111-4a2b-9c3d-4e5f60718293";
pub(crate) const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";
const USER: &str = "7a6b0d7c-2222-4a2b-9c3d-4e5f60718293";

/// Its one webhook, and the secrets that sign, the newest first.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) webhook: Option<Value>,
    pub(crate) secrets: Vec<String>,
    /// HPE: the event types of its subscriptions.
    pub(crate) subscribed: Vec<String>,
    /// What the receiver answered to deliveries that the provider made by itself.
    pub(crate) answers: Vec<u16>,
    /// HPE: the change of a webhook that fails, the next one being 1, and how.
    pub(crate) fault: Option<(usize, Fault)>,
    made: usize,
}

/// How a change of a webhook fails.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing was changed.
    Refused,
    /// It was, but who asked for it does not learn that.
    AnswerLost,
}

/// A provider.
pub(crate) struct Provider {
    pub(crate) api: StandIn,
    pub(crate) state: Arc<Mutex<State>>,
}

impl Provider {
    fn start(answer: fn(&mut State, &Asked) -> Reply) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let api = StandIn::start(move |asked| {
            if asked.header("authorization") != format!("Bearer {TOKEN}") {
                return Reply::json(401, &json!({"message": "Unauthorized", "statusCode": 401}));
            }
            answer(&mut shared.lock().unwrap(), asked)
        });
        Self { api, state }
    }

    pub(crate) fn gridx() -> Self {
        Self::start(gridx)
    }

    pub(crate) fn greenlake() -> Self {
        Self::start(greenlake)
    }

    pub(crate) fn nursa() -> Self {
        Self::start(nursa)
    }

    /// What the provider would send now.
    pub(crate) fn delivery(&self, provider: &str, number: usize) -> Request {
        let secrets = self.state.lock().unwrap().secrets.clone();
        match provider {
            "gridx" => gridx_delivery(&secrets, number, "appliance/renamed"),
            "greenlake" => greenlake_delivery(&secrets, number),
            _ => nursa_delivery(&secrets, number),
        }
    }

    /// Which calls were made, methods and paths.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.api.asked().iter().map(Asked::line).collect()
    }
}

fn gridx_delivery(secrets: &[String], number: usize, event_type: &str) -> Request {
    let id = format!("3d9a3f60-1c1b-4a53-9a0e-{number:012}");
    let body = json!({
        "id": id, "time": "2026-07-01T12:00:00Z", "specVersion": "1.0", "source": format!("/accounts/{ACCOUNT}"),
        "type": event_type, "data": {"message": "integration check"},
    });
    let body = body.to_string();
    // The old one first: which comes first is not documented.
    let digests: Vec<_> = secrets.iter().rev().map(|secret| sign(secret, &body)).collect();
    Request::unsigned("/gridx/events", body).header("X-Signature", digests.join(", "))
}

fn greenlake_delivery(secrets: &[String], number: usize) -> Request {
    let body = json!({
        "specversion": "1.0", "id": format!("event-{number}"), "source": "//global.api.greenlake.hpe.com/x",
        "type": "com.hpe.greenlake.x.v1.y.created", "data": {},
    });
    let body = body.to_string();
    let request = Request::unsigned("/greenlake/events", body.clone());
    let names = ["HPE-Webhook-Signature", "HPE-Webhook-Signature2"];
    names
        .iter()
        .zip(secrets)
        .fold(request, |request, (name, secret)| request.header(name, format!("sha256={}", hmac_sha256(secret, &body))))
}

fn nursa_delivery(secrets: &[String], number: usize) -> Request {
    let body = json!({"data": {"shiftId": number.to_string()}, "eventType": "shift.unknown"}).to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let digests: Vec<_> =
        secrets.iter().map(|secret| format!(",v1={}", hmac_sha256(secret, format!("{now}.{body}")))).collect();
    Request::unsigned("/nursa/events", body).header("Nursa-Signature", format!("t={now}{}", digests.concat()))
}

/// Host and port of an address that somebody registered.
fn host(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().split('/').next().unwrap().parse().unwrap()
}

fn send(url: &str, request: &Request) -> (u16, String) {
    let answer = Connection::to(host(url)).exchange(request);
    (answer.status, String::from_utf8(answer.body).unwrap())
}

fn gridx(state: &mut State, asked: &Asked) -> Reply {
    let webhooks = format!("/accounts/{ACCOUNT}/webhooks");
    let webhook = format!("{webhooks}/{ID}");
    let new_secret = |state: &mut State| {
        state.made += 1;
        let secret = format!("whsec_{:060x}", 0xbeef + state.made);
        state.secrets.insert(0, secret.clone());
        secret
    };
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/user") => Reply::json(200, &json!({"id": USER, "accountID": ACCOUNT})),
        ("GET", path) if path == webhooks => Reply::json(200, &state.webhook.iter().cloned().collect::<Value>()),
        ("POST", path) if path == webhooks => {
            let mut made = asked.json();
            made["id"] = ID.into();
            state.webhook = Some(made.clone());
            made["secret"] = new_secret(state).into();
            Reply::json(201, &made)
        }
        ("PUT", path) if path == webhook => {
            let mut changed = asked.json();
            changed["id"] = ID.into();
            state.webhook = Some(changed);
            Reply::empty(204)
        }
        ("POST", path) if path == format!("{webhook}/ping") => {
            state.made += 1;
            let url = state.webhook.as_ref().unwrap()["targetURL"].as_str().unwrap().to_owned();
            let answer = send(&url, &gridx_delivery(&state.secrets, 900_000 + state.made, "ping"));
            state.answers.push(answer.0);
            Reply::empty(204)
        }
        ("POST", path) if path == format!("{webhook}/secret") => {
            let secret = new_secret(state);
            Reply::json(200, &json!({"secret": secret}))
        }
        _ => Reply::missing(),
    }
}

/// Sends the challenge and judges the answer: under either secret it is good.
fn challenge(state: &mut State) -> u16 {
    state.made += 1;
    let token = format!("6f1d7c52-3b0e-4a7b-9d11-{:012}", state.made);
    let body = json!({
        "specversion": "1.0", "type": "com.hpe.greenlake.events.v1beta1.webhooks.verification",
        "source": "https://global.api.greenlake.hpe.com/events", "id": token, "data": {"challengeRequest": token},
    });
    let url = state.webhook.as_ref().unwrap()["destination"].as_str().unwrap().to_owned();
    let (status, text) = send(&url, &Request::unsigned("/greenlake/events", body.to_string()));
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    let good = state.secrets.iter().any(|secret| answer["verification"] == hmac_sha256(secret, &token));
    state.webhook.as_mut().unwrap()["status"] = if status == 200 && good { "ACTIVE" } else { "ERROR" }.into();
    state.answers.push(if good { status } else { 0 });
    status
}

fn greenlake(state: &mut State, asked: &Asked) -> Reply {
    let webhook = format!("/events/v1beta1/webhooks/{ID}");
    let page = |items: Vec<Value>| {
        let count = items.len();
        Reply::json(200, &json!({"items": items, "count": count, "offset": 0, "total": count}))
    };
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/events/v1beta1/webhooks") => page(state.webhook.iter().cloned().collect()),
        ("GET", path) if path == webhook => Reply::json(200, state.webhook.as_ref().unwrap()),
        ("POST", "/events/v1beta1/webhooks") => {
            let mut made = asked.json();
            let secret = made.as_object_mut().unwrap().remove("secret").unwrap();
            state.secrets = vec![secret.as_str().unwrap().to_owned()];
            made["id"] = ID.into();
            made["dualSecret"] = false.into();
            state.webhook = Some(made);
            challenge(state);
            Reply::json(201, state.webhook.as_ref().unwrap())
        }
        ("PATCH", path) if path == webhook => {
            assert_eq!(asked.header("content-type"), "application/merge-patch+json");
            let fault = state.fault.as_mut().and_then(|(place, fault)| {
                *place -= 1;
                (*place == 0).then_some(*fault)
            });
            if fault.is_some() {
                state.fault = None;
            }
            if let Some(Fault::Refused) = fault {
                return Reply::empty(503);
            }
            let patch = asked.json();
            if let Some(secret) = patch["secret"].as_str() {
                state.secrets[0] = secret.to_owned();
            }
            match patch["secondarySecret"].as_str() {
                Some("") => state.secrets.truncate(1),
                Some(secret) => {
                    state.secrets.truncate(1);
                    state.secrets.push(secret.to_owned());
                }
                None => {}
            }
            let dual = state.secrets.len() == 2;
            state.webhook.as_mut().unwrap()["dualSecret"] = dual.into();
            challenge(state);
            match fault {
                Some(_) => Reply::empty(503),
                None => Reply::json(200, state.webhook.as_ref().unwrap()),
            }
        }
        ("POST", path) if path == format!("{webhook}/verify") => {
            let status = challenge(state);
            let mut answer = state.webhook.clone().unwrap();
            answer["destinationResponse"] = json!({"statusCode": status, "message": "x", "requestedRate": null});
            Reply::json(200, &answer)
        }
        ("GET", "/events/v1beta1/subscriptions") => {
            page(state.subscribed.iter().map(|event| json!({"id": ID, "eventType": event})).collect())
        }
        ("POST", "/events/v1beta1/subscriptions") => {
            let made = asked.json();
            for one in made.as_array().unwrap() {
                state.subscribed.push(one["eventType"].as_str().unwrap().to_owned());
            }
            Reply::json(201, &made)
        }
        _ => Reply::json(404, &json!({"message": "no", "errorCode": "e", "debugId": "d", "httpStatusCode": 404})),
    }
}

fn nursa(state: &mut State, asked: &Asked) -> Reply {
    let webhooks = "/api/v2/public/webhooks/facility";
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/api/v2/public/webhooks/user") => Reply::json(201, &json!({"data": []})),
        ("GET", path) if path == webhooks => {
            Reply::json(201, &json!({"data": state.webhook.iter().collect::<Vec<_>>()}))
        }
        ("POST", path) if path == webhooks => {
            let mut made = asked.json();
            made["id"] = ID.into();
            state.secrets = texts(&made["secrets"]);
            state.webhook = Some(made.clone());
            Reply::json(201, &json!({"data": made}))
        }
        ("PATCH", path) if path == format!("{webhooks}/{ID}") => {
            let patch = asked.json();
            let webhook = state.webhook.as_mut().unwrap();
            for (name, value) in patch.as_object().unwrap() {
                webhook[name] = value.clone();
            }
            state.secrets = texts(&webhook["secrets"]);
            Reply::json(201, &json!({"data": webhook}))
        }
        _ => Reply::json(404, &json!({"message": "Webhook not found", "error": "Not Found", "statusCode": 404})),
    }
}
