//! HPE GreenLake: webhooks, their challenges, and subscriptions, in pages.

use serde_json::{Value, json};

use super::{Fault, ID, State, send};
use crate::common::{Request, hmac_sha256};
use crate::stand_in::{Asked, Reply};

/// The largest pages.
const MOST_WEBHOOKS: usize = 200;
const MOST_SUBSCRIPTIONS: usize = 10;

pub(super) fn delivery(secrets: &[String], number: usize) -> Request {
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

/// Sends the challenge and judges the answer: under either secret it is good.
fn challenge(state: &mut State) -> u16 {
    state.made += 1;
    let token = format!("6f1d7c52-3b0e-4a7b-9d11-{:012}", state.made);
    let body = json!({
        "specversion": "1.0", "type": "com.hpe.greenlake.events.v1beta1.webhooks.verification",
        "source": "https://global.api.greenlake.hpe.com/events", "id": token, "data": {"challengeRequest": token},
    });
    let url = state.webhook.as_ref().unwrap()["destination"].as_str().unwrap().to_owned();
    let request = Request::unsigned("/greenlake/events", body.to_string());
    let request =
        state.authorization.iter().fold(request, |request, key| request.header("Authorization", key.as_str()));
    let (status, text) = send(&url, &request);
    let answer: Value = serde_json::from_str(&text).unwrap_or_default();
    let good = state.secrets.iter().any(|secret| answer["verification"] == hmac_sha256(secret, &token));
    state.webhook.as_mut().unwrap()["status"] = if status == 200 && good { "ACTIVE" } else { "ERROR" }.into();
    state.answers.push(if good { status } else { 0 });
    status
}

pub(super) fn answer(state: &mut State, asked: &Asked) -> Reply {
    let webhook = format!("/events/v1beta1/webhooks/{ID}");
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/events/v1beta1/webhooks") => {
            let other = |place| json!({"id": numbered(place), "destination": format!("https://other.example/{place}")});
            let all = (0..state.others).map(other).chain(state.webhook.iter().cloned()).collect();
            page(state, asked, all, MOST_WEBHOOKS)
        }
        ("GET", path) if path == webhook => Reply::json(200, state.webhook.as_ref().unwrap()),
        ("POST", "/events/v1beta1/webhooks") => {
            let mut made = asked.json();
            take_key(state, &mut made);
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
            let mut patch = asked.json();
            take_key(state, &mut patch);
            if let Some(kind) = patch.get("authType") {
                state.webhook.as_mut().unwrap()["authType"] = kind.clone();
            }
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
            let resource_uri = webhook;
            let one = |(place, event)| json!({"id": numbered(place), "eventType": event, "webhook": {"resourceUri": resource_uri}});
            let all = state.subscribed.iter().enumerate().map(one).collect();
            page(state, asked, all, MOST_SUBSCRIPTIONS)
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

/// The API key, which is never told again.
fn take_key(state: &mut State, input: &mut Value) {
    match input["authType"].as_str() {
        Some("APIKey") => {
            let key = input.as_object_mut().unwrap().remove("apiKey").unwrap();
            state.authorization = Some(key.as_str().unwrap().to_owned());
        }
        Some("") => state.authorization = None,
        _ => {}
    }
}

fn numbered(place: usize) -> String {
    format!("{}{:012}", &ID[..24], 1_000 + place)
}

/// A part of a list, as large as it may be and is asked for.
fn page(state: &State, asked: &Asked, all: Vec<Value>, most: usize) -> Reply {
    let number = |name| asked.query(name).map(|text| text.parse::<usize>().unwrap());
    let (limit, offset) = (number("limit").unwrap_or(most), number("offset").unwrap_or(0));
    if limit == 0 || limit > most {
        let body = json!({"message": "bad limit", "errorCode": "e", "debugId": "d", "httpStatusCode": 400});
        return Reply::json(400, &body);
    }
    let total = all.len();
    let items: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
    let mut page = json!({"count": items.len(), "items": items, "offset": offset});
    if !state.is_silent_on_totals {
        page["total"] = total.into();
    }
    Reply::json(200, &page)
}
