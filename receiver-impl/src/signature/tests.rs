//! The engine as a whole: ten providers' schemes as data, the shared vectors, and everything a sender may get wrong.

mod bad_input;
mod bit_flips;
mod guards;
mod handshake;
mod published;
mod schemes;
mod vectors;

use http::{HeaderMap, HeaderName, HeaderValue};
use webhook_api::contract::SignatureScheme;

use crate::secrets::Secret;

use super::{Signer, Verifier};

fn secrets(texts: &[&str]) -> Vec<Secret> {
    texts.iter().copied().map(Secret::new).collect()
}

fn verifier(scheme: &'static SignatureScheme, texts: &[&str]) -> Verifier {
    Verifier::new(scheme, &secrets(texts)).unwrap()
}

fn headers<V: AsRef<[u8]>>(pairs: &[(&str, V)]) -> HeaderMap {
    let name = |name: &str| HeaderName::try_from(name).unwrap();
    let value = |value: &V| HeaderValue::from_bytes(value.as_ref()).unwrap();
    pairs.iter().map(|(n, v)| (name(n), value(v))).collect()
}

/// A request's headers, signed as the provider does, on top of `others`.
fn signed(scheme: &'static SignatureScheme, keys: &[&str], mut others: HeaderMap, body: &[u8], now: u64) -> HeaderMap {
    let signed = Signer::new(scheme, &secrets(keys)).unwrap().sign(&others, body, now).unwrap();
    others.extend(signed);
    others
}
