//! The settings and the spec have one grammar in two places. What `spec check` says of a scheme is what the receiver
//! says of the same one in its settings: of a good one, and of each way in which one can be bad.

use serde_json::{Value, json};
use spec_tools::check::check;
use spec_tools::document::Document;

use super::{PROVIDERS, complete};

/// Schemes that both take.
const GOOD: &[&str] = &[
    "",
    "prefix = 'sha256='",
    "separator = ','\nprefix = 'v1='\nsigned = '{timestamp}.{body}'\ntimestamp = { element = 't=', tolerance = 300 }",
    "prefix = 'v0='\nsigned = 'v0:{timestamp}:{body}'\ntimestamp = { header = 'X-Time', tolerance = 300 }",
    "encoding = 'base64'\nprefix = 'v1,'\nseparator = ' '\nsigned = '{header:webhook-id}.{timestamp}.{body}'\n\
     timestamp = { header = 'webhook-timestamp', tolerance = 300 }\nkey = { encoding = 'base64', prefix = 'whsec_' }",
    "algorithm = 'ed25519'\nkey = { encoding = 'hex' }",
    "algorithm = 'rsa-pkcs1-sha256'\nencoding = 'base64-any'\nkey = { encoding = 'pem' }",
    "algorithm = 'hmac-sha1'\nlegacy = true",
    "separator = ','\nrepeated-header = 'join'\nblanks = 'one-after-separator'\nmalformed = 'refuse'\n\
     other-elements = 'refuse'\nmax-signatures = 16",
    "signed = '{{{body}}}'",
];

/// Schemes that both refuse.
const BAD: &[&str] = &[
    "algorithm = 'hmac-sha1'",
    "algorithm = 'hmac-sha1'\nlegacy = false",
    "algorithm = 'md5'",
    "encoding = 'base32'",
    "separator = ', '",
    "prefixes = 'v1='",
    "blanks = 'none'",
    "malformed = 'maybe'",
    "max-signatures = -1",
    "algorithm = 'ed25519'",
    "key = { encoding = 'pem' }",
    "key = { encoding = 'rot13' }",
    "key = { encodings = 'hex' }",
    "signed = 'v0'",
    "signed = '{body'",
    "signed = '{url}{body}'",
    "signed = '{header:}{body}'",
    "signed = '{header:X Y}{body}'",
    "signed = '{timestamp}.{body}'",
    "timestamp = { header = 'X-Time', tolerance = 300 }",
    "signed = '{timestamp}.{body}'\ntimestamp = { header = 'X-Time' }",
    "signed = '{timestamp}.{body}'\ntimestamp = { header = 'X-Time', tolerance = 0 }",
    "signed = '{timestamp}.{body}'\ntimestamp = { header = 'X-Time', element = 't=', tolerance = 300 }",
    "signed = '{timestamp}.{body}'\ntimestamp = { tolerance = 300 }",
    "signed = '{timestamp}.{body}'\ntimestamp = { header = 'X Time', tolerance = 300 }",
    "signed = '{timestamp}.{body}'\ntimestamp = { element = 't=', tolerance = 300 }",
    "separator = ','\nprefix = 't=1'\nsigned = '{timestamp}.{body}'\ntimestamp = { element = 't=', tolerance = 300 }",
    "separator = ','\nprefix = 'v1='\nsigned = '{timestamp}.{body}'\ntimestamp = { element = 't,', tolerance = 300 }",
    "separator = 'a'",
    "separator = '='\nencoding = 'base64'",
    "separator = '-'\nencoding = 'base64-any'",
    "separator = ','\nprefix = 'v1,'",
    "max-signatures = 0\nseparator = ','",
    "max-signatures = 2",
];

/// A scheme with what a case says, and the rest of the least that it needs.
fn scheme(case: &str) -> toml::Table {
    let mut scheme: toml::Table = toml::from_str(case).unwrap();
    for (key, value) in [("algorithm", "hmac-sha256"), ("encoding", "hex")] {
        scheme.entry(key).or_insert_with(|| value.into());
    }
    scheme
}

fn spec_takes(case: &str) -> bool {
    let mut extension = serde_json::to_value(scheme(case)).unwrap();
    let legacy = extension.as_object_mut().and_then(|members| members.remove("legacy"));
    let mut scheme = json!({
        "type": "apiKey", "in": "header", "name": "X-Acme", "description": "One.", "x-webhook-signature": extension,
    });
    if let Some(legacy) = legacy {
        scheme["x-webhook-legacy"] = legacy;
    }
    let report = check(&Document::from_value("spec", document(&scheme)));
    assert!(report.findings.iter().all(|finding| finding.pointer.starts_with("/components/securitySchemes")));
    report.is_ok()
}

fn document(scheme: &Value) -> Value {
    let answers = json!({
        "204": { "description": "Taken.", "x-webhook-outcome": "accepted" },
        "401": { "description": "Refused.", "x-webhook-outcome": "unauthenticated" },
        "503": { "description": "Again.", "x-webhook-outcome": "retry" },
    });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Acme", "version": "1" },
        "tags": [{ "name": "acme", "description": "Acme." }],
        "paths": { "/acme": { "post": {
            "operationId": "acmeEvents", "tags": ["acme"], "summary": "One.", "security": [{ "acmeSignature": [] }],
            "x-webhook-event": "paid", "responses": answers,
            "requestBody": { "content": { "application/json": { "schema": { "type": "object" } } } },
        } } },
        "components": { "securitySchemes": { "acmeSignature": scheme } },
    })
}

fn receiver_takes(case: &str) -> bool {
    let mut entry = scheme(case);
    entry.insert("header".to_owned(), "X-Acme".into());
    let entries = toml::Table::from_iter([("acme".to_owned(), toml::Value::Table(entry))]);
    match entries.try_into() {
        Ok(entries) => complete(PROVIDERS, &entries).is_ok(),
        Err(_) => false,
    }
}

#[test]
fn what_spec_check_takes_is_taken() {
    for case in GOOD {
        assert!(spec_takes(case), "spec check refuses\n{case}");
        assert!(receiver_takes(case), "the receiver refuses\n{case}");
    }
}

#[test]
fn what_spec_check_refuses_is_refused() {
    for case in BAD {
        assert!(!spec_takes(case), "spec check takes\n{case}");
        assert!(!receiver_takes(case), "the receiver takes\n{case}");
    }
}
