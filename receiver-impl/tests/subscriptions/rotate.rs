//! `rotate` while deliveries come in without a pause: not one is refused.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::common::{Receiver, Request, Until};
use crate::provider::{Fault, ID, Provider, RULE};
use crate::tool::{beside, fails, receiver, secrets, succeeds};

/// Sends what the provider would send, again and again, while `work` runs. What was refused comes back.
fn under_load<T>(
    receiver: &Receiver,
    api: &Provider,
    provider: &str,
    work: impl FnOnce() -> T,
) -> (T, Vec<u16>, usize) {
    let (stopped, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let until = Until(&stopped);
        let client = || {
            let mut connection = receiver.connect();
            let mut refused = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let request: Request = api.delivery(provider, sent.fetch_add(1, Ordering::Relaxed));
                let answer = connection.exchange(&request);
                if !answer.is_success() {
                    refused.push(answer.status);
                }
                thread::sleep(std::time::Duration::from_millis(2));
            }
            refused
        };
        let clients = [scope.spawn(client), scope.spawn(client)];
        let done = work();
        drop(until);
        let refused = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        (done, refused, sent.load(Ordering::Relaxed))
    })
}

/// Registers with the first command, and rotates the secret of what the second one names.
fn rotates(provider: &str, api: &Provider, register: &str, rotated: &str) {
    let receiver = receiver(provider, "of-another-subscription\n");
    let target = format!("http://{}", receiver.public());
    let register = format!("{register} --target {target}");
    let run = |text: &str| {
        let words: Vec<_> = str::split(text, ' ').collect();
        beside(&receiver, api.api.address, provider, &words)
    };
    succeeds(run(&register));
    let lines = secrets(receiver.folder()).len() as u64;
    receiver.wait_for_metric(&format!(r#"receiver_keys{{provider="{provider}",kind="secret"}}"#), lines);
    let old = api.state.lock().unwrap().secrets[0].clone();

    let (ended, refused, sent) =
        under_load(&receiver, api, provider, || succeeds(run(&format!("{rotated} --wait --unseen-for 2s"))));
    assert_eq!(refused, [0_u16; 0], "of {sent}; it said:\n{}", ended.output());
    assert!(sent > 100, "only {sent} deliveries");
    let new = api.state.lock().unwrap().secrets[0].clone();
    assert_ne!(old, new);
    let live = secrets(receiver.folder());
    assert!(live.contains(&new), "the new one is there");
    assert!(!live.contains(&old), "the old one is gone");
    assert!(ended.stdout.contains("taken away"), "{}", ended.stdout);
    assert!(!ended.output().contains(&new) && !ended.output().contains(&old), "{}", ended.output());
    assert!(
        !api.state.lock().unwrap().answers.contains(&0),
        "a challenge was answered with a secret that HPE did not have"
    );
}

#[test]
fn gridx_rotates_without_a_refusal() {
    rotates("gridx", &Provider::gridx(), "setup gridx --event appliance/online", &format!("rotate gridx {ID}"));
}

#[test]
fn a_notification_rule_rotates_without_a_refusal() {
    let create = "create gridx --kind rule --event appliance/online --filter systemID=x";
    let gridx = Provider::gridx();
    rotates("gridx", &gridx, create, &format!("rotate gridx {RULE} --kind rule"));
    let rule = gridx.state.lock().unwrap().rules[0].clone();
    assert_eq!(rule["filters"], serde_json::json!([{"name": "systemID", "condition": "x"}]), "what else it says stays");
}

#[test]
fn greenlake_rotates_with_two_secrets_and_without_a_refusal() {
    let setup = "setup greenlake --event com.hpe.greenlake.audit-log.v1.logs.created";
    rotates("greenlake", &Provider::greenlake(), setup, &format!("rotate greenlake {ID}"));
}

/// The dance has two changes at HPE. Wherever it stops, no delivery is refused and no challenge is answered wrong, neither
/// then nor when the same command goes on.
#[test]
fn an_interrupted_rotation_of_greenlake_goes_on_without_a_refusal() {
    for (change, fault) in
        [1, 2].into_iter().flat_map(|change| [Fault::Refused, Fault::AnswerLost].map(|fault| (change, fault)))
    {
        let (api, receiver) = (Provider::greenlake(), receiver("greenlake", "of-another-subscription\n"));
        let target = format!("http://{}", receiver.public());
        let run = |args: &[&str]| beside(&receiver, api.api.address, "greenlake", args);
        succeeds(run(&[
            "setup",
            "greenlake",
            "--target",
            &target,
            "--event",
            "com.hpe.greenlake.audit-log.v1.logs.created",
        ]));
        let old = api.state.lock().unwrap().secrets[0].clone();
        api.state.lock().unwrap().fault = Some((change, fault));

        let rotate = ["rotate", "greenlake", ID, "--wait", "--unseen-for", "1s"];
        let ((), refused, sent) = under_load(&receiver, &api, "greenlake", || {
            fails(run(&rotate), 1, &["503", "goes on from there"]);
            assert!(api.state.lock().unwrap().fault.is_none(), "it failed elsewhere");
            succeeds(run(&rotate));
        });
        assert_eq!(refused, [0_u16; 0], "change {change} {fault:?}: of {sent}");
        let state = api.state.lock().unwrap();
        assert!(!state.answers.contains(&0), "change {change} {fault:?}: a challenge was answered wrong");
        assert_eq!(state.secrets.len(), 1, "change {change} {fault:?}");
        assert_ne!(state.secrets[0], old, "change {change} {fault:?}");
        assert_eq!(secrets(receiver.folder())[0], state.secrets[0], "change {change} {fault:?}");
        assert!(!secrets(receiver.folder()).contains(&old), "change {change} {fault:?}");
    }
}

#[test]
fn nursa_rotates_both_kinds_without_a_refusal() {
    rotates("nursa", &Provider::nursa(), "setup nursa --event shift.created", &format!("rotate nursa {ID}"));
    let setup = "setup nursa --event facility.creation.accepted";
    rotates("nursa", &Provider::nursa(), setup, &format!("rotate nursa {ID} --kind user"));
}

#[test]
fn the_old_secret_stays_until_its_time_comes() {
    let (gridx, receiver) = (Provider::gridx(), receiver("gridx", "before\n"));
    let target = format!("http://{}", receiver.public());
    let run = |args: &[&str]| beside(&receiver, gridx.api.address, "gridx", args);
    succeeds(run(&["setup", "gridx", "--target", &target, "--event", "appliance/online"]));
    let ended = succeeds(run(&["rotate", "gridx", ID]));
    assert!(ended.stdout.contains("the old secret stays until"), "{}", ended.stdout);
    assert_eq!(secrets(receiver.folder()).len(), 3);
    // Another one would bring the time nearer when no live secret signs any more.
    fails(run(&["rotate", "gridx", ID]), 1, &["a rotation is under way", "--finish"]);
    let ended = succeeds(run(&["rotate", "gridx", ID, "--finish"]));
    assert!(ended.stdout.contains("the old secret stays until"), "{}", ended.stdout);
    // Three days later.
    let notes = receiver.folder().join("secrets.subscriptions.json");
    let text = std::fs::read_to_string(&notes).unwrap();
    let year = text.split("\"until\": \"").nth(1).unwrap()[..4].to_owned();
    std::fs::write(&notes, text.replace(&format!("\"until\": \"{year}"), "\"until\": \"2001")).unwrap();
    let ended = succeeds(run(&["rotate", "gridx", ID, "--finish"]));
    assert!(ended.stdout.contains("taken away"), "{}", ended.stdout);
    let newest = gridx.state.lock().unwrap().secrets[0].clone();
    assert_eq!(secrets(receiver.folder()), [newest.as_str(), "before"]);
}

#[test]
fn finds_out_which_secret_a_subscription_has_that_was_not_made_here() {
    let (gridx, receiver) = (Provider::gridx(), receiver("gridx", "of-another-subscription\n"));
    let target = format!("http://{}", receiver.public());
    let run = |args: &[&str]| beside(&receiver, gridx.api.address, "gridx", args);
    succeeds(run(&["setup", "gridx", "--target", &target, "--event", "appliance/online"]));
    let old = gridx.state.lock().unwrap().secrets[0].clone();
    std::fs::remove_file(receiver.folder().join("secrets.subscriptions.json")).unwrap();
    // As somebody might have written it by hand.
    std::fs::write(receiver.folder().join("secrets"), format!("of-another-subscription\n{old}\n")).unwrap();
    receiver.wait_for_metric(r#"receiver_key_reloads_total{provider="gridx",result="ok"}"#, 2);
    let ((), refused, _) = under_load(&receiver, &gridx, "gridx", || {
        succeeds(run(&["rotate", "gridx", ID, "--wait", "--unseen-for", "1s"]));
    });
    assert_eq!(refused, [0_u16; 0]);
    let new = gridx.state.lock().unwrap().secrets[0].clone();
    assert_eq!(secrets(receiver.folder()), [new.as_str(), "of-another-subscription"]);
}
