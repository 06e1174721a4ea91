//! What holds for any bytes: of signatures that the spec declares, and of everything that reads what strangers write.

#[cfg(test)]
mod allocations;
#[cfg(test)]
#[path = "../../fuzz/bodies/mod.rs"]
mod bodies;
#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod signing;
