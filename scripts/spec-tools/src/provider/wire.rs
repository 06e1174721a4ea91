//! The hand-written half of a new provider: a file with a method for each event, and its name in `handlers.rs`.

use std::fmt::Write as _;

use proc_macro2::LineColumn;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Item, PathArguments, Type};

use super::Refused;
use crate::surface::{Method, Provider};

/// The width that rustfmt is told.
const WIDEST: usize = 120;

/// The handlers of a provider, each of which logs what arrived.
pub fn handlers(provider: &Provider) -> String {
    let name = &provider.name;
    let methods: Vec<_> = provider.methods.iter().map(method).collect();
    let imports = if methods.iter().any(|method| method.contains("models::")) { ", models" } else { "" };
    format!(
        "//! {name}: one log line for each event. Put what your own system does with it in its place.\n\n\
         use tracing::info;\n\
         use webhook_api::{{Delivery, HandlerError, {name}{imports}}};\n\n\
         use crate::log_text::Shown;\n\n\
         type Outcome = Result<(), HandlerError>;\n\n\
         /// Handles the events of {name}.\n\
         #[derive(Debug, Clone, Default)]\n\
         pub struct {name}Handlers;\n\n\
         impl {name} for {name}Handlers {{\n{}}}\n\n\
         /// What arrived: its type and its identity, both of which the provider wrote.\n\
         fn log(delivery: &Delivery) {{\n    \
         let event_type = delivery.event_type.as_deref().unwrap_or(delivery.endpoint.id);\n    \
         info!(event_type = %Shown(event_type), id = %Shown(&delivery.event_id), \"event of {{}}\", \
         delivery.endpoint.provider);\n}}\n",
        methods.join("\n")
    )
}

fn method(method: &Method) -> String {
    let mut out = String::new();
    if !method.summary.is_empty() {
        let _ = writeln!(out, "    // {}", method.summary);
    }
    let arguments: Vec<_> = method.arguments.iter().map(|argument| unused(argument)).collect();
    let mut head = format!("    async fn {}({}) -> Outcome {{", method.name, arguments.join(", "));
    if head.chars().count() > WIDEST {
        let lines: String = arguments.iter().map(|argument| format!("        {argument},\n")).collect();
        head = format!("    async fn {}(\n{lines}    ) -> Outcome {{", method.name);
    }
    let _ = write!(out, "{head}\n        log(delivery);\n        Ok(())\n    }}\n");
    out
}

/// The event is there to be used; until then nobody reads it.
fn unused(argument: &str) -> String {
    match argument.split_once(':') {
        Some(("event", declared)) => format!("_event:{declared}"),
        _ => argument.to_owned(),
    }
}

/// `handlers.rs` with the module, the type and the value of a new provider, whose trait has this name.
///
/// # Errors
/// The file is not as this project has it; the message says what to write by hand.
pub fn wired(text: &str, module: &str, trait_name: &str) -> Result<String, Refused> {
    let by_hand = || {
        Refused::new(format!(
            "receiver-impl/src/handlers.rs has no `type Handlers = webhook_api::Handlers<...>` or no `Handlers {{ ... }}` \
             to add to; add `mod {module};`, the type `{module}::{trait_name}Handlers` and its value by hand"
        ))
    };
    let file =
        syn::parse_file(text).map_err(|error| Refused::new(format!("receiver-impl/src/handlers.rs: {error}")))?;
    let handler = format!("{module}::{trait_name}Handlers");
    let mut insertions = Vec::new();
    let place = file.items.iter().filter_map(|item| match item {
        Item::Mod(item) if item.content.is_none() => Some(item),
        _ => None,
    });
    let modules: Vec<_> = place.collect();
    let after = modules.iter().rev().find(|item| item.ident.to_string().as_str() < module);
    match (after, modules.first()) {
        (Some(after), _) => insertions.push((after.span().end(), format!("\nmod {module};"))),
        (None, Some(first)) => insertions.push((first.span().start(), format!("mod {module};\n"))),
        (None, None) => return Err(by_hand()),
    }
    for item in &file.items {
        match item {
            Item::Type(item) if item.ident == "Handlers" => {
                insertions.push((last_argument(&item.ty).ok_or_else(by_hand)?, format!(", {handler}")));
            }
            Item::Fn(item) => {
                let value = item.block.stmts.iter().find_map(|statement| match statement {
                    syn::Stmt::Expr(Expr::Struct(value), _) if value.path.is_ident("Handlers") => Some(value),
                    _ => None,
                });
                if let Some(end) = value.and_then(|value| value.fields.last()).map(|field| field.span().end()) {
                    insertions.push((end, format!(", {module}: {handler}")));
                }
            }
            _ => {}
        }
    }
    if insertions.len() != 3 {
        return Err(by_hand());
    }
    let mut text = text.to_owned();
    insertions.sort_by_key(|(place, _)| std::cmp::Reverse((place.line, place.column)));
    for (place, insertion) in insertions {
        let at = offset(&text, place).ok_or_else(by_hand)?;
        text.insert_str(at, &insertion);
    }
    Ok(text)
}

