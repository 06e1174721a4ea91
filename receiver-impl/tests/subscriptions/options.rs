//! Options: each is heeded, or refused where it does not apply.

use serde_json::json;

use crate::provider::{Provider, RULE};
use crate::tool::{fails, subscriptions, succeeds};

const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";

#[test]
fn an_option_that_does_not_apply_is_refused() {
    let api = Provider::greenlake();
    let id = ID;
    for (args, message) in [
        (
            format!("update gridx {id} --filter a=b"),
            "`--filter` does not apply to gridX's kind `webhook`; what does: `--t",
        ),
        (format!("update gridx {id} --kind rule --active"), "`--active` does not apply to gridX's kind `rule`"),
        ("create gridx --target https://a.example --event x --name n".to_owned(), "`--name`"),
        (
            "create greenlake --target https://a.example --name n --event x".to_owned(),
            "`--event` does not apply to HPE",
        ),
        (
            format!("create greenlake --kind subscription --webhook {id} --event x --target https://a.example"),
            "`--target`",
        ),
        (format!("update greenlake {id} --kind subscription --batching true"), "`--batching`"),
        ("list greenlake --webhook x".to_owned(), "`--webhook` does not apply to HPE GreenLake's kind `webhook`"),
        (format!("delete gridx {id} --force"), "`--force` does not apply to gridX's kind `webhook`"),
        (format!("delete greenlake {id} --kind subscription --force"), "`--force`"),
        (format!("deliveries greenlake {id} --event x"), "`--event` does not apply to HPE GreenLake; what does: `ID`"),
        ("deliveries nursa x".to_owned(), "`ID` does not apply to Nursa"),
        (
            "create nursa --target https://a.example --event shift.created --inactive".to_owned(),
            "`--inactive` does not",
        ),
        (
            "create nursa --target https://a.example --event facility.creation.accepted --facility F".to_owned(),
            "kind `user`",
        ),
        ("setup gridx --target https://a.example --event x --name n".to_owned(), "`--name` does not apply"),
        ("setup greenlake --target https://a.example --event x --facility F".to_owned(), "`--facility`"),
        ("setup gridx --kind rule --target https://a.example --event x".to_owned(), "`create gridx --kind rule"),
        ("setup greenlake --kind subscription --target https://a.example --event x".to_owned(), "leave `--kind` out"),
        ("setup greenlake --kind rule --target https://a.example --event x".to_owned(), "must be `webhook` or"),
        (format!("list nursa --account {id}"), "`--account` does not apply to Nursa"),
        (format!("update gridx {id} --kind rule"), "nothing is to change: give `--event`, `--target` or `--filter`"),
        (format!("update greenlake {id} --kind subscription"), "nothing is to change"),
        (format!("update greenlake {id}"), "nothing is to change"),
    ] {
        let words: Vec<_> = args.split(' ').collect();
        fails(subscriptions(api.api.address, &words), 2, &[message]);
    }
    fails(subscriptions(api.api.address, &["rotate", "gridx", id, "--unseen-for", "1s"]), 2, &["--wait"]);
    assert!(api.api.asked().is_empty(), "{:?}", api.calls());
}

#[test]
fn a_rule_gets_another_filter_and_keeps_the_rest() {
    let gridx = Provider::gridx();
    let run = |args: &[&str]| {
        let command = subscriptions(gridx.api.address, args).file("secrets", "").env("GRIDX_SECRETS_FILE", "secrets");
        succeeds(command);
        gridx.state.lock().unwrap().rules[0].clone()
    };
    let create = ["create", "gridx", "--kind", "rule", "--target", "https://a.example", "--event", "appliance/online"];
    let first = run(&[&create[..], &["--filter", "systemID=x"]].concat());
    let update = |args: &[&str]| run(&[&["update", "gridx", RULE, "--kind", "rule"], args].concat());
    let second = update(&["--filter", "systemID=a=b"]);
    assert_eq!(second["filters"], json!([{"name": "systemID", "condition": "a=b"}]));
    assert_eq!((&second["notificationType"], &second["eventType"]), (&first["notificationType"], &first["eventType"]));
    let third = update(&["--target", "https://b.example/x", "--event", "appliance/offline"]);
    assert_eq!((&third["filters"], &third["eventType"]), (&second["filters"], &json!("appliance/offline")));
    let secret = "/notificationType/webhook/secret";
    assert_eq!(third.pointer(secret), first.pointer(secret));
    assert_eq!(third.pointer("/notificationType/webhook/targetURL").unwrap(), "https://b.example/x");
    assert_eq!(update(&["--filter", ""])["filters"], json!([]));
    let wrong = ["update", "gridx", RULE, "--kind", "rule", "--filter", "x"];
    fails(subscriptions(gridx.api.address, &wrong), 2, &["NAME=CONDITION"]);
}
