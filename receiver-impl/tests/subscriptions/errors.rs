//! What becomes of the providers' refusals, and of tokens.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::common::Invocation;
use crate::stand_in::{Reply, StandIn};
use crate::tool::{TOKEN, fails, subscriptions, succeeds};

/// A stand-in that always answers this.
fn always(status: u16, headers: &'static [(&'static str, &'static str)], body: String) -> StandIn {
    StandIn::start(move |_| {
        let reply = Reply { status, headers: Vec::new(), body: body.clone() };
        headers.iter().fold(reply, |reply, (name, value)| reply.header(name, value))
    })
}

#[test]
fn each_providers_refusal_becomes_a_message_that_says_what_to_change() {
    let refuse = |status, body: serde_json::Value, provider: &str, parts: &[&str]| {
        let api = always(status, &[("Content-Type", "application/json")], body.to_string());
        fails(subscriptions(api.address, &["list", provider]), 1, parts);
    };
    // gridX
    let body = json!({"message": "not allowed", "details": ["policy missing", "ask your admin"]});
    refuse(403, body, "gridx", &["gridX refused GET /user (403)", "- policy missing", "AccountsUsersRead"]);
    // HPE
    let body = json!({"errorCode": "HPE_GL_7", "message": "bad limit", "debugId": "d-1", "httpStatusCode": 400});
    refuse(400, body, "greenlake", &["(400): bad limit", "change what is named", "(HPE_GL_7, debug id d-1)"]);
    // Nursa, a list and a text
    let body =
        json!({"message": ["url must be https", "events: one at least"], "error": "Bad Request", "statusCode": 400});
    refuse(400, body, "nursa", &["- url must be https\n", "- events: one at least\n"]);
    let body = json!({"message": "Forbidden Resource", "error": "Forbidden", "statusCode": 403});
    refuse(403, body, "nursa", &["(403): Forbidden Resource", "integrations:write"]);
    // Whose fault it is
    refuse(500, json!({"message": "oops"}), "gridx", &["(500): oops", "gridX's own fault"]);
    refuse(302, json!({}), "gridx", &["(302)", "redirects are not followed"]);
    refuse(404, json!({"message": "no"}), "greenlake", &["(404): no", "receiver subscriptions list greenlake"]);
}

