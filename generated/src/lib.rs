//! Placeholder until the first `make regen`.
pub mod contract;
mod delivery;
pub mod router;
pub use delivery::{Delivery, Disposition, HandlerError, InvalidEvent};
use contract::{Provider, SignatureScheme};
/// Every provider.
pub const PROVIDERS: &[Provider] = &[];
/// Every scheme.
pub const SIGNATURE_SCHEMES: &[&SignatureScheme] = &[];
/// The digest of the spec.
pub const SPEC_DIGEST: &str = "";
