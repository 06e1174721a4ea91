//! A module per provider: its trait, its endpoints, and the way from a delivery to a method.

pub mod gridx;

pub use gridx::{GRIDX, Gridx};
