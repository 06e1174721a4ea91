//! A crate of a spec that others wrote: generated, built without a warning, and every example read into the type of its
//! event and written back.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use spec_tools::prepare::{Prepared, prepare_with};
use spec_tools::source::{Settings, Source};

use crate::workspace::{self, Workspace};

/// A body, and the name of the event that it is one of.
pub(crate) struct Example {
    pub(crate) event: String,
    pub(crate) body: Value,
}

/// A spec from which nothing but a crate is wanted, and what a person is told of it.
pub(crate) fn prepared(file: &Path, settings: &Settings) -> (Prepared, Vec<String>) {
    let source = Source::load(file, settings).unwrap();
    // The digest tells versions of a spec apart; here it would do that to golden files.
    let prepared = prepare_with(source.document.value(), "digest", &source.settings).unwrap();
    let said = [source.warnings, prepared.warnings.clone()].concat();
    (prepared, said)
}

/// Generates the crate, which must be formatted and build without a warning.
pub(crate) fn build(name: &str, workspace: Workspace, prepared: &Prepared) -> Workspace {
    let start = Instant::now();
    workspace.generate(&prepared.document);
    println!("{name}: generated in {:.1} s", start.elapsed().as_secs_f64());
    workspace.cargo(&["fmt", "--all", "--check"]);
    workspace.cargo(&["clippy", "--quiet", "--", "-D", "warnings"]);
    workspace
}

/// Lets the crate read the examples; what it says of them.
pub(crate) fn reread(workspace: &Workspace, prepared: &Prepared, examples: &[Example]) -> String {
    let bodies: Vec<Value> =
        examples.iter().map(|example| json!({ "event": example.event, "body": example.body })).collect();
    workspace.write("examples.json", &Value::Array(bodies).to_string());
    workspace.write("tests/round_trip.rs", &round_trip(&prepared.document));
    workspace.cargo(&["test", "--quiet", "--test", "round_trip"]);
    workspace.read("report.txt")
}

/// The test of the generated crate, which knows the type of each event.
fn round_trip(prepared: &Value) -> String {
    let mut events = Vec::new();
    for provider in prepared["tags"].as_array().unwrap().iter().map(|tag| &tag["x-provider"]) {
        let methods = provider["methods"].as_array().unwrap();
        for event in provider["endpoints"].as_array().unwrap().iter().flat_map(|e| e["events"].as_array().unwrap()) {
            let method = methods.iter().find(|method| method["literal"] == event["method"]).unwrap();
            if method["raw"] == true {
                continue;
            }
            let ty = method["type"].as_str().unwrap().replace("models::", "webhook_api::models::");
            let ty = ty.replace("crate::", "webhook_api::");
            events.push(format!("    ({}, reread::<{ty}>),\n", event["name"].as_str().unwrap()));
        }
    }
    include_str!("round_trip.rs").replace("    // EVENTS\n", &events.concat())
}

/// What `cargo check` of the crate costs when all that it depends on is checked: time, and the most memory that a compiler
/// takes.
pub(crate) fn cost(workspace: &Workspace, incremental: bool) -> String {
    const MEASURE: &str = "import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.call(sys.argv[1:])
wall, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
busy = used.ru_utime + used.ru_stime
print(f'cargo check takes {wall:.1f} s, {busy:.1f} s of a processor, {used.ru_maxrss / 1024:.0f} MiB')
sys.exit(code)";
    let mut command = workspace.command("python3", &["-c", MEASURE, env!("CARGO"), "check", "--quiet"]);
    workspace::run(command.env("CARGO_INCREMENTAL", if incremental { "1" } else { "0" })).trim().to_owned()
}

/// How much Rust a crate is, against the members that its schemas have: the lines, and the fields of its structs.
pub(crate) fn size(workspace: &Workspace, prepared: &Prepared) -> (usize, usize) {
    let models = prepared.document["components"]["schemas"].as_object().unwrap().values();
    let structs = models.flat_map(|schema| schema["x-model"]["structs"].as_array().unwrap());
    (lines(&workspace.path("src")), structs.map(|model| model["fields"].as_array().unwrap().len()).sum())
}

fn lines(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let count = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    entries.map(|path| if path.is_dir() { lines(&path) } else { count(&path) }).sum()
}
