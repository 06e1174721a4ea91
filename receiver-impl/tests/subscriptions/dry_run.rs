//! `--dry-run`: what would be sent is shown, without token and secrets, and nothing is sent.

use crate::common::Invocation;

const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";
const TARGET: &str = "https://hooks.example";

/// What a command would send. Nobody listens there, and there is no token.
fn dry(args: &[&str]) -> String {
    dry_with(args, Invocation::new(&["subscriptions"]))
}

fn dry_with(args: &[&str], invocation: Invocation) -> String {
    let ended = invocation.args(args).args(["--dry-run", "--api", "http://127.0.0.1:9"]).run();
    assert_eq!(ended.code(), Some(0), "{}", ended.output());
    ended.stdout
}

#[test]
fn a_dry_run_shows_the_request_without_token_and_secrets_and_sends_nothing() {
    let shown = dry(&["create", "greenlake", "--name", "n", "--target", TARGET]);
    assert_eq!(
        shown,
        "POST http://127.0.0.1:9/events/v1beta1/webhooks\n\
         Accept: application/json\n\
         Authorization: Bearer [redacted]\n\
         Content-Type: application/json\n\
         \n\
         {\n  \"name\": \"n\",\n  \"destination\": \"https://hooks.example/greenlake/events\",\n  \"secret\": \"[redacted]\"\n}\n"
    );
    let shown = dry(&["update", "gridx", ID, "--active"]);
    assert!(shown.contains("GET http://127.0.0.1:9/user\nAccept: application/vnd.gridx.v2+json"), "{shown}");
    assert!(shown.contains(&format!("PUT http://127.0.0.1:9/accounts/ACCOUNT-ID/webhooks/{ID}")), "{shown}");
    let shown = dry(&["list", "greenlake", "--kind", "subscription", "--webhook", ID]);
    assert!(shown.contains(&format!("?filter=webhookId%20eq%20%27{ID}%27&limit=10&offset=0")), "{shown}");
}

#[test]
fn a_dry_run_of_a_whole_way_shows_every_request_of_it() {
    let lines = |args: &[&str]| -> Vec<String> {
        let shown = dry(args);
        for word in ["\"secret\"", "\"secondarySecret\""] {
            let values = shown.lines().filter(|line| line.contains(word));
            let is_hidden = |line: &str| line.contains("[redacted]") || line.contains("\"\"");
            assert!(values.into_iter().all(is_hidden), "{shown}");
        }
        let methods = ["GET ", "POST ", "PUT ", "PATCH "];
        let requests = shown.lines().filter(|line| methods.iter().any(|method| line.starts_with(method)));
        requests.map(|line| line.replace("http://127.0.0.1:9", "").split('?').next().unwrap().to_owned()).collect()
    };
    let setup = |provider, event| lines(&["setup", provider, "--target", TARGET, "--event", event]);
    let webhooks = "/accounts/ACCOUNT-ID/webhooks";
    assert_eq!(
        setup("gridx", "appliance/online"),
        [
            "GET /user".to_owned(),
            format!("GET {webhooks}"),
            format!("POST {webhooks}"),
            format!("POST {webhooks}/NEW-ID/ping"),
            format!("PUT {webhooks}/NEW-ID"),
        ]
    );
    let webhooks = "/events/v1beta1/webhooks";
    assert_eq!(
        setup("greenlake", "com.hpe.greenlake.audit-log.v1.logs.created"),
        [
            format!("GET {webhooks}"),
            format!("POST {webhooks}"),
            format!("POST {webhooks}/NEW-ID/verify"),
            "POST https://hooks.example/greenlake/events".to_owned(),
            "GET /events/v1beta1/subscriptions".to_owned(),
            "POST /events/v1beta1/subscriptions".to_owned(),
            format!("GET {webhooks}/NEW-ID"),
        ]
    );
    let webhooks = "/api/v2/public/webhooks/facility";
    let own = "POST https://hooks.example/nursa/events".to_owned();
    assert_eq!(setup("nursa", "shift.created"), [format!("GET {webhooks}"), format!("POST {webhooks}"), own]);

    assert_eq!(
        lines(&["rotate", "gridx", ID]),
        [
            "GET /user".to_owned(),
            format!("POST /accounts/ACCOUNT-ID/webhooks/{ID}/secret"),
            format!("POST /accounts/ACCOUNT-ID/webhooks/{ID}/ping"),
        ]
    );
    let rule = format!("/accounts/ACCOUNT-ID/users/USER-ID/notifications/rules/{ID}");
    assert_eq!(
        lines(&["rotate", "gridx", ID, "--kind", "rule"]),
        ["GET /user".to_owned(), format!("GET {rule}"), format!("PUT {rule}")]
    );
    let webhook = format!("/events/v1beta1/webhooks/{ID}");
    assert_eq!(
        lines(&["rotate", "greenlake", ID]),
        [
            format!("GET {webhook}"),
            "GET /events/v1beta1/webhooks".to_owned(),
            format!("PATCH {webhook}"),
            format!("GET {webhook}"),
            "GET /events/v1beta1/webhooks".to_owned(),
            format!("PATCH {webhook}"),
        ]
    );
    let change = format!("PATCH {webhooks}/{ID}");
    assert_eq!(
        lines(&["rotate", "nursa", ID, "--kind", "facility"]),
        [format!("GET {webhooks}"), change.clone(), change]
    );
}

#[test]
fn a_dry_run_of_setup_shows_what_hpe_and_our_own_event_carry_without_the_key() {
    let args = ["setup", "greenlake", "--target", TARGET, "--event", "x.created"];
    let key = "inbound-key-9dK2";
    let shown = dry_with(&args, Invocation::new(&["subscriptions"]).env("GREENLAKE_AUTHORIZATION", key));
    for part in [
        "\"authType\": \"APIKey\"",
        "\"apiKey\": \"[redacted]\"",
        "?filter=webhookId%20eq%20%27NEW-ID%27&limit=10&offset=0",
        "POST https://hooks.example/greenlake/events\ncontent-type: application/json\n",
        "hpe-webhook-signature: [redacted]\n",
        "\nauthorization: [redacted]\n",
        "\"type\": \"receiver.test\"",
    ] {
        assert!(shown.contains(part), "`{part}` is missing in: {shown}");
    }
    assert!(!shown.contains(key), "{shown}");
    let shown = dry(&["setup", "nursa", "--target", TARGET, "--event", "shift.created"]);
    assert!(shown.contains("nursa-signature: [redacted]\n"), "{shown}");
}
