//! What changes in Rust, from the source of the two generated crates.

use super::finding::Findings;
use super::rule::Rule;
use crate::surface::{Changes, Member, Method, Model, Surface, compare as compared};

/// What changes in Rust.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeChanges {
    /// Traits with other methods.
    pub traits: Vec<TraitChange>,
    /// Models that come, go, or have other members.
    pub models: Vec<ModelChange>,
}

/// What changes in a provider's trait: signatures as an implementation writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraitChange {
    /// The trait.
    pub name: String,
    /// Methods to be written.
    pub new: Vec<String>,
    /// Methods to be taken away.
    pub gone: Vec<String>,
    /// Methods to be changed: as they were, and as they are.
    pub changed: Vec<(String, String)>,
}

/// What changes in a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelChange {
    /// The model.
    pub name: String,
    /// Whether it is all new or all gone, and its members are not listed.
    pub whole: Option<&'static str>,
    /// New fields or variants.
    pub new: Vec<String>,
    /// Fields or variants that are gone.
    pub gone: Vec<String>,
    /// Fields or variants with another type or value: as they were, and as they are.
    pub changed: Vec<(String, String)>,
}

impl CodeChanges {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.traits.is_empty() && self.models.is_empty()
    }
}

/// Compares two crates, and notes methods that change.
pub(super) fn compare(was: &Surface, is: &Surface, findings: &mut Findings<'_>) -> CodeChanges {
    let mut traits = Vec::new();
    let modules = was.providers.keys().chain(is.providers.keys().filter(|name| !was.providers.contains_key(*name)));
    for module in modules {
        let none = Vec::new();
        let methods = |surface: &Surface| surface.providers.get(module).map(|provider| provider.methods.clone());
        let (before, after) = (methods(was), methods(is));
        let name = is.providers.get(module).or_else(|| was.providers.get(module)).map(|provider| provider.name.clone());
        let Changes { new, gone, changed } =
            compared(before.as_ref().unwrap_or(&none), after.as_ref().unwrap_or(&none));
        for (earlier, later) in &changed {
            let found = format!("`{}` was `{}`, is `{}`", later.name, signature(earlier), signature(later));
            findings.add(Rule::MethodSignature, super::finding::new(""), found, []);
        }
        let change = TraitChange {
            name: name.unwrap_or_else(|| module.clone()),
            new: new.into_iter().map(signature).collect(),
            gone: gone.into_iter().map(signature).collect(),
            changed: changed.into_iter().map(|(was, is)| (signature(was), signature(is))).collect(),
        };
        if !(change.new.is_empty() && change.gone.is_empty() && change.changed.is_empty()) {
            traits.push(change);
        }
    }
    CodeChanges { traits, models: models(was, is) }
}

fn models(was: &Surface, is: &Surface) -> Vec<ModelChange> {
    let Changes { new, gone, changed } = compared(was.models.values(), is.models.values());
    let whole = |word| {
        move |model: &Model| ModelChange {
            name: model.name.clone(),
            whole: Some(word),
            new: Vec::new(),
            gone: Vec::new(),
            changed: Vec::new(),
        }
    };
    let mut all: Vec<ModelChange> =
        new.into_iter().map(whole("new")).chain(gone.into_iter().map(whole("gone"))).collect();
    all.extend(changed.into_iter().map(|(was, is)| {
        let Changes { new, gone, changed } = compared(&was.members, &is.members);
        ModelChange {
            name: is.name.clone(),
            whole: None,
            new: new.into_iter().map(member).collect(),
            gone: gone.into_iter().map(member).collect(),
            changed: changed.into_iter().map(|(was, is)| (member(was), member(is))).collect(),
        }
    }));
    // Another order of members is no change to whoever reads them.
    all.retain(|change| {
        change.whole.is_some() || !(change.new.is_empty() && change.gone.is_empty() && change.changed.is_empty())
    });
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn signature(method: &Method) -> String {
    format!("async fn {}({}) -> {}", method.name, method.arguments.join(", "), method.returns)
}

/// `field: Type` or `Variant = "value"`
fn member(member: &Member) -> String {
    if member.shape.is_empty() {
        member.name.clone()
    } else if member.shape.starts_with(['=', '(']) {
        format!("{} {}", member.name, member.shape)
    } else {
        format!("{}: {}", member.name, member.shape)
    }
}
