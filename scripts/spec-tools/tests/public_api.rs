//! What the generated crate offers, and how a model of it reads: two texts, so that a change of either is seen in a
//! review.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;
#[path = "public_api/items.rs"]
mod items;

use std::fs;
use std::path::Path;

#[test]
fn is_what_it_was() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated/src");
    golden::hold(&golden::cases("public_api"), |case| {
        if case.ends_with("crate") {
            items::public(&source).join("\n")
        } else {
            fs::read_to_string(source.join("models/appliance.rs")).unwrap()
        }
    });
}
