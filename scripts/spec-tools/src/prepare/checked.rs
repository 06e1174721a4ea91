//! Which models have limits to check: their own, or those of a model within.
//!
//! A check that cannot fail would still cost time on every delivery, so it is left out.

use std::collections::{BTreeMap, HashSet};

use super::model::{Field, Model};

/// What stands in `#[validate(...)]` of a field whose limits are those of its type.
const NESTED: &str = "nested";

/// Takes the checks that cannot fail out of the models, and tells which models keep some.
pub(super) fn keep_needed(models: &mut BTreeMap<String, Model>) -> HashSet<String> {
    let mut limited = HashSet::new();
    loop {
        let more: Vec<String> = models
            .iter()
            .filter(|(name, model)| !limited.contains(*name) && is_limited(model, &limited))
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        limited.extend(more);
    }
    for shape in models.values_mut().map(|model| &mut model.shape) {
        for field in shape.structs.iter_mut().flat_map(|made| &mut made.fields) {
            if !names_any(&field.r#type, &limited) {
                let kept = own_checks(field).join(", ");
                field.validate = if kept.is_empty() { Vec::new() } else { vec![kept] };
            }
        }
        for variant in shape.unions.iter_mut().chain(&mut shape.choices).flat_map(|union| &mut union.variants) {
            variant.nested &= names_any(&variant.r#type, &limited);
        }
    }
    limited
}

/// Whether a type expression names one of these models.
pub(super) fn names_any(text: &str, models: &HashSet<String>) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| models.contains(word))
}

fn is_limited(model: &Model, limited: &HashSet<String>) -> bool {
    let shape = &model.shape;
    let mut fields = shape.structs.iter().flat_map(|made| &made.fields);
    let mut variants = shape.unions.iter().chain(&shape.choices).flat_map(|union| &union.variants);
    fields
        .any(|field| !own_checks(field).is_empty() || (!field.validate.is_empty() && names_any(&field.r#type, limited)))
        || variants.any(|variant| variant.nested && names_any(&variant.r#type, limited))
}

/// The checks of a field but for those within its type.
fn own_checks(field: &Field) -> Vec<&str> {
    field
        .validate
        .iter()
        .filter_map(|all| if all == NESTED { None } else { Some(all.trim_end_matches(", nested")) })
        .collect()
}
