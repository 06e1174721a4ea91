//! What an event sets, as data: a new event or provider is a new entry in a table.

use super::{greenlake, gridx, nursa};

/// A sort of thing.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The provider's name.
    pub(crate) provider: &'static str,
    /// What the page calls it.
    pub(crate) name: &'static str,
    /// How many are known at most.
    pub(crate) most: usize,
}

/// What events of some types say.
#[derive(Debug)]
pub(super) struct Rule {
    /// The types; one that ends in `*` means all that begin so.
    pub(super) events: &'static [&'static str],
    /// Where the event tells its time, the first of these that is there.
    pub(super) time: &'static [&'static str],
    /// About which things.
    pub(super) things: &'static [Thing],
}

/// What an event says about one thing.
#[derive(Debug)]
pub(super) struct Thing {
    pub(super) kind: &'static Kind,
    /// Where its id stands, the first of these that is there.
    pub(super) id: &'static [&'static str],
    /// What is set.
    pub(super) set: &'static [(&'static str, Value)],
}

/// A text.
#[derive(Debug)]
pub(super) enum Value {
    /// This one.
    Is(&'static str),
    /// What stands there in the body, the first of these that is there. Nothing is set if there is none.
    At(&'static [&'static str]),
    /// The text that belongs to what stands there. Nothing is set if none does.
    By(&'static str, &'static [(&'static str, &'static str)]),
}

impl Rule {
    /// Whether it needs what stands there.
    pub(super) fn reads(&self, path: &str) -> bool {
        self.time.contains(&path)
            || self.things.iter().any(|thing| {
                let set = |(_, value): &(&str, Value)| match value {
                    Value::Is(_) => false,
                    Value::At(paths) => paths.contains(&path),
                    Value::By(by, _) => *by == path,
                };
                thing.id.contains(&path) || thing.set.iter().any(set)
            })
    }
}

/// Every sort of thing.
pub(super) const KINDS: &[&Kind] = &[
    &gridx::SYSTEM,
    &gridx::GATEWAY,
    &gridx::APPLIANCE,
    &gridx::VEHICLE,
    &greenlake::AUDIT,
    &greenlake::SUBSCRIPTION,
    &greenlake::SERVICE,
    &nursa::FACILITY,
    &nursa::SHIFT,
];

/// Whether a type is one that a rule names.
pub(super) fn fits(known: &str, event_type: &str) -> bool {
    match known.strip_suffix('*') {
        Some(beginning) => event_type.starts_with(beginning),
        None => known == event_type,
    }
}
