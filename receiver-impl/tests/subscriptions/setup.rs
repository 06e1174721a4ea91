//! `setup`: from nothing to events that arrive, and on from wherever it stopped.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::{Browser, GREENLAKE, NURSA, Receiver};
use crate::provider::{ACCOUNT, ID, Provider};
use crate::tool::{beside, fails, kept, receiver, secrets, succeeds};

/// `setup`, with the receiver's own address as the target.
fn arguments(receiver: &Receiver, provider: &str, events: &[&str]) -> Vec<String> {
    let target = format!("http://{}", receiver.public());
    let mut args = vec!["setup".to_owned(), provider.to_owned(), "--target".to_owned(), target];
    args.extend(events.iter().flat_map(|event| ["--event".to_owned(), (*event).to_owned()]));
    args
}

fn setup(receiver: &Receiver, api: &Provider, provider: &str, events: &[&str]) -> crate::common::Invocation {
    let args = arguments(receiver, provider, events);
    beside(receiver, api.api.address, provider, &args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn types(receiver: &Receiver) -> Vec<String> {
    kept(receiver).iter().map(|event| event["type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn gridx_ends_active_with_its_ping_in_the_inbox() {
    let receiver = receiver("gridx", "before\n");
    let gridx = Provider::gridx();
    let ended = succeeds(setup(&receiver, &gridx, "gridx", &["appliance/online", "ev/plugged"]));
    let (webhook, made) = {
        let state = gridx.state.lock().unwrap();
        (state.webhook.clone().unwrap(), state.secrets.clone())
    };
    assert_eq!(webhook["active"], true);
    assert_eq!(webhook["eventTypes"], serde_json::json!(["appliance/online", "ev/plugged"]));
    assert_eq!(webhook["targetURL"], format!("http://{}/gridx/events", receiver.public()));
    assert_eq!(secrets(receiver.folder()), [made[0].as_str(), "before"]);
    assert_eq!(types(&receiver), ["ping"]);
    let mode = fs::metadata(receiver.folder().join("secrets")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    for part in ["is made, not active yet", "has it live", "has it as event", "active"] {
        assert!(ended.stdout.contains(part), "{}", ended.stdout);
    }
    assert!(!ended.output().contains(&made[0]), "{}", ended.output());
    // It was made before it was active, and pinged before that, too.
    let calls = gridx.calls();
    let place =
        |call: &str| calls.iter().position(|known| known == call).unwrap_or_else(|| panic!("{call}: {calls:?}"));
    let webhook = format!("/accounts/{ACCOUNT}/webhooks/{ID}");
    assert!(place(&format!("POST {webhook}/ping")) < place(&format!("PUT {webhook}")));

    // Again: nothing new is made.
    succeeds(setup(&receiver, &gridx, "gridx", &["ev/plugged", "appliance/online"]));
    assert_eq!(gridx.state.lock().unwrap().secrets, made);
    assert_eq!(secrets(receiver.folder()).len(), 2);
}

#[test]
fn gridx_goes_on_with_a_subscription_whose_secret_is_not_here() {
    let receiver = receiver("gridx", "before\n");
    let gridx = Provider::gridx();
    succeeds(setup(&receiver, &gridx, "gridx", &["appliance/online"]));
    let lost = gridx.state.lock().unwrap().secrets[0].clone();
    fs::write(receiver.folder().join("secrets"), "before\n").unwrap();
    receiver.wait_for_metric(r#"receiver_keys{provider="gridx",kind="secret"}"#, 1);
    succeeds(setup(&receiver, &gridx, "gridx", &["appliance/online"]));
    let now = secrets(receiver.folder());
    assert_eq!((now.len(), now.contains(&lost)), (2, false), "gridX was asked for another one");
    assert_eq!(gridx.state.lock().unwrap().answers, [204, 204]);
}

#[test]
fn greenlake_ends_active_with_a_signed_event_in_the_inbox() {
    let receiver = receiver("greenlake", "before-long-and-random\n");
    let greenlake = Provider::greenlake();
    let event = "com.hpe.greenlake.audit-log.v1.logs.created";
    let ended = succeeds(setup(&receiver, &greenlake, "greenlake", &[event]).args(["--json"]));
    let summary: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&summary["id"], &summary["active"]), (&ID.into(), &true.into()));
    {
        let state = greenlake.state.lock().unwrap();
        assert_eq!(state.webhook.as_ref().unwrap()["status"], "ACTIVE");
        assert_eq!(state.subscribed, [event]);
        assert_eq!(state.secrets, ["before-long-and-random"], "challenges are answered with the first secret");
        assert!(state.answers.iter().all(|status| *status == 200), "{:?}", state.answers);
    }
    assert_eq!(types(&receiver), ["receiver.test"]);
    succeeds(setup(&receiver, &greenlake, "greenlake", &[event, "other.event"]));
    assert_eq!(greenlake.state.lock().unwrap().subscribed, [event, "other.event"]);
    let made = greenlake.calls().iter().filter(|call| *call == "POST /events/v1beta1/webhooks").count();
    assert_eq!(made, 1);
    assert_eq!(GREENLAKE, "/greenlake/events");
}

#[test]
fn nursa_ends_active_with_a_signed_event_in_the_inbox() {
    nursa_ends_active("facility", "shift.created");
}

#[test]
fn nursas_user_webhooks_end_active_too() {
    nursa_ends_active("user", "facility.creation.accepted");
}

fn nursa_ends_active(kind: &str, event: &str) {
    let receiver = receiver("nursa", "before\n");
    let nursa = Provider::nursa();
    for _ in 0..2 {
        let ended = succeeds(setup(&receiver, &nursa, "nursa", &[event]));
        let state = nursa.state.lock().unwrap();
        assert_eq!(state.kind, kind);
        assert_eq!(state.webhook.as_ref().unwrap()["url"], format!("http://{}{NURSA}", receiver.public()));
        assert_eq!(secrets(receiver.folder()), [state.secrets[0].as_str(), "before"]);
        assert!(!ended.output().contains(&state.secrets[0]), "{}", ended.output());
    }
    assert_eq!(types(&receiver), ["receiver.test", "receiver.test"]);
}

#[test]
fn the_test_event_of_each_provider_is_on_the_page() {
    let browser = Browser::start();
    let shows = |receiver: &Receiver, test: &str| {
        assert_eq!(types(receiver), [test]);
        browser.go(&format!("http://{}/#/events", receiver.admin()));
        let row = "document.querySelector('tr[data-id=\"1\"]')";
        browser.wait(&format!("{row}?.children[4].textContent === '{test}'"));
        browser.assert_faultless();
    };
    let (gridx, api) = (receiver("gridx", "before\n"), Provider::gridx());
    succeeds(setup(&gridx, &api, "gridx", &["appliance/online"]));
    shows(&gridx, "ping");
    let (greenlake, api) = (receiver("greenlake", "before-long-and-random\n"), Provider::greenlake());
    succeeds(setup(&greenlake, &api, "greenlake", &["com.hpe.greenlake.audit-log.v1.logs.created"]));
    shows(&greenlake, "receiver.test");
    let (nursa, api) = (receiver("nursa", "before\n"), Provider::nursa());
    succeeds(setup(&nursa, &api, "nursa", &["shift.created"]));
    shows(&nursa, "receiver.test");
}

#[test]
fn the_receiver_that_runs_is_sent_the_token_of_its_admin_port() {
    let receiver = Receiver::unconfigured()
        .file("secrets", "before\n")
        .file("token", "Zx90-admin-token-of-the-tests\n")
        .env("GRIDX_SECRETS_FILE", "secrets")
        .env("RECEIVER_INBOX", "sqlite:./data/inbox.db")
        .args(["--admin-token-file", "token"])
        .start();
    let gridx = Provider::gridx();
    let without = setup(&receiver, &gridx, "gridx", &["appliance/online"]);
    fails(without, 1, &["asks for a token", "--admin-token-file"]);
    let with = setup(&receiver, &gridx, "gridx", &["appliance/online"]);
    succeeds(with.args(["--admin-token-file", "token"]));
    assert_eq!(gridx.state.lock().unwrap().webhook.as_ref().unwrap()["active"], true);
}

#[test]
fn says_what_must_be_there_before_it_begins() {
    let gridx = Provider::gridx();
    let target = ["setup", "gridx", "--target", "https://hooks.example", "--event", "x"];
    let command = crate::tool::subscriptions(gridx.api.address, &target);
    fails(command, 1, &["no receiver runs on the inbox", "start `receiver serve` first"]);
    // One that runs, but was started without a secret of gridX.
    let receiver = receiver("nursa", "x\n");
    let command = beside(&receiver, gridx.api.address, "gridx", &target).env("GRIDX_SECRETS_FILE", "other");
    fails(command, 1, &["does not take gridx's events", "start it again with GRIDX_SECRETS_FILE="]);
    // What setup had made is still there for the next try.
    assert_eq!(fs::read_to_string(receiver.folder().join("other")).unwrap().lines().count(), 1);
}
