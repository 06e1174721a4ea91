//! From the spec's names and texts to Rust's: identifiers and literals.

use std::collections::HashSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// Words that cannot be identifiers, in any edition up to 2024.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot even be raw identifiers.
const NEVER_RAW: &[&str] = &["self", "super", "crate", "_"];

/// Type names that generated code uses, or that would surprise a reader.
const TAKEN_TYPES: &[&str] = &[
    "Self",
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "String",
    "Vec",
    "Box",
    "Default",
    "Clone",
    "Copy",
    "Debug",
    "PartialEq",
    "Eq",
    "Hash",
    "Display",
    "Send",
    "Sync",
    "Sized",
    "Drop",
    "Fn",
    "From",
    "Into",
    "Iterator",
    "ToString",
    "Serialize",
    "Deserialize",
    "Validate",
    "ToSchema",
    "BTreeMap",
    "Timestamp",
    "Value",
    "Map",
    "Uuid",
    "Schema",
    "Object",
    "HashMap",
    "HashSet",
    "BTreeSet",
    "LinkedList",
    "Cow",
    "RefCell",
];

/// What stands beside the traits in generated code, or beside their names at the crate's root.
const TAKEN_TRAITS: &[&str] = &[
    "Algorithm",
    "Answer",
    "Blanks",
    "Body",
    "Challenge",
    "Delivery",
    "Disposition",
    "Encoding",
    "Endpoint",
    "Event",
    "EventId",
    "EventMatch",
    "EventType",
    "Future",
    "H",
    "HandlerError",
    "Handlers",
    "HeaderParameter",
    "InvalidEvent",
    "KeyEncoding",
    "KeyRule",
    "Match",
    "Member",
    "Method",
    "Missing",
    "Negotiation",
    "OnFault",
    "Outcomes",
    "ParseTimestampError",
    "Provider",
    "RepeatedHeader",
    "SignatureScheme",
    "SignedPart",
    "StatusCode",
    "TimestampFormat",
    "TimestampRule",
    "TimestampSource",
    "ValueSource",
];

/// A function, field or module name. Never empty, never a keyword.
pub(super) fn snake(text: &str) -> String {
    let name = readable(text).to_snake_case();
    let name = if name.is_empty() { "value".to_owned() } else { name };
    if NEVER_RAW.contains(&name.as_str()) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else if begins_wrongly(&name) {
        format!("n{name}")
    } else {
        name
    }
}

/// A name without the `r#` of a raw identifier, as used inside longer names.
pub(super) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The name of a type or variant. Never empty.
pub(super) fn pascal(text: &str) -> String {
    let name = readable(text).to_pascal_case();
    match name.as_str() {
        "" => "Empty".to_owned(),
        wrong if begins_wrongly(wrong) => format!("N{name}"),
        _ => name,
    }
}

/// The name of a model: like [`pascal`], and never one that generated code needs for itself.
pub(super) fn model(text: &str) -> String {
    let name = shortened(pascal(text));
    if TAKEN_TYPES.contains(&name.as_str()) { format!("{name}Model") } else { name }
}

/// A name that can be a file's: of a long one the begin and the end, which tell the most.
fn shortened(name: String) -> String {
    const MOST: usize = 100;
    let count = name.chars().count();
    if count <= MOST {
        return name;
    }
    name.chars().take(MOST / 2).chain(name.chars().skip(count - MOST / 2)).collect()
}

/// The name of a provider's trait: like [`model`], and never one that stands beside it.
pub(super) fn provider(text: &str) -> String {
    let name = model(text);
    if TAKEN_TRAITS.contains(&name.as_str()) { format!("{name}Webhooks") } else { name }
}

