//! Which program this is: its version, the commit that it was built from, and the spec that it was generated from.

use std::sync::LazyLock;

use webhook_api::SPEC_DIGEST;

/// The version alone.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit, as `build.rs` tells it.
const COMMIT: Option<&str> = option_env!("RECEIVER_COMMIT");

/// All of it, a line each.
pub(crate) fn long() -> &'static str {
    static LONG: LazyLock<String> = LazyLock::new(|| {
        let commit = COMMIT.unwrap_or("not known to this build");
        format!("{VERSION}\ncommit: {commit}\nspec sha256: {SPEC_DIGEST}")
    });
    LONG.as_str()
}
