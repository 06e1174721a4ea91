//! Any body that is signed as a scheme declares is taken, and nothing that differs from it by one bit.
//!
//! Every case goes through every scheme: those of the spec, and those of providers that it could declare.

use std::ffi::OsString;

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use receiver::config::Signatures;
use receiver::secrets::{Credentials, KeyFiles, Secret};
use receiver::signature::{ProviderGuards, Refusal, Signer, Verifier, sign_delivery};
use webhook_api::contract::{Encoding, Endpoint, KeyEncoding, Provider, SignatureScheme};
use webhook_api::{PROVIDERS, SIGNATURE_SCHEMES};

use crate::bodies::schemes::{ALL, Keyed};

/// A request to be signed.
#[derive(Debug, Clone)]
struct Case {
    id: String,
    body: Vec<u8>,
    now: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..300),
        "\\PC{1,200}".prop_map(String::into_bytes),
        select(examples()).prop_map(|example| example.as_bytes().to_vec()),
    ];
    // No full stop, which is what separates an id from the rest.
    let id = "[!-\\-/-~]{1,40}";
    (id, body, 0..100_000_000_000_u64).prop_map(|(id, body, now)| Case { id, body, now })
}

fn examples() -> Vec<&'static str> {
    PROVIDERS.iter().flat_map(|provider| provider.events()).filter_map(|(_, event)| event.example).collect()
}

impl Case {
    /// The headers that a scheme's provider sends with the case.
    fn signed(&self, keyed: &Keyed) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if keyed.signs_id() {
            headers.insert("webhook-id", self.id.parse().unwrap());
        }
        let signer = Signer::new(keyed.scheme, &[Secret::new(keyed.private)]).unwrap();
        let signed = signer.sign(&headers, &self.body, self.now).unwrap();
        headers.extend(signed);
        headers
    }
}

fn verifier(keyed: &Keyed) -> Verifier {
    Verifier::new(keyed.scheme, &[Secret::new(keyed.public)]).unwrap()
}

fn flipped(bytes: &[u8], bit: Index) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let bit = bit.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// Whether two values differ only in the case of hexadecimal digits behind the last `=`, which are the same signature.
fn is_same_hex(scheme: &SignatureScheme, one: &[u8], other: &[u8]) -> bool {
    let start = one.iter().rposition(|byte| *byte == b'=').map_or(0, |place| place + 1);
    let is_signature = one.len() - start >= 64;
    scheme.encoding == Encoding::Hex
        && is_signature
        && one[..start] == other[..start]
        && one.eq_ignore_ascii_case(other)
}

#[test]
fn no_scheme_of_the_spec_is_left_out() {
    for scheme in SIGNATURE_SCHEMES {
        let is_it = |keyed: &&Keyed| SignatureScheme { name: scheme.name, ..*keyed.scheme } == **scheme;
        assert!(ALL.iter().any(|keyed| is_it(&keyed)), "{}", scheme.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_signed_verifies_and_no_changed_bit_of_the_body_does(case in case(), bit in any::<Index>()) {
        for keyed in ALL {
            let (verifier, headers) = (verifier(keyed), case.signed(keyed));
            prop_assert_eq!(verifier.verify(&headers, &case.body, case.now).unwrap().slot, 1);
            let verdict = verifier.verify(&headers, &flipped(&case.body, bit), case.now);
            prop_assert_eq!(verdict, Err(Refusal::NoMatch), "{}", keyed.scheme.name);
        }
    }

    #[test]
    fn an_empty_body_can_be_signed_too(case in case()) {
        let case = Case { body: Vec::new(), ..case };
        for keyed in ALL {
            prop_assert!(verifier(keyed).verify(&case.signed(keyed), b"", case.now).is_ok());
            prop_assert!(verifier(keyed).verify(&case.signed(keyed), b"0", case.now).is_err());
        }
    }

    #[test]
    fn no_changed_bit_of_a_signature_time_or_id_passes(case in case(), bit in any::<Index>()) {
        for keyed in ALL {
            let (verifier, headers) = (verifier(keyed), case.signed(keyed));
            for (name, value) in &headers {
                let changed = flipped(value.as_bytes(), bit);
                let same = name == keyed.scheme.header && is_same_hex(keyed.scheme, value.as_bytes(), &changed);
                // What no header can hold never gets here.
                let Ok(changed) = HeaderValue::from_bytes(&changed) else { continue };
                let mut request = headers.clone();
                request.insert(name, changed);
                let verdict = verifier.verify(&request, &case.body, case.now);
                prop_assert_eq!(verdict.is_ok(), same, "{}: {} in {:?}", keyed.scheme.name, name, request);
            }
        }
    }

    #[test]
    fn no_other_secret_passes(case in case(), other in "[!-~]{1,40}") {
        for keyed in ALL.iter().filter(|keyed| keyed.scheme.algorithm.is_hmac() && keyed.public != other) {
            let secret = match keyed.scheme.key.encoding {
                KeyEncoding::Base64 => Secret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
                _ => Secret::new(other.as_str()),
            };
            let verdict = Verifier::new(keyed.scheme, &[secret]).unwrap().verify(&case.signed(keyed), &case.body, case.now);
            prop_assert_eq!(verdict, Err(Refusal::NoMatch));
        }
    }

    #[test]
    fn what_a_provider_sends_is_taken_under_the_secret_that_signed_it(
        (provider, endpoint) in select(guarded()),
        case in case(),
        secrets in prop::collection::hash_set("[!-~][ -~]{0,40}[!-~]", 1..6).prop_map(Vec::from_iter),
        signing in any::<Index>(),
    ) {
        let secret = Secret::new(signing.get(&secrets).as_str());
        let signed = sign_delivery(endpoint, &[secret], &HeaderMap::new(), &case.body, case.now).unwrap();
        let headers = HeaderMap::from_iter(signed);
        let guards = guards(provider, &secrets);
        let verified = guards.endpoint(endpoint.id).unwrap().verify(&headers, &case.body, case.now).unwrap();
        let slots: Vec<_> = verified.iter().map(|verified| usize::from(verified.slot)).collect();
        prop_assert_eq!(slots, [signing.index(secrets.len()) + 1]);
    }
}

fn guarded() -> Vec<(&'static Provider, &'static Endpoint)> {
    let of = |provider: &'static Provider| provider.endpoints.iter().map(move |endpoint| (provider, *endpoint));
    PROVIDERS.iter().flat_map(of).filter(|(_, endpoint)| !endpoint.guards.is_empty()).collect()
}

fn guards(provider: &'static Provider, secrets: &[String]) -> ProviderGuards {
    let name = Credentials::variable(provider.name, true);
    let env = |asked: &str| (asked == name).then(|| OsString::from(secrets.join("\n")));
    let credentials = Credentials::read(provider.name, &KeyFiles::default(), &env).unwrap();
    ProviderGuards::new(provider, &credentials, Signatures::Any, None).unwrap()
}