/// The name of a provider's module and field: one that the generator makes the same file name of, so it has plain
/// letters and no gap that pascal case would close; and never one that has to be written raw, nor that of the module
/// around it.
pub(super) fn module(text: &str) -> String {
    let plain: String = text.chars().filter(char::is_ascii).collect();
    let name = if plain.is_empty() { "provider".to_owned() } else { snake(&shortened(pascal(&plain))) };
    let around = (name == "providers").then_some(name.as_str());
    let keyword = name.strip_prefix("r#").or_else(|| name.strip_suffix('_')).or(around);
    keyword.map(|keyword| format!("{keyword}_webhooks")).unwrap_or(name)
}

/// The name of a variant: like [`pascal`], but never `Self`.
pub(super) fn variant(text: &str) -> String {
    let name = pascal(text);
    if name == "Self" { "SelfValue".to_owned() } else { name }
}

/// The name that the generator makes the file name of a model of: plain letters, and nothing that it would take for a
/// type of another language, or for the module of all models.
pub(super) fn file(model: &str) -> String {
    const TAKEN: &[&str] = &[
        "Array",
        "ArrayList",
        "BigDecimal",
        "Date",
        "DateTime",
        "File",
        "HashMap",
        "List",
        "LocalDate",
        "LocalDateTime",
        "LocalTime",
        "Map",
        "Mod",
        "Model",
        "Models",
        "Set",
        "Timestamp",
        "URI",
        "UUID",
        "Uri",
        "Uuid",
    ];
    let plain: String = model.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.as_str() {
        "" => "ModelOfNoPlainName".to_owned(),
        taken if TAKEN.contains(&taken) || KEYWORDS.contains(&taken.to_lowercase().as_str()) => format!("{plain}Model"),
        _ if plain.starts_with(|c: char| c.is_ascii_digit()) => format!("N{plain}"),
        _ => plain,
    }
}

/// The name of a constant.
pub(super) fn shouty(text: &str) -> String {
    let name = readable(text).to_shouty_snake_case();
    if name.is_empty() || begins_wrongly(&name) { format!("N{name}") } else { name }
}

/// Signs that tell values apart get words; the rest that identifiers cannot hold become gaps.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let only_signs = !text.chars().any(char::is_alphanumeric);
    let mut first = true;
    while let Some(c) = rest.next() {
        let word = match c {
            '+' if first || only_signs => Some("plus"),
            '-' if (first && rest.peek().is_some_and(char::is_ascii_digit)) || only_signs => Some("minus"),
            '*' => Some("star"),
            '<' => Some("less"),
            '>' => Some("greater"),
            '=' if only_signs => Some("equal"),
            '/' if only_signs => Some("slash"),
            '.' if only_signs => Some("dot"),
            '_' if only_signs => Some("underscore"),
            '!' => Some("not"),
            '%' => Some("percent"),
            '&' => Some("and"),
            _ => None,
        };
        match word {
            Some(word) => {
                out.push(' ');
                out.push_str(word);
                out.push(' ');
            }
            None if c.is_alphanumeric() => out.push(c),
            None => out.push(' '),
        }
        first = false;
    }
    // Letters beyond ASCII are legal in identifiers, except for the few that are not XID.
    out.chars().map(|c| if unicode_ident::is_xid_continue(c) && has_case(c) { c } else { ' ' }).collect()
}

/// Whether a letter can stand in any name: some are capital or small and have no counterpart.
fn has_case(c: char) -> bool {
    (!c.is_uppercase() || !c.to_lowercase().eq([c])) && (!c.is_lowercase() || !c.to_uppercase().eq([c]))
}

/// Whether a name needs a letter in front: digits and marks cannot begin one.
fn begins_wrongly(name: &str) -> bool {
    name.starts_with(|c| !unicode_ident::is_xid_start(c))
}

/// Hands out names, each once.
#[derive(Debug, Default)]
pub(super) struct Unique {
    taken: HashSet<String>,
}

impl Unique {
    /// `name`, or `name` with the first free number behind it. Names that differ only by case or underscores count as
    /// the same, because they become file names.
    pub(super) fn take(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(plain(&candidate).replace('_', "").to_lowercase()) {
            candidate = format!("{}{number}", plain(name));
            number += 1;
        }
        candidate
    }
}

