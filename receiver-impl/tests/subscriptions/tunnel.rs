//! `make tunnel`, with a stand-in for zrok.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::common::Invocation;

fn tunnel(folder: Option<&Path>) -> Invocation {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/tunnel.sh");
    let system = std::env::var("PATH").unwrap();
    // A zrok that this machine may have is out of sight.
    let system: Vec<_> = system.split(':').filter(|folder| !Path::new(folder).join("zrok").exists()).collect();
    let path = folder.map_or_else(String::new, |folder| format!("{}:", folder.display())) + &system.join(":");
    Invocation::of(script.to_str().unwrap(), &[]).env("PATH", path)
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
