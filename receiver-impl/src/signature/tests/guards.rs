//! What a whole provider demands, from its configured keys.

use std::ffi::OsString;

use webhook_api::contract::{Endpoint, Provider};

use super::schemes::*;
use super::*;
use crate::config::Signatures;
use crate::secrets::{Credentials, KeyFiles};
use crate::signature::{GuardError, ProviderGuards, Refusal, sign_delivery};

const PUBLIC: &str = include_str!("../../../tests/data/rsa-2048.public.pem");
const PRIVATE: &str = include_str!("../../../tests/data/rsa-2048.private.pem");
const BODY: &[u8] = b"{}";

static GRIDX_EVENTS: Endpoint = endpoint("events", &[&[&GRIDX], &[&GRIDX_RS256]]);
static HPE_EVENTS: Endpoint = endpoint("events", &[&[&HPE], &[&HPE_2]]);
static BOTH_EVENTS: Endpoint = endpoint("events", &[&[&GRIDX, &GRIDX_RS256]]);
static OPEN_EVENTS: Endpoint = endpoint("open", &[&[]]);
static BARE_EVENTS: Endpoint = endpoint("bare", &[]);

static GRIDX_PROVIDER: Provider = provider(&[&GRIDX_EVENTS]);
static HPE_PROVIDER: Provider = provider(&[&HPE_EVENTS]);
static BOTH_IN_ONE: Provider = provider(&[&BOTH_EVENTS]);
static PARTLY_OPEN: Provider = provider(&[&GRIDX_EVENTS, &OPEN_EVENTS]);
static PARTLY_BARE: Provider = provider(&[&GRIDX_EVENTS, &BARE_EVENTS]);

const fn provider(endpoints: &'static [&'static Endpoint]) -> Provider {
    Provider { name: "p", summary: "", endpoints }
}

const fn endpoint(id: &'static str, guards: &'static [&'static [&'static SignatureScheme]]) -> Endpoint {
    Endpoint { id, provider: "p", guards, ..webhook_api::providers::gridx::GRIDX_EVENTS }
}

fn credentials(secrets: &str, public_keys: &str) -> Credentials {
    let env = |name: &str| match name {
        "P_SECRETS" if !secrets.is_empty() => Some(OsString::from(secrets)),
        "P_PUBLIC_KEYS" if !public_keys.is_empty() => Some(OsString::from(public_keys)),
        _ => None,
    };
    Credentials::read("p", &KeyFiles::default(), &env).unwrap()
}

fn guards(provider: &'static Provider, secrets: &str, public_keys: &str, rule: Signatures) -> ProviderGuards {
    ProviderGuards::new(provider, &credentials(secrets, public_keys), rule, None).unwrap()
}

fn error(provider: &'static Provider, secrets: &str, public_keys: &str) -> GuardError {
    ProviderGuards::new(provider, &credentials(secrets, public_keys), Signatures::Any, None).unwrap_err()
}

/// The schemes and slots that verified a request with these headers.
fn verify(guards: &ProviderGuards, headers: &HeaderMap) -> Result<Vec<(&'static str, u8)>, Refusal> {
    let verified = guards.endpoint("events").unwrap().verify(headers, BODY, 0)?;
    Ok(verified.iter().map(|one| (one.scheme.name, one.slot)).collect())
}

