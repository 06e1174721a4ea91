//! Where secrets come from, and that they never come out.

use webhook_api::PROVIDERS;

use crate::common::{EVENTS, Invocation, Receiver, Request, SECRET, events, sign};

#[test]
fn refuses_to_start_without_any_secret_and_says_what_to_set() {
    let ended = Receiver::unconfigured().run();
    ended.assert_refused(&["GRIDX_SECRETS", "--dev"]);
}

#[test]
fn a_provider_without_a_secret_has_no_routes_and_the_log_says_what_to_set() {
    let receiver = Receiver::start();
    for off in PROVIDERS.iter().filter(|provider| provider.name != "gridx") {
        for endpoint in off.endpoints {
            receiver.answer(&Request::signed(endpoint.path, events::good())).assert_bare(404);
        }
        let variable = format!("{}_SECRETS", off.name.to_uppercase().replace('-', "_"));
        receiver.logs().wait_for(&[off.name, &variable]);
    }
}

#[test]
fn refuses_an_empty_secret() {
    for empty in ["", " ", "\n", "\r\n\t\n"] {
        Receiver::with_secrets(empty).run().assert_refused(&["GRIDX_SECRETS"]);
        let file = Receiver::unconfigured().file("secrets", empty).env("GRIDX_SECRETS_FILE", "secrets");
        file.run().assert_refused(&["GRIDX_SECRETS_FILE", "secrets"]);
    }
}

#[test]
fn refuses_a_file_of_secrets_that_cannot_be_read() {
    let run = |path: &str| Receiver::unconfigured().env("GRIDX_SECRETS_FILE", path).run();
    run("missing").assert_refused(&["GRIDX_SECRETS_FILE", "missing"]);
    run(".").assert_refused(&["GRIDX_SECRETS_FILE"]);
    run("").assert_refused(&["GRIDX_SECRETS_FILE"]);
}

#[test]
fn refuses_two_sources_of_secrets() {
    let both = Receiver::with_secrets(SECRET).file("secrets", SECRET).env("GRIDX_SECRETS_FILE", "secrets");
    both.run().assert_refused(&["GRIDX_SECRETS", "GRIDX_SECRETS_FILE"]);
}

#[test]
fn refuses_secrets_that_look_damaged_without_showing_them() {
    for damaged in
        [format!("{SECRET} "), format!("\t{SECRET}"), format!("good\n{SECRET}\u{1}"), format!("\u{feff}{SECRET}")]
    {
        let ended = Receiver::with_secrets(&damaged).run();
        ended.assert_refused(&["GRIDX_SECRETS"]);
        assert!(!ended.output().contains(SECRET), "{ended:?}");
    }
    let file = Receiver::unconfigured().file("secrets", [SECRET.as_bytes(), b"\xff\n"].concat());
    let ended = file.env("GRIDX_SECRETS_FILE", "secrets").run();
    ended.assert_refused(&["GRIDX_SECRETS_FILE"]);
    assert!(!ended.output().contains(SECRET), "{ended:?}");
}

#[test]
fn refuses_a_public_key_where_a_secret_belongs() {
    Receiver::with_secrets(crate::common::RSA_KEY).run().assert_refused(&["GRIDX_SECRETS", "PUBLIC_KEYS"]);
}

#[test]
fn every_one_of_several_secrets_is_live() {
    let receiver = Receiver::with_secrets("first secret\nsecond\n\nwhsec_third\n").start();
    for secret in ["first secret", "second", "whsec_third"] {
        receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).assert_bare(204);
    }
    for secret in ["first", "secret", "third", "", "\n", "first secret\nsecond\n\nwhsec_third\n", "first secret\n"] {
        receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).assert_bare(401);
    }
}

#[test]
fn reads_secrets_from_a_file_whatever_ends_its_lines() {
    for content in ["first\nsecond", "first\nsecond\n", "first\r\nsecond\r\n", "\n\nfirst\n\n\nsecond\n\n"] {
        let receiver = Receiver::unconfigured().file("secrets", content).env("GRIDX_SECRETS_FILE", "secrets").start();
        for secret in ["first", "second"] {
            receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).assert_bare(204);
        }
        receiver.answer(&Request::signed_with("first\r", EVENTS, events::good())).assert_bare(401);
    }
}

#[test]
fn a_secret_of_other_letters_and_of_any_length_works() {
    for secret in ["schlüssel-ключ-鍵", "#not a comment", "'quoted'", "x", &"long".repeat(1000)] {
        let receiver = Receiver::with_secrets(secret).start();
        receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).assert_bare(204);
    }
}

#[test]
fn secrets_and_right_digests_never_print_however_much_is_logged() {
    let receiver = Receiver::with_secrets(SECRET).env("RUST_LOG", "trace").start();
    let good = events::good();
    receiver.answer(&Request::signed(EVENTS, good.clone())).assert_bare(204);
    // What is refused must not tell what would have been right.
    let other = events::changed(|event| event["id"] = "another".into());
    let right = sign(SECRET, &other);
    receiver.answer(&Request::unsigned(EVENTS, other).header("X-Signature", sign("wrong", &good))).assert_bare(401);
    receiver.answer(&Request::unsigned(EVENTS, good).header("X-Signature", SECRET)).assert_bare(401);
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert!(!receiver.get_admin(path).text().contains(SECRET), "{path}");
    }
    let ended = receiver.stop();
    assert!(ended.stderr.contains("no_match"), "{ended:?}");
    assert!(!ended.output().contains(SECRET), "{ended:?}");
    assert!(!ended.output().contains(&right["sha512=".len()..]), "{ended:?}");
}

#[test]
fn secrets_never_print_when_the_receiver_does_not_start() {
    for args in [&["--listen", "nonsense"][..], &["--config", "missing.toml"], &["--nonsense"], &["--help"], &["-V"]] {
        let ended = Receiver::with_args(args).env("RUST_LOG", "trace").run();
        assert!(!ended.output().contains(SECRET), "{args:?}: {ended:?}");
    }
}

#[test]
fn a_secret_that_was_put_into_the_configuration_file_is_refused_and_not_shown() {
    for toml in [
        format!("[providers.gridx]\nsecrets = '{SECRET}'\n"),
        format!("[providers.gridx]\nsecrets = ['{SECRET}']\n"),
        format!("gridx-secrets = '{SECRET}'\n"),
        format!("[providers]\ngridx = '{SECRET}'\n"),
    ] {
        let ended = Receiver::unconfigured().file("receiver.toml", &toml).run();
        ended.assert_refused(&["receiver.toml"]);
        assert!(!ended.output().contains(SECRET), "{toml}: {ended:?}");
    }
}

#[test]
fn the_sender_does_not_print_its_secret() {
    let receiver = Receiver::start();
    let to = format!("http://{}", receiver.public());
    for secret in [SECRET, "another-Zx82-secret"] {
        let flag = Invocation::new(&["send", "ping", "--to", &to, "--secret", secret]).env("RUST_LOG", "trace").run();
        let variable = Invocation::new(&["send", "ping", "--to", &to]).env("GRIDX_SECRETS", secret).run();
        assert!(!flag.output().contains(secret) && !variable.output().contains(secret), "{flag:?} {variable:?}");
        assert_eq!(flag.code(), variable.code());
    }
}
