//! `receiver send`: a provider on one's own desk.

use serde_json::Value;
use webhook_api::PROVIDERS;

use crate::common::events::MODEL;
use crate::common::process::Ended;
use crate::common::{Invocation, Receiver, SECRET, events};

/// `receiver send ARGS` to this receiver, with its secret in the environment.
fn sender(receiver: &Receiver, args: &[&str]) -> Invocation {
    let to = format!("http://{}", receiver.public());
    Invocation::new(&["send"]).args(args).args(["--to", &to]).env("GRIDX_SECRETS", SECRET)
}

fn send(receiver: &Receiver, args: &[&str]) -> Ended {
    sender(receiver, args).run()
}

#[test]
fn lists_every_event_of_the_spec_with_what_it_means() {
    let list = Invocation::new(&["send", "--list"]).run();
    assert_eq!((list.code(), list.stderr.as_str()), (Some(0), ""));
    for (endpoint, event) in PROVIDERS.iter().flat_map(|provider| provider.events()) {
        let is_it = |line: &&str| {
            let mut words = line.split_whitespace();
            words.any(|word| word == event.name) && words.any(|word| word == endpoint.path)
        };
        let line =
            list.stdout.lines().find(is_it).unwrap_or_else(|| panic!("{} is missing: {}", event.name, list.stdout));
        assert!(line.ends_with(event.summary), "{line}");
    }
}

