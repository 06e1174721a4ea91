//! HPE GreenLake: its events and batches, and what comes before and beside them.

mod authorization;
mod challenges;
mod events;
mod negotiation;
mod statuses;

use serde_json::{Value, json};

use crate::common::{GREENLAKE, Receiver, Request, SECRET, hmac_sha256};

const SIGNATURE: &str = "HPE-Webhook-Signature";
const SIGNATURE_2: &str = "HPE-Webhook-Signature2";
const AUDIT_LOG: &str = "com.hpe.greenlake.audit-log.v1.logs.created";
const EXPIRING: &str = "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions";

fn receiver() -> Receiver {
    Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).start()
}

/// The value of a signature header.
fn sign(secret: &str, body: impl AsRef<[u8]>) -> String {
    format!("sha256={}", hmac_sha256(secret, body))
}

fn signed(body: &impl ToString) -> Request {
    let body = body.to_string();
    let signature = sign(SECRET, &body);
    Request::unsigned(GREENLAKE, body).header(SIGNATURE, signature)
}

fn event(event_type: &str, data: Value) -> Value {
    let mut event = json!({
        "specversion": "1.0",
        "id": "kP3xQ5MBAbcdEFgh1234",
        "source": "//global.api.greenlake.hpe.com/test",
        "type": event_type,
        "time": "2026-03-02T10:11:12.345127443Z",
    });
    event["data"] = data;
    event
}

/// An entry of the audit log as HPE sends it, by this user.
fn audit_entry(username: &str) -> Value {
    event(
        AUDIT_LOG,
        json!({
            "id": "kP3xQ5MBAbcdEFgh1234",
            "user": { "username": username },
            "workspace": {
                "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "workspace_name": null, "workspace_type": null,
            },
            "application": { "id": "00000000-0000-0000-0000-000000000000" },
            "category": "user_management",
            "description": "User logged out",
            "created_at": 1_772_446_272_345_i64,
            "updated_at": 1_772_446_272_345_i64,
            "additional_info": { "ip_address": "192.0.2.10" },
            "has_details": false,
        }),
    )
}

/// A challenge for this token.
fn challenge(token: impl Into<Value>) -> Value {
    json!({
        "specversion": "1.0",
        "type": "com.hpe.greenlake.events.v1beta1.webhooks.verification",
        "source": "https://global.api.greenlake.hpe.com/events",
        "id": "2c6f2a54-8b0b-4f0e-9f3e-5a7d1c9b8e10",
        "time": "2026-03-02T10:00:01Z",
        "datacontenttype": "application/json",
        "data": { "challengeRequest": token.into() },
    })
}

/// As HPE sends it: without a signature.
fn unsigned_challenge(token: impl Into<Value>) -> Request {
    Request::unsigned(GREENLAKE, challenge(token).to_string())
}
