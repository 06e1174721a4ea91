//! Tells the program the commit that it is built from, for `receiver --version`.
//!
//! `RECEIVER_COMMIT` says it where there is no repository, as in a container's build. Otherwise git does, for builds with
//! `--release` alone: a debug build that knew its commit would be compiled anew after each.

use std::env;
use std::process::Command;

/// What the program is made of, as seen from this package.
const SOURCES: [&str; 6] = ["src", "build.rs", "Cargo.toml", "../generated", "../Cargo.toml", "../Cargo.lock"];

fn main() {
    println!("cargo::rerun-if-env-changed=RECEIVER_COMMIT");
    let told = env::var("RECEIVER_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if let Some(commit) = told.or_else(|| is_release.then(commit).flatten()) {
        println!("cargo::rustc-env=RECEIVER_COMMIT={commit}");
    }
}

/// The commit that is checked out, marked if the sources differ from it.
fn commit() -> Option<String> {
    let head = git(&["rev-parse", "HEAD"])?;
    // Git writes a line there for each commit and checkout.
    println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", "logs/HEAD"])?);
    SOURCES.iter().for_each(|source| println!("cargo::rerun-if-changed={source}"));
    let mut status = vec!["status", "--porcelain", "--"];
    status.extend(SOURCES);
    let changed = !git(&status)?.is_empty();
    Some(if changed { format!("{head}, with changes") } else { head })
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