/// The end of the last `T` of `webhook_api::Handlers<T, ...>`.
fn last_argument(declared: &Type) -> Option<LineColumn> {
    let Type::Path(path) = declared else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    let is_type = |argument: &&GenericArgument| matches!(argument, GenericArgument::Type(_));
    arguments.args.iter().rfind(is_type).map(|argument| argument.span().end())
}

/// The byte at a line, counted from 1, and a column in letters.
fn offset(text: &str, place: LineColumn) -> Option<usize> {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.clone().take(place.line.checked_sub(1)?).map(str::len).sum();
    let line = text.split_inclusive('\n').nth(place.line - 1)?;
    let column = line.char_indices().nth(place.column).map_or(line.len(), |(at, _)| at);
    Some(before + column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANDLERS: &str = "//! Ä.\n\nmod greenlake;\nmod nursa;\n\nuse webhook_api::Delivery;\n\npub type Handlers = \
                            webhook_api::Handlers<greenlake::A, nursa::B>;\n\npub fn all() -> Handlers {\n    Handlers { \
                            greenlake: greenlake::A, nursa: nursa::B }\n}\n";

    #[test]
    fn a_provider_is_named_wherever_the_others_are() {
        let wired = wired(HANDLERS, "hooli", "Hooli").unwrap();
        let expected = HANDLERS
            .replace("mod nursa;", "mod hooli;\nmod nursa;")
            .replace("nursa::B>", "nursa::B, hooli::HooliHandlers>")
            .replace("nursa::B }", "nursa::B, hooli: hooli::HooliHandlers }");
        assert_eq!(wired, expected);
        assert!(super::wired(HANDLERS, "acme", "Acme").unwrap().contains("\nmod acme;\nmod greenlake;\n"));
        assert!(super::wired(HANDLERS, "zed", "Zed").unwrap().contains("\nmod nursa;\nmod zed;\n"));
    }

    #[test]
    fn says_what_to_write_by_hand_where_the_file_is_another() {
        let refused = wired("mod a;\npub fn all() {}\n", "acme", "Acme").unwrap_err().to_string();
        assert!(refused.contains("`mod acme;`") && refused.contains("`acme::AcmeHandlers`"), "{refused}");
        assert!(wired("not rust", "acme", "Acme").is_err());
    }

    #[test]
    fn every_method_logs_and_leaves_its_event_to_whoever_comes() {
        let method = |name: &str, event: &str| Method {
            name: name.to_owned(),
            arguments: vec!["&self".to_owned(), "delivery: &Delivery".to_owned(), format!("event: {event}")],
            returns: "Result<(), HandlerError>".to_owned(),
            summary: "It happened.".to_owned(),
        };
        let methods = vec![method("ping", "models::AcmePing"), method("any", "serde_json::Value")];
        let text = handlers(&Provider { name: "Acme".to_owned(), methods });
        let expected = "    // It happened.\n    async fn ping(&self, delivery: &Delivery, _event: models::AcmePing) -> \
                        Outcome {\n        log(delivery);\n        Ok(())\n    }\n";
        assert!(text.contains(expected), "{text}");
        assert!(syn::parse_file(&text).is_ok());
    }
}
