//! `serve --dev`: from nothing to a handled event in two commands.

use crate::common::process::Ended;
use crate::common::{EVENTS, Invocation, Receiver, Request, events};

/// The command that the receiver prints for a second terminal.
fn printed_command(receiver: &Receiver) -> String {
    receiver.logs().wait_for(&["GRIDX_SECRETS=", " send ", "--to "]).trim().to_owned()
}

/// The secret in that command.
fn secret(command: &str) -> &str {
    command.split_whitespace().find_map(|word| word.strip_prefix("GRIDX_SECRETS=")).unwrap()
}

/// Runs a line in a shell that knows nothing but the line.
fn shell(line: &str) -> Ended {
    Invocation::of("sh", &["-c", line]).run()
}

#[test]
fn prints_a_command_that_sends_an_event_which_is_handled() {
    let receiver = Receiver::unconfigured().args(["--dev"]).start();
    let command = printed_command(&receiver);
    let sent = shell(&command);
    assert_eq!(sent.code(), Some(0), "{command}: {sent:?}");
    assert!(sent.stdout.starts_with('2'), "{sent:?}");
    receiver.logs().wait_for(&["handlers"]);
}

#[test]
fn the_secret_is_long_and_new_each_time_and_the_only_one_that_works() {
    let secrets: Vec<_> = (0..2)
        .map(|_| {
            let receiver = Receiver::unconfigured().args(["--dev"]).start();
            let command = printed_command(&receiver);
            let secret = secret(&command);
            receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).assert_bare(204);
            for wrong in ["", "dev", "secret", &secret[1..]] {
                receiver.answer(&Request::signed_with(wrong, EVENTS, events::good())).assert_bare(401);
            }
            secret.to_owned()
        })
        .collect();
    assert!(secrets[0].len() >= 32, "{secrets:?}");
    assert_ne!(secrets[0], secrets[1]);
}

#[test]
fn the_secret_is_told_to_the_person_and_not_to_the_log() {
    let receiver = Receiver::unconfigured().args(["--dev"]).env("RUST_LOG", "trace").start();
    let command = printed_command(&receiver);
    let secret = secret(&command).to_owned();
    receiver.answer(&Request::signed_with(&secret, EVENTS, events::good())).assert_bare(204);
    receiver.answer(&Request::unsigned(EVENTS, events::good())).assert_bare(401);
    let ended = receiver.stop();
    let (log, told): (Vec<_>, Vec<_>) = ended.stderr.lines().partition(|line| line.starts_with('{'));
    assert!(!log.join("\n").contains(&secret) && !ended.stdout.contains(&secret), "{ended:?}");
    assert_eq!(told.iter().filter(|line| line.trim() == secret).count(), 1, "{told:?}");
}

#[test]
fn a_sender_in_the_same_folder_needs_no_secret() {
    let receiver = Receiver::unconfigured().args(["--dev"]).start();
    let to = format!("http://{}", receiver.public());
    let sent = Invocation::new(&["send", "appliance/online", "--to", &to]).in_folder(receiver.folder()).run();
    assert_eq!(sent.code(), Some(0), "{sent:?}");
    receiver.logs().wait_for(&["appliance online"]);
}

#[test]
fn the_short_command_goes_to_the_port_that_the_receiver_has() {
    let receiver = Receiver::unconfigured().args(["--dev"]).start();
    let line = receiver.logs().wait_for(&["make send", "EVENT="]);
    assert!(line.contains(&format!("http://{}", receiver.public())), "{line}");
}

#[test]
fn leaves_no_secret_behind() {
    let receiver = Receiver::unconfigured().args(["--dev"]).start();
    let secret = secret(&printed_command(&receiver)).to_owned();
    let folder = receiver.folder().to_owned();
    let found = shell(&format!("grep -r -l {secret} {}", folder.display()));
    assert_eq!(found.stdout.lines().count(), 1, "{found:?}");
    let mode = shell(&format!("stat -c %a {}", found.stdout.trim()));
    assert_eq!(mode.stdout, "600");
    let ended = receiver.stop();
    let found = shell(&format!("grep -r -l {secret} {}", folder.display()));
    assert_eq!(found.stdout, "", "{found:?}");
    assert!(folder.exists(), "{ended:?}");
}

#[test]
fn a_configured_secret_is_kept() {
    let receiver = Receiver::with_secrets("configured").args(["--dev"]).start();
    receiver.answer(&Request::signed_with("configured", EVENTS, events::good())).assert_bare(204);
    let ended = receiver.stop();
    assert!(!ended.stderr.contains("gridx: this secret") && !ended.stderr.contains("GRIDX_SECRETS="), "{ended:?}");
}
