//! The public port has the webhooks' routes and nothing else.

use webhook_api::PROVIDERS;

use crate::common::{Connection, EVENTS, ONLINE_2024, Receiver, Request, events};

#[test]
fn knows_no_other_path() {
    let receiver = Receiver::start();
    for path in [
        "/",
        "/gridx",
        "/gridx/",
        "/gridx/event",
        "/gridx/events/appliance",
        "/gridx/events/appliance/melted",
        "/gridx/events/appliance/online/x",
        "/GRIDX/events",
        "/gridx/Events",
        "//gridx/events",
        "/gridx//events",
        "/./gridx/events",
        "/gridx/../gridx/events",
        "/gridx/%65vents",
        "/gridx%2Fevents",
        "/gridx/events;x=1",
        "/gridx/events%00",
        "/%",
        "/%ff",
        "/{*path}",
        "/favicon.ico",
    ] {
        receiver.answer(&Request::signed(path, events::good())).assert_bare(404);
        receiver.answer(&Request::new("GET", path)).assert_bare(404);
    }
}

#[test]
fn a_trailing_slash_is_another_path_and_no_redirect() {
    let receiver = Receiver::start();
    for path in [EVENTS, ONLINE_2024] {
        let answer = receiver.answer(&Request::signed(&format!("{path}/"), events::good()));
        answer.assert_bare(404);
        assert_eq!(answer.header("location"), None);
    }
}

#[test]
fn answers_other_methods_with_those_that_it_knows() {
    let receiver = Receiver::start();
    for path in [EVENTS, ONLINE_2024] {
        for method in ["GET", "PUT", "OPTIONS", "DELETE", "PATCH", "TRACE", "PURGE", "post"] {
            let answer = receiver.answer(&Request::new(method, path));
            answer.assert_bare(405);
            assert_eq!(answer.header("allow"), Some("POST"), "{method} {path}");
        }
        let answer = receiver.connect().exchange_head(&Request::new("HEAD", path));
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    }
}

#[test]
fn a_right_signature_does_not_open_another_method() {
    let receiver = Receiver::start();
    let signed = Request::signed(EVENTS, events::good());
    let put = String::from_utf8(signed.bytes()).unwrap().replacen("POST", "PUT", 1);
    let mut connection = receiver.connect();
    connection.send(put);
    connection.answer().unwrap().assert_bare(405);
}

#[test]
fn a_query_does_not_change_the_route() {
    let receiver = Receiver::start();
    for query in ["?", "?tenant=7", "?a=%00&b=%ff&c", "?x=/../"] {
        receiver.answer(&Request::signed(&format!("{EVENTS}{query}"), events::good())).assert_bare(204);
    }
}

#[test]
fn understands_a_target_with_scheme_and_host() {
    let receiver = Receiver::start();
    let target = format!("http://webhooks.example.com{EVENTS}");
    receiver.answer(&Request::signed(&target, events::good())).assert_bare(204);
}

#[test]
fn other_forms_of_target_are_no_path() {
    let receiver = Receiver::start();
    for (method, target) in [("OPTIONS", "*"), ("CONNECT", "example.com:443"), ("POST", "*")] {
        let answer = receiver.answer(&Request::new(method, target));
        assert!([400, 404, 405].contains(&answer.status), "{method} {target}: {answer:?}");
    }
}

#[test]
fn the_public_port_has_nothing_of_the_admin_port() {
    let receiver = Receiver::start();
    for path in ["/healthz", "/readyz", "/openapi.json", "/metrics", "/admin"] {
        receiver.answer(&Request::new("GET", path)).assert_bare(404);
    }
}

#[test]
fn the_admin_port_has_no_webhooks() {
    let receiver = Receiver::start();
    for endpoint in PROVIDERS.iter().flat_map(|provider| provider.endpoints) {
        let answer = Connection::to(receiver.admin()).exchange(&Request::signed(endpoint.path, events::good()));
        assert_eq!(answer.status, 404, "{}", endpoint.path);
    }
}

#[test]
fn a_secret_in_the_path_or_query_is_not_logged() {
    let receiver = Receiver::start();
    let hidden = "c0ffee-in-the-address";
    for path in [format!("/{hidden}"), format!("{EVENTS}?token={hidden}"), format!("{EVENTS}/{hidden}")] {
        receiver.answer(&Request::unsigned(&path, events::good()));
    }
    let ended = receiver.stop();
    assert!(!ended.output().contains(hidden), "{ended:?}");
}
