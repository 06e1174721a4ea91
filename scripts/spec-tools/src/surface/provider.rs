//! Reading a provider's trait.

use syn::{
    Attribute, Expr, ExprLit, File, FnArg, GenericArgument, Item, Lit, Meta, PathArguments, ReturnType, TraitItem,
    TraitItemFn, Type, TypeParamBound,
};

use super::{Method, Provider, text};

/// The first trait of a file.
pub(super) fn read(file: &File) -> Option<Provider> {
    file.items.iter().find_map(|item| {
        let Item::Trait(item) = item else { return None };
        let methods = item.items.iter().filter_map(|item| match item {
            TraitItem::Fn(method) if method.default.is_none() => Some(read_method(method)),
            _ => None,
        });
        Some(Provider { name: item.ident.to_string(), methods: methods.collect() })
    })
}

fn read_method(method: &TraitItemFn) -> Method {
    let arguments = method.sig.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => text(receiver),
        FnArg::Typed(typed) => text(typed),
    });
    let returns = match &method.sig.output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, declared) => future_output(declared).map_or_else(|| text(declared), text),
    };
    Method {
        name: method.sig.ident.to_string(),
        arguments: arguments.collect(),
        returns,
        summary: method.attrs.iter().find_map(doc_line).unwrap_or_default(),
    }
}

/// `T` of `impl Future<Output = T> + Send`.
fn future_output(declared: &Type) -> Option<&Type> {
    let Type::ImplTrait(declared) = declared else { return None };
    declared.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last().filter(|last| last.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
            _ => None,
        })
    })
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) if pair.path.is_ident("doc") => {
            Some(line.value().trim().to_owned())
        }
        _ => None,
    }
}
