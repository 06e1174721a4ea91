//! Structs that are too large for a stack.
//!
//! A struct holds its parts by value, and theirs: a schema of a thousand members in all would take tens of kilobytes, and
//! reading one several times that, on a thread that has two megabytes. So the parts of a large struct are boxed.

use std::collections::{BTreeMap, HashMap};

use super::model::Model;

/// About what a text, a list or a number takes, in bytes.
const FIELD: usize = 32;

/// The most that a struct should take: about a hundred fields.
const MOST: usize = 100 * FIELD;

/// Boxes the largest parts of every struct that would be too large with them. None contains itself any more.
pub(super) fn box_parts(models: &mut BTreeMap<String, Model>) {
    let mut known = HashMap::new();
    let names: Vec<String> = models.keys().cloned().collect();
    for name in &names {
        weigh(name, models, &mut known);
    }
}

/// What a model takes once its parts are as they should be.
fn weigh(name: &str, models: &mut BTreeMap<String, Model>, known: &mut HashMap<String, usize>) -> usize {
    if let Some(weight) = known.get(name) {
        return *weight;
    }
    // Enumerations are texts, unions boxes, and a struct is weighed before it could be asked for again.
    known.insert(name.to_owned(), FIELD);
    let Some(made) = models.get(name).and_then(|model| model.shape.structs.first()) else { return FIELD };
    let parts: Vec<Option<String>> = made.fields.iter().map(|field| field.held().map(str::to_owned)).collect();
    let part =
        |(at, part): (usize, &Option<String>)| (part.as_ref().map_or(FIELD, |part| weigh(part, models, known)), at);
    let mut weights: Vec<(usize, usize)> = parts.iter().enumerate().map(part).collect();
    weights.sort_unstable_by(|one, other| other.cmp(one));
    let mut total: usize = weights.iter().map(|(weight, _)| weight).sum();
    let fields = models.get_mut(name).into_iter().flat_map(|model| &mut model.shape.structs);
    let mut fields: Vec<_> = fields.flat_map(|made| &mut made.fields).collect();
    for (weight, at) in weights {
        if total <= MOST || weight <= FIELD {
            break;
        }
        if let Some(field) = fields.get_mut(at) {
            field.put_in_box();
            total -= weight - FIELD;
        }
    }
    known.insert(name.to_owned(), total);
    total
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    #[test]
    fn parts_are_boxed_where_a_struct_would_be_large_and_only_there() {
        let object = |count: usize, part: Option<&str>| {
            let text = (0..count).map(|at| (format!("m{at}"), json!({"type": "string"})));
            let part = part.map(|name| ("part".to_owned(), json!({"$ref": format!("#/components/schemas/{name}")})));
            let properties: Map<String, Value> = text.chain(part).collect();
            json!({"type": "object", "properties": properties})
        };
        let schemas = json!({"A": object(3, Some("B")), "B": object(60, Some("C")), "C": object(60, Some("D")), "D": object(60, None)});
        let spec = json!({"openapi": "3.0.3", "components": {"schemas": schemas}});
        let document = crate::prepare::prepare(&spec, "digest").map(|prepared| prepared.document).unwrap_or_default();
        let part = |name: &str| {
            let fields = &document["components"]["schemas"][name]["x-model"]["structs"][0]["fields"];
            let mut fields = fields.as_array().into_iter().flatten();
            fields.find(|field| field["name"] == "part").map(|field| field["type"].clone())
        };
        // C would have 120 members with D, so D is boxed; then B would have 120 with C; then A has 63 with B.
        assert_eq!(part("C"), Some("crate::Member<Box<super::D>>".into()));
        assert_eq!(part("B"), Some("crate::Member<Box<super::C>>".into()));
        assert_eq!(part("A"), Some("crate::Member<super::B>".into()));
    }
}
