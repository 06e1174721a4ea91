//! Structs that contain themselves.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::model::Model;

/// A struct that contains itself by value has no size; its way back goes through a `Box`. The variants of unions are
/// boxed anyway.
pub(super) fn box_parts(models: &mut BTreeMap<String, Model>) {
    let edges: HashMap<String, Vec<String>> = models
        .iter()
        .map(|(name, model)| {
            let fields = model.shape.structs.iter().flat_map(|made| &made.fields);
            (name.clone(), fields.filter_map(|field| field.part.clone()).collect())
        })
        .collect();
    for (owner, model) in models.iter_mut() {
        for field in model.shape.structs.iter_mut().flat_map(|made| &mut made.fields) {
            if field.part.as_ref().is_some_and(|part| reaches(&edges, part, owner)) {
                field.put_in_box();
            }
        }
    }
}

/// A type that names itself needs no path for it, and the compiler says so.
pub(super) fn shorten_own_names(models: &mut BTreeMap<String, Model>) {
    for (owner, model) in models {
        let fields = model.shape.structs.iter_mut().flat_map(|made| &mut made.fields);
        let texts = fields.flat_map(|field| std::iter::once(&mut field.r#type).chain(&mut field.schema));
        texts.for_each(|text| *text = without_path(text, owner));
        let unions = model.shape.unions.iter_mut().chain(&mut model.shape.choices);
        let variants = unions.flat_map(|union| &mut union.variants);
        variants.for_each(|variant| variant.r#type = without_path(&variant.r#type, owner));
    }
}

/// `text` with `super::Owner` as `Owner`, but not `super::OwnerOfMore`.
fn without_path(text: &str, owner: &str) -> String {
    let mut parts = text.split("super::");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_owner = part.strip_prefix(owner).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()));
        out.push_str(if is_owner { "" } else { "super::" });
        out.push_str(part);
    }
    out
}

fn reaches(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(edges.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    false
}
