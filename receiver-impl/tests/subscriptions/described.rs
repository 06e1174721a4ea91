//! Every call of the three APIs, sent by the real binary to Prism.

use crate::common::Invocation;
use crate::prism::Prism;
use crate::tool::{fails, subscriptions, succeeds};

const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";
const ACCOUNT: &str = "5678cafe-8f0b-4d57-9b61-7a0e1b9f6a02";
const TARGET: &str = "https://hooks.example";

/// Runs a command that Prism must find nothing wrong with.
#[track_caller]
fn takes(prism: &Prism, args: &str) {
    succeeds(command(prism, args));
}

fn command(prism: &Prism, args: &str) -> Invocation {
    let args: Vec<_> = args.split(' ').collect();
    let command = subscriptions(prism.address, &args).file("secrets", "the-secret-of-before\n");
    ["GRIDX", "GREENLAKE", "NURSA"]
        .into_iter()
        .fold(command, |command, name| command.env(&format!("{name}_SECRETS_FILE"), "secrets"))
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
        format!("update gridx {ID} --kind rule --filter systemID=y"),
        format!("delete gridx {ID} --kind rule"),
    ] {
        takes(&prism, &args);
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
        format!("create greenlake --name n --target {TARGET} --auth api-key --api-key-file secrets"),
        format!("update greenlake {ID} --auth api-key --api-key-file secrets"),
        format!(
            "update greenlake {ID} --auth oauth --client-id c --client-secret-file secrets --issuer-url https://i.example/t"
        ),
        format!("update greenlake {ID} --auth none"),
        format!("test greenlake {ID}"),
        format!("verify greenlake {ID}"),
        format!("deliveries greenlake {ID} --limit 7 --offset 3"),
        format!("retry greenlake {ID} failure-7"),
        format!("delete greenlake {ID} --force"),
        format!("delete greenlake {ID}"),
        "list greenlake --kind subscription".to_owned(),
        format!("list greenlake --kind subscription --webhook {ID}"),
        format!("create greenlake --kind subscription --webhook {ID} --event {event} --event other --filter x"),
        format!("update greenlake {ID} --kind subscription --webhook {ID} --event {event} --filter x"),
        format!("delete greenlake --kind subscription {ID} {ACCOUNT}"),
    ] {
        takes(&prism, &args);
    }
    // More than HPE tells at once is not even asked for.
    fails(command(&prism, &format!("deliveries greenlake {ID} --limit 201")), 2, &["HPE GreenLake tells 200 at once"]);
    takes(&prism, &format!("deliveries greenlake {ID} --limit 200"));
    // It does look: a slash is in no name.
    fails(
        command(&prism, &format!("create greenlake --target {TARGET} --name a/b")),
        1,
        &["HPE GreenLake refused POST /events/v1beta1/webhooks (422)", "change what is named"],
    );
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
        takes(&prism, &args);
    }
    fails(command(&prism, "deliveries nursa --limit 101"), 2, &["Nursa tells 100 at once"]);
    // It does look: there is no such event, and the log has none of a user's events.
    fails(command(&prism, "deliveries nursa --event facility.creation.accepted"), 1, &["(400)"]);
    fails(command(&prism, &format!("create nursa --target {TARGET} --event shift.exploded")), 1, &["(400)"]);
}
