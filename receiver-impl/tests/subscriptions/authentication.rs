//! What HPE is to put into `Authorization`: the key that the receiver demands, or what a person says.

use serde_json::{Value, json};

use crate::common::{Invocation, Receiver};
use crate::provider::{ID, Provider};
use crate::tool::{beside, fails, succeeds};

const KEY: &str = "inbound-key-9dK2";
const EVENT: &str = "com.hpe.greenlake.audit-log.v1.logs.created";

/// A receiver that demands this of HPE.
fn demanding(value: &str) -> Receiver {
    Receiver::unconfigured()
        .file("secrets", "before-long-and-random\n")
        .file("authorization", format!("{value}\n"))
        .env("GREENLAKE_SECRETS_FILE", "secrets")
        .env("GREENLAKE_AUTHORIZATION_FILE", "authorization")
        .env("RECEIVER_INBOX", "sqlite:./data/inbox.db")
        .start()
}

/// A command beside it, with its target behind.
fn run(receiver: &Receiver, api: &Provider, args: &str) -> Invocation {
    let target = format!("http://{}", receiver.public());
    let args: Vec<_> = args.split(' ').map(|word| if word == "TARGET" { target.as_str() } else { word }).collect();
    beside(receiver, api.api.address, "greenlake", &args).env("GREENLAKE_AUTHORIZATION_FILE", "authorization")
}

fn sent(api: &Provider) -> Value {
    api.api.asked().pop().unwrap().json()
}

#[test]
fn setup_has_hpe_send_the_key_that_the_receiver_demands() {
    let (receiver, api) = (demanding(KEY), Provider::greenlake());
    let ended = succeeds(run(&receiver, &api, &format!("setup greenlake --target TARGET --event {EVENT}")));
    let state = api.state.lock().unwrap();
    assert_eq!(state.authorization.as_deref(), Some(KEY));
    assert_eq!(state.answers, [200, 200], "the challenges at creation and on request");
    assert!(!ended.output().contains(KEY), "{}", ended.output());
}

#[test]
fn setup_gives_the_key_to_a_webhook_that_is_there() {
    let (receiver, api) = (demanding(KEY), Provider::greenlake());
    succeeds(run(&receiver, &api, "create greenlake --name n --target TARGET --auth none"));
    assert_eq!(api.state.lock().unwrap().webhook.as_ref().unwrap()["status"], "ERROR", "its challenge was refused");
    succeeds(run(&receiver, &api, &format!("setup greenlake --target TARGET --event {EVENT}")));
    let state = api.state.lock().unwrap();
    let webhook = state.webhook.as_ref().unwrap();
    assert_eq!((&webhook["status"], &webhook["authType"]), (&json!("ACTIVE"), &json!("APIKey")));
    assert_eq!(state.authorization.as_deref(), Some(KEY));
}

#[test]
fn create_says_that_the_receiver_demands_an_authorization() {
    let (receiver, api) = (demanding(KEY), Provider::greenlake());
    let create = "create greenlake --name n --target TARGET";
    fails(run(&receiver, &api, create), 2, &["the receiver demands an `Authorization`", "`--auth api-key`"]);
    assert!(api.calls().is_empty(), "{:?}", api.calls());
    let ended = succeeds(run(&receiver, &api, &format!("{create} --auth api-key")));
    assert_eq!((&sent(&api)["authType"], &sent(&api)["apiKey"]), (&json!("APIKey"), &json!(KEY)));
    assert_eq!(api.state.lock().unwrap().webhook.as_ref().unwrap()["status"], "ACTIVE");
    assert!(!ended.output().contains(KEY), "{}", ended.output());
}

#[test]
fn update_changes_what_hpe_authenticates_with() {
    let (receiver, api) = (demanding(KEY), Provider::greenlake());
    succeeds(run(&receiver, &api, "create greenlake --name n --target TARGET --auth api-key"));
    std::fs::write(receiver.folder().join("key"), "hush-other-key\n").unwrap();
    std::fs::write(receiver.folder().join("client"), "hush-client-secret\n").unwrap();
    let update = |options: &str| {
        let ended = succeeds(run(&receiver, &api, &format!("update greenlake {ID} {options}")));
        assert!(!ended.output().contains("hush"), "{}", ended.output());
        sent(&api)
    };
    assert_eq!(update("--auth none"), json!({"authType": ""}));
    assert_eq!(update("--auth api-key --api-key-file key"), json!({"authType": "APIKey", "apiKey": "hush-other-key"}));
    assert_eq!(update("--auth api-key"), json!({"authType": "APIKey", "apiKey": KEY}));
    assert_eq!(
        update("--auth oauth --client-id me --client-secret-file client --issuer-url https://issuer.example/token"),
        json!({
            "authType": "Oauth", "clientId": "me", "clientSecret": "hush-client-secret",
            "issuerUrl": "https://issuer.example/token",
        })
    );
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let (receiver, api) = (demanding("Bearer some-token"), Provider::greenlake());
    let update = format!("update greenlake {ID}");
    for (args, message) in [
        (format!("{update} --api-key-file secrets"), "`--api-key-file` goes with `--auth api-key`"),
        (format!("{update} --auth none --client-id x"), "`--client-id` goes with `--auth oauth`"),
        (format!("{update} --auth oauth --client-id x"), "`--client-secret-file` and `--issuer-url`"),
        (
            format!("{update} --auth oauth --client-id x --client-secret-file secrets --issuer-url http://i.example"),
            "is not https",
        ),
        (format!("{update} --auth api-key --api-key-file none"), "none cannot be read"),
        (format!("{update} --auth api-key"), "with a scheme word"),
        (format!("{update} --kind subscription --auth none"), "`--auth` does not apply"),
        (format!("setup greenlake --target TARGET --event {EVENT}"), "give `--auth oauth`"),
    ] {
        fails(run(&receiver, &api, &args), 2, &[message]);
    }
    assert!(!api.calls().iter().any(|call| !call.starts_with("GET ")), "{:?}", api.calls());
}
