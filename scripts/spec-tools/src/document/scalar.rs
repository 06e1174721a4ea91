//! What one piece of YAML text means as a JSON value: YAML 1.2's core schema, without what JSON cannot say.

use saphyr_parser::{Marker, ScalarStyle, Tag};
use serde_json::{Number, Value};

use super::yaml::Fault;

/// A value without parts. Quoted text is text; plain text is what YAML's core schema says, so `no` is text too.
pub(super) fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, at: Marker) -> Result<Value, Fault> {
    let tag = known_tag(tag, &["str", "int", "float", "bool", "null"], at)?;
    let value = match (style, tag) {
        (_, Some("str")) => Value::from(text),
        (ScalarStyle::Plain, _) => plain(text, at)?,
        (_, None) => Value::from(text),
        (_, Some(_)) => plain(text, at)?,
    };
    let fits = match tag {
        Some("int") => value.is_i64() || value.is_u64(),
        Some("float") => value.is_number(),
        Some("bool") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => true,
    };
    if fits { Ok(value) } else { Err(Fault::new(at, format!("`{text}` is not what its tag says"))) }
}

fn plain(text: &str, at: Marker) -> Result<Value, Fault> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    if is_unsayable_number(text) {
        return Err(Fault::new(at, format!("`{text}` is a number that JSON cannot say; quote it to make it text")));
    }
    if let Some(radix) = text.get(..2).and_then(|start| match start {
        "0x" => Some(16),
        "0o" => Some(8),
        _ => None,
    }) && let Ok(number) = u64::from_str_radix(&text[2..], radix)
    {
        return Ok(Value::from(number));
    }
    if is_whole_number(text) {
        let text = text.strip_prefix('+').unwrap_or(text);
        let number = text.parse::<u64>().map(Value::from).or_else(|_| text.parse::<i64>().map(Value::from));
        if let Ok(number) = number {
            return Ok(number);
        }
    }
    // Whole numbers of more than 64 bits among them: as every reader of JSON does, they are taken as nearly as it goes.
    if is_decimal_number(text) {
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        let message = || format!("`{text}` is too large a number; quote it to make it text");
        return number.map(Value::Number).ok_or_else(|| Fault::new(at, message()));
    }
    Ok(Value::from(text))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_unsayable_number(text: &str) -> bool {
    matches!(unsigned(text), ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_whole_number(text: &str) -> bool {
    is_digits(unsigned(text))
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal_number(text: &str) -> bool {
    let (mantissa, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned(text), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let mantissa_fits = match (whole, fraction) {
        ("", fraction) => is_digits(fraction) && mantissa.starts_with('.'),
        (whole, "") => is_digits(whole),
        (whole, fraction) => is_digits(whole) && is_digits(fraction),
    };
    mantissa_fits && exponent.is_none_or(|exponent| is_digits(unsigned(exponent)))
}

/// The short name of a core tag, if it is one of `known`.
pub(super) fn known_tag<'a>(tag: Option<&'a Tag>, known: &[&str], at: Marker) -> Result<Option<&'a str>, Fault> {
    match tag {
        None => Ok(None),
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Ok(Some("str")),
        Some(tag) if tag.is_yaml_core_schema() && known.contains(&tag.suffix.as_str()) => Ok(Some(&tag.suffix)),
        Some(tag) => Err(Fault::new(at, format!("the tag `{tag}` means nothing in a spec; remove it"))),
    }
}
