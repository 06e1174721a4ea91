//! The receiver as its senders and its operators see it: the real binary, real sockets, and nothing from inside.
//!
//! One program rather than one for each file, so that it is linked once. `cfg(test)` on each module says what the
//! whole is, which lints go by.

#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "../servers/nats.rs"]
mod servers;

#[cfg(test)]
mod admin;
#[cfg(test)]
mod bodies;
#[cfg(test)]
mod broker;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod events;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod greenlake;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod nursa;
#[cfg(test)]
mod operators;
#[cfg(feature = "otlp")]
#[cfg(test)]
mod otlp;
#[cfg(test)]
mod page;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod providers;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod schemes;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod send;
#[cfg(test)]
mod shipping;
#[cfg(test)]
mod shutdown;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod verify;
