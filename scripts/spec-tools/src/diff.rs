//! `spec diff`: will the receiver that runs today, built from the old spec, treat deliveries made by the new one rightly?
//!
//! That is not the question that comparisons of APIs answer. They have a client that calls and a server that answers;
//! here the provider calls, by a spec that it changes when it likes, and what was generated from the old spec reads. So
//! the old document is taken for what the generated crate makes of it (`prepare::reading`), the new one for what may
//! arrive, and each change is classed by what then happens to a delivery: see [`Class`] and [`Rule`].
//!
//! Why schemas are not compared by `drift` (Oxide, 0.2.0): tried on this project's spec with ten edits, it reported two,
//! both changes of a discriminator, which here send every event elsewhere, as `Trivial` metadata. `nullable` alone is not
//! recorded; limits, formats, enumerations and `required` are `Unhandled` where it meets them, without a word on what
//! changed; extensions and security schemes are not compared; 3.1 is not read. And it knows nothing of the leniency of
//! the type that reads (open enumerations, `Option`, limits that no code checks), on which half of the classes rest.

mod answers;
mod class;
mod code;
pub mod command;
mod endpoint;
mod events;
mod finding;
mod guards;
mod limits;
mod place;
mod references;
mod render;
mod rest;
mod rule;
mod schema;
mod signature;
mod source;
mod table;
mod text;

pub use self::class::{Class, UnknownClass};
pub use self::code::{CodeChanges, ModelChange, TraitChange};
pub use self::finding::{Finding, Side};
pub use self::render::{Format, render};
pub use self::rule::Rule;
pub use self::source::{Source, SourceError};
pub use self::table::table;

use self::finding::Findings;
use crate::check::view::View;
use crate::document::Document;
use crate::prepare::reading;
use crate::surface::Surface;

/// The outcome of a comparison.
#[derive(Debug, Clone)]
pub struct Report {
    /// What the old document is called.
    pub old: String,
    /// What the new document is called.
    pub new: String,
    /// The changes, the worst first.
    pub findings: Vec<Finding>,
    /// What changes in Rust, if both crates were given.
    pub code: Option<CodeChanges>,
}

impl Report {
    /// The worst class that was found.
    pub fn worst(&self) -> Option<Class> {
        self.findings.iter().map(Finding::class).min()
    }

    /// The findings of a class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.class() == class)
    }
}

/// Compares two documents, and the crates that were made from them where both are given.
pub fn diff(old: &Document, new: &Document, crates: Option<(&Surface, &Surface)>) -> Report {
    let normal = |document: &Document| document.clone().with_value(reading::normal(document.value()));
    let (was, is) = (normal(old), normal(new));
    let (before, after) = (View::new(&was), View::new(&is));
    let mut findings = Findings::new(&was, &is);
    endpoint::compare(&before, &after, &mut findings);
    text::compare(old, new, &mut findings);
    rest::unused(&before, &after, &mut findings);
    rest::silent(old, new, &mut findings);
    let code = crates.map(|(was, is)| code::compare(was, is, &mut findings));
    let name = |document: &Document| document.path().display().to_string();
    Report { old: name(old), new: name(new), findings: findings.sorted(), code }
}
