//! A step of `setup` that fails: what was done is said, and how to take it back, and the same command goes on from there.

use std::fs;

use crate::common::{Invocation, Receiver};
use crate::provider::{ACCOUNT, ID, Provider};
use crate::tool::{beside, fails, receiver, secrets, succeeds};

const GREENLAKE_EVENT: &str = "com.hpe.greenlake.audit-log.v1.logs.created";

fn setup(receiver: &Receiver, gridx: &Provider) -> Invocation {
    let target = format!("http://{}", receiver.public());
    let args = ["setup", "gridx", "--target", &target, "--event", "appliance/online"];
    beside(receiver, gridx.api.address, "gridx", &args)
}

/// How to take the secret back.
fn remove(receiver: &Receiver) -> String {
    let path = fs::canonicalize(receiver.folder().join("secrets")).unwrap();
    format!("remove the first line of {}, the secret that was put there", path.display())
}

/// What stands behind `To take them back:`.
fn undo(said: &str) -> Vec<&str> {
    let lines = said.split_once("To take them back:").map_or("", |(_, lines)| lines).lines();
    lines.map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn gridx_says_what_was_done_and_how_to_undo_it() {
    let receiver = receiver("gridx", "before\n");
    let gridx = Provider::gridx();
    // The receiver reads another file, so the secret never gets live there.
    let elsewhere = receiver.folder().join("elsewhere");
    let command = setup(&receiver, &gridx);
    let command = command.args(["--secrets-file".as_ref(), elsewhere.as_os_str()]);
    let undo = format!("receiver subscriptions delete gridx {ID}");
    let line = format!("remove the first line of {}", elsewhere.display());
    let ended = fails(command, 1, &["The steps above are done", "goes on from there", &undo, &line]);
    assert!(ended.stdout.contains("is made, not active yet"), "{}", ended.stdout);
    assert_eq!(gridx.state.lock().unwrap().webhook.as_ref().unwrap()["active"], false);

    // The same with the right file goes on, with the same subscription.
    succeeds(setup(&receiver, &gridx));
    assert_eq!(gridx.state.lock().unwrap().webhook.as_ref().unwrap()["active"], true);
    let made = gridx.calls().iter().filter(|call| **call == format!("POST /accounts/{ACCOUNT}/webhooks")).count();
    assert_eq!(made, 1);
}

#[test]
fn greenlake_names_the_secret_and_the_webhook_and_goes_on() {
    let receiver = receiver("greenlake", "before-long-and-random\n");
    // The receiver takes events, and the file has no secret that could be used: setup makes one.
    fs::write(receiver.folder().join("secrets"), "").unwrap();
    let greenlake = Provider::greenlake();
    let target = format!("http://{}", receiver.public());
    let args = ["setup", "greenlake", "--target", &target, "--event", GREENLAKE_EVENT];
    let setup = || beside(&receiver, greenlake.api.address, "greenlake", &args);
    let line = remove(&receiver);
    let webhook = format!("/events/v1beta1/webhooks/{ID}");

    let refuse = |call: &str| greenlake.state.lock().unwrap().refuses = Some(call.to_owned());
    refuse("POST /events/v1beta1/webhooks");
    let ended = fails(setup(), 1, &["(503)", "The same command goes on from there"]);
    let made = secrets(receiver.folder());
    assert_eq!((undo(&ended.stderr), made.len()), (vec![&*line], 1), "{}", ended.output());
    assert!(!ended.output().contains(&made[0]), "{}", ended.output());

    refuse(&format!("POST {webhook}/verify"));
    let ended = fails(setup(), 1, &["(503)", "The same command goes on from there"]);
    assert_eq!(undo(&ended.stderr), [format!("receiver subscriptions delete greenlake {ID} --force")]);

    refuse("POST /events/v1beta1/subscriptions");
    fails(setup(), 1, &["(503)", "The same command goes on from there"]);
    succeeds(setup());
    let state = greenlake.state.lock().unwrap();
    assert_eq!((&state.secrets, &state.subscribed), (&made, &vec![GREENLAKE_EVENT.to_owned()]));
    assert_eq!(secrets(receiver.folder()), made);
    let posts = greenlake.calls().iter().filter(|call| *call == "POST /events/v1beta1/webhooks").count();
    assert_eq!(posts, 2, "the refused one and the one that made it");
}

#[test]
fn nursa_names_the_secret_and_the_webhook_and_goes_on() {
    let receiver = receiver("nursa", "before\n");
    let nursa = Provider::nursa();
    let target = format!("http://{}", receiver.public());
    let setup = |target: &str| {
        let args = ["setup", "nursa", "--target", target, "--event", "shift.created"];
        beside(&receiver, nursa.api.address, "nursa", &args)
    };
    let line = &*remove(&receiver);
    nursa.state.lock().unwrap().refuses = Some("POST /api/v2/public/webhooks/facility".to_owned());
    let ended = fails(setup(&target), 1, &["(503)", "The same command goes on from there"]);
    assert_eq!(undo(&ended.stderr), [line], "{}", ended.output());
    let made = secrets(receiver.folder());
    assert_eq!((made.len(), made[1].as_str()), (2, "before"));
    succeeds(setup(&target));
    assert_eq!(nursa.state.lock().unwrap().secrets, made[..1], "the secret of the first try");
    assert_eq!(secrets(receiver.folder()), made);

    // Another one, whose address leads nowhere: both are to be taken back, the webhook first.
    nursa.state.lock().unwrap().webhook = None;
    let ended = fails(setup("http://127.0.0.1:1/nursa/events"), 1, &["The same command goes on from there"]);
    assert_eq!(undo(&ended.stderr), [&format!("receiver subscriptions delete nursa {ID} --kind facility"), line]);
    assert_eq!(secrets(receiver.folder()).len(), 3);
}
