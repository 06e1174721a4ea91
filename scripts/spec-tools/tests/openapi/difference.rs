//! What two values in the common form do not agree on, each with the way to it.

use serde_json::Value;

/// Every difference, as `place: what the spec says, what the crate says`.
pub(crate) fn differences(spec: &Value, ours: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", spec, ours, &mut found);
    found
}

fn compare(place: &str, spec: &Value, ours: &Value, found: &mut Vec<String>) {
    match (spec, ours) {
        (Value::Object(spec), Value::Object(ours)) => {
            let added = ours.keys().filter(|key| !spec.contains_key(*key));
            for key in spec.keys().chain(added) {
                let place = if place.is_empty() { key.clone() } else { format!("{place} > {key}") };
                match (spec.get(key), ours.get(key)) {
                    (Some(spec), Some(ours)) => compare(&place, spec, ours, found),
                    (Some(spec), None) => found.push(format!("{place}: only the spec has it: {}", short(spec))),
                    (None, Some(ours)) if !is_own_words(&place) => {
                        found.push(format!("{place}: only the crate has it: {}", short(ours)));
                    }
                    _ => {}
                }
            }
        }
        (Value::Array(spec), Value::Array(ours)) if spec.len() == ours.len() => {
            for (index, (spec, ours)) in spec.iter().zip(ours).enumerate() {
                compare(&format!("{place} > {index}"), spec, ours, found);
            }
        }
        (Value::Number(spec), Value::Number(ours)) if spec.as_f64() == ours.as_f64() => {}
        (spec, ours) if spec == ours => {}
        (spec, ours) => found.push(format!("{place}: the spec says {}, the crate {}", short(spec), short(ours))),
    }
}

/// Every type and field of the crate has a description; where the spec has none, it is the crate's own.
fn is_own_words(place: &str) -> bool {
    place.contains(" > schema") && place.ends_with(" > description")
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 120 { text } else { text.chars().take(117).chain("...".chars()).collect() }
}
