//! What the `spec` tool does with `webhooks.yaml`, as a library: read it with its line numbers, refuse what cannot work,
//! and tell people what a new version of it asks of their code.

pub mod check;
pub mod diff;
pub mod document;
pub mod extension;
pub mod pointer;
pub mod prepare;
pub mod provider;
pub mod source;
pub mod summary;
pub mod surface;
