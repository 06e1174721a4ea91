//! Bodies that the tests send: a good event, and ways to spoil it.

use serde_json::{Value, json};

/// The appliance of [`appliance_online`].
pub(crate) const APPLIANCE: &str = "f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b";
/// Its model.
pub(crate) const MODEL: &str = "PV-12-black-box";
/// Its system.
pub(crate) const SYSTEM: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";

/// An appliance came online: good in either form.
pub(crate) fn appliance_online() -> Value {
    json!({
        "id": "3d9a3f60-1c1b-4a53-9a0e-6f0c2f7a9b11",
        "time": "2026-07-02T05:12:30Z",
        "specVersion": "1.0",
        "source": format!("/systems/{SYSTEM}"),
        "type": "appliance/online",
        "data": {
            "applianceID": APPLIANCE,
            "gatewayID": "5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9",
            "systemID": SYSTEM,
            "model": MODEL,
            "type": "INVERTER",
            "kind": "PV",
        },
    })
}

/// A vehicle was plugged in, as today's form tells it.
pub(crate) fn ev_plugged() -> Value {
    let mut event = appliance_online();
    event["type"] = "ev/plugged".into();
    event["data"] = json!({
        "issuedAt": "2026-07-03T17:31:06Z",
        "atHome": true,
        "type": "EV",
        "systemID": SYSTEM,
        "assetID": ASSET,
        "gatewayID": "5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9",
        "state": "PLUGGED",
    });
    event
}

/// The vehicle of [`ev_plugged`].
pub(crate) const ASSET: &str = "a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a";

/// A vehicle was plugged in, as the 2024 form tells it.
pub(crate) fn ev_plugged_2024() -> Value {
    let mut event = appliance_online();
    event["type"] = "ev/plugged".into();
    event["data"]["type"] = "EVSTATION".into();
    event["data"]["state"] = "plugged".into();
    event["data"]["evseID"] = "FR*A23*E45B*78C".into();
    event
}

/// The bytes of [`appliance_online`].
pub(crate) fn good() -> Vec<u8> {
    bytes(&appliance_online())
}

/// The bytes of [`appliance_online`] after `change`.
pub(crate) fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut event = appliance_online();
    change(&mut event);
    bytes(&event)
}

/// A good event of exactly this many bytes.
pub(crate) fn of_size(size: usize) -> Vec<u8> {
    let padded = |padding: usize| changed(|event| event["padding"] = "x".repeat(padding).into());
    let body = padded(size - padded(0).len());
    assert_eq!(body.len(), size);
    body
}

/// The event as it is sent.
pub(crate) fn bytes(event: &Value) -> Vec<u8> {
    event.to_string().into_bytes()
}
