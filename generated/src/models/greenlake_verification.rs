use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

static VERIFICATION: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
    #[allow(clippy::unwrap_used)] // `spec prepare` has compiled the same expression.
    regex::Regex::new("^[0-9a-f]{64}$").unwrap()
});

/// The answer to a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
pub struct GreenlakeVerification {
    /// The HMAC-SHA256 of the challenge's token under the first configured secret, in lower-case hex.
    #[validate(regex(path = *VERIFICATION))]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub verification: String,
}
