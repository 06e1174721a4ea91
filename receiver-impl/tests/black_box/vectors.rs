//! The recorded requests of `tests/data/vectors.json`, each with its verdict, over HTTP. Nursa's say what time it was,
//! which the binary cannot be told; they are judged beside the code, by a clock that stands.
//!
//! A new vector is data, not code. `cargo test -p receiver vectors -- --nocapture` prints every verdict.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use crate::common::http::Answer;
use crate::common::{EVENTS, GREENLAKE, ONLINE_2024, RSA_KEY, Receiver, Request};

const VECTORS: &str = include_str!("../data/vectors.json");

#[derive(Deserialize)]
struct Vector {
    scheme: String,
    name: String,
    secrets: Vec<String>,
    public_key_pem: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
    body_b64: Option<String>,
    expect: String,
    why: String,
}

#[test]
fn every_gridx_sha512_vector_has_its_verdict() {
    judge("gridx-sha512", 25, &[(EVENTS, 401), (ONLINE_2024, 403)]);
}

#[test]
fn every_gridx_rs256_vector_has_its_verdict() {
    judge("gridx-rs256", 6, &[(EVENTS, 401), (ONLINE_2024, 403)]);
}

#[test]
fn every_greenlake_vector_has_its_verdict() {
    judge("hpe-sha256", 21, &[(GREENLAKE, 401)]);
}

#[test]
fn every_greenlake_challenge_vector_has_its_verdict() {
    judge("hpe-challenge", 3, &[(GREENLAKE, 400)]);
}

/// Sends every vector of the scheme, of which there must be at least so many, to each path, and holds what is refused
/// against the status that goes with it.
fn judge(scheme: &str, least: usize, paths: &[(&str, u16)]) {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    let vectors: Vec<_> = vectors.iter().filter(|vector| vector.scheme == scheme).collect();
    assert!(vectors.len() >= least, "only {} vectors of {scheme}", vectors.len());
    let mut receivers = BTreeMap::new();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let receiver = receivers.entry(vector.keys()).or_insert_with(|| vector.receiver());
        for (path, refusal) in paths {
            let answer = receiver.answer(&vector.request(path));
            let fits = vector.fits(&answer, *refusal);
            let verdict = if fits { "ok" } else { "WRONG" };
            println!("{verdict:5} {:6} {} {path} {}", vector.expect, answer.status, vector.name);
            if !fits {
                wrong.push(format!(
                    "{} at {path}: {}, but expected {}: {}",
                    vector.name, answer.status, vector.expect, vector.why
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}

impl Vector {
    /// What tells the receivers apart that vectors need.
    fn keys(&self) -> (String, Option<String>) {
        (self.secrets.join("\n"), self.public_key_pem.clone())
    }

    fn receiver(&self) -> Receiver {
        let provider = if self.is_gridx() { "GRIDX" } else { "GREENLAKE" };
        let mut receiver = Receiver::unconfigured();
        if !self.secrets.is_empty() {
            receiver = receiver.env(&format!("{provider}_SECRETS"), self.secrets.join("\n"));
        }
        // Without any key it would not start, and without a secret it must not check against an empty one.
        let nothing = self.secrets.is_empty().then_some(RSA_KEY);
        if let Some(key) = self.public_key_pem.as_deref().or(nothing) {
            receiver = receiver.env("GRIDX_PUBLIC_KEYS", key);
        }
        receiver.start()
    }

    fn is_gridx(&self) -> bool {
        self.scheme.starts_with("gridx-")
    }

    fn request(&self, path: &str) -> Request {
        let encoded = self.body_b64.as_ref().map(|text| BASE64_STANDARD.decode(text).unwrap());
        let body = encoded.or(self.body.clone().map(String::into_bytes)).unwrap();
        let request = Request::new("POST", path).body(body);
        self.headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_str()))
    }

    fn fits(&self, answer: &Answer, refusal: u16) -> bool {
        let as_expected = match self.expect.as_str() {
            "accept" => answer.is_success(),
            // A provider without a key has no route.
            "reject" if self.secrets.is_empty() && !self.is_gridx() => answer.status == 404,
            "reject" => answer.status == refusal,
            other => panic!("{}: `{other}` is no verdict", self.name),
        };
        as_expected && answer.body.is_empty()
    }
}
