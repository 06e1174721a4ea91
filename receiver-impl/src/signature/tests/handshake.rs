//! What guards a provider besides its signatures: the answer to its challenge, and its `Authorization`.

use std::ffi::OsString;

use webhook_api::PROVIDERS;
use webhook_api::contract::Provider;

use super::*;
use crate::config::Signatures;
use crate::secrets::{Credentials, KeyFiles};
use crate::signature::{ProviderGuards, Refusal};

const ENDPOINT: &str = "greenlakeEvents";

fn greenlake() -> &'static Provider {
    PROVIDERS.iter().find(|provider| provider.name == "greenlake").unwrap()
}

fn guards(vars: &[(&str, &str)]) -> ProviderGuards {
    let env = |name: &str| vars.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value));
    let credentials = Credentials::read("greenlake", &KeyFiles::default(), &env).unwrap();
    ProviderGuards::new(greenlake(), &credentials, Signatures::Any, None).unwrap()
}

fn answer(secrets: &str, token: &str) -> Option<String> {
    guards(&[("GREENLAKE_SECRETS", secrets)]).endpoint(ENDPOINT).unwrap().answer_challenge(token)
}

#[test]
fn answers_the_worked_example() {
    let expected = "d201287a4d93f29f78154fa130f303d4ef86b37b4dce92095f9f26175fddb0a7";
    let token = "6f1d7c52-3b0e-4a7b-9d11-7c1f5a2e8b90";
    assert_eq!(answer("Glc!primary#2026", token).as_deref(), Some(expected));
    assert_eq!(answer("Glc!primary#2026\nGlc!secondary#2026", token).as_deref(), Some(expected));
    assert_ne!(answer("Glc!secondary#2026\nGlc!primary#2026", token).as_deref(), Some(expected));
}

#[test]
fn an_endpoint_without_a_challenge_answers_none() {
    let credentials = Credentials::made_up(Secret::new("secret"));
    let nursa = PROVIDERS.iter().find(|provider| provider.name == "nursa").unwrap();
    let guards = ProviderGuards::new(nursa, &credentials, Signatures::Any, None).unwrap();
    assert_eq!(guards.endpoint("nursaEvents").unwrap().answer_challenge("token"), None);
}

#[test]
fn any_configured_authorization_will_do_to_the_letter() {
    let vars = [("GREENLAKE_SECRETS", "s"), ("GREENLAKE_AUTHORIZATION", "Bearer new\nold-key\nschl\u{fc}ssel")];
    let guards = guards(&vars);
    let check = |values: &[&[u8]]| {
        let lines: Vec<_> = values.iter().map(|value| ("authorization", *value)).collect();
        guards.authorize(&headers(&lines))
    };
    for right in ["Bearer new", "old-key", "schl\u{fc}ssel"] {
        assert_eq!(check(&[right.as_bytes()]), Ok(()));
    }
    for wrong in ["", "new", "bearer new", "Bearer  new", "Bearer new2", "old-ke", "old-keyy"] {
        assert_eq!(check(&[wrong.as_bytes()]), Err(Refusal::WrongAuthorization), "{wrong}");
    }
    assert_eq!(check(&[b"Bearer \xff"]), Err(Refusal::WrongAuthorization));
    assert_eq!(check(&[]), Err(Refusal::MissingAuthorization));
    assert_eq!(check(&[b"old-key", b"old-key"]), Err(Refusal::MissingAuthorization));
}

#[test]
fn without_a_configured_authorization_any_goes() {
    let guards = guards(&[("GREENLAKE_SECRETS", "s")]);
    assert_eq!(guards.authorize(&headers::<&[u8]>(&[])), Ok(()));
    assert_eq!(guards.authorize(&headers(&[("authorization", "Bearer whatever")])), Ok(()));
}

#[test]
fn a_configured_authorization_never_prints() {
    let guards = guards(&[("GREENLAKE_SECRETS", "s"), ("GREENLAKE_AUTHORIZATION", "hidden")]);
    assert!(!format!("{guards:?}").contains("hidden"));
}
