//! Flags over environment over file, and every mistake in them refused by name.

use std::net::TcpListener;

use crate::common::{EVENTS, Invocation, Receiver, Request, SECRET, events};

/// The largest body, in whole KiB, that this receiver takes; its limit is known to be one of these.
fn body_limit(receiver: &Receiver) -> usize {
    let takes = |kib: &usize| {
        let answer = receiver.answer(&Request::signed(EVENTS, events::of_size(kib << 10)));
        assert!([204, 413].contains(&answer.status), "{answer:?}");
        answer.status == 204
    };
    (1..=8).take_while(takes).last().unwrap_or(0)
}

#[test]
fn flags_go_over_the_environment_and_that_over_the_file() {
    let file = || Receiver::with_secrets(SECRET).file("receiver.toml", "body-limit = '2KiB'\n");
    assert_eq!(body_limit(&file().start()), 2);
    assert_eq!(body_limit(&file().env("RECEIVER_BODY_LIMIT", "4KiB").start()), 4);
    let all = file().env("RECEIVER_BODY_LIMIT", "4KiB").args(["--body-limit", "6KiB"]);
    assert_eq!(body_limit(&all.start()), 6);
}

#[test]
fn a_named_file_takes_the_place_of_the_usual_one() {
    let receiver = Receiver::with_args(&["--config", "other.toml"])
        .file("receiver.toml", "body-limit = '2KiB'\n")
        .file("other.toml", "body-limit = '3KiB'\n");
    assert_eq!(body_limit(&receiver.start()), 3);
}

#[test]
fn the_file_alone_can_say_where_to_listen() {
    let receiver = Invocation::new(&["serve"])
        .file("receiver.toml", "listen = '127.0.0.1:0'\nadmin = '127.0.0.1:0'\n")
        .env("GRIDX_SECRETS", SECRET);
    let receiver = Receiver::of(receiver);
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    assert_eq!(receiver.get_admin("/healthz").status, 200);
}

#[test]
fn the_file_can_name_the_file_of_secrets() {
    let configured = || {
        Receiver::unconfigured()
            .file("receiver.toml", "[providers.gridx]\nsecrets-file = 'gridx.secrets'\n")
            .file("gridx.secrets", "from-the-file\n")
    };
    let receiver = configured().start();
    receiver.answer(&Request::signed_with("from-the-file", EVENTS, events::good())).assert_bare(204);
    let receiver = configured().env("GRIDX_SECRETS", SECRET).start();
    receiver.answer(&Request::signed_with("from-the-file", EVENTS, events::good())).assert_bare(401);
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn refuses_a_named_file_that_is_missing() {
    Receiver::with_args(&["--config", "missing.toml"]).run().assert_refused(&["missing.toml"]);
}

#[test]
fn refuses_a_misspelt_setting_and_names_the_one_that_was_meant() {
    let run = |toml: &str| Receiver::with_secrets(SECRET).file("receiver.toml", toml).run();
    run("body-limt = '2KiB'\n").assert_refused(&["receiver.toml", "`body-limt`", "`body-limit`"]);
    run("[providers.gridx]\nsignature = 'any'\n").assert_refused(&["`providers.gridx.signature", "signatures"]);
    run("[providers.gridy]\n").assert_refused(&["gridy", "did you mean", "gridx"]);
    run("[provider.gridx]\n").assert_refused(&["`provider`", "`providers`"]);
}

#[test]
fn refuses_a_file_that_is_not_toml() {
    Receiver::with_secrets(SECRET)
        .file("receiver.toml", "listen: 8080\n")
        .run()
        .assert_refused(&["receiver.toml", "line 1"]);
    Receiver::with_secrets(SECRET).file("receiver.toml", b"\xff\xfe").run().assert_refused(&["receiver.toml"]);
}

#[test]
fn refuses_a_value_that_cannot_be_and_says_where_it_stands() {
    // Without the flags that the tests' receivers have otherwise, and that would go over the rest.
    let serve = || {
        let ports = [("RECEIVER_LISTEN", "127.0.0.1:0"), ("RECEIVER_ADMIN", "127.0.0.1:0"), ("GRIDX_SECRETS", SECRET)];
        ports.iter().fold(Invocation::new(&["serve"]), |serve, (name, value)| serve.env(name, value))
    };
    for (setting, value) in [
        ("listen", "8080"),
        ("listen", "localhost:8080"),
        ("admin", ":8081"),
        ("body-limit", "1MB"),
        ("body-limit", "0"),
        ("body-limit", "-1"),
        ("header-limit", "10"),
        ("header-timeout", "5"),
        ("header-timeout", "0s"),
        ("idle-timeout", "0s"),
        ("body-timeout", "ten seconds"),
        ("max-connections", "0"),
        ("max-requests", "many"),
        ("max-requests", "99999999999999999999"),
        ("handler-deadline", "0ms"),
    ] {
        println!("{setting} = {value}");
        serve().args([format!("--{setting}={value}")]).run().assert_refused(&[setting]);
        let variable = format!("RECEIVER_{}", setting.replace('-', "_").to_uppercase());
        serve().env(&variable, value).run().assert_refused(&[setting]);
        // What is no text in TOML is no text here either.
        let value = value.parse::<u32>().map_or(format!("'{value}'"), |number| number.to_string());
        let file = serve().file("receiver.toml", format!("{setting} = {value}\n")).run();
        file.assert_refused(&["receiver.toml", &format!("`{setting}`")]);
    }
    let file = "[providers.nursa]\ntolerance = '0s'\n";
    let run = serve().env("NURSA_SECRETS", SECRET).file("receiver.toml", file).run();
    run.assert_refused(&["receiver.toml", "`providers.nursa.tolerance`"]);
    // The file is not to blame for what goes over it.
    let run = serve().file("receiver.toml", "body-limit = '2KiB'\n").env("RECEIVER_BODY_LIMIT", "0").run();
    run.assert_refused(&["`body-limit`"]);
    assert!(!run.stderr.contains("receiver.toml"), "{run:?}");
}

#[test]
fn refuses_a_rule_for_signatures_that_is_neither_of_the_two() {
    let run = Receiver::with_secrets(SECRET).env("GRIDX_SIGNATURES", "both").run();
    run.assert_refused(&["GRIDX_SIGNATURES", "both", "any", "all"]);
    let toml = "[providers.gridx]\nsignatures = 'none'\n";
    let run = Receiver::with_secrets(SECRET).file("receiver.toml", toml).run();
    run.assert_refused(&["providers.gridx.signatures", "none", "any", "all"]);
}

#[test]
fn refuses_an_address_that_is_taken_and_names_the_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let listen =
        Invocation::new(&["serve", "--listen", &address, "--admin", "127.0.0.1:0"]).env("GRIDX_SECRETS", SECRET);
    listen.run().assert_refused(&[&address, "--listen"]);
    let admin =
        Invocation::new(&["serve", "--listen", "127.0.0.1:0", "--admin", &address]).env("GRIDX_SECRETS", SECRET);
    admin.run().assert_refused(&[&address, "--admin"]);
}

