//! Every public item of a crate, read from its source: one line each, in order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, Field, Fields, ImplItem, Item, TraitItem, UseTree, Visibility};

/// The public items below `source`, each by the path that a user of the crate writes.
pub(crate) fn public(source: &Path) -> Vec<String> {
    let mut found = BTreeSet::new();
    walk(&source.join("lib.rs"), source, "", &mut |_| true, &mut found);
    found.into_iter().collect()
}

/// `path` is that of the module; `is_seen` tells which of its items are to be seen from there.
fn walk(file: &Path, folder: &Path, path: &str, is_seen: &mut dyn FnMut(&str) -> bool, found: &mut BTreeSet<String>) {
    let items = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap().items;
    let mut exported = BTreeSet::new();
    for item in &items {
        if let Item::Use(item) = item
            && is_public(&item.vis)
        {
            names(&item.tree, &mut exported);
        }
    }
    for item in &items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let inner = folder.join(name.trim_start_matches("r#"));
        let beside = inner.with_extension("rs");
        let file = if beside.exists() { beside } else { inner.join("mod.rs") };
        if !file.exists() {
            continue;
        }
        if is_public(&module.vis) {
            walk(&file, &inner, &format!("{path}{name}::"), &mut |_| true, found);
        } else {
            walk(&file, &inner, path, &mut |name| exported.contains(name), found);
        }
    }
    for item in &items {
        for line in lines(item).into_iter().filter(|line| is_seen(&line.of)) {
            found.insert(format!("{path}{}{}", line.of, line.rest));
        }
    }
}

/// What is told of an item: the name that it belongs to, and the rest.
struct Line {
    of: String,
    rest: String,
}

fn lines(item: &Item) -> Vec<Line> {
    let line = |of: &dyn ToString, rest: String| Line { of: of.to_string(), rest };
    match item {
        Item::Struct(item) if is_public(&item.vis) => {
            let mut lines = vec![line(&item.ident, format!(": struct{}", derives(&item.attrs)))];
            lines.extend(item.fields.iter().filter(|field| is_public(&field.vis)).map(|field| {
                let name = field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
                line(&item.ident, format!(".{name}: {}", text(&field.ty)))
            }));
            lines
        }
        Item::Enum(item) if is_public(&item.vis) => {
            let mut lines = vec![line(&item.ident, format!(": enum{}", derives(&item.attrs)))];
            lines.extend(item.variants.iter().map(|variant| {
                let fields = match &variant.fields {
                    Fields::Unit => String::new(),
                    Fields::Unnamed(fields) => text(fields),
                    Fields::Named(fields) => {
                        let named = |field: &Field| Some(format!("{}: {}", field.ident.as_ref()?, text(&field.ty)));
                        let named: Vec<String> = fields.named.iter().filter_map(named).collect();
                        format!(" {{ {} }}", named.join(", "))
                    }
                };
                line(&item.ident, format!("::{}{fields}", variant.ident))
            }));
            lines
        }
        Item::Trait(item) if is_public(&item.vis) => {
            let mut lines = vec![line(&item.ident, format!(": trait: {}", text(&item.supertraits)))];
            lines.extend(item.items.iter().filter_map(|member| match member {
                TraitItem::Fn(method) => {
                    let provided = if method.default.is_some() { ", provided" } else { "" };
                    Some(line(&item.ident, format!("::{}: {}{provided}", method.sig.ident, text(&method.sig))))
                }
                _ => None,
            }));
            lines
        }
        Item::Impl(item) => {
            let of = text(&item.self_ty).split('<').next().unwrap_or_default().to_owned();
            match &item.trait_ {
                Some((path, _)) => vec![line(&of, format!(": impl {}", text(path)))],
                None => item
                    .items
                    .iter()
                    .filter_map(|member| match member {
                        ImplItem::Fn(method) if is_public(&method.vis) => {
                            Some(line(&of, format!("::{}: {}", method.sig.ident, text(&method.sig))))
                        }
                        ImplItem::Const(constant) if is_public(&constant.vis) => {
                            Some(line(&of, format!("::{}: const {}", constant.ident, text(&constant.ty))))
                        }
                        _ => None,
                    })
                    .collect(),
            }
        }
        Item::Fn(item) if is_public(&item.vis) => vec![line(&item.sig.ident, format!(": {}", text(&item.sig)))],
        Item::Const(item) if is_public(&item.vis) => vec![line(&item.ident, format!(": const {}", text(&item.ty)))],
        Item::Macro(item) if item.ident.is_none() => made(item.mac.tokens.clone(), &text(&item.mac.path)),
        _ => Vec::new(),
    }
}

/// What a macro of the crate makes: `pub enum Kind: "Kind", else Other { Pv = "PV", }`, in its own words.
fn made(tokens: TokenStream, by: &str) -> Vec<Line> {
    let mut tokens = tokens.into_iter().skip_while(|token| token.to_string() != "enum").skip(1);
    let Some(name) = tokens.next() else { return Vec::new() };
    let mut told = TokenStream::new();
    let mut variants = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => variants = body.stream(),
            token => told.extend([token]),
        }
    }
    let variants: Vec<TokenTree> = variants.into_iter().collect();
    let variants = variants.split(|token| token.to_string() == ",").filter(|variant| !variant.is_empty());
    let line = |rest: String| Line { of: name.to_string(), rest };
    let head = line(format!(": enum by {by}!{told}"));
    let variants = variants.map(|variant| line(format!("::{}", variant.iter().cloned().collect::<TokenStream>())));
    std::iter::once(head).chain(variants).collect()
}

fn derives(attributes: &[Attribute]) -> String {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    derives.map(|attribute| format!(" {}", text(&attribute.meta))).collect()
}

/// The names that `use` brings in.
fn names(tree: &UseTree, found: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, found),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, found)),
        UseTree::Name(name) => {
            found.insert(name.ident.to_string());
        }
        UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The source of a piece of syntax, on one line.
fn text(piece: &impl Spanned) -> String {
    let source = piece.span().source_text().unwrap_or_default();
    source.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(", )", ")")
}
