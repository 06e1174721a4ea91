//! The receiver.

pub mod config;
pub mod identify;
mod suggest;
