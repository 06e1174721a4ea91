//! What every inbox promises, held against each of them.
//!
//! A store comes into this suite with a file in `stores/`, which says how it is opened, and one line of
//! [`conformance!`]. What is expected stands in `suite/` alone and knows no store.

#[cfg(test)]
mod events;
#[cfg(test)]
mod rig;
#[cfg(test)]
#[path = "../servers/nats.rs"]
mod servers;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod suite;
