//! The limits of a schema, in the words of the attributes of `validator` and of `utoipa`.

use serde_json::{Map, Value};

use super::name;
use super::types::Kind;

/// A limit as either crate wants it, if it does.
#[derive(Default)]
struct Limit {
    checked: Option<String>,
    told: Option<String>,
}

/// What `#[validate(...)]` checks, without patterns.
pub(super) fn checked(flat: &Map<String, Value>, kind: Kind) -> Vec<String> {
    let group = |name: &str, limits: Vec<Limit>| {
        let all: Vec<String> = limits.into_iter().filter_map(|limit| limit.checked).collect();
        (!all.is_empty()).then(|| format!("{name}({})", all.join(", ")))
    };
    group("length", length(flat, kind)).into_iter().chain(group("range", range(flat, kind))).collect()
}

/// Whether `item` keeps the limits of its schema, as Rust expressions of which each must be true, without patterns.
pub(super) fn kept(flat: &Map<String, Value>, kind: Kind) -> Vec<String> {
    let call = |function: &str, names: &[&str], limits: Vec<Limit>| {
        let set: Vec<String> = limits.into_iter().filter_map(|limit| limit.checked).collect();
        let argument = |name: &&str| {
            let value = set.iter().find_map(|limit| limit.strip_prefix(&format!("{name} = ")));
            value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
        };
        let arguments: Vec<String> = names.iter().map(argument).collect();
        (!set.is_empty()).then(|| format!("validator::{function}(item, {})", arguments.join(", ")))
    };
    let lengths = call("ValidateLength::validate_length", &["min", "max", "equal"], length(flat, kind));
    let bounds = ["min", "max", "exclusive_min", "exclusive_max"];
    lengths.into_iter().chain(call("ValidateRange::validate_range", &bounds, range(flat, kind))).collect()
}

/// What `#[schema(...)]` tells of limits, patterns among them.
pub(super) fn told(flat: &Map<String, Value>, kind: Kind) -> Vec<String> {
    let limits = length(flat, kind).into_iter().chain(range(flat, kind));
    let pattern = flat.get("pattern").and_then(Value::as_str).filter(|_| kind == Kind::Text);
    let pattern = pattern.map(|pattern| format!("pattern = {}", name::literal(pattern)));
    limits.filter_map(|limit| limit.told).chain(pattern).collect()
}

/// The lengths of texts, lists and maps; `utoipa` has no word for the last.
fn length(flat: &Map<String, Value>, kind: Kind) -> Vec<Limit> {
    let (least, greatest) = match kind {
        Kind::Text => (("minLength", Some("min_length")), ("maxLength", Some("max_length"))),
        Kind::List => (("minItems", Some("min_items")), ("maxItems", Some("max_items"))),
        Kind::Map => (("minProperties", None), ("maxProperties", None)),
        Kind::Integer(..) | Kind::Float | Kind::Other => return Vec::new(),
    };
    let limit = |checked: &str, key: &str, told: Option<&str>| {
        let value = flat.get(key)?.as_u64()?;
        let told = told.map(|told| format!("{told} = {value}"));
        Some(Limit { checked: Some(format!("{checked} = {value}")), told })
    };
    limit("min", least.0, least.1).into_iter().chain(limit("max", greatest.0, greatest.1)).collect()
}

/// Bounds: `exclusiveMinimum` is a flag beside `minimum` in OpenAPI 3.0 and a bound of its own in 3.1.
fn range(flat: &Map<String, Value>, kind: Kind) -> Vec<Limit> {
    let mut limits = Vec::new();
    for (key, exclusive_key, inclusive, exclusive) in [
        ("minimum", "exclusiveMinimum", ("min", "minimum"), ("exclusive_min", "exclusive_minimum")),
        ("maximum", "exclusiveMaximum", ("max", "maximum"), ("exclusive_max", "exclusive_maximum")),
    ] {
        let is_exclusive = flat.get(exclusive_key).and_then(Value::as_bool).unwrap_or(false);
        let plain = flat.get(key).map(|bound| limit(bound, kind, if is_exclusive { exclusive } else { inclusive }));
        limits.extend(plain);
        limits.extend(flat.get(exclusive_key).map(|bound| limit(bound, kind, exclusive)));
    }
    limits
}

fn limit(bound: &Value, kind: Kind, (checked, told): (&str, &str)) -> Limit {
    match kind {
        Kind::Integer(least, greatest) => {
            let Some(bound) = bound.as_i64().map(i128::from).or(bound.as_u64().map(i128::from)) else {
                return Limit::default();
            };
            // What the type keeps anyway cannot even be compared.
            let inside = (least < bound && bound < greatest)
                || (checked.starts_with("exclusive") && (bound == least || bound == greatest));
            let checked = inside.then(|| format!("{checked} = {bound}"));
            Limit { checked, told: integer(bound).map(|bound| format!("{told} = {bound}")) }
        }
        Kind::Float => {
            let limit = |name: &str| bound.as_f64().map(|bound| format!("{name} = {bound:?}"));
            Limit { checked: limit(checked), told: limit(told) }
        }
        Kind::Text | Kind::List | Kind::Map | Kind::Other => Limit::default(),
    }
}

/// A whole number for `utoipa`, which takes literals for `i32` or `f64`.
fn integer(bound: i128) -> Option<String> {
    const EXACT: i128 = 1 << 53;
    match i32::try_from(bound) {
        Ok(bound) => Some(bound.to_string()),
        Err(_) => (-EXACT..=EXACT).contains(&bound).then(|| format!("{bound}.0")),
    }
}
