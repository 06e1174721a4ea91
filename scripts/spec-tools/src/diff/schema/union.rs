//! Values of several forms. Both kinds of union read whatever comes: what fits no form becomes `Other`, so nothing is
//! refused, but what was read by its form and is so no longer is lost to the method.

use serde_json::Value;

use super::{Part, Schemas, Use};
use crate::diff::finding::{new, old};
use crate::diff::place::{locate, target};
use crate::diff::rule::Rule;
use crate::pointer;
use crate::prepare::reading::referenced;

/// A member that tells forms apart, and the component that stands for each of its values.
type Tagged<'t> = (&'t str, &'t [(String, String)]);

impl Schemas<'_, '_> {
    pub(super) fn tagged(&mut self, newer: &Part, known: Tagged<'_>, forms: Tagged<'_>) {
        if known.0 != forms.0 {
            let place = locate(self.new, &newer.pointer, &["discriminator", "propertyName"]);
            self.add(
                Rule::UnionTagMoved,
                new(&place),
                format!("the forms were told apart by `{}`, are by `{}`", known.0, forms.0),
            );
        }
        let place = |value: &str| {
            let mapping = locate(self.new, &newer.pointer, &["discriminator", "mapping"]);
            pointer::child(&mapping, value)
        };
        for (value, component) in forms.1 {
            let place = place(value);
            match known.1.iter().find(|(known, _)| known == value) {
                Some((_, former)) => {
                    let (old, new) = (self.component(true, former), self.component(false, component));
                    self.compare(&old, &new, &Use { checked: true, ..Use::default() });
                }
                None => self.add(Rule::UnionVariantNew, new(&place), format!("the form `{value}` is new")),
            }
        }
        for (value, _) in known.1.iter().filter(|(value, _)| forms.1.iter().all(|(form, _)| form != value)) {
            let place = target(self.new, &newer.pointer);
            self.add(Rule::UnionVariantGone, new(&place), format!("the form `{value}` is gone"));
        }
    }

    pub(super) fn choice(&mut self, older: &Part, newer: &Part, known: &[Value], forms: &[Value]) {
        let mut left: Vec<usize> = (0..known.len()).collect();
        let mut fresh = Vec::new();
        // A form is the same if it is of the same component, or says the same.
        for (index, form) in forms.iter().enumerate() {
            let is_same = |place: &usize| {
                let former = &known[*place];
                former == form || (referenced(form).is_some() && referenced(former) == referenced(form))
            };
            match left.iter().position(is_same) {
                Some(position) => self.form(older, newer, (left.remove(position), known), (index, forms)),
                None => fresh.push(index),
            }
        }
        // Of the rest, what stands in the same place is what it was, changed.
        for index in fresh {
            match left.iter().position(|place| *place == index) {
                Some(position) => self.form(older, newer, (left.remove(position), known), (index, forms)),
                None => {
                    let place = form_place(self.new, newer, index);
                    self.add(Rule::ChoiceNew, new(&place), format!("form {} is new", index + 1));
                }
            }
        }
        for index in left {
            let place = form_place(self.old, older, index);
            self.add(Rule::UnionVariantGone, old(&place), format!("form {} is gone", index + 1));
        }
    }

    /// Whether only one of several forms is left; it is compared then.
    pub(super) fn only(&mut self, older: &Part, newer: &Part, known: &[Value]) -> bool {
        let Some(name) = referenced(&newer.value).map(str::to_owned) else { return false };
        let Some(index) = known.iter().position(|form| referenced(form) == Some(&name)) else { return false };
        let place = target(self.new, &newer.pointer);
        self.add(Rule::UnionVariantGone, new(&place), format!("of several forms `{name}` alone is left"));
        let former = Part { value: known[index].clone(), pointer: form_place(self.old, older, index) };
        self.compare(&former, newer, &Use { checked: true, ..Use::default() });
        true
    }

    fn form(&mut self, older: &Part, newer: &Part, (was, known): (usize, &[Value]), (is, forms): (usize, &[Value])) {
        let part = |document, part: &Part, index: usize, all: &[Value]| Part {
            value: all[index].clone(),
            pointer: form_place(document, part, index),
        };
        let (old, new) = (part(self.old, older, was, known), part(self.new, newer, is, forms));
        self.compare(&old, &new, &Use { checked: true, ..Use::default() });
    }
}

/// The place of a form, counted from 0, in a union of one list.
fn form_place(document: &crate::document::Document, part: &Part, index: usize) -> String {
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| document.resolve(&part.pointer).is_ok_and(|schema| schema.child(keyword).is_some()));
    let list = locate(document, &part.pointer, &[keyword.unwrap_or("oneOf")]);
    pointer::item(&list, index)
}
