//! The receiver.

pub mod config;
mod suggest;
