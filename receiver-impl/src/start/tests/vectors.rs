//! The recorded Nursa requests of `tests/data/vectors.json`, each with its verdict, over HTTP. They say what time it
//! was, so the receiver runs in here, by a clock that stands; the binary itself has no such clock.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde::Deserialize;

use super::*;
use crate::secrets::KeyFiles;
use crate::signature::FixedClock;

const VECTORS: &str = include_str!("../../../tests/data/vectors.json");

#[derive(Deserialize)]
struct Vector {
    scheme: String,
    name: String,
    secrets: Vec<String>,
    headers: Vec<(String, String)>,
    body: Option<String>,
    expect: String,
    why: String,
    now: Option<u64>,
    tolerance_s: Option<u64>,
}

#[tokio::test]
async fn every_nursa_vector_has_its_verdict() {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).unwrap();
    let vectors: Vec<_> = vectors.iter().filter(|vector| vector.scheme == "nursa-v1").collect();
    assert!(vectors.len() >= 27, "only {} vectors", vectors.len());
    let mut receivers = BTreeMap::new();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let key = (vector.secrets.join("\n"), vector.now, vector.tolerance_s);
        if !receivers.contains_key(&key) {
            receivers.insert(key.clone(), vector.receiver().await);
        }
        let mut stream = sent(receivers[&key].public, &vector.request()).await;
        let head = answer(&mut stream).await.unwrap();
        // A provider without a secret has no route.
        let expected = match (vector.expect.as_str(), vector.secrets.is_empty()) {
            ("accept", _) => "http/1.1 200 ",
            ("reject", false) => "http/1.1 401 ",
            ("reject", true) => "http/1.1 404 ",
            (other, _) => panic!("{}: `{other}` is no verdict", vector.name),
        };
        println!("{:6} {} {}", vector.expect, head.lines().next().unwrap_or_default(), vector.name);
        if !head.starts_with(expected) {
            wrong.push(format!("{}: {head}, but expected {expected}: {}", vector.name, vector.why));
        }
    }
    assert!(wrong.is_empty(), "{} wrong verdicts:\n{}", wrong.len(), wrong.join("\n"));
}

impl Vector {
    async fn receiver(&self) -> Running {
        let secrets = self.secrets.join("\n");
        let credentials = |provider: &str| {
            let env = |name: &str| (name == "NURSA_SECRETS").then(|| OsString::from(&secrets));
            let wanted = provider == "nursa" && !secrets.is_empty();
            wanted.then(|| Credentials::read(provider, &KeyFiles::default(), &env).unwrap())
        };
        let settings = format!("[providers.nursa]\ntolerance = '{}s'", self.tolerance_s.unwrap());
        let clock = Box::new(FixedClock(self.now.unwrap()));
        running_by(clock, &settings, &credentials, Slow(Duration::ZERO)).await
    }

    fn request(&self) -> Vec<u8> {
        let body = self.body.as_ref().unwrap();
        let mut head = "POST /nursa/events HTTP/1.1\r\nhost: x\r\n".to_owned();
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }
}