fn with(schemes: &[(&'static SignatureScheme, &str)]) -> HeaderMap {
    schemes.iter().fold(HeaderMap::new(), |headers, (scheme, key)| signed(scheme, &[key], headers, BODY, 0))
}

#[test]
fn any_one_configured_scheme_suffices_by_default() {
    let guards = guards(&GRIDX_PROVIDER, "one\ntwo", PUBLIC, Signatures::Any);
    assert_eq!(verify(&guards, &with(&[(&GRIDX, "two")])), Ok(vec![("gridx", 2)]));
    assert_eq!(verify(&guards, &with(&[(&GRIDX_RS256, PRIVATE)])), Ok(vec![("gridx-rs256", 1)]));
    assert_eq!(verify(&guards, &with(&[(&GRIDX, "bad"), (&GRIDX_RS256, PRIVATE)])), Ok(vec![("gridx-rs256", 1)]));
    assert_eq!(verify(&guards, &with(&[(&GRIDX, "bad")])), Err(Refusal::NoMatch));
    assert_eq!(verify(&guards, &HeaderMap::new()), Err(Refusal::MissingHeader("X-Signature")));
}

#[test]
fn all_configured_schemes_can_be_demanded() {
    let guards = guards(&GRIDX_PROVIDER, "one", PUBLIC, Signatures::All);
    let both = with(&[(&GRIDX, "one"), (&GRIDX_RS256, PRIVATE)]);
    assert_eq!(verify(&guards, &both), Ok(vec![("gridx", 1), ("gridx-rs256", 1)]));
    assert_eq!(verify(&guards, &with(&[(&GRIDX, "one")])), Err(Refusal::MissingHeader("X-Signature-Rs256")));
    assert_eq!(verify(&guards, &with(&[(&GRIDX, "bad"), (&GRIDX_RS256, PRIVATE)])), Err(Refusal::NoMatch));
}

#[test]
fn a_scheme_without_keys_is_out_even_where_all_are_demanded() {
    for rule in [Signatures::Any, Signatures::All] {
        let guards = guards(&GRIDX_PROVIDER, "one", "", rule);
        assert_eq!(verify(&guards, &with(&[(&GRIDX, "one")])), Ok(vec![("gridx", 1)]));
        assert!(verify(&guards, &with(&[(&GRIDX_RS256, PRIVATE)])).is_err());
        assert_eq!(guards.endpoint("events").unwrap().schemes().count(), 1);
    }
}

#[test]
fn within_an_alternative_all_must_hold() {
    let guards = guards(&BOTH_IN_ONE, "one", PUBLIC, Signatures::Any);
    assert!(verify(&guards, &with(&[(&GRIDX, "one"), (&GRIDX_RS256, PRIVATE)])).is_ok());
    assert!(verify(&guards, &with(&[(&GRIDX, "one")])).is_err());
    let unguarded = error(&BOTH_IN_ONE, "one", "").to_string();
    assert_eq!(unguarded, "nothing would guard the endpoint `events`; set P_SECRETS or P_PUBLIC_KEYS");
}

#[test]
fn either_of_two_headers_may_match_any_secret() {
    let guards = guards(&HPE_PROVIDER, "first\nsecond", "", Signatures::Any);
    assert_eq!(verify(&guards, &with(&[(&HPE, "second")])), Ok(vec![("hpe", 2)]));
    assert_eq!(verify(&guards, &with(&[(&HPE_2, "first")])), Ok(vec![("hpe-2", 1)]));
    assert_eq!(verify(&guards, &with(&[(&HPE, "x"), (&HPE_2, "second")])), Ok(vec![("hpe-2", 2)]));
}

#[test]
fn an_endpoint_is_open_only_where_that_is_said() {
    let guards = guards(&PARTLY_OPEN, "one", "", Signatures::Any);
    assert_eq!(guards.endpoint("open").unwrap().verify(&HeaderMap::new(), BODY, 0), Ok(vec![]));
    assert!(verify(&guards, &HeaderMap::new()).is_err());
    assert!(guards.endpoint("other").is_none());
    assert!(matches!(error(&PARTLY_OPEN, "", ""), GuardError::Unguarded { endpoint: "events", .. }));
    assert!(matches!(error(&PARTLY_BARE, "one", ""), GuardError::NoGuard(_)));
}

#[test]
fn a_key_that_fits_no_scheme_is_an_error_that_names_its_place() {
    let message = error(&GRIDX_PROVIDER, "one", "not pem").to_string();
    assert_eq!(message, "P_PUBLIC_KEYS: key 1 is not a PEM block `PUBLIC KEY` or `RSA PUBLIC KEY`");
    let message = error(&HPE_PROVIDER, "one", PUBLIC).to_string();
    assert_eq!(message, "P_PUBLIC_KEYS is set, but no scheme of `p` takes such keys; unset it");
}

#[test]
fn the_refusal_of_the_scheme_that_got_furthest_is_told() {
    let guards = guards(&HPE_PROVIDER, "one", "", Signatures::Any);
    assert_eq!(verify(&guards, &with(&[(&HPE_2, "bad")])), Err(Refusal::NoMatch));
    let malformed = headers(&[("HPE-Webhook-Signature2", "sha256=zz")]);
    assert_eq!(verify(&guards, &malformed), Err(Refusal::Malformed("HPE-Webhook-Signature2")));
}

#[test]
fn the_sender_signs_as_the_provider_does() {
    let sent = |provider: &'static Provider, keys: &[&str]| {
        let signed = sign_delivery(provider.endpoints[0], &secrets(keys), &HeaderMap::new(), BODY, 0).unwrap();
        signed.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<Vec<_>>()
    };
    let gridx = sent(&GRIDX_PROVIDER, &["one", "two"]);
    assert_eq!(gridx.len(), 1);
    assert_eq!(gridx[0].1.as_bytes().split(|byte| *byte == b',').count(), 2);
    let names: Vec<_> = sent(&HPE_PROVIDER, &["one", "two"]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["hpe-webhook-signature", "hpe-webhook-signature2"]);
    assert_eq!(sent(&HPE_PROVIDER, &["one"]).len(), 1);
}
