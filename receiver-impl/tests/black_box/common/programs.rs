//! Programs that are the receiver with other handlers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The one whose effects can be counted.
pub(crate) fn ledger() -> PathBuf {
    example("ledger")
}

/// An example of this package, built as this test was.
pub(crate) fn example(name: &str) -> PathBuf {
    // Cargo would make them wait for each other, too, and say so.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    let folder = Path::new(env!("CARGO_BIN_EXE_receiver")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "receiver", "--example", name, "--target-dir"]);
    cargo.arg(folder.parent().unwrap());
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success(), "the example `{name}` does not build");
    folder.join("examples").join(name)
}
