//! Limits of values: which way a limit moves, and whether the receiver that runs today checks it.

use serde_json::{Map, Value};

use crate::prepare::reading::{Read, Reading};

/// How the values that the new schema allows lie to those of the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// All of them were allowed before, and not all that were still are.
    Tighter,
    /// Some were not allowed before.
    Looser,
}

/// A limit that moved: its keyword, and the way.
#[derive(Debug, PartialEq)]
pub(super) struct Moved {
    pub(super) keyword: &'static str,
    pub(super) way: Move,
}

/// A bound: its value, and whether the value itself is out.
type Bound = Option<(f64, bool)>;

/// The limits that moved. A text of a known form has the lengths of that form.
pub(super) fn moved(old: &Read, new: &Read) -> Vec<Moved> {
    let keywords: &[(&'static str, bool)] = match old.reading {
        Reading::Text => &[("minLength", true), ("maxLength", false)],
        Reading::List(_) => &[("minItems", true), ("maxItems", false)],
        Reading::Map(_) => &[("minProperties", true), ("maxProperties", false)],
        Reading::Integer(..) | Reading::Float => &[("minimum", true), ("maximum", false)],
        _ => &[],
    };
    let both = keywords.iter().map(|(keyword, is_lower)| {
        (*keyword, compare(bound(&old.flat, keyword, *is_lower), known(new, keyword, *is_lower), *is_lower))
    });
    both.filter_map(|(keyword, way)| Some(Moved { keyword, way: way? })).collect()
}

/// The bound that a schema states, or else the one that all its values have.
fn known(read: &Read, keyword: &str, is_lower: bool) -> Bound {
    bound(&read.flat, keyword, is_lower).or_else(|| {
        let length = match (&read.reading, keyword) {
            (Reading::Uuid, "minLength" | "maxLength") => 36,
            (Reading::Timestamp, "minLength") => "2026-01-31T12:00:00Z".len(),
            (Reading::Enum(values), "minLength") => values.iter().map(|value| value.chars().count()).min()?,
            (Reading::Enum(values), "maxLength") => values.iter().map(|value| value.chars().count()).max()?,
            _ => return None,
        };
        Some((length as f64, false))
    })
}

/// Bounds as either version of OpenAPI writes them: `exclusiveMinimum` is a flag in 3.0 and a bound of its own in 3.1.
fn bound(flat: &Map<String, Value>, keyword: &str, is_lower: bool) -> Bound {
    let exclusive = match keyword {
        "minimum" => flat.get("exclusiveMinimum"),
        "maximum" => flat.get("exclusiveMaximum"),
        _ => None,
    };
    let is_exclusive = exclusive.and_then(Value::as_bool).unwrap_or(false);
    let plain = flat.get(keyword).and_then(Value::as_f64).map(|value| (value, is_exclusive));
    let own = exclusive.and_then(Value::as_f64).map(|value| (value, true));
    match (plain, own) {
        (Some(plain), Some(own)) if tighter(plain, own, is_lower) => Some(plain),
        (plain, own) => own.or(plain),
    }
}

/// A limit in words.
pub(super) fn told(flat: &Map<String, Value>, keyword: &str) -> String {
    let exclusive = match keyword {
        "minimum" => "exclusiveMinimum",
        "maximum" => "exclusiveMaximum",
        _ => "",
    };
    let own = flat.get(keyword).map(Value::to_string);
    match flat.get(exclusive) {
        Some(Value::Bool(true)) => format!("{} exclusive", own.unwrap_or_default()),
        Some(other) if other.is_number() => format!("{other} exclusive"),
        _ => own.unwrap_or_else(|| "none".to_owned()),
    }
}

fn compare(old: Bound, new: Bound, is_lower: bool) -> Option<Move> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Move::Tighter),
        (Some(_), None) => Some(Move::Looser),
        (Some(old), Some(new)) if tighter(new, old, is_lower) => Some(Move::Tighter),
        (Some(old), Some(new)) => tighter(old, new, is_lower).then_some(Move::Looser),
    }
}

/// Whether bound `a` lets fewer values through than bound `b`.
fn tighter(a: (f64, bool), b: (f64, bool), is_lower: bool) -> bool {
    let beyond = if is_lower { a.0 > b.0 } else { a.0 < b.0 };
    beyond || (a.0 == b.0 && a.1 && !b.1)
}

/// Whether the generated crate checks the pattern of a text: it does if Rust's regular expressions can.
pub(super) fn checked_pattern(flat: &Map<String, Value>) -> Option<regex::Regex> {
    regex::Regex::new(flat.get("pattern")?.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::prepare::reading::read;

    fn ways(old: &Value, new: &Value) -> Vec<(&'static str, Move)> {
        let root = Value::Null;
        let moved = moved(&read(&root, old), &read(&root, new));
        moved.into_iter().map(|moved| (moved.keyword, moved.way)).collect()
    }

    #[test]
    fn tells_looser_from_tighter() {
        let text = |least: u64, most: u64| json!({"type": "string", "minLength": least, "maxLength": most});
        assert_eq!(ways(&text(2, 5), &text(1, 4)), [("minLength", Move::Looser), ("maxLength", Move::Tighter)]);
        assert_eq!(ways(&text(2, 5), &text(2, 5)), []);
        assert_eq!(ways(&json!({"type": "string"}), &text(0, 9)).len(), 2);
    }

    #[test]
    fn an_exclusive_bound_is_tighter_than_the_same_inclusive_one() {
        let number = |keyword: &str, flag: &Value| json!({"type": "number", "minimum": 1, (keyword): flag});
        let old = number("exclusiveMinimum", &json!(true));
        assert_eq!(ways(&old, &number("title", &json!(""))), [("minimum", Move::Looser)]);
        assert_eq!(ways(&old, &number("exclusiveMinimum", &json!(1))), []);
        assert_eq!(ways(&number("exclusiveMinimum", &json!(0)), &number("title", &json!(""))), []);
    }

    #[test]
    fn an_enumeration_has_the_lengths_of_its_values() {
        let old = json!({"type": "string", "minLength": 2});
        let values = |first: &str| json!({"type": "string", "enum": [first, "ccc"]});
        assert_eq!(ways(&old, &values("a")), [("minLength", Move::Looser), ("maxLength", Move::Tighter)]);
        assert_eq!(ways(&old, &values("bb")), [("maxLength", Move::Tighter)]);
    }
}