#[test]
fn a_wrong_token_is_told_in_a_sentence() {
    for (provider, variable) in [("gridx", "GRIDX_TOKEN"), ("greenlake", "GREENLAKE_TOKEN"), ("nursa", "NURSA_TOKEN")] {
        let api = always(401, &[], json!({"message": "Unauthorized", "statusCode": 401}).to_string());
        let ended =
            fails(subscriptions(api.address, &["list", provider]), 1, &["does not accept the token (401)", variable]);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
    // Without one nothing is sent.
    let api = always(200, &[], String::new());
    let url = format!("http://{}", api.address);
    let ended = Invocation::new(&["subscriptions", "list", "nursa", "--api", &url]).run();
    assert_eq!(ended.code(), Some(2), "{}", ended.output());
    assert!(ended.stderr.contains("set NURSA_TOKEN") && api.asked().is_empty(), "{}", ended.stderr);
}

#[test]
fn secrets_that_a_provider_repeats_are_struck_out() {
    let api = StandIn::start(|asked| {
        let secrets = asked.json()["secrets"].to_string();
        let said = format!("token {TOKEN} with {secrets} and {}", asked.header("authorization"));
        Reply::json(400, &json!({"message": [said, "x"], "statusCode": 400}))
    });
    let args = ["create", "nursa", "--target", "https://hooks.example", "--event", "shift.created"];
    let command = subscriptions(api.address, &args).env("NURSA_SECRETS_FILE", "secrets").env("RUST_LOG", "trace");
    let ended = fails(command, 1, &["token [redacted] with"]);
    let sent = api.asked()[0].json()["secrets"][0].as_str().unwrap().to_owned();
    assert!(sent.len() == 64 && !ended.output().contains(&sent), "{}", ended.output());
}

#[test]
fn waits_as_a_429_says_and_asks_again() {
    for (provider, header) in [("nursa", None), ("greenlake", Some("rateLimit-reset")), ("gridx", Some("Retry-After"))]
    {
        let asked = AtomicUsize::new(0);
        let api = StandIn::start(move |request| {
            if asked.fetch_add(1, Ordering::Relaxed) == 0 {
                let body = "<html><body>Too many requests</body></html>".to_owned();
                let reply = Reply { status: 429, headers: Vec::new(), body }.header("Content-Type", "text/html");
                return header
                    .map_or(Reply { headers: Vec::new(), ..reply }, |name| Reply::empty(429).header(name, "1"));
            }
            match request.path.as_str() {
                "/user" => Reply::json(200, &json!({"id": "u", "accountID": "a"})),
                path if path.contains("webhooks") && path.starts_with("/accounts") => Reply::json(200, &json!([])),
                _ => Reply::json(200, &json!({"data": [], "items": [], "count": 0, "offset": 0, "total": 0})),
            }
        });
        let ended = succeeds(subscriptions(api.address, &["list", provider]));
        assert!(ended.stderr.contains("is asked too often (429): waiting 1 s"), "{}", ended.stderr);
    }
}

#[test]
fn gives_up_where_the_pause_would_be_long() {
    let api = always(429, &[("Retry-After", "7200")], "<html></html>".to_owned());
    fails(subscriptions(api.address, &["list", "nursa"]), 1, &["wants a pause of 7200 s", "nothing was done"]);
    assert_eq!(api.asked().len(), 1);
}

#[test]
fn a_token_is_fetched_and_fetched_again_when_it_is_refused() {
    let number = AtomicUsize::new(0);
    let api = StandIn::start(move |asked| match asked.line().as_str() {
        "POST /token" => {
            assert_eq!(asked.text, "grant_type=client_credentials&client_id=me&client_secret=hush%26hush");
            let token = format!("token-{}", number.fetch_add(1, Ordering::Relaxed));
            Reply::json(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": 899}))
        }
        _ if asked.header("authorization") == "Bearer token-1" => {
            Reply::json(200, &json!({"items": [], "count": 0, "offset": 0, "total": 0}))
        }
        _ => Reply::json(401, &json!({"message": "expired", "errorCode": "x", "debugId": "y", "httpStatusCode": 401})),
    });
    let url = format!("http://{}", api.address);
    let command = |id: &str| {
        let command = Invocation::new(&["subscriptions", "list", "greenlake", "--api", &url]);
        let command = command.env("GREENLAKE_CLIENT_ID", id).env("GREENLAKE_CLIENT_SECRET", "hush&hush");
        command.env("GREENLAKE_TOKEN_URL", format!("{url}/token"))
    };
    let ended = succeeds(command("me"));
    assert!(!ended.output().contains("token-") && !ended.output().contains("hush"), "{}", ended.output());
    let lines: Vec<_> = api.asked().iter().map(|asked| asked.line()).collect();
    assert_eq!(lines, ["POST /token", "GET /events/v1beta1/webhooks", "POST /token", "GET /events/v1beta1/webhooks"]);
    // A third one would be no better.
    let ended = fails(command("me"), 1, &["does not accept the token (401)", "GREENLAKE_CLIENT_ID"]);
    assert!(!ended.output().contains("token-"), "{}", ended.output());
    assert_eq!(api.asked().len(), 8);
}

#[test]
fn a_token_goes_nowhere_in_clear_and_through_no_proxy() {
    let command = Invocation::new(&["subscriptions", "list", "nursa", "--api", "http://api.example"]);
    fails(command.env("NURSA_TOKEN", TOKEN), 2, &["is not https, so others could read the token"]);
    let proxy = always(200, &[], String::new());
    let api = always(201, &[], json!({"data": []}).to_string());
    let url = format!("http://{}", proxy.address);
    let command = subscriptions(api.address, &["list", "nursa"]);
    succeeds(command.env("http_proxy", &url).env("HTTPS_PROXY", &url).env("ALL_PROXY", &url));
    assert_eq!((proxy.asked().len(), api.asked().len()), (0, 2));
}

#[test]
fn says_who_does_not_answer() {
    let api = StandIn::start(|_| {
        std::thread::sleep(std::time::Duration::from_secs(60));
        Reply::empty(200)
    });
    fails(subscriptions(api.address, &["list", "nursa", "--timeout", "200ms"]), 1, &["gave no answer", "--timeout"]);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fails(subscriptions(nobody, &["list", "nursa"]), 1, &["cannot reach", "is the address right?"]);
    let odd = always(200, &[("Content-Type", "text/html")], "<html>".to_owned());
    fails(subscriptions(odd.address, &["list", "nursa"]), 1, &["it is not JSON", "is `--api` right?"]);
}

#[test]
fn tries_that_are_refused_leave_one_secret_behind() {
    let api = always(400, &[], json!({"message": "no", "statusCode": 400}).to_string());
    let place = Invocation::of("true", &[]);
    for _ in 0..3 {
        let args = ["create", "nursa", "--target", "https://hooks.example", "--event", "shift.created"];
        let command = subscriptions(api.address, &args).env("NURSA_SECRETS_FILE", "secrets");
        fails(command.in_folder(place.folder()), 1, &["(400): no"]);
    }
    let sent: Vec<_> = api.asked().iter().map(|asked| asked.json()["secrets"][0].clone()).collect();
    let left = crate::tool::secrets(place.folder());
    assert_eq!(left.len(), 1);
    assert!(sent.iter().all(|secret| *secret == left[0]), "the same each time");
}
