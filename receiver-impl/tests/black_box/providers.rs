//! Several providers at one receiver: the signature of one counts for nothing at another.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::common::programs::example;
use crate::common::{EVENTS, GREENLAKE, Invocation, NURSA, Receiver, Request, SECRET, events, hmac_sha256, sign};

/// A provider's path, and a request's signature headers as it makes them with [`SECRET`].
struct Signs {
    name: &'static str,
    path: &'static str,
    headers: fn(&[u8]) -> Vec<(&'static str, String)>,
    body: &'static str,
}

const PROVIDERS: [Signs; 3] = [
    Signs {
        name: "gridx",
        path: EVENTS,
        headers: |body| vec![("X-Signature", sign(SECRET, body))],
        body: r#"{"id":"c1a7b2f4-6d1e-4f0b-9b52-0d3e8a6f7c90","source":"/accounts/2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","specVersion":"1.0","time":"2026-07-01T12:00:00Z","type":"ping","data":{"message":"integration check"}}"#,
    },
    Signs {
        name: "greenlake",
        path: GREENLAKE,
        headers: |body| {
            let signature = format!("sha256={}", hmac_sha256(SECRET, body));
            vec![("HPE-Webhook-Signature", signature.clone()), ("HPE-Webhook-Signature2", signature)]
        },
        body: r#"{"specversion":"1.0","id":"1","source":"https://global.api.greenlake.hpe.com/x","type":"unknown.to.all"}"#,
    },
    Signs {
        name: "nursa",
        path: NURSA,
        headers: |body| {
            let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
            let digits = hmac_sha256(SECRET, [format!("{time}.").as_bytes(), body].concat());
            vec![("Nursa-Signature", format!("t={time},v1={digits}"))]
        },
        body: r#"{"data":{"facilityId":"NUR-000125"},"eventType":"facility.creation.accepted"}"#,
    },
];

fn request(path: &str, headers: &[(&'static str, String)], body: &str) -> Request {
    let request = Request::unsigned(path, body);
    headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_str()))
}

/// One receiver of all three, which have the same secret.
fn receiver() -> Receiver {
    Receiver::with_secrets(SECRET).env("GREENLAKE_SECRETS", SECRET).env("NURSA_SECRETS", SECRET).start()
}

#[test]
fn a_request_signed_for_one_provider_is_refused_by_another_though_they_share_a_secret() {
    let receiver = receiver();
    for signed in &PROVIDERS {
        let headers = (signed.headers)(signed.body.as_bytes());
        for sent in &PROVIDERS {
            let answer = receiver.answer(&request(sent.path, &headers, signed.body));
            let what = format!("signed for {}, sent to {}: {answer:?}", signed.name, sent.name);
            assert_eq!(answer.is_success(), signed.name == sent.name, "{what}");
            assert!(answer.is_success() || answer.status == 401, "{what}");
        }
    }
}

#[test]
fn nor_does_it_pass_when_its_signature_is_put_into_the_other_provider_s_header() {
    let receiver = receiver();
    for signed in &PROVIDERS {
        let body = signed.body;
        let (_, value) = (signed.headers)(body.as_bytes()).remove(0);
        let digits = value.rsplit('=').next().unwrap();
        for sent in PROVIDERS.iter().filter(|sent| sent.name != signed.name) {
            for (header, right) in (sent.headers)(body.as_bytes()) {
                let grammar = right.rsplit_once('=').unwrap().0;
                for moved in [value.clone(), format!("{grammar}={digits}")] {
                    let answer = receiver.answer(&request(sent.path, &[(header, moved)], body));
                    answer.assert_bare(401);
                }
            }
        }
    }
}

#[test]
fn warns_of_a_secret_that_two_providers_share_without_showing_it() {
    let receiver = receiver();
    for (variable, other) in [
        ("GREENLAKE_SECRETS", "GRIDX_SECRETS"),
        ("NURSA_SECRETS", "GRIDX_SECRETS"),
        ("NURSA_SECRETS", "GREENLAKE_SECRETS"),
    ] {
        let line = receiver.logs().wait_for(&[&format!("{variable}, key 1, is also {other}, key 1")]);
        assert!(line.contains("WARN"), "{line}");
    }
    assert!(!receiver.stop().output().contains(SECRET));
}

#[test]
fn providers_with_secrets_of_their_own_do_not_take_each_other_s() {
    let receiver = Receiver::with_secrets("of gridx").env("NURSA_SECRETS", SECRET).start();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(401);
    receiver.answer(&Request::signed_with("of gridx", EVENTS, events::good())).assert_bare(204);
    assert!(!receiver.logs().so_far().contains("is also"));
}

/// One of all three in direct mode, whose methods are as bad as a body wants them.
fn moody(settings: &str) -> Receiver {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--inbox", "none"];
    let program = example("moody");
    let mut invocation = Invocation::of(program.to_str().unwrap(), &serve).file("receiver.toml", settings);
    for variable in ["GRIDX_SECRETS", "GREENLAKE_SECRETS", "NURSA_SECRETS"] {
        invocation = invocation.env(variable, SECRET);
    }
    Receiver::of(invocation)
}

/// A good delivery that a method treats in this way.
fn in_mood(provider: &Signs, mood: &str) -> Request {
    let body = format!(r#"{},"mood":"{mood}"}}"#, provider.body.strip_suffix('}').unwrap());
    request(provider.path, &(provider.headers)(body.as_bytes()), &body)
}

#[test]
fn a_method_that_panics_makes_its_provider_send_again_and_harms_nobody() {
    let receiver = moody("");
    for provider in &PROVIDERS {
        let answer = receiver.answer(&in_mood(provider, "panics"));
        assert_eq!(
            (answer.status, answer.header("retry-after").is_some()),
            (503, true),
            "{}: {answer:?}",
            provider.name
        );
        let answer = receiver.answer(&in_mood(provider, "works"));
        assert!(answer.is_success(), "{}: {answer:?}", provider.name);
    }
}

#[test]
fn a_method_that_never_returns_is_given_up_at_its_providers_own_deadline() {
    for provider in &PROVIDERS {
        // With the deadline of the others, the test would fail for want of an answer.
        let own = format!("handler-deadline = '10m'\n[providers.{}]\nhandler-deadline = '100ms'\n", provider.name);
        let receiver = moody(&own);
        let answer = receiver.answer(&in_mood(provider, "never returns"));
        assert_eq!(
            (answer.status, answer.header("retry-after").is_some()),
            (503, true),
            "{}: {answer:?}",
            provider.name
        );
    }
}

#[test]
fn what_is_delivered_again_is_accepted_and_kept_once_for_each_provider() {
    let receiver = Receiver::with_inbox().env("GREENLAKE_SECRETS", SECRET).env("NURSA_SECRETS", SECRET).start();
    for _ in 0..3 {
        for provider in &PROVIDERS {
            let headers = (provider.headers)(provider.body.as_bytes());
            let answer = receiver.answer(&request(provider.path, &headers, provider.body));
            assert!(answer.is_success(), "{}: {answer:?}", provider.name);
        }
    }
    receiver.wait_for_metric("receiver_inbox_duplicates_total", 6);
    receiver.wait_for_metric("receiver_inbox_admitted_total", 3);
}
