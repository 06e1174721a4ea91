//! A workspace like ours with a generated crate in it and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub(crate) struct Workspace {
    root: PathBuf,
    project: PathBuf,
}

impl Workspace {
    pub(crate) fn new(name: &str) -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&root).unwrap();
        let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
        let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest.replace(members, "members = [\"generated\"]")).unwrap();
        for name in ["Cargo.lock", "rustfmt.toml", "clippy.toml"] {
            fs::copy(project.join(name), root.join(name)).unwrap();
        }
        Self { root, project }
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
        let mut cargo = Command::new(env!("CARGO"));
        let cargo = cargo.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", self.root.with_file_name("crates"));
        run(cargo.env("RUSTDOCFLAGS", "-D warnings").current_dir(&self.root).args(arguments));
    }

    /// A file that the generated crate's tests wrote.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.join("generated").join(name)).unwrap()
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
}
