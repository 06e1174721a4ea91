//! Reading models: structs, enums, and the enums that the crate's own macros make.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Fields, File, Item};

use super::{Member, Model, text};

/// Every model of a file.
pub(super) fn read(file: &File) -> Vec<Model> {
    let models = file.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(Model { name: item.ident.to_string(), members: fields(&item.fields) }),
        Item::Enum(item) => {
            let members = item.variants.iter().map(|variant| {
                let shape = if variant.fields.is_empty() { String::new() } else { text(&variant.fields) };
                Member { name: variant.ident.to_string(), shape }
            });
            Some(Model { name: item.ident.to_string(), members: members.collect() })
        }
        Item::Macro(item) => made(item.mac.tokens.clone()),
        _ => None,
    });
    models.collect()
}

fn fields(fields: &Fields) -> Vec<Member> {
    let fields = fields.iter().enumerate().map(|(index, field)| {
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
        Member { name, shape: text(&field.ty) }
    });
    fields.collect()
}

/// `pub enum Kind: "Kind", else Other { Pv = "PV", Grid = "GRID", }` inside of a macro.
fn made(tokens: TokenStream) -> Option<Model> {
    let mut tokens = tokens.into_iter().skip_while(|token| !is_word(token, "enum")).skip(1);
    let Some(TokenTree::Ident(name)) = tokens.next() else { return None };
    let body = tokens.find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    })?;
    let body: Vec<TokenTree> = body.into_iter().collect();
    let variants = body.split(|token| is_sign(token, ',')).filter_map(variant);
    Some(Model { name: name.to_string(), members: variants.collect() })
}

fn variant(tokens: &[TokenTree]) -> Option<Member> {
    let start = tokens.iter().position(|token| matches!(token, TokenTree::Ident(_)))?;
    let (name, shape) = tokens.get(start..)?.split_first()?;
    Some(Member {
        name: name.to_string(),
        shape: shape.iter().map(without_outline).collect::<TokenStream>().to_string(),
    })
}

/// What a value of a variant looks like is no part of the crate's surface: a group within the group of its type.
fn without_outline(token: &TokenTree) -> TokenTree {
    let TokenTree::Group(group) = token else { return token.clone() };
    let is_outline =
        |token: &TokenTree| matches!(token, TokenTree::Group(g) if g.delimiter() == Delimiter::Parenthesis);
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let Some(at) = tokens.iter().position(is_outline) else { return token.clone() };
    let before = tokens.iter().take(at);
    let kept = before.chain(tokens.iter().skip(at + 2)).cloned().collect();
    TokenTree::Group(proc_macro2::Group::new(group.delimiter(), kept))
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}