#[test]
fn every_listed_event_of_every_provider_is_taken() {
    let receiver = Receiver::unconfigured().args(["--dev"]).start();
    let to = format!("http://{}", receiver.public());
    let list = Invocation::new(&["send", "--list", "--json"]).run();
    assert_eq!(list.stdout.lines().count(), PROVIDERS.iter().flat_map(|provider| provider.events()).count());
    for line in list.stdout.lines() {
        let listed: Value = serde_json::from_str(line).unwrap();
        let [event, provider, endpoint] =
            ["event", "provider", "endpoint"].map(|member| listed[member].as_str().unwrap());
        // In the receiver's folder are the secrets that it made up.
        let args = ["send", event, "--provider", provider, "--endpoint", endpoint, "--to", &to];
        let sent = Invocation::new(&args).in_folder(receiver.folder()).run();
        assert_eq!(sent.code(), Some(0), "{line}: {sent:?}");
    }
    let logs = receiver.stop().stderr;
    assert!(!logs.contains(r#""level":"WARN""#) && !logs.contains(r#""level":"ERROR""#), "{logs}");
}

#[test]
fn sends_to_the_endpoint_that_is_named() {
    let receiver = Receiver::start();
    for (endpoint, status) in [("gridxEvents", "204"), ("applianceOnline_2024", "200")] {
        let sent = send(&receiver, &["appliance/online", "--endpoint", endpoint]);
        assert_eq!(sent.code(), Some(0), "{sent:?}");
        assert!(sent.stdout.starts_with(status), "{endpoint}: {sent:?}");
    }
}

#[test]
fn prints_the_status_and_the_time() {
    let receiver = Receiver::start();
    let sent = send(&receiver, &["ping"]);
    let words: Vec<_> = sent.stdout.split_whitespace().collect();
    assert!(matches!(words[..], ["204", "in", time, "ms"] if time.parse::<f64>().is_ok()), "{sent:?}");
    let sent = send(&receiver, &["ping", "--json"]);
    let line: Value = serde_json::from_str(&sent.stdout).unwrap();
    assert_eq!((&line["status"], &line["event"]), (&204.into(), &"ping".into()));
    assert!(line["milliseconds"].is_number(), "{line}");
}

#[test]
fn puts_values_where_pointers_point() {
    let receiver = Receiver::start();
    let sent =
        send(&receiver, &["appliance/online", "--set", &format!("/data/model={MODEL}"), "--set", "/data/new=[1,2]"]);
    assert_eq!(sent.code(), Some(0), "{sent:?}");
    receiver.logs().wait_for(&["appliance online", MODEL]);
    // The type is a value like others: the body's, as it is signed.
    let sent = send(&receiver, &["appliance/online", "--set", "/type=appliance/melted"]);
    assert!(sent.stdout.starts_with("202"), "{sent:?}");
}

#[test]
fn refuses_a_pointer_that_leads_nowhere() {
    let receiver = Receiver::start();
    for set in ["/nowhere/x=1", "data=1", "/data/model", "/data/model/x=1"] {
        let sent = send(&receiver, &["appliance/online", "--set", set]);
        assert_eq!(sent.code(), Some(2), "{set}: {sent:?}");
        assert!(sent.stderr.contains(set.split('=').next().unwrap()), "{set}: {sent:?}");
    }
}

#[test]
fn sends_the_bytes_of_a_file_as_they_are() {
    let receiver = Receiver::start();
    let mut body = events::good();
    body.extend(b" \n\n");
    let sent = sender(&receiver, &["appliance/online", "--body", "event.json"]).file("event.json", body).run();
    assert!(sent.stdout.starts_with("204"), "{sent:?}");
    receiver.logs().wait_for(&["appliance online", MODEL]);
    // Not even JSON is asked for; the receiver is what is being tried.
    let sent = sender(&receiver, &["ping", "--body", "event.bin"]).file("event.bin", b"\xff\xfe").run();
    assert!(sent.stdout.starts_with("202"), "{sent:?}");
    let sent = send(&receiver, &["ping", "--body", "missing.json"]);
    assert_eq!(sent.code(), Some(2));
    assert!(sent.stderr.contains("missing.json"), "{sent:?}");
}

#[test]
fn sends_as_many_as_it_is_told() {
    let receiver = Receiver::start();
    for args in [&["--count", "5"][..], &["--count", "5", "--concurrency", "3"]] {
        let sent = send(&receiver, &[&["ping"], args].concat());
        assert_eq!(sent.code(), Some(0), "{sent:?}");
        assert_eq!(sent.stdout.lines().filter(|line| line.starts_with("204 in")).count(), 5, "{sent:?}");
        assert!(sent.stdout.lines().last().unwrap().starts_with("5 sent in"), "{sent:?}");
    }
    let logs = receiver.stop().stderr;
    assert_eq!(logs.lines().filter(|line| line.contains("handlers")).count(), 10);
}

#[test]
fn a_secret_in_the_arguments_goes_before_the_environment() {
    let receiver = Receiver::start();
    let right = sender(&receiver, &["ping", "--secret", SECRET]).env("GRIDX_SECRETS", "wrong").run();
    assert_eq!(right.code(), Some(0), "{right:?}");
    let wrong = send(&receiver, &["ping", "--secret", "wrong"]);
    assert_eq!(wrong.code(), Some(1), "{wrong:?}");
}

#[test]
fn signs_with_every_live_secret_as_a_provider_does_while_it_rotates() {
    let receiver = Receiver::start();
    let sent = sender(&receiver, &["ping"]).env("GRIDX_SECRETS", format!("older\n{SECRET}\n")).run();
    assert_eq!(sent.code(), Some(0), "{sent:?}");
}

#[test]
fn a_refusal_is_a_failure_and_says_what_it_means() {
    let receiver = Receiver::start();
    for (event, status) in [("appliance/online", "401"), ("commissioning/done", "403")] {
        let sent = send(&receiver, &[event, "--secret", "wrong"]);
        assert_eq!(sent.code(), Some(1), "{sent:?}");
        assert!(sent.stdout.starts_with(status), "{sent:?}");
        assert!(sent.stderr.contains("secret"), "{sent:?}");
    }
}

#[test]
fn an_address_with_a_path_too_many_is_a_failure() {
    let receiver = Receiver::start();
    let to = format!("http://{}/hooks", receiver.public());
    let sent = Invocation::new(&["send", "ping", "--to", &to]).env("GRIDX_SECRETS", SECRET).run();
    assert_eq!(sent.code(), Some(1), "{sent:?}");
    assert!(sent.stdout.starts_with("404"), "{sent:?}");
}

#[test]
fn an_unknown_event_is_refused_with_the_one_that_was_meant() {
    let receiver = Receiver::start();
    let sent = send(&receiver, &["aplliance/onlin"]);
    assert_eq!((sent.code(), sent.stdout.as_str()), (Some(2), ""));
    assert!(sent.stderr.contains("aplliance/onlin") && sent.stderr.contains("`appliance/online`"), "{sent:?}");
    let sent = send(&receiver, &["zebra"]);
    assert_eq!(sent.code(), Some(2));
    assert!(sent.stderr.contains("zebra"), "{sent:?}");
}

#[test]
fn says_what_is_missing_when_there_is_no_secret() {
    let sent = Invocation::new(&["send", "ping", "--to", "http://127.0.0.1:1"]).run();
    assert_eq!(sent.code(), Some(2), "{sent:?}");
    assert!(sent.stderr.contains("GRIDX_SECRETS") && sent.stderr.contains("--secret"), "{sent:?}");
}

#[test]
fn says_whom_it_cannot_reach() {
    let receiver = Receiver::start();
    let to = format!("http://{}", receiver.public());
    receiver.stop();
    let sent = Invocation::new(&["send", "ping", "--to", &to]).env("GRIDX_SECRETS", SECRET).run();
    assert_eq!(sent.code(), Some(1), "{sent:?}");
    assert!(sent.stderr.contains(to.trim_start_matches("http://")), "{sent:?}");
}

#[test]
fn refuses_an_address_that_is_none() {
    for to in ["localhost", "ftp://127.0.0.1", "http://", "/gridx"] {
        let sent = Invocation::new(&["send", "ping", "--to", to]).env("GRIDX_SECRETS", SECRET).run();
        assert_eq!(sent.code(), Some(2), "{to}: {sent:?}");
    }
}
