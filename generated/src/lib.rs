//! Endpoints that providers deliver their events to. A delivery is authenticated by a signature over its raw
//! body before anything reads it.
//!
//! Generated from `webhooks.yaml` by `make regen`; change the spec or `templates/`, never this crate.
//!
//! * [`providers`]: a trait per provider with a method per event, and its endpoints as constants.
//! * [`models`]: the events' bodies.
//! * [`contract`], [`PROVIDERS`], [`SIGNATURE_SCHEMES`]: what the spec declares, as data.
//! * [`router()`](router::router): from a request to its endpoint, before anything reads the body.
//! * [`Handlers`]: from an authentic delivery to the method of its event.
//! * [`openapi::document`]: the OpenAPI document.

// The texts of doc comments are the spec's; lists in them may be written as their author likes.
#![allow(clippy::doc_lazy_continuation, clippy::doc_overindented_list_items)]
// So are names, in whatever letters.
#![allow(uncommon_codepoints, confusable_idents, mixed_script_confusables)]

#[macro_use]
mod macros;

pub mod contract;
mod decode;
mod delivery;
mod event_id;
mod handlers;
mod member;
pub mod models;
pub mod openapi;
pub mod providers;
pub mod router;
pub mod schemes;
mod timestamp;

pub use delivery::{Delivery, Disposition, HandlerError, InvalidEvent, Match};
pub use event_id::EventId;
pub use handlers::{Handlers, PROVIDERS};
pub use member::{Member, Missing};
pub use providers::Greenlake;
pub use providers::Gridx;
pub use providers::Nursa;
pub use schemes::SIGNATURE_SCHEMES;
pub use timestamp::{ParseTimestampError, Timestamp};

/// SHA-256 of the `webhooks.yaml` that this crate was generated from, in hexadecimal.
pub const SPEC_DIGEST: &str = "649f73eadafd2726ba364b10b39fa210c52939650a523a10a1ff7e855376d1fd";
