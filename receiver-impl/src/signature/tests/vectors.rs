//! Every request of `vectors.json` gets the verdict that the file gives it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::schemes::*;
use super::*;
use crate::signature::{Refusal, Verified, VerifierError};

#[derive(Deserialize)]
struct Vector {
    name: String,
    scheme: String,
    secrets: Vec<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
    body_b64: Option<String>,
    expect: String,
    now: Option<u64>,
    tolerance_s: Option<u64>,
    public_key_pem: Option<String>,
}

impl Vector {
    fn schemes(&self) -> &'static [&'static SignatureScheme] {
        match self.scheme.as_str() {
            "gridx-sha512" => &[&GRIDX],
            "gridx-rs256" => &[&GRIDX_RS256],
            "hpe-sha256" => &[&HPE, &HPE_2],
            "nursa-v1" => &[&NURSA],
            // Whether a challenge is answered is not for signatures to say.
            "hpe-challenge" => &[],
            other => panic!("no scheme {other}"),
        }
    }

    fn verdict(&self, scheme: &'static SignatureScheme) -> Result<Verified, Refusal> {
        let keys: Vec<_> = self.secrets.iter().chain(&self.public_key_pem).map(Secret::new).collect();
        let verifier = match Verifier::new(scheme, &keys) {
            Err(VerifierError::NoKeys) if keys.is_empty() => return Err(Refusal::NoMatch),
            verifier => verifier.unwrap(),
        };
        let verifier = match self.tolerance_s {
            Some(seconds) => verifier.with_tolerance(seconds),
            None => verifier,
        };
        let pairs: Vec<_> = self.headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let body = match &self.body_b64 {
            Some(text) => STANDARD.decode(text).unwrap(),
            None => self.body.clone().unwrap_or_default().into_bytes(),
        };
        verifier.verify(&headers(&pairs), &body, self.now.unwrap_or(0))
    }
}

#[test]
fn every_vector_gets_its_verdict() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../../../tests/data/vectors.json")).unwrap();
    let mut judged = 0;
    for vector in &vectors {
        let verdicts: Vec<_> = vector.schemes().iter().map(|scheme| vector.verdict(scheme)).collect();
        if verdicts.is_empty() {
            continue;
        }
        let accepted = verdicts.iter().any(Result::is_ok);
        assert_eq!(accepted, vector.expect == "accept", "{} {}: {verdicts:?}", vector.scheme, vector.name);
        judged += 1;
    }
    assert_eq!((vectors.len(), judged), (82, 79));
}
