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
    for (owner, model) in models {
        for field in model.shape.structs.iter_mut().flat_map(|made| &mut made.fields) {
            let Some(part) = field.part.clone().filter(|part| reaches(&edges, part, owner)) else { continue };
            field.r#type = field.r#type.replace(&format!("super::{part}"), &format!("Box<super::{part}>"));
        }
    }
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
