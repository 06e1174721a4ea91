//! Every call of the three APIs, sent by the real binary to Prism.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::common::Invocation;
use crate::common::process::Process;
use crate::tool::{fails, subscriptions, succeeds};

const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";
const ACCOUNT: &str = "5678cafe-8f0b-4d57-9b61-7a0e1b9f6a02";
const TARGET: &str = "https://hooks.example";

/// Prism, serving one description.
struct Prism {
    _process: Process,
    address: SocketAddr,
}

impl Prism {
    fn serve(description: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = root.join(format!("management/{description}.yaml"));
        // Nobody else takes a port that was just free, as good as ever.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (program, port) = (prism().to_str().unwrap(), address.port().to_string());
        let args = [program, "mock", "--errors", "--port", &port, file.to_str().unwrap()];
        let path = std::env::var_os("PATH").unwrap_or_default();
        let process = Invocation::of("node", &args).env("PATH", path).spawn();
        process.stdout.wait_for(&["Prism is listening"]);
        Self { _process: process, address }
    }

    /// Runs a command that Prism must find nothing wrong with.
    #[track_caller]
    fn takes(&self, args: &str) {
        succeeds(self.command(args));
    }

    fn command(&self, args: &str) -> Invocation {
        let args: Vec<_> = args.split(' ').collect();
        let command = subscriptions(self.address, &args).file("secrets", "the-secret-of-before\n");
        ["GRIDX", "GREENLAKE", "NURSA"]
            .into_iter()
            .fold(command, |command, name| command.env(&format!("{name}_SECRETS_FILE"), "secrets"))
    }
}

/// The pinned Prism, installed if it is not there.
fn prism() -> &'static Path {
    static PRISM: OnceLock<PathBuf> = OnceLock::new();
    PRISM.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let status = Command::new(root.join("scripts/setup.sh")).arg("prism").status().unwrap();
        assert!(status.success(), "scripts/setup.sh prism: {status}");
        root.join(".tools/prism/node_modules/@stoplight/prism-cli/dist/index.js")
    })
}

#[test]
fn every_call_of_gridx_fits_its_description() {
    let prism = Prism::serve("gridx");
    for args in [
        "whoami gridx".to_owned(),
        "list gridx".to_owned(),
        "list gridx --json".to_owned(),
        format!("list gridx --account {ACCOUNT}"),
        format!("show gridx {ID}"),
        format!("create gridx --target {TARGET} --event appliance/online --event ping --inactive"),
        format!("update gridx {ID} --active"),
        format!("update gridx {ID} --target {TARGET} --event ev/plugged --inactive"),
        format!("test gridx {ID}"),
        format!("delete gridx {ID}"),
        "list gridx --kind rule".to_owned(),
        format!("show gridx {ID} --kind rule"),
        format!("create gridx --kind rule --target {TARGET} --event appliance/online --filter systemID=x"),
        format!("update gridx {ID} --kind rule --event appliance/offline --target {TARGET}"),
        format!("delete gridx {ID} --kind rule"),
    ] {
        prism.takes(&args);
    }
}

#[test]
fn every_call_of_greenlake_fits_its_description() {
    let prism = Prism::serve("greenlake");
    let event = "com.hpe.greenlake.audit-log.v1.logs.created";
    for args in [
        "list greenlake".to_owned(),
        format!("show greenlake {ID}"),
        format!(
            "create greenlake --name my.hook@x-1_2 --target {TARGET} --description text --batching true --challenges true"
        ),
        format!("update greenlake {ID} --inactive --name other"),
        format!("test greenlake {ID}"),
        format!("verify greenlake {ID}"),
        format!("deliveries greenlake {ID} --limit 7 --offset 3"),
        format!("retry greenlake {ID} failure-7"),
        format!("delete greenlake {ID} --force"),
        format!("delete greenlake {ID}"),
        "list greenlake --kind subscription".to_owned(),
        format!("list greenlake --kind subscription --webhook {ID}"),
        format!("create greenlake --kind subscription --webhook {ID} --event {event} --event other --filter x"),
        format!("update greenlake {ID} --kind subscription --webhook {ID} --event {event}"),
        format!("delete greenlake --kind subscription {ID} {ACCOUNT}"),
    ] {
        prism.takes(&args);
    }
    // It does look: a slash is in no name.
    let command = prism.command(&format!("create greenlake --target {TARGET} --name a/b"));
    fails(command, 1, &["HPE GreenLake refused POST /events/v1beta1/webhooks (422)", "change what is named"]);
}

#[test]
fn every_call_of_nursa_fits_its_description() {
    let prism = Prism::serve("nursa");
    for args in [
        "list nursa".to_owned(),
        "list nursa --kind user".to_owned(),
        "show nursa string".to_owned(),
        format!("create nursa --target {TARGET} --event facility.creation.accepted"),
        format!("create nursa --target {TARGET} --event shift.created --event all --facility NUR-1 --facility NUR-2"),
        format!("create nursa --target {TARGET} --event all --kind facility"),
        format!("update nursa string --kind user --target {TARGET} --event all"),
        "update nursa string --kind facility --event shift.cancelled --facility NUR-3".to_owned(),
        "delete nursa a/b --kind user".to_owned(),
        "delete nursa some --kind facility".to_owned(),
        "deliveries nursa".to_owned(),
        "deliveries nursa --event shift.created --facility A --facility B --since 2026-01-31T12:00:00Z --until \
         2026-02-01T12:00:00Z --limit 100 --offset 5 --oldest-first"
            .to_owned(),
    ] {
        prism.takes(&args);
    }
    // It does look: there is no such event.
    fails(prism.command(&format!("create nursa --target {TARGET} --event shift.exploded")), 1, &["(400)"]);
}

/// What a command would send. Nobody listens there, and there is no token.
fn dry(args: &[&str]) -> String {
    let ended = Invocation::new(&["subscriptions"]).args(args).args(["--dry-run", "--api", "http://127.0.0.1:9"]).run();
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
    assert!(shown.contains(&format!("?filter=webhookId%20eq%20%27{ID}%27&limit=100&offset=0")), "{shown}");
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
            "POST /events/v1beta1/subscriptions".to_owned(),
            format!("GET {webhooks}/NEW-ID"),
        ]
    );
    let webhooks = "/api/v2/public/webhooks/facility";
    assert_eq!(setup("nursa", "shift.created"), [format!("GET {webhooks}"), format!("POST {webhooks}")]);

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
            format!("PATCH {webhook}"),
        ]
    );
    let change = format!("PATCH {webhooks}/{ID}");
    assert_eq!(
        lines(&["rotate", "nursa", ID, "--kind", "facility"]),
        [format!("GET {webhooks}"), change.clone(), change]
    );
}
