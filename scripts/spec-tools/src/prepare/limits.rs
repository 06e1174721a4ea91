//! The limits of a schema, in the words of the attributes of `validator` and of `utoipa`.

use serde_json::{Map, Value};

use super::name;
use super::types::Kind;

/// A limit with its name for either crate; a length has none of its own for `utoipa` in a map.
struct Limit {
    checked: &'static str,
    told: Option<&'static str>,
    value: String,
}

impl Limit {
    fn new(checked: &'static str, told: Option<&'static str>, value: String) -> Self {
        Self { checked, told, value }
    }
}

/// What `#[validate(...)]` checks, without patterns.
pub(super) fn checked(flat: &Map<String, Value>, kind: Kind) -> Vec<String> {
    let group = |name: &str, limits: Vec<Limit>| {
        let all: Vec<String> = limits.iter().map(|limit| format!("{} = {}", limit.checked, limit.value)).collect();
        (!all.is_empty()).then(|| format!("{name}({})", all.join(", ")))
    };
    group("length", length(flat, kind)).into_iter().chain(group("range", range(flat, kind))).collect()
}

/// What `#[schema(...)]` tells of limits, patterns among them.
pub(super) fn told(flat: &Map<String, Value>, kind: Kind) -> Vec<String> {
    let limits = length(flat, kind).into_iter().chain(range(flat, kind));
    let pattern = flat.get("pattern").and_then(Value::as_str).filter(|_| kind == Kind::Text);
    limits
        .filter_map(|limit| limit.told.map(|told| format!("{told} = {}", limit.value)))
        .chain(pattern.map(|pattern| format!("pattern = {}", name::literal(pattern))))
        .collect()
}

fn length(flat: &Map<String, Value>, kind: Kind) -> Vec<Limit> {
    let (least, greatest) = match kind {
        Kind::Text => (("minLength", Some("min_length")), ("maxLength", Some("max_length"))),
        Kind::List => (("minItems", Some("min_items")), ("maxItems", Some("max_items"))),
        Kind::Map => (("minProperties", None), ("maxProperties", None)),
        Kind::Integer(..) | Kind::Float | Kind::Other => return Vec::new(),
    };
    [("min", least), ("max", greatest)]
        .into_iter()
        .filter_map(|(checked, (key, told))| {
            let value = flat.get(key)?.as_u64()?;
            Some(Limit::new(checked, told, value.to_string()))
        })
        .collect()
}

/// Bounds: `exclusiveMinimum` is a flag beside `minimum` in OpenAPI 3.0 and a bound of its own in 3.1.
fn range(flat: &Map<String, Value>, kind: Kind) -> Vec<Limit> {
    let mut limits = Vec::new();
    for (key, exclusive_key, inclusive, exclusive) in [
        ("minimum", "exclusiveMinimum", ("min", "minimum"), ("exclusive_min", "exclusive_minimum")),
        ("maximum", "exclusiveMaximum", ("max", "maximum"), ("exclusive_max", "exclusive_maximum")),
    ] {
        let is_exclusive = flat.get(exclusive_key).and_then(Value::as_bool).unwrap_or(false);
        let (checked, told) = if is_exclusive { exclusive } else { inclusive };
        let plain = flat.get(key).and_then(|bound| literal(bound, kind, is_exclusive));
        limits.extend(plain.map(|bound| Limit::new(checked, Some(told), bound)));
        let own = flat.get(exclusive_key).and_then(|bound| literal(bound, kind, true));
        limits.extend(own.map(|bound| Limit::new(exclusive.0, Some(exclusive.1), bound)));
    }
    limits
}

/// A bound as a Rust literal; `None` for one that the type keeps anyway, or cannot say.
fn literal(bound: &Value, kind: Kind, exclusive: bool) -> Option<String> {
    match kind {
        Kind::Integer(least, greatest) => {
            let bound = bound.as_i64().map(i128::from).or(bound.as_u64().map(i128::from))?;
            let says_something =
                (least < bound && bound < greatest) || (exclusive && (bound == least || bound == greatest));
            says_something.then(|| bound.to_string())
        }
        Kind::Float => bound.as_f64().map(|bound| format!("{bound:?}")),
        Kind::Text | Kind::List | Kind::Map | Kind::Other => None,
    }
}
