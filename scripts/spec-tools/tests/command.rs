//! The binary: what goes to which stream, and how it ends.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

use std::process::{Command, Output};

fn spec(arguments: &[&str]) -> Output {
    let folder = env!("CARGO_MANIFEST_DIR");
    Command::new(env!("CARGO_BIN_EXE_spec")).args(arguments).current_dir(folder).output().unwrap()
}

fn text(stream: Vec<u8>) -> String {
    String::from_utf8(stream).unwrap()
}

#[test]
fn a_good_spec_is_one_line_on_stdout() {
    let output = spec(&["check", "tests/check/base.yaml"]);
    assert!(output.status.success());
    assert_eq!(text(output.stdout), "tests/check/base.yaml: 2 endpoints, 3 events, 1 signature scheme: ok\n");
    assert_eq!(text(output.stderr), "");
}

#[test]
fn a_bad_spec_is_its_findings_on_stderr_and_exit_code_1() {
    let output = spec(&["check", "tests/check/with-lines/webhooks.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(output.stdout), "");
    let findings = text(output.stderr);
    assert!(findings.starts_with("tests/check/with-lines/webhooks.yaml:4: paths./parcels/sent.post: "), "{findings}");
    assert!(findings.ends_with("\ntests/check/with-lines/webhooks.yaml: 5 findings\n"), "{findings}");
}

#[test]
fn a_file_that_is_no_spec_at_all_is_named() {
    let output = spec(&["check", "tests/no-such-file.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(output.stderr).starts_with("tests/no-such-file.yaml: "));
}

#[test]
fn a_summary_goes_to_stdout() {
    let case = "tests/summary/provider-that-is-gone";
    let (before, after, handlers) = (format!("{case}/before"), format!("{case}/after"), format!("{case}/handlers"));
    let output = spec(&["summary", "--before", &before, "--after", &after, "--handlers", &handlers]);
    assert!(output.status.success());
    assert!(text(output.stdout).starts_with("`letters` is gone."));
}