/// A Rust string literal: raw where that is easier to read.
pub(super) fn literal(text: &str) -> String {
    let printable = text.chars().all(|c| matches!(c, '"' | '\\' | '\'') || c.escape_debug().len() == 1);
    if printable && (text.contains('"') || text.contains('\\')) {
        let mut hashes = 1;
        while text.contains(&format!("\"{}", "#".repeat(hashes))) {
            hashes += 1;
        }
        let hashes = "#".repeat(hashes);
        format!("r{hashes}\"{text}\"{hashes}")
    } else {
        format!("{text:?}")
    }
}

/// An `Option<&str>` as Rust text.
pub(super) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| format!("Some({})", literal(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_whatever_the_spec_says() {
        assert_eq!(snake("applianceID"), "appliance_id");
        assert_eq!(snake("type"), "r#type");
        assert_eq!(snake("self"), "self_");
        assert_eq!(snake("2fa"), "n2fa");
        assert_eq!(snake("+1"), "plus_1");
        assert_eq!(snake("-1"), "minus_1");
        assert_eq!(snake("grid-signal-processor/set"), "grid_signal_processor_set");
        assert_eq!(pascal("HEAT_PUMP"), "HeatPump");
        assert_eq!(pascal(""), "Empty");
        assert_eq!(pascal("ⓐ"), "Empty");
        assert_eq!(snake("٣a"), "n٣a");
        assert_eq!(model("Option"), "OptionModel");
        assert_eq!(provider("delivery"), "DeliveryWebhooks");
        assert_eq!(module("type"), "type_webhooks");
        assert_eq!(module("self"), "self_webhooks");
        assert_eq!(module("providers"), "providers_webhooks");
        assert_eq!(module("My Größe_2"), "my_gre2");
        assert_eq!(module("日本"), "provider");
        assert_eq!(shouty("gridxSignatureRs256"), "GRIDX_SIGNATURE_RS256");
    }

    #[test]
    fn no_provider_takes_the_name_of_a_type_of_the_crate_itself() {
        let root = include_str!("../../../../templates/lib.mustache");
        let exported =
            root.lines().filter_map(|line| line.strip_prefix("pub use ")).filter(|line| !line.contains("{{{"));
        let words = exported.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()));
        let types = words.filter(|word| word.contains(char::is_uppercase) && word.contains(char::is_lowercase));
        let contract = include_str!("../../../../templates/contract.mustache");
        let declared = contract.lines().filter_map(|line| {
            let line = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
            line.split(|c: char| !c.is_alphanumeric()).next()
        });
        let all: Vec<&str> = types.chain(declared).collect();
        assert!(all.contains(&"EventId") && all.contains(&"SignatureScheme"), "{all:?}");
        for name in all {
            assert_ne!(provider(name), name);
        }
    }

    #[test]
    fn a_long_name_can_still_be_a_file_s() {
        let name = model(&format!("begin {} end", "x".repeat(300)));
        assert!(name.starts_with("BeginX") && name.ends_with("xEnd") && name.len() == 100, "{name}");
        assert_eq!(model(&"x".repeat(100)), format!("X{}", "x".repeat(99)));
    }

    #[test]
    fn equal_looking_names_are_told_apart() {
        let mut names = Unique::default();
        assert_eq!(names.take("FooBar"), "FooBar");
        assert_eq!(names.take("Foobar"), "Foobar2");
        assert_eq!(names.take("foo_bar"), "foo_bar3");
    }

    #[test]
    fn literals_hold_any_text() {
        assert_eq!(literal("plain"), r#""plain""#);
        assert_eq!(literal(r#"{"a":1}"#), r###"r#"{"a":1}"#"###);
        assert_eq!(literal("quote\"#end"), r####"r##"quote"#end"##"####);
        assert_eq!(literal("line\nbreak\""), r#""line\nbreak\"""#);
        assert_eq!(literal("\"\u{202e}"), r#""\"\u{202e}""#);
    }
}
