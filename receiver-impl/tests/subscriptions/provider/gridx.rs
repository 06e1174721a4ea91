//! gridX: notification rules and webhook subscriptions.

use serde_json::{Value, json};

use super::{ACCOUNT, ID, RULE, State, send};
use crate::common::{Request, sign};
use crate::stand_in::{Asked, Reply};

const USER: &str = "7a6b0d7c-2222-4a2b-9c3d-4e5f60718293";

pub(super) fn delivery(secrets: &[String], number: usize, event_type: &str) -> Request {
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

pub(super) fn answer(state: &mut State, asked: &Asked) -> Reply {
    let webhooks = format!("/accounts/{ACCOUNT}/webhooks");
    let webhook = format!("{webhooks}/{ID}");
    let new_secret = |state: &mut State| {
        state.made += 1;
        let secret = format!("whsec_{:060x}", 0xbeef + state.made);
        state.secrets.insert(0, secret.clone());
        secret
    };
    let rules = format!("/accounts/{ACCOUNT}/users/{USER}/notifications/rules");
    if let Some(rest) = asked.path.strip_prefix(&rules) {
        return rule(state, asked, rest.strip_prefix('/'));
    }
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
        ("DELETE", path) if path == webhook && state.webhook.take().is_some() => Reply::empty(204),
        ("POST", path) if path == format!("{webhook}/ping") => {
            state.made += 1;
            let url = state.webhook.as_ref().unwrap()["targetURL"].as_str().unwrap().to_owned();
            let answer = send(&url, &delivery(&state.secrets, 900_000 + state.made, "ping"));
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

/// Notification rules; what a rule tells is signed with its secret alone, which its maker chose.
fn rule(state: &mut State, asked: &Asked, id: Option<&str>) -> Reply {
    let mut input = asked.json();
    let place = state.rules.iter().position(|rule| Some(rule["id"].as_str().unwrap()) == id);
    if let Some(secret) = input.pointer("/notificationType/webhook/secret") {
        state.secrets = vec![secret.as_str().unwrap().to_owned()];
    }
    match (asked.method.as_str(), id, place) {
        ("GET", None, _) => Reply::json(200, &state.rules.clone().into()),
        ("POST", None, _) => {
            let number = state.rules.len();
            input["id"] = if number == 0 { RULE.into() } else { format!("{}{number:012}", &RULE[..24]).into() };
            state.rules.push(input.clone());
            Reply::json(201, &input)
        }
        ("GET", _, Some(place)) => Reply::json(200, &state.rules[place]),
        ("PUT", Some(id), Some(place)) => {
            input["id"] = id.into();
            state.rules[place] = input;
            Reply::empty(204)
        }
        ("DELETE", _, Some(place)) => {
            state.rules.remove(place);
            Reply::empty(204)
        }
        _ => Reply::missing(),
    }
}
