//! Nursa: a webhook of either kind.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{ID, State};
use crate::common::{Request, hmac_sha256};
use crate::stand_in::{Asked, Reply};

pub(super) fn delivery(secrets: &[String], number: usize) -> Request {
    let body = json!({"data": {"shiftId": number.to_string()}, "eventType": "shift.unknown"}).to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let digests: Vec<_> =
        secrets.iter().map(|secret| format!(",v1={}", hmac_sha256(secret, format!("{now}.{body}")))).collect();
    Request::unsigned("/nursa/events", body).header("Nursa-Signature", format!("t={now}{}", digests.concat()))
}

pub(super) fn answer(state: &mut State, asked: &Asked) -> Reply {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let rest = asked.path.strip_prefix("/api/v2/public/webhooks/").unwrap_or_default();
    let (kind, id) = rest.split_once('/').map_or((rest, None), |(kind, id)| (kind, Some(id)));
    let is_here = kind == state.kind;
    match (asked.method.as_str(), kind, id) {
        ("GET", "user" | "facility", None) => {
            Reply::json(201, &json!({"data": state.webhook.iter().filter(|_| is_here).collect::<Vec<_>>()}))
        }
        ("POST", "user" | "facility", None) => {
            let mut made = asked.json();
            made["id"] = ID.into();
            state.secrets = texts(&made["secrets"]);
            state.webhook = Some(made.clone());
            state.kind = kind.to_owned();
            Reply::json(201, &json!({"data": made}))
        }
        ("PATCH", _, Some(ID)) if is_here => {
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
