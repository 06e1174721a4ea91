//! Every request of `setup` and `rotate` is shown to Prism on its way to the stand-in with state.

use crate::common::{Connection, Request};
use crate::prism::Prism;
use crate::provider::{ACCOUNT, ID, Provider, RULE};
use crate::tool::{TOKEN, beside, receiver, succeeds};

const USER: &str = "7a6b0d7c-2222-4a2b-9c3d-4e5f60718293";
const GREENLAKE_EVENT: &str = "com.hpe.greenlake.audit-log.v1.logs.created";

/// Walks the commands, and says which requests were sent; each fits the description.
fn walk(api: &Provider, provider: &str, commands: &[&str]) -> Vec<(String, serde_json::Value)> {
    let prism = Prism::serve(provider);
    let receiver = receiver(provider, "before-long-and-random\n");
    api.state.lock().unwrap().prism = Some(prism.address);
    let target = format!("http://{}", receiver.public());
    for command in commands {
        let args: Vec<_> =
            command.split(' ').map(|word| if word == "TARGET" { target.as_str() } else { word }).collect();
        succeeds(beside(&receiver, api.api.address, provider, &args));
    }
    let state = api.state.lock().unwrap();
    assert!(state.misfits.is_empty(), "{}", state.misfits.join("\n"));
    let asked = api.api.asked();
    assert_eq!(state.seen, asked.len(), "Prism saw each of them");
    asked.iter().map(|asked| (asked.line(), asked.json())).collect()
}

#[track_caller]
fn assert_sent(sent: &[(String, serde_json::Value)], line: &str, members: &[&str]) {
    let has = |body: &serde_json::Value| members.iter().all(|member| body.pointer(member).is_some());
    assert!(sent.iter().any(|(known, body)| known == line && has(body)), "{line} with {members:?}: {sent:?}");
}

#[test]
fn of_gridx() {
    let sent = walk(
        &Provider::gridx(),
        "gridx",
        &["setup gridx --target TARGET --event appliance/online", &format!("rotate gridx {ID}")],
    );
    let webhook = format!("/accounts/{ACCOUNT}/webhooks/{ID}");
    assert_sent(&sent, &format!("PUT {webhook}"), &["/active"]);
    assert_sent(&sent, &format!("POST {webhook}/ping"), &[]);
    assert_sent(&sent, &format!("POST {webhook}/secret"), &[]);
}

#[test]
fn of_a_notification_rule() {
    let sent = walk(
        &Provider::gridx(),
        "gridx",
        &[
            "create gridx --kind rule --target TARGET --event appliance/online",
            &format!("rotate gridx {RULE} --kind rule"),
        ],
    );
    let rules = format!("/accounts/{ACCOUNT}/users/{USER}/notifications/rules");
    assert_sent(&sent, &format!("POST {rules}"), &["/notificationType/webhook/secret"]);
    assert_sent(&sent, &format!("PUT {rules}/{RULE}"), &["/notificationType/webhook/secret"]);
}

#[test]
fn of_greenlake() {
    let sent = walk(
        &Provider::greenlake(),
        "greenlake",
        &[
            &format!("setup greenlake --target TARGET --event {GREENLAKE_EVENT} --auth api-key --api-key-file secrets"),
            &format!("setup greenlake --target TARGET --event {GREENLAKE_EVENT} --event other.event"),
            &format!("rotate greenlake {ID}"),
        ],
    );
    let webhook = format!("/events/v1beta1/webhooks/{ID}");
    assert_sent(&sent, "POST /events/v1beta1/webhooks", &["/secret", "/authType", "/apiKey"]);
    assert_sent(&sent, "GET /events/v1beta1/subscriptions", &[]);
    assert_sent(&sent, &format!("PATCH {webhook}"), &["/secondarySecret"]);
    assert_sent(&sent, &format!("PATCH {webhook}"), &["/secret", "/secondarySecret"]);
}

#[test]
fn of_nursa() {
    for (kind, event) in [("facility", "shift.created"), ("user", "facility.creation.accepted")] {
        let commands = [&*format!("setup nursa --target TARGET --event {event}"), &*format!("rotate nursa {ID}")];
        let sent = walk(&Provider::nursa(), "nursa", &commands);
        let webhooks = format!("/api/v2/public/webhooks/{kind}");
        assert_sent(&sent, &format!("POST {webhooks}"), &["/secrets"]);
        assert_sent(&sent, &format!("PATCH {webhooks}/{ID}"), &["/events", "/secrets/1"]);
    }
}

#[test]
fn a_request_that_does_not_fit_is_seen() {
    let (prism, api) = (Prism::serve("greenlake"), Provider::greenlake());
    api.state.lock().unwrap().prism = Some(prism.address);
    for (limit, misfits) in [(10, 0), (11, 1)] {
        let request = Request::new("GET", &format!("/events/v1beta1/subscriptions?limit={limit}"));
        Connection::to(api.api.address).exchange(&request.header("Authorization", format!("Bearer {TOKEN}")));
        assert_eq!(api.state.lock().unwrap().misfits.len(), misfits, "{limit}");
    }
}
