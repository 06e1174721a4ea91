//! Whether a delivery comes from who it says: signatures over raw bytes, by schemes that are data.
//!
//! A [`SignatureScheme`](webhook_api::contract::SignatureScheme) of `webhooks.yaml` is all that this engine knows of a
//! provider. One [`Verifier`] checks one scheme, in this order, and each step is a file of its own:
//!
//! 1. `header`: the header's lines become a few decoded candidates, or the header is refused;
//! 2. `timestamp`: the time of sending is read, if the scheme has one;
//! 3. `payload`: what was signed is laid out as pieces, without copying the body;
//! 4. `mac` or `public`: every key is tried against every candidate;
//! 5. the age is judged last, so that an old delivery is told from a forged one: [`Refusal::Stale`] always means that
//!    the signature was right.
//!
//! [`ProviderGuards`] joins the verifiers of a provider into what each of its endpoints demands, and [`Signer`] does
//! the provider's half. Nothing here reads the body, keeps state between requests, or panics on any bytes.
//!
//! Everything is bounded: 16 candidates a header, 16 keys a scheme, 16 pieces a template, 16 KiB of header text.

mod authorization;
mod challenge;
mod clock;
mod der;
mod fault;
mod guard;
mod header;
mod key;
mod mac;
mod payload;
mod pem;
mod public;
mod refusal;
mod sign;
mod text;
mod timestamp;
mod verify;

#[cfg(test)]
mod tests;

pub use clock::{Clock, FixedClock, SystemClock};
pub use fault::{KeyFault, SchemeFault};
pub use guard::{EndpointGuards, GuardError, KeyCount, ProviderGuards};
pub use refusal::Refusal;
pub use sign::{SignError, Signer, sign_delivery};
pub use verify::{Verified, Verifier, VerifierError, check_scheme};
