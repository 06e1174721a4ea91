//! The receiver: verifies, identifies and handles the webhooks that `webhooks.yaml` declares.
//!
//! ```text
//! server -> route (generated) -> gate: body -> signature -> identify -> intake: keep -> inbox -> worker -> handlers
//!                                                                              \-- direct ------------> handlers
//! ```
//!
//! Each step is a module. To run the receiver inside another program, with handlers of one's own, get a
//! [`Config`](config::Config), ask [`providers::active`] which providers are on, and [`start`](start::start) a
//! [`Server`](server::Server); [`commands`] does the same for the command line.

mod admin;
mod admin_token;
mod answer;
pub mod attempt;
mod batch;
pub mod body;
pub mod catalog;
pub mod commands;
pub mod config;
mod dev;
pub mod diagnose;
mod digest;
pub mod direct;
mod durable;
mod fleet;
pub mod gate;
pub mod handlers;
mod handshake;
mod hex;
pub mod http_client;
pub mod identify;
pub mod inbox;
pub mod intake;
pub mod keep;
pub mod live;
pub mod log_text;
pub mod logging;
pub mod management;
pub mod metrics;
mod negotiation;
mod page;
pub mod providers;
mod rate;
mod retention;
pub mod rotation;
pub mod schemes;
#[cfg(test)]
mod scratch;
pub mod secrets;
pub mod server;
pub mod signature;
pub mod start;
pub mod subscriptions;
mod suggest;
mod trace;
mod version;
mod watch;
mod wire;
pub mod worker;
