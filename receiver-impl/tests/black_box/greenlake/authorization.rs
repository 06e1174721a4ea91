//! An `Authorization` that is demanded besides the signature.

use super::*;
use crate::common::Invocation;

const TOKEN: &str = "Bearer eyJhbGciOi.Zx83.black-box-token";

fn demanding(values: &str) -> Receiver {
    Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_AUTHORIZATION", values).start()
}

/// An event, a challenge and a question, all of which must have the same right to be answered.
fn requests() -> [Request; 3] {
    let options = Request::new("OPTIONS", GREENLAKE).header("WebHook-Request-Origin", "https://common.cloud.hpe.com");
    [signed(&audit_entry("authorized@example.com")), unsigned_challenge("token"), options]
}

#[test]
fn is_demanded_of_events_challenges_and_options() {
    let receiver = demanding(TOKEN);
    for request in requests() {
        receiver.answer(&request).assert_bare(401);
        for wrong in ["", "Bearer", "Bearer x", &TOKEN.to_lowercase(), &TOKEN["Bearer ".len()..], &TOKEN[..20]] {
            receiver.answer(&request.clone().header("Authorization", wrong)).assert_bare(401);
        }
        let twice = request.clone().header("Authorization", TOKEN).header("Authorization", TOKEN);
        receiver.answer(&twice).assert_bare(401);
        let answer = receiver.answer(&request.header("Authorization", TOKEN));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    receiver.logs().wait_for(&["missing_authorization"]);
    receiver.logs().wait_for(&["wrong_authorization"]);
    let logs = receiver.stop().stderr;
    assert!(!logs.contains(&TOKEN["Bearer ".len()..]), "{logs}");
}

#[test]
fn does_not_stand_in_for_the_signature() {
    let receiver = demanding(TOKEN);
    let body = audit_entry("unsigned@example.com").to_string();
    let unsigned = Request::unsigned(GREENLAKE, body).header("Authorization", TOKEN);
    receiver.answer(&unsigned).assert_bare(401);
    receiver.answer(&unsigned.header(SIGNATURE, sign("wrong", ""))).assert_bare(401);
}

#[test]
fn may_be_a_bare_key_and_have_several_values() {
    let receiver = demanding("old-api-key\nnew-api-key");
    for key in ["old-api-key", "new-api-key"] {
        receiver.answer(&signed(&audit_entry("k")).header("Authorization", key)).assert_bare(200);
    }
    receiver.answer(&signed(&audit_entry("k")).header("Authorization", "Bearer old-api-key")).assert_bare(401);
}

#[test]
fn may_stand_in_a_file() {
    for receiver in [
        Receiver::unconfigured().env("GREENLAKE_AUTHORIZATION_FILE", "tokens"),
        Receiver::unconfigured().file("receiver.toml", "[providers.greenlake]\nauthorization-file = 'tokens'\n"),
    ] {
        let receiver = receiver.env("GREENLAKE_SECRETS", SECRET).file("tokens", TOKEN).start();
        receiver.answer(&signed(&audit_entry("f"))).assert_bare(401);
        receiver.answer(&signed(&audit_entry("f")).header("Authorization", TOKEN)).assert_bare(200);
    }
    let missing = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_AUTHORIZATION_FILE", "none");
    missing.run().assert_refused(&["GREENLAKE_AUTHORIZATION_FILE"]);
    let empty = Receiver::unconfigured().env("GREENLAKE_SECRETS", SECRET).env("GREENLAKE_AUTHORIZATION", "");
    empty.run().assert_refused(&["GREENLAKE_AUTHORIZATION"]);
}

#[test]
fn is_of_no_concern_where_none_is_configured() {
    let receiver = receiver();
    receiver.answer(&signed(&audit_entry("a")).header("Authorization", "Bearer whatever")).assert_bare(200);
}

#[test]
fn alone_turns_no_provider_on() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_AUTHORIZATION", TOKEN).env("GRIDX_SECRETS", SECRET).start();
    receiver.answer(&signed(&audit_entry("off")).header("Authorization", TOKEN)).assert_bare(404);
}

#[test]
fn the_sender_sends_what_the_receiver_demands() {
    let receiver = demanding(TOKEN);
    let to = format!("http://{}", receiver.public());
    let send = || Invocation::new(&["send", AUDIT_LOG, "--to", &to]).env("GREENLAKE_SECRETS", SECRET);
    assert_eq!(send().env("GREENLAKE_AUTHORIZATION", TOKEN).run().code(), Some(0));
    assert_eq!(send().run().code(), Some(1));
}

#[test]
fn changes_with_its_file_while_the_receiver_runs() {
    let receiver = Receiver::unconfigured().env("GREENLAKE_AUTHORIZATION_FILE", "tokens").file("tokens", "old-key");
    let receiver = receiver.env("GREENLAKE_SECRETS", SECRET).start();
    let answer = |key: &str| receiver.answer(&signed(&audit_entry("k")).header("Authorization", key)).status;
    assert_eq!((answer("old-key"), answer("new-key")), (200, 401));
    std::fs::write(receiver.folder().join("tokens"), "new-key\n").unwrap();
    receiver.signal("HUP");
    let began = std::time::Instant::now();
    while answer("new-key") != 200 {
        assert!(began.elapsed() < crate::common::PATIENCE, "{}", receiver.logs().so_far());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(answer("old-key"), 401);
}
