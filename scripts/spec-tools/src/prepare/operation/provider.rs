//! A provider as its operations are found: its trait gets a method for each type of event.

use std::collections::BTreeMap;

use serde_json::Value;

use super::draft::{Draft, RAW};
use crate::prepare::contract::{Event, Method, Provider};
use crate::prepare::docs;
use crate::prepare::name::{self, Unique, literal, optional};
use crate::prepare::schema::{Spec, text};

/// The providers so far, in the order of their first operations, and the names that they and their endpoints took.
#[derive(Debug, Default)]
pub(super) struct Providers {
    found: Vec<Found>,
    modules: Unique,
    traits: Unique,
    constants: Unique,
}

/// A provider and what its trait has so far.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) provider: Provider,
    methods: Unique,
    /// The method that already takes an event of this type and schema.
    known: BTreeMap<(String, String), String>,
}

impl Providers {
    /// The provider of this tag, and the name of a constant for its endpoint `id`.
    pub(super) fn of(&mut self, spec: Spec<'_>, tag: &str, id: &str) -> (&mut Found, String) {
        let name = literal(tag);
        let at = self.found.iter().position(|found| found.provider.name == name).unwrap_or_else(|| {
            let found = self.new_provider(spec, tag);
            self.found.push(found);
            self.found.len() - 1
        });
        let constant = self.constants.take(&name::shouty(id));
        (&mut self.found[at], constant)
    }

    /// All of them.
    pub(super) fn finish(self) -> Vec<Provider> {
        self.found.into_iter().map(|found| found.provider).collect()
    }

    fn new_provider(&mut self, spec: Spec<'_>, tag: &str) -> Found {
        let described = spec.at("/tags").and_then(Value::as_array).into_iter().flatten();
        let declared = described.filter(|declared| text(declared, "name") == tag).map(|d| text(d, "description"));
        let description = declared.into_iter().next().unwrap_or_default();
        let docs = docs::lines(description);
        let mut methods = Unique::default();
        // Two that the trait provides, and two that every value has.
        for taken in ["unknown_event", "invalid_event", "into", "try_into"] {
            methods.take(taken);
        }
        let r#trait = self.traits.take(&name::provider(tag));
        let shouty = name::shouty(tag);
        let constant = if shouty == r#trait { format!("{shouty}_PROVIDER") } else { shouty };
        let told = Some(description.trim()).filter(|text| !text.is_empty());
        let provider = Provider {
            name: literal(tag),
            module: self.modules.take(&name::module(tag)),
            r#trait,
            constant: self.constants.take(&constant),
            summary: literal(&docs::one_line(description)),
            description: told.map(literal).into_iter().collect(),
            docs: if docs.is_empty() { vec![format!("The provider {}.", docs::code(tag))] } else { docs },
            endpoints: Vec::new(),
            methods: Vec::new(),
        };
        Found { provider, methods, known: BTreeMap::new() }
    }
}

impl Found {
    /// Gives a draft its trait method: the one that already takes the same type of event with the same schema, or a
    /// new one.
    pub(super) fn event(&mut self, draft: Draft) -> Event {
        let pinned = draft.pin.as_ref().map_or_else(String::new, |pin| pin.value.clone());
        let key = (format!("{} {pinned}", draft.event_type), draft.ty.clone());
        let method = match self.known.get(&key) {
            Some(method) => method.clone(),
            None => {
                let method = self.methods.take(&draft.wanted);
                let mut docs = draft.docs;
                if docs.is_empty() {
                    docs.push(format!("An event of type {} has arrived.", docs::code(&draft.event_type)));
                } else {
                    docs.extend([String::new(), format!("Event type {}.", docs::code(&draft.event_type))]);
                }
                self.provider.methods.push(Method {
                    literal: literal(name::plain(&method)),
                    name: method.clone(),
                    docs,
                    r#type: draft.ty.replace("super::", "models::"),
                    validated: draft.nested,
                    pin: draft.pin.into_iter().collect(),
                    raw: draft.ty == RAW,
                });
                self.known.insert(key, method.clone());
                method
            }
        };
        Event {
            name: literal(&draft.event_type),
            method: literal(name::plain(&method)),
            schema: literal(&draft.schema),
            summary: literal(&draft.summary),
            example: optional(draft.example.as_deref()),
        }
    }
}
