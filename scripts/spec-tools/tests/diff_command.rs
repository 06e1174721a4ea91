//! `spec diff` and `make spec-diff` as commands: git revisions, formats, exit codes.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A git repository in a temporary folder, until this is dropped.
struct Repository(PathBuf);

impl Repository {
    /// One with the project's own Makefile, spec and crate, committed.
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = std::env::temp_dir().join(format!("spec-diff-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("scripts")).unwrap();
        for file in ["Makefile", "webhooks.yaml", "scripts/common.sh", "scripts/tools.env", "scripts/spec-diff.sh"] {
            fs::copy(root.join(file), folder.join(file)).unwrap();
        }
        copy(&root.join("generated/src"), &folder.join("generated/src"));
        let repository = Self(folder);
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message", "as it runs"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]);
        let output = command.args(arguments).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Replaces text that occurs once.
    fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old}");
        fs::write(path, text.replace(old, new)).unwrap();
    }

    fn spec(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_spec")).args(arguments).current_dir(&self.0).output().unwrap()
    }

    /// `make spec-diff`, with the binary that these tests were built with.
    fn make(&self, variables: &[&str]) -> Output {
        let mut command = Command::new("make");
        command.arg("--no-print-directory").arg("spec-diff").args(variables).current_dir(&self.0);
        command.env_remove("MAKEFLAGS").env_remove("MFLAGS").env("SPEC_TOOL", env!("CARGO_BIN_EXE_spec"));
        command.output().unwrap()
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn text(stream: &[u8]) -> String {
    String::from_utf8(stream.to_vec()).unwrap()
}

/// What the issue of this command asks for: an event more, a required member less, another prefix.
fn three_changes(repository: &Repository) {
    repository.edit(
        "webhooks.yaml",
        "          ping: '#/components/schemas/PingEvent'\n",
        "          ping: '#/components/schemas/PingEvent'\n          pong: '#/components/schemas/PingEvent'\n",
    );
    repository.edit("webhooks.yaml", "prefix: sha512=\n", "prefix: sha-512=\n");
    repository.edit(
        "webhooks.yaml",
        "      required: [type, detail]\n      properties:\n        type:\n          $ref: '#/components/schemas/EvChargeFailureType'\n        detail:\n          description: The same for people.\n          type: string\n",
        "      required: [type]\n      properties:\n        type:\n          $ref: '#/components/schemas/EvChargeFailureType'\n",
    );
    repository.edit(
        "generated/src/models/ev_charge_failure_reason.rs",
        "    /// The same for people.\n    pub detail: String,\n",
        "",
    );
}

#[test]
fn three_changes_of_three_classes_have_each_their_advice() {
    let repository = Repository::new("three");
    three_changes(&repository);
    let output = repository.make(&["BASE=main", "FORMAT=markdown", "FAIL_ON=security,breaks"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "make says 2 where its command fails: {said}{}", text(&output.stderr));
    let complaint = text(&output.stderr);
    assert!(
        said.starts_with("**Not safe to merge before somebody has held the security findings"),
        "{complaint}{said}"
    );
    assert!(said.contains("`spec diff` found 1 security, 1 breaks, 1 handler."), "{said}");
    let after = |part: &str| said.split_once(part).unwrap().1.to_owned();
    assert!(after("`signature-prefix`)").contains("Add a second scheme with the new prefix, deploy"), "{said}");
    assert!(after("`member-gone`)").contains("First release a spec where the member is optional"), "{said}");
    assert!(after("`event-new`)").contains("`receiver events replay --state parked`"), "{said}");
    assert!(said.contains("\n  model EvChargeFailureReason\n- detail: String\n"), "{said}");
}

#[test]
fn make_is_content_with_what_is_safe() {
    let repository = Repository::new("safe");
    repository.edit(
        "webhooks.yaml",
        "enum: [UNKNOWN, OK, WARNING, ERROR]",
        "enum: [UNKNOWN, OK, WARNING, ERROR, GONE]",
    );
    let output = repository.make(&["BASE=main", "FAIL_ON=security,breaks,handler"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("Safe to merge: today's receiver reads every delivery"));
}

#[test]
fn exit_codes_tell_found_from_failed() {
    let repository = Repository::new("codes");
    three_changes(&repository);
    let code = |arguments: &[&str]| repository.spec(arguments).status.code();
    assert_eq!(code(&["diff", "main:webhooks.yaml", "webhooks.yaml"]), Some(0));
    assert_eq!(code(&["diff", "main:webhooks.yaml", "webhooks.yaml", "--fail-on", "tolerated,docs"]), Some(0));
    assert_eq!(code(&["diff", "main:webhooks.yaml", "webhooks.yaml", "--fail-on", "security,breaks"]), Some(1));
    assert_eq!(code(&["diff", "main:webhooks.yaml", "main:webhooks.yaml", "--fail-on", "security,docs"]), Some(0));
    assert_eq!(code(&["diff", "main:webhooks.yaml", "webhooks.yaml", "--fail-on", "everything"]), Some(2));
    assert_eq!(code(&["diff", "main:webhooks.yaml", "no-such-file.yaml"]), Some(2));
    let output = repository.spec(&["diff", "no-such-branch:webhooks.yaml", "webhooks.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("write a path, or REV:PATH"), "{}", text(&output.stderr));
}

#[test]
fn annotations_name_the_line_of_the_file_that_has_it() {
    let repository = Repository::new("lines");
    let line = |name: &str, part: &str| {
        let file = fs::read_to_string(repository.0.join(name)).unwrap();
        file.lines().position(|line| line.contains(part)).unwrap() + 1
    };
    let old = line("webhooks.yaml", "description: The same for people.") - 1;
    three_changes(&repository);
    let new = line("webhooks.yaml", "prefix: sha-512=");
    let output = repository.spec(&["diff", "main:webhooks.yaml", "webhooks.yaml", "--format", "github"]);
    let said = text(&output.stdout);
    assert!(
        said.contains(&format!("::error file=webhooks.yaml,line={new},title=security%3A signature-prefix::")),
        "{said}"
    );
    assert!(said.contains(&format!("::error file=webhooks.yaml,line={old},title=breaks%3A member-gone::")), "{said}");
    assert_eq!(said.lines().count(), 3, "{said}");
}
