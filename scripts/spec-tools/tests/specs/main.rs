//! Specs as others write them, made into crates: `make test-specs`. Each crate must be formatted, build without a warning,
//! and read every example into the type of its event and write it back as it was.
//!
//! It takes minutes, Java and packages from npm, so it is no part of `cargo test`. The crates are built in workspaces
//! below `target/tmp`, which keep what they have compiled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests may fail loudly")]

// What takes longest is named so that it starts first.
mod at_scale;
mod corpus;
mod documents;
#[path = "../golden/mod.rs"]
mod golden;
mod made;
mod own;
#[path = "../generate/workspace.rs"]
mod workspace;
