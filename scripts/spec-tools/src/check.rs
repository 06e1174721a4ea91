//! `spec check`: refuses a spec that could not work, or would not be safe.
//!
//! Everything that is wrong is found in one run, with its line, a reason and a remedy. One file has the rules of one
//! concern; [`Rule`] lists them all.

mod answers;
mod challenges;
mod events;
mod examples;
mod extensions;
mod grammar;
mod guards;
mod identity;
mod operations;
mod report;
mod rule;
mod schema;
mod shape;
mod signature;
mod template;
pub(crate) mod view;
pub(crate) mod walk;

use std::collections::BTreeSet;

use serde_json::Value;

use self::report::Findings;
pub use self::report::{Counts, Finding, Report};
pub use self::rule::Rule;
use self::view::View;
use crate::document::{Document, Node};

/// Whether a value fits the schema at a pointer; not, if that makes no sense.
pub(crate) fn fits(document: &Document, schema: &str, value: &Value) -> bool {
    schema::Schemas::new(document).misfits(schema, value).is_ok_and(|misfits| misfits.is_empty())
}

/// The member that tells the choices of a schema apart, and each of its values with the pointer to its schema.
pub(crate) fn discriminated(schema: &Node<'_>) -> Option<(String, Vec<(String, String)>)> {
    let member = schema.child("discriminator")?.text("propertyName")?.to_owned();
    Some((member, view::discriminated(schema)?))
}

/// Every rule, over the whole document.
///
/// A spec without any of our extensions is somebody else's. What it leaves out has a default, or is the receiver's to
/// settle; so there it is a warning, and an error is only what keeps a crate from being made ([`Rule::is_fatal`]).
pub fn check(document: &Document) -> Report {
    let view = View::new(document);
    let foreign = crate::source::is_foreign(document.value());
    let mut findings = Findings::new(document);
    shape::check(&view, &mut findings);
    operations::check(&view, &mut findings);
    guards::check(&view, &mut findings);
    extensions::check(&view, &mut findings);
    answers::check(&view, &mut findings);
    if !foreign {
        events::check(&view, &mut findings);
        identity::check(&view, &mut findings);
        challenges::check(&view, &mut findings);
        signature::check(&view, &mut findings);
        examples::check(&view, &mut findings);
    }
    let (findings, warnings) = findings.sorted().into_iter().partition(|finding| !foreign || finding.rule.is_fatal());
    Report { path: document.path().to_owned(), findings, warnings, counts: counts(&view) }
}

fn counts(view: &View<'_>) -> Counts {
    let events = view.operations.iter().flat_map(|operation| {
        operation.events.iter().map(|event| (operation.tag.unwrap_or_default(), event.name.as_str()))
    });
    // An operation that names no event is one of its own.
    let unnamed = view.operations.iter().filter(|operation| operation.events.is_empty()).count();
    let events = events.collect::<BTreeSet<_>>().len() + unnamed;
    Counts { endpoints: view.operations.len(), events, schemes: view.schemes.len() }
}
