//! The admin port: health, readiness and the document.

use serde_json::Value;
use webhook_api::PROVIDERS;

use crate::common::{Connection, Receiver, Request};

#[test]
fn says_that_it_is_alive_and_ready() {
    let receiver = Receiver::start();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(receiver.get_admin(path).status, 200, "{path}");
    }
}

#[test]
fn serves_the_document_with_every_route() {
    let receiver = Receiver::start();
    let answer = receiver.get_admin("/openapi.json");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."), "{}", document["openapi"]);
    for endpoint in PROVIDERS.iter().flat_map(|provider| provider.endpoints) {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        assert!(document["paths"][endpoint.path][&method].is_object(), "{method} {}", endpoint.path);
    }
}

#[test]
fn knows_no_other_path_and_no_other_method() {
    let receiver = Receiver::start();
    for path in ["/healthz/", "/secrets", "/config"] {
        assert_eq!(receiver.get_admin(path).status, 404, "{path}");
    }
    let answer = Connection::to(receiver.admin()).exchange(&Request::new("POST", "/healthz"));
    assert_eq!(answer.status, 405);
    assert!(answer.header("allow").unwrap().contains("GET"), "{answer:?}");
}

#[test]
fn stays_up_while_the_public_port_has_all_it_can_take() {
    let receiver = Receiver::with_args(&["--max-connections", "1", "--max-requests", "1"]).start();
    let _held = receiver.connect();
    assert_eq!(receiver.get_admin("/readyz").status, 200);
}
