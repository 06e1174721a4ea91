//! `make tunnel`, with a stand-in for zrok.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use serde_json::json;

use crate::common::Invocation;
use crate::provider::{ACCOUNT, ID, Provider, RULE};
use crate::tool::TOKEN;

fn tunnel(folder: Option<&Path>) -> Invocation {
    tunnel_to(folder, &[])
}

fn tunnel_to(folder: Option<&Path>, args: &[&str]) -> Invocation {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/tunnel.sh");
    let system = std::env::var("PATH").unwrap();
    // A zrok that this machine may have is out of sight.
    let system: Vec<_> = system.split(':').filter(|folder| !Path::new(folder).join("zrok").exists()).collect();
    let path = folder.map_or_else(String::new, |folder| format!("{}:", folder.display())) + &system.join(":");
    Invocation::of(script.to_str().unwrap(), args).env("PATH", path)
}

/// An executable `zrok` that says and does this.
fn zrok(invocation: &Invocation, text: &str) {
    let path = invocation.folder().join("zrok");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn prints_the_line_for_its_address_and_reminds_in_the_end() {
    let place = Invocation::of("true", &[]);
    zrok(
        &place,
        "echo \"$@\"\necho 'access your zrok share at the following endpoints:'\necho ' https://a1b2c3.share.zrok.io'",
    );
    let ended = tunnel(Some(place.folder())).run();
    assert_eq!(ended.code(), Some(0), "{}", ended.output());
    let said = ended.output();
    for part in [
        "share public --headless http://localhost:8080",
        "receiver subscriptions setup gridx --target https://a1b2c3.share.zrok.io --event appliance/online",
        "receiver subscriptions setup greenlake --target https://a1b2c3.share.zrok.io",
        "receiver subscriptions setup nursa --target https://a1b2c3.share.zrok.io",
        "receiver subscriptions delete gridx ID",
    ] {
        assert!(said.contains(part), "`{part}` is missing in:\n{said}");
    }
    assert_eq!(said.matches("setup gridx").count(), 1, "{said}");
}

#[test]
fn reminds_also_when_it_is_interrupted() {
    let place = Invocation::of("true", &[]);
    zrok(&place, "echo https://a1b2c3.share.zrok.io\nexec sleep 60");
    let process = tunnel(Some(place.folder())).spawn();
    process.stdout.wait_for(&["setup gridx"]);
    // Not INT: a run of the tests in the background has children that ignore it.
    process.signal("TERM");
    let ended = process.wait();
    assert!(ended.output().contains("receiver subscriptions delete gridx ID"), "{}", ended.output());
}

/// The lines of the reminder.
fn reminder(said: &str) -> Vec<String> {
    let lines = said.split_once("is gone. Delete what you registered for it:").unwrap().1.lines();
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn reminds_with_commands_that_can_be_run() {
    let place = Invocation::of("true", &[]);
    zrok(&place, "echo https://a1b2c3.share.zrok.io");
    symlink(env!("CARGO_BIN_EXE_receiver"), place.folder().join("receiver")).unwrap();
    let (gridx, nursa) = (Provider::gridx(), Provider::nursa());
    {
        let mut state = gridx.state.lock().unwrap();
        state.webhook = Some(json!({"id": ID, "targetURL": "https://a1b2c3.share.zrok.io/gridx/events"}));
        // One for another address, and one of the same tunnel.
        let rule = |id: &str, url: &str| json!({"eventType": "x", "id": id, "notificationType": {"webhook": {"targetURL": url}}});
        state.rules = vec![
            rule(ACCOUNT, "https://a1b2c3.share.zrok.io.other.example/gridx/events"),
            rule(RULE, "https://a1b2c3.share.zrok.io"),
        ];
    }
    let told = |invocation: Invocation| {
        let invocation = invocation.env("GRIDX_TOKEN", TOKEN).env("GREENLAKE_TOKEN", "wrong").env("NURSA_TOKEN", TOKEN);
        invocation
            .env("GRIDX_API", format!("http://{}", gridx.api.address))
            .env("NURSA_API", format!("http://{}", nursa.api.address))
            .env("GREENLAKE_API", format!("http://{}", nursa.api.address))
    };
    let ended = told(tunnel(Some(place.folder()))).run();
    assert_eq!(ended.code(), Some(0), "{}", ended.output());
    let lines = reminder(&ended.stdout);
    assert_eq!(
        lines[..2],
        [
            format!("receiver subscriptions delete gridx {ID}"),
            format!("receiver subscriptions delete gridx {RULE} --kind rule")
        ]
    );
    assert!(lines[2].starts_with("# greenlake: HPE GreenLake does not accept the token"), "{lines:?}");
    assert_eq!(
        lines[3..],
        [
            "receiver subscriptions list greenlake",
            "receiver subscriptions delete greenlake ID --force",
            "# nursa: none",
        ]
    );
    assert!(!ended.output().contains(TOKEN), "{}", ended.output());
    // As a person would.
    for line in &lines[..2] {
        let path = format!("{}:{}", place.folder().display(), std::env::var("PATH").unwrap());
        let ended = told(Invocation::of("sh", &["-c", line]).env("PATH", path)).run();
        assert_eq!(ended.code(), Some(0), "{}", ended.output());
    }
    let state = gridx.state.lock().unwrap();
    assert!(state.webhook.is_none() && state.rules.len() == 1);
}

#[test]
fn says_so_if_no_receiver_runs() {
    let place = Invocation::of("true", &[]);
    zrok(&place, "echo https://a1b2c3.share.zrok.io");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    let said = |target: &str| tunnel_to(Some(place.folder()), &[target]).run().output();
    assert!(!said(&target).contains("No receiver runs"));
    drop(listener);
    assert!(said(&target).contains(&format!("No receiver runs at {target} yet: start it first")), "{}", said(&target));
}

#[test]
fn says_where_to_get_zrok() {
    tunnel(None).run().assert_refused(&["zrok is missing", "https://docs.zrok.io", "zrok enable TOKEN"]);
}

#[test]
fn reminds_of_nothing_where_no_address_was_given() {
    let place = Invocation::of("true", &[]);
    zrok(&place, "echo 'unable to load environment; did you zrok enable?' >&2\nexit 1");
    let ended = tunnel(Some(place.folder())).run();
    assert_eq!(ended.code(), Some(1), "{}", ended.output());
    assert!(ended.stderr.contains("did you zrok enable?") && ended.stderr.contains("zrok ended"), "{}", ended.stderr);
    assert!(!ended.output().contains("delete"), "{}", ended.output());
}
