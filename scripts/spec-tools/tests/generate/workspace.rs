//! A workspace like ours with a generated crate in it and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub(crate) struct Workspace {
    root: PathBuf,
    project: PathBuf,
    /// Where cargo builds; workspaces that share it wait for each other.
    target: PathBuf,
}

impl Workspace {
    pub(crate) fn new(name: &str) -> Self {
        Self::building_in(name, "crates")
    }

    /// One that builds in a folder of this name.
    pub(crate) fn building_in(name: &str, target: &str) -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&root).unwrap();
        let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
        let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest.replace(members, "members = [\"generated\"]")).unwrap();
        for name in ["Cargo.lock", "rustfmt.toml", "clippy.toml"] {
            fs::copy(project.join(name), root.join(name)).unwrap();
        }
        Self { target: root.with_file_name(target), root, project }
    }

    /// Lets the generator render a prepared document, and formats what it wrote.
    pub(crate) fn generate(&self, prepared: &Value) {
        let (spec, out) = (self.root.join("spec.json"), self.root.join("generated"));
        fs::write(&spec, prepared.to_string()).unwrap();
        if out.exists() {
            fs::remove_dir_all(&out).unwrap();
        }
        fs::create_dir(&out).unwrap();
        run(Command::new(self.project.join("scripts/generate.sh")).arg(spec).arg(&out));
        let rustfmt = ["--quiet", "--edition", "2024", "--config-path", "rustfmt.toml", "generated/src/lib.rs"];
        run(Command::new("rustfmt").current_dir(&self.root).args(rustfmt));
        fs::create_dir(out.join("tests")).unwrap();
    }

    /// Gives the generated crate a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.root.join("generated").join(name), text).unwrap();
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) {
        run(&mut self.command(env!("CARGO"), arguments));
    }

    /// A command in the workspace, whose cargo builds for it. Nobody debugs what is built here.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).args(arguments);
        command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", &self.target);
        command.env("RUSTDOCFLAGS", "-D warnings").env("CARGO_PROFILE_DEV_DEBUG", "false");
        command
    }

    /// A file that the generated crate's tests wrote.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// A place in the generated crate.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join("generated").join(name)
    }
}

/// Runs a command that must succeed; what it printed.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
    out
}
