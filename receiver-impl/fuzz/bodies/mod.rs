//! What is fuzzed: a function for each part that reads what strangers write. `cargo fuzz` runs them for as long as one
//! likes, and the tests below `tests/properties` for a moment with each `make test`, on the same corpus.
//!
//! None of them only looks for panics: each holds what it calls against a second opinion.

#![allow(dead_code, unused_imports, reason = "a fuzz target uses one of them")]
#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod header;
mod identity;
mod model;
mod payload;
/// The schemes that the unit tests of `signature` know, each with its keys.
#[path = "../../src/signature/tests/schemes.rs"]
pub(crate) mod schemes;

pub(crate) use header::signature_header;
pub(crate) use identity::identification;
pub(crate) use model::models;
pub(crate) use payload::payload_template;
