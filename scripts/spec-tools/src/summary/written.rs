//! What a handler file already implements.

use std::collections::BTreeMap;
use std::path::Path;

use syn::{FnArg, ImplItem, ImplItemFn, Item, Type};

use crate::surface::Method;

/// The methods of a trait's implementation, each with the names of its arguments' types.
pub(super) struct Written {
    methods: BTreeMap<String, Vec<String>>,
}

impl Written {
    /// `None` if the file does not exist, is not Rust, or implements something else.
    pub(super) fn read(path: &Path, trait_name: &str) -> Option<Self> {
        let file = syn::parse_file(&std::fs::read_to_string(path).ok()?).ok()?;
        let implementation = file.items.into_iter().find_map(|item| match item {
            Item::Impl(item) => {
                let (path, _) = item.trait_.as_ref()?;
                path.segments.last().is_some_and(|last| last.ident == trait_name).then_some(item)
            }
            _ => None,
        })?;
        let methods = implementation.items.iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some((method.sig.ident.to_string(), types(method))),
            _ => None,
        });
        Some(Self { methods: methods.collect() })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.methods.contains_key(name)
    }

    /// Whether the method is there and takes arguments of the same types, however they are imported.
    pub(super) fn fits(&self, method: &Method) -> bool {
        let wanted = method.arguments.iter().filter_map(|argument| argument.split_once(':'));
        let wanted: Vec<&str> = wanted.map(|(_, declared)| last_word(declared)).collect();
        self.methods.get(&method.name).is_some_and(|types| types.iter().map(String::as_str).eq(wanted))
    }
}

fn types(method: &ImplItemFn) -> Vec<String> {
    let declared = method.sig.inputs.iter().filter_map(|argument| match argument {
        FnArg::Typed(typed) => Some(name(&typed.ty)),
        FnArg::Receiver(_) => None,
    });
    declared.collect()
}

fn name(declared: &Type) -> String {
    match declared {
        Type::Reference(reference) => name(&reference.elem),
        Type::Path(path) => path.path.segments.last().map_or_else(String::new, |last| last.ident.to_string()),
        _ => String::new(),
    }
}

/// `ApplianceEvent` of `models::ApplianceEvent`.
fn last_word(declared: &str) -> &str {
    declared.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or(declared)
}
