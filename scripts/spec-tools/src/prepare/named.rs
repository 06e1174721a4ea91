//! The names that schemas have in the generated document.
//!
//! Objects, enumerations and unions are types, and tell their names themselves. A component that is a text, a number, a
//! list or a map is no type of its own in Rust: it is named for the document alone.

use serde::Serialize;
use serde_json::Value;

use super::types::{Models, Type};
use super::{docs, limits, name, schema};

/// A component schema that is no type of its own: how the document comes to it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Named {
    /// The Rust name.
    name: String,
    /// The name of the component as a path, if it has another name than that.
    rename: Vec<String>,
    /// Lines of documentation.
    docs: Vec<String>,
    /// What stands in `#[schema(...)]`.
    schema: String,
    /// Whether it is a component, or stands where it is used.
    component: bool,
}

impl Models<'_> {
    /// Names every component that is no model.
    pub(super) fn name_components(&mut self) {
        let components: Vec<_> = self.spec.components("schemas").collect();
        for (component, schema) in components {
            if self.model_name(component).is_none() {
                let found = self.component(component);
                self.name(component, schema, &found);
            }
        }
    }

    /// The name that a schema has in the document. One that is not a component is named after `hint`.
    pub(super) fn named(&mut self, schema: &Value, hint: &str) -> String {
        if let Some(component) = schema::referenced(schema).filter(|component| self.spec.component(component).is_some())
        {
            let found = self.component(component);
            return Some(self.schema_name(&found))
                .filter(|_| self.model_name(component).is_some())
                .or_else(|| self.given.get(component).cloned())
                .unwrap_or_default();
        }
        let found = self.type_of(schema, hint);
        let known = self.schema_name(&found);
        if known.is_empty() { self.name(&name::pascal(hint), schema, &found) } else { known }
    }

    /// What the document says of a type that is no model and has no name there; returned is the Rust name.
    pub(super) fn described_aside(&mut self, schema: &Value, hint: &str, found: &Type) -> String {
        self.push(hint, schema, found, false).0
    }

    fn name(&mut self, component: &str, schema: &Value, found: &Type) -> String {
        let (_, given) = self.push(component, schema, found, true);
        self.given.insert(component.to_owned(), given.clone());
        given
    }

    fn push(&mut self, component: &str, schema: &Value, found: &Type, is_component: bool) -> (String, String) {
        let flat = self.spec.flatten(schema);
        let mut lines = docs::lines(schema::described(&flat));
        if lines.is_empty() {
            lines = vec![format!("The schema {}.", docs::code(component))];
        }
        let told = if schema::is_nullable(&flat) { format!("Option<{}>", found.told) } else { found.told.clone() };
        let schema = [format!("value_type = {}", told.replace("super::", "models::"))].into_iter();
        let schema = schema.chain(found.attributes.iter().cloned()).chain(limits::told(&flat, found.kind));
        let name = self.unique.take(&name::model(component));
        let (rename, given) =
            if is_component { self.document_name(component, &name) } else { (Vec::new(), String::new()) };
        let schema = schema.collect::<Vec<_>>().join(", ");
        self.aside.push(Named { name: name.clone(), rename, docs: lines, schema, component: is_component });
        (name, given)
    }

    /// What utoipa must be told to give a type the name of its component, and the name that it then has.
    pub(super) fn document_name(&mut self, component: &str, name: &str) -> (Vec<String>, String) {
        if component == name {
            return (Vec::new(), name.to_owned());
        }
        // utoipa takes a Rust path for it, whose colons it writes as dots.
        let path = component.replace('.', "::");
        if !component.contains(':') && syn::parse_str::<syn::Path>(&path).is_ok() {
            return (vec![path], component.to_owned());
        }
        if !self.spec.foreign {
            self.warnings.push(format!("components.schemas.{component}: the crate's document calls it {name}"));
        }
        (Vec::new(), name.to_owned())
    }
}