#[test]
fn says_on_one_line_that_it_is_ready_and_where() {
    let receiver = Receiver::start();
    let ready = receiver.ready();
    assert_eq!(ready.as_object().unwrap().len(), 3, "{ready}");
    assert_eq!(ready["ready"], true);
    let (public, admin) = (receiver.public(), receiver.admin());
    assert!(public.ip().is_loopback() && admin.ip().is_loopback() && public.port() != admin.port());
    assert_eq!(receiver.stop().stdout.lines().count(), 1, "nothing else belongs on standard output");
}

#[test]
fn help_names_every_setting_with_its_default() {
    let help = Invocation::new(&["serve", "--help"]).env("GRIDX_SECRETS", SECRET).run();
    assert!(help.status.success(), "{help:?}");
    for part in ["--listen", "127.0.0.1:8080", "--admin", "127.0.0.1:8081", "--config", "--dev", "--body-limit", "1MiB"]
    {
        assert!(help.stdout.contains(part), "`{part}` is missing in:\n{}", help.stdout);
    }
    assert!(help.stdout.contains("GRIDX_SECRETS"), "{}", help.stdout);
    assert!(!help.output().contains(SECRET));
}

#[test]
fn refuses_arguments_that_it_does_not_know() {
    for args in [&["serve", "--lisen", "127.0.0.1:0"][..], &["serv"], &["serve", "now"], &[]] {
        let ended = Invocation::new(args).env("GRIDX_SECRETS", SECRET).run();
        assert_eq!(ended.code(), Some(2), "{args:?}: {ended:?}");
    }
    let ended = Invocation::new(&["serve", "--lisen", "127.0.0.1:0"]).run();
    assert!(ended.stderr.contains("--listen"), "{ended:?}");
}

#[test]
fn the_specs_signature_scheme_counts_and_no_other() {
    let run = |toml: &str| Receiver::with_secrets(SECRET).file("receiver.toml", toml).run();
    let scheme = "header = 'X-Other'\nalgorithm = 'hmac-sha256'\nencoding = 'hex'\n";
    run(&format!("[schemes.gridx]\n{scheme}")).assert_refused(&["receiver.toml", "`schemes.gridx`", "the spec says"]);
    run(&format!("[schemes.gridxEvents]\n{scheme}")).assert_refused(&["`schemes.gridxEvents`", "the spec says"]);
    run("[schemes.gridx]\nopen = true\n").assert_refused(&["`schemes.gridx`", "the spec says"]);
    run(&format!("[schemes.grid]\n{scheme}")).assert_refused(&["`schemes.grid`", "did you mean `gridx`"]);
    run("[schemes.gridx]\nheadr = 'X-Other'\n").assert_refused(&["`schemes.gridx.headr`", "`schemes.gridx.header`"]);
    run("[schemes.gridx]\nalgorithm = 'md5'\n").assert_refused(&["`schemes.gridx.algorithm`", "`hmac-sha256`"]);
}
