//! GitHub's own webhook spec and the payloads that people collected for it, from npm: all that are of the service, and
//! those of releases of its server that differ and whose webhook the service has, too.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spec_tools::source::{Settings, Source};

use crate::golden;
use crate::made::{self, Example};
use crate::workspace::Workspace;

/// Of which GitHub the payloads are: the service, and releases of its server.
const COLLECTIONS: &[&str] = &["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"];

fn package(file: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/octokit/node_modules/@octokit").join(file);
    assert!(path.exists(), "{} is missing; type: scripts/setup.sh octokit", path.display());
    path
}

/// The webhook of a payload: that of its event and action, of its event, or the only one whose name begins so, since of
/// `repository_dispatch` people make up the action.
fn webhook(webhooks: &[String], event: &str, body: &Value) -> Option<String> {
    let event = event.replace('_', "-");
    let action = body["action"].as_str().map(|action| format!("{event}-{}", action.replace('_', "-")));
    let exact = action.into_iter().chain([event.clone()]).find(|wanted| webhooks.contains(wanted));
    exact.or_else(|| {
        let mut alike = webhooks.iter().filter(|known| known.starts_with(&format!("{event}-")));
        alike.next().filter(|_| alike.next().is_none()).cloned()
    })
}

/// The payloads of a collection but for those that others had, and the events of those that the spec has no webhook for.
fn payloads(collection: &str, webhooks: &[String], seen: &mut HashSet<String>) -> (Vec<Example>, Vec<String>) {
    let text = fs::read_to_string(package(&format!("webhooks-examples/{collection}/index.json"))).unwrap();
    let groups: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut known, mut unknown, mut own) = (Vec::new(), Vec::new(), HashSet::new());
    for group in &groups {
        let event = group["name"].as_str().unwrap();
        for body in group["examples"].as_array().unwrap() {
            let text = body.to_string();
            let is_new = !seen.contains(&text);
            own.insert(text);
            if !is_new {
                continue;
            }
            match webhook(webhooks, event, body) {
                Some(event) => known.push(Example { event, body: body.clone() }),
                None => unknown.push(format!("{collection}: {event} {}", body["action"])),
            }
        }
    }
    seen.extend(own);
    (known, unknown)
}

#[test]
fn every_payload_is_read_into_its_type_and_written_back() {
    let settings = Settings { provider: Some("github".to_owned()), ..Settings::default() };
    let spec = package("openapi-webhooks/generated/api.github.com.json");
    let source = Source::load(&spec, &settings).unwrap();
    let operations = source.document.value()["paths"].as_object().unwrap().values().map(|item| &item["post"]);
    let webhooks: Vec<String> = operations.map(|post| post["x-spec-event"].as_str().unwrap().to_owned()).collect();

    let (mut known, mut of_no_webhook, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for collection in COLLECTIONS {
        let (examples, unknown) = payloads(collection, &webhooks, &mut seen);
        assert!(*collection != "api.github.com" || unknown.is_empty(), "payloads of no webhook: {unknown:?}");
        println!("github: {} payloads of {collection}, and {} of no webhook", examples.len(), unknown.len());
        known.extend(examples);
        of_no_webhook.extend(unknown);
    }

    let (prepared, said) = made::prepared(&spec, &settings);
    let workspace = made::build("github", Workspace::building_in("github", "crates-github"), &prepared);
    println!("github: {}", made::cost(&workspace, false));
    let told = made::reread(&workspace, &prepared, &known);
    let (lines, members) = made::size(&workspace, &prepared);
    let tenths = lines * 10 / members;
    println!("github: {members} members in {lines} lines of Rust, {}.{} for each", tenths / 10, tenths % 10);
    told.lines().take_while(|line| !line.is_empty()).for_each(|line| println!("github: {line}"));
    assert!(tenths <= 120, "a member takes more than 12 lines of Rust");
    assert!(told.contains("\n0 of them have no type"), "a payload has no type but `serde_json::Value`");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/at_scale");
    golden::hold(&[golden], |_| {
        let (of_no_webhook, said) = (of_no_webhook.join("\n"), said.join("\n"));
        format!(
            "{} webhooks, {members} members\n{told}\nof no webhook:\n{of_no_webhook}\n\nsaid:\n{said}",
            webhooks.len()
        )
    });
}
