//! A module per provider: its trait, its endpoints, and the way from a delivery to a method.

pub mod greenlake;
pub mod gridx;
pub mod nursa;

pub use self::greenlake::{GREENLAKE, Greenlake};
pub use self::gridx::{GRIDX, Gridx};
pub use self::nursa::{NURSA, Nursa};
