//! The commands under test, and what must never be in their output.

use std::net::SocketAddr;
use std::path::Path;

use crate::common::process::Ended;
use crate::common::{Invocation, Receiver};

/// The token of all three APIs; unlike anything else that is written.
pub(crate) const TOKEN: &str = "eyJ-token-9dK2-hush";

/// `receiver subscriptions ARGS` with tokens, towards a stand-in.
pub(crate) fn subscriptions(api: SocketAddr, args: &[&str]) -> Invocation {
    let invocation = Invocation::new(&["subscriptions"]).args(args).args(["--api", &format!("http://{api}")]);
    invocation.env("GRIDX_TOKEN", TOKEN).env("GREENLAKE_TOKEN", TOKEN).env("NURSA_TOKEN", TOKEN)
}

/// The same in a receiver's folder, where its inbox and its file of secrets are.
pub(crate) fn beside(receiver: &Receiver, api: SocketAddr, provider: &str, args: &[&str]) -> Invocation {
    let variable = format!("{}_SECRETS_FILE", provider.to_uppercase());
    subscriptions(api, args).in_folder(receiver.folder()).env(&variable, "secrets")
}

/// It must have worked, and told no token.
#[track_caller]
pub(crate) fn succeeds(invocation: Invocation) -> Ended {
    let ended = invocation.run();
    assert_eq!(ended.code(), Some(0), "{}", ended.output());
    assert!(!ended.output().contains(TOKEN), "{}", ended.output());
    ended
}

/// It must have failed with this code and said each of `parts`, and told no token.
#[track_caller]
pub(crate) fn fails(invocation: Invocation, code: i32, parts: &[&str]) -> Ended {
    let ended = invocation.run();
    assert_eq!(ended.code(), Some(code), "{}", ended.output());
    assert!(!ended.output().contains(TOKEN), "{}", ended.output());
    for part in parts {
        assert!(ended.stderr.contains(part), "`{part}` is missing in: {}", ended.stderr);
    }
    ended
}

/// The lines of the file of secrets.
pub(crate) fn secrets(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("secrets")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// A receiver that keeps events, with a provider's secrets in the file `secrets` of its folder.
pub(crate) fn receiver(provider: &str, secrets: &str) -> Receiver {
    let variable = format!("{}_SECRETS_FILE", provider.to_uppercase());
    Receiver::unconfigured()
        .file("secrets", secrets)
        .env(&variable, "secrets")
        .env("RECEIVER_INBOX", "sqlite:./data/inbox.db")
        .start()
}

/// The states and types of the kept events, the newest first.
pub(crate) fn kept(receiver: &Receiver) -> Vec<serde_json::Value> {
    let list = Invocation::new(&["events", "list", "--json"]).in_folder(receiver.folder()).run();
    assert_eq!(list.code(), Some(0), "{}", list.output());
    list.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
