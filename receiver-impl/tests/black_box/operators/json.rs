//! What the commands say to programs: one JSON object, and the exit code.

use receiver::inbox::State::{Dead, Done, Parked, Pending, Retrying};
use serde_json::{Value, json};

use super::kept::Kept;
use crate::common::{Invocation, Receiver};

fn one(kept: &Kept, args: &[&str], code: i32) -> Value {
    let ended = kept.events(&[args, &["--json"]].concat());
    assert_eq!(ended.code(), Some(code), "{ended:?}");
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

#[test]
fn a_change_tells_how_many_were_changed_and_why_others_were_not() {
    let kept = Kept::with(&[Pending, Retrying, Done, Dead, Parked]);
    let change = |change: &str, dry_run: bool, changed: u64, unchanged: u64, reasons: Value| {
        json!({
            "change": change, "dry_run": dry_run, "changed": changed, "unchanged": unchanged, "reasons": reasons,
        })
    };
    let pending = json!([{ "reason": "being pending", "events": 1, "ids": [1] }]);
    assert_eq!(one(&kept, &["replay", "1", "3", "--dry-run"], 1), change("replay", true, 1, 1, pending.clone()));
    assert_eq!(one(&kept, &["replay", "1", "3"], 1), change("replay", false, 1, 1, pending));
    assert_eq!(one(&kept, &["retry", "--state", "dead"], 0), change("retry", false, 1, 0, json!([])));
    assert_eq!(one(&kept, &["park", "--state", "retrying"], 0), change("park", false, 1, 0, json!([])));
    assert_eq!(one(&kept, &["park", "--type", "nothing"], 1), change("park", false, 0, 0, json!([])));
    let remove = ["prune", "--older-than", "30m", "--state", "parked"];
    assert_eq!(one(&kept, &remove, 0), change("remove", false, 2, 0, json!([])));
    assert_eq!(one(&kept, &remove, 0), change("remove", false, 0, 0, json!([])));
}

#[test]
fn removal_by_the_settings_and_import_tell_their_figures() {
    let kept = Kept::with(&[Done, Dead, Done, Done]);
    let export = kept.events(&["export", "--to", "all.jsonl"]);
    assert_eq!(export.code(), Some(0), "{export:?}");
    std::fs::write(kept.folder().join("receiver.toml"), "keep-bodies = '90m'\nkeep-identities = '210m'").unwrap();
    assert_eq!(one(&kept, &["prune", "--dry-run"], 0), json!({ "dry_run": true, "bodies": 2, "events": 1 }));
    assert_eq!(one(&kept, &["prune"], 0)["dry_run"], false);
    assert_eq!(one(&kept, &["prune"], 0), json!({ "dry_run": false, "bodies": 0, "events": 0 }));
    let import = ["import", "all.jsonl", "--inbox", "sqlite:other.db"];
    assert_eq!(one(&kept, &import, 0), json!({ "kept": 4, "duplicates": 0 }));
    assert_eq!(one(&kept, &import, 0), json!({ "kept": 0, "duplicates": 4 }));
}

#[test]
fn figures_have_the_same_members_whether_a_receiver_runs_or_not() {
    let receiver = Receiver::with_inbox().start();
    let folder = receiver.folder().to_owned();
    let stats = || {
        let ended = Invocation::new(&["events", "stats", "--json"]).in_folder(&folder).run();
        assert_eq!(ended.code(), Some(0), "{ended:?}");
        let Value::Object(stats) = serde_json::from_str(&ended.stdout).unwrap() else { panic!("{ended:?}") };
        stats
    };
    let running = stats();
    for member in ["pending", "leased", "retrying", "done", "dead", "parked", "duplicates"] {
        assert!(running[member].is_u64(), "{member}: {running:?}");
    }
    let ended = receiver.stop();
    assert_eq!(ended.code(), Some(0));
    assert!(stats().keys().eq(running.keys()));
}

#[test]
fn without_an_inbox_every_command_says_so() {
    let direct = Receiver::start();
    for command in [&["stats", "--json"][..], &["list"], &["replay", "1"], &["export"], &["prune"]] {
        let invocation = Invocation::new(&["events"]).args(command).env("RECEIVER_INBOX", "none");
        let ended = invocation.in_folder(direct.folder()).run();
        assert_eq!(ended.code(), Some(2), "{ended:?}");
        ended.assert_refused(&["the inbox is `none`, so no events are kept", "--inbox sqlite:PATH"]);
    }
}
