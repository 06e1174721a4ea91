//! From schemas to Rust types. Objects, enumerations and unions become models with names; the rest becomes a type
//! expression.
//!
//! What cannot be typed becomes `serde_json::Value`, with a warning that names the place.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::model::{Model, Shape};
use super::name::{self, Unique};
use super::named::Named;
use super::schema::{self, Spec};
use super::{checked, docs, lenient, limits, recursion, union, weight};

/// Any JSON value, null among them.
pub(super) const ANY: &str = "serde_json::Value";
/// An object whose members are not declared.
const FREE_OBJECT: &str = "serde_json::Map<String, serde_json::Value>";

/// A type expression and what its users must know of it.
#[derive(Debug, Clone)]
pub(super) struct Type {
    /// The expression.
    pub(super) text: String,
    /// The expression that utoipa is told, which knows the types of no other crate.
    pub(super) told: String,
    /// What utoipa must be told beside it.
    pub(super) attributes: Vec<String>,
    /// The model it is, if it is one by value.
    pub(super) part: Option<String>,
    /// Whether a model with limits of its own stands in it: by value, in a list or in a map.
    pub(super) nested: bool,
    /// What limits may be set to it.
    pub(super) kind: Kind,
    /// What limits may be set to each value that it holds, if it is a list or a map.
    pub(super) item: Kind,
    /// Whether such limits are set.
    pub(super) items_limited: bool,
}

/// What limits may be set to a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// An integer, with the least and greatest value of its Rust type.
    Integer(i128, i128),
    /// A floating-point number.
    Float,
    /// A list.
    List,
    /// A map.
    Map,
    /// Anything else.
    Other,
}

/// Every model of a spec.
#[derive(Debug)]
pub(super) struct Models<'a> {
    pub(super) spec: Spec<'a>,
    pub(super) unique: Unique,
    /// Whether what is being typed is not insisted on.
    pub(super) lenient: bool,
    lenient_components: HashSet<String>,
    /// The models that refuse nothing.
    lenient_models: HashSet<String>,
    names: HashMap<String, String>,
    aliases: HashMap<String, Type>,
    /// Models of schemas that are no components, by what they were to be called and what they say.
    inline: HashMap<(String, String), Type>,
    resolving: HashSet<String>,
    /// The models that are enumerations, known before they are made.
    enumerations: HashSet<String>,
    models: BTreeMap<String, Model>,
    /// Components that are no models, and the names that they have in the document.
    pub(super) aside: Vec<Named>,
    pub(super) given: HashMap<String, String>,
    /// What could not be typed, and where.
    pub(super) warnings: Vec<String>,
}

/// What became of a spec's schemas.
#[derive(Debug)]
pub(super) struct Finished {
    /// The models, by name.
    pub(super) models: Vec<Model>,
    /// What else has a name.
    pub(super) named: Vec<Named>,
    /// The names of the models that have limits to check.
    pub(super) limited: HashSet<String>,
    /// What a person should know.
    pub(super) warnings: Vec<String>,
}

impl<'a> Models<'a> {
    /// Turns every component schema into a type.
    pub(super) fn new(spec: Spec<'a>) -> Self {
        let mut models = Self {
            spec,
            unique: Unique::default(),
            lenient: spec.lenient,
            lenient_components: lenient::components(spec),
            lenient_models: HashSet::new(),
            names: HashMap::new(),
            aliases: HashMap::new(),
            inline: HashMap::new(),
            resolving: HashSet::new(),
            enumerations: HashSet::new(),
            models: BTreeMap::new(),
            aside: Vec::new(),
            given: HashMap::new(),
            warnings: Vec::new(),
        };
        let components: Vec<_> = spec.components("schemas").collect();
        for (component, schema) in &components {
            if models.is_model(schema) {
                let wanted = schema.get("x-rust-name").and_then(Value::as_str).unwrap_or(component);
                let name = models.unique.take(&name::model(wanted));
                let flat = spec.flatten(schema);
                if union::text_values(&flat).is_some() || union::whole_values(&flat).is_some() {
                    models.enumerations.insert(name.clone());
                }
                if models.lenient_components.contains(*component) {
                    models.lenient_models.insert(name.clone());
                }
                models.names.insert((*component).to_owned(), name);
            }
        }
        for (component, schema) in components {
            if let Some(name) = models.names.get(component).cloned() {
                models.within(component, |models| models.define(name, Some(component), schema));
            }
        }
        models.name_components();
        models
    }

    /// The finished models by name, with the parts of recursive and of large ones boxed and no check that cannot fail; what else has
    /// a name; which models have limits; and what a person should know.
    pub(super) fn finish(mut self) -> Finished {
        recursion::box_parts(&mut self.models);
        weight::box_parts(&mut self.models);
        recursion::shorten_own_names(&mut self.models);
        let limited = checked::keep_needed(&mut self.models);
        let models = self.models.into_values().collect();
        Finished { models, named: self.aside, limited, warnings: self.warnings }
    }

    /// The name of the model that a component became, if it did.
    pub(super) fn model_name(&self, component: &str) -> Option<&String> {
        self.names.get(component)
    }

    /// The type for a schema. `hint` names a model that has to be made for it.
    pub(super) fn type_of(&mut self, schema: &Value, hint: &str) -> Type {
        if let Some(component) = schema::referenced(schema) {
            return self.component(component);
        }
        let Some(resolved) = self.spec.resolve(schema) else {
            self.warnings.push(format!("{hint}: the reference {schema} leads nowhere; any value is taken"));
            return Type::any();
        };
        if self.is_model(resolved) {
            let resolved = resolved.clone();
            // Of somebody else's spec there is no telling which of its thousand alike schemas are one; so all are.
            let place = (if self.lenient { String::new() } else { hint.to_owned() }, resolved.to_string());
            if let Some(known) = self.inline.get(&place) {
                return known.clone();
            }
            let wanted = resolved.get("x-rust-name").and_then(Value::as_str).unwrap_or(hint).to_owned();
            let name = self.unique.take(&name::model(&wanted));
            if self.lenient {
                self.lenient_models.insert(name.clone());
            }
            self.define(name.clone(), None, &resolved);
            let found = Type::model(&name, self.has_limits(&name));
            self.inline.insert(place, found.clone());
            return found;
        }
        self.expression(&self.spec.flatten(resolved), hint)
    }

    /// The Rust path of the model that a component schema became, or the type expression that stands for it.
    pub(super) fn component(&mut self, component: &str) -> Type {
        if let Some(name) = self.names.get(component) {
            let name = name.clone();
            return Type::model(&name, self.has_limits(&name));
        }
        if let Some(known) = self.aliases.get(component) {
            return known.clone();
        }
        let found = self.spec.component(component);
        let Some(schema) = found.filter(|_| self.resolving.insert(component.to_owned())) else {
            self.warnings.push(format!("components.schemas.{component}: missing or circular; any value is taken"));
            return Type::any();
        };
        let found = self.within(component, |models| models.type_of(schema, component));
        self.resolving.remove(component);
        self.aliases.insert(component.to_owned(), found.clone());
        found
    }

    /// Does something as leniently as a component wants it.
    fn within<T>(&mut self, component: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.lenient, self.lenient_components.contains(component));
        let made = act(self);
        self.lenient = outer;
        made
    }

    /// The name that a type has in the generated document; empty for one that is no model.
    pub(super) fn schema_name(&self, found: &Type) -> String {
        let model = found.part.as_ref().and_then(|part| self.models.get(part));
        model.map_or_else(String::new, |model| model.component.clone())
    }

    /// Whether a schema is an object, an enumeration or a union, and so becomes a type with a name.
    fn is_model(&self, schema: &Value) -> bool {
        if schema::referenced(schema).is_some() {
            return false;
        }
        let flat = self.spec.flatten(schema);
        !flat.contains_key(schema::TANGLED)
            && (is_struct(&flat)
                || union::text_values(&flat).is_some()
                || union::whole_values(&flat).is_some()
                || union::is_union(&flat))
    }

    /// Whether a model can refuse a value by a limit. Enumerations are open and never do.
    fn has_limits(&self, name: &str) -> bool {
        !self.lenient_models.contains(name)
            && !self.enumerations.contains(name)
            && self.models.get(name).is_none_or(can_refuse)
    }

    fn define(&mut self, name: String, component: Option<&str>, schema: &Value) {
        let flat = self.spec.flatten(schema);
        let shape = if let Some(values) = union::text_values(&flat) {
            Shape { enums: vec![union::enumeration(&values)], ..Shape::default() }
        } else if let Some(values) = union::whole_values(&flat) {
            Shape { numbers: vec![union::numbers(&values)], ..Shape::default() }
        } else if union::is_union(&flat) {
            self.union(&flat, &name)
        } else {
            Shape { structs: vec![self.structure(&flat, &name)], ..Shape::default() }
        };
        let mut docs = docs::lines(schema::described(&flat));
        if docs.is_empty() {
            docs = vec![format!("The schema {}.", docs::code(component.unwrap_or(&name)))];
        }
        let (schema_name, component) = self.document_name(component.unwrap_or(&name), &name);
        let schema_literal = name::literal(&component);
        self.models.insert(name.clone(), Model { name, component, schema_name, schema_literal, docs, shape });
    }

    /// A type that needs no name: scalars, lists, maps.
    fn expression(&mut self, flat: &Map<String, Value>, hint: &str) -> Type {
        let format = schema::format(flat);
        for key in ["enum", "multipleOf", "uniqueItems", "not", "patternProperties"] {
            if flat.get(key).is_some_and(|value| *value != Value::Bool(false)) {
                self.warnings.push(format!("{hint}: `{key}` is not checked"));
            }
        }
        match schema::types(flat).as_slice() {
            _ if flat.contains_key(schema::TANGLED) => {
                self.warnings.push(format!("{hint}: several choices at once have no type; any value is taken"));
                Type::any()
            }
            ["string"] if self.lenient => text_as_it_came(format),
            ["string"] => text(format),
            ["boolean"] => Type::plain("bool"),
            ["integer"] => integer(format),
            ["number"] if self.lenient => {
                Type { told: "f64".to_owned(), text: "serde_json::Number".to_owned(), ..number(format) }
            }
            ["number"] => number(format),
            ["array"] => {
                let items = flat.get("items").cloned().unwrap_or(Value::Bool(true));
                let hint = if hint.ends_with("ies") { hint } else { hint.strip_suffix('s').unwrap_or(hint) };
                let item = self.element(&items, hint);
                let limits = self.spec.flatten(&items);
                let (told, limited) = (limits::told(&limits, item.kind), self.limits_items(&limits, &item));
                Type { items_limited: limited, ..item.within("Vec<", ">", Kind::List, told) }
            }
            ["object"] => self.map(flat, hint),
            // Null alone: whatever else should come is kept.
            [] if flat.get("type").is_some_and(|name| name == "null") => Type::any(),
            [] if flat.contains_key("additionalProperties") => self.map(flat, hint),
            [] if flat.keys().all(|key| schema::is_annotation(key)) => Type::any(),
            _ => {
                self.warnings.push(format!("{hint}: the schema has no single Rust type; any value is taken"));
                Type::any()
            }
        }
    }

    fn map(&mut self, flat: &Map<String, Value>, hint: &str) -> Type {
        match flat.get("additionalProperties") {
            Some(values @ Value::Object(members)) if !members.is_empty() => {
                let mut value = self.element(values, &format!("{hint}Value"));
                // utoipa cannot say of a map that its values are null or a schema of the document.
                if let Some(part) = value.told.strip_prefix("Option<super::").and_then(|part| part.strip_suffix('>')) {
                    value.told = format!("super::{part}");
                }
                let items_limited = self.limits_items(&self.spec.flatten(values), &value);
                let map = value.within("std::collections::BTreeMap<String, ", ">", Kind::Map, Vec::new());
                Type { items_limited, ..map }
            }
            _ => Type { told: "Object".to_owned(), ..Type::plain(FREE_OBJECT) },
        }
    }

    /// Whether the schema of what a list or map holds has limits that a check of each value can see to.
    fn limits_items(&self, flat: &Map<String, Value>, item: &Type) -> bool {
        !self.lenient && !limits::told(flat, item.limitable()).is_empty()
    }

    /// Tells of limits to what a list or map holds where nothing checks them: everywhere but in a member of an object.
    pub(super) fn warn_of_items(&mut self, found: &Type, hint: &str) {
        if found.items_limited {
            self.warnings.push(format!("{hint}: the limits of what the list or map holds are not checked"));
        }
    }

    /// The type of what a list or map holds.
    fn element(&mut self, schema: &Value, hint: &str) -> Type {
        let found = self.type_of(schema, hint);
        self.warn_of_items(&found, hint);
        // A map in a list, and null in either, are what the validator has no word for.
        let nested = found.nested && found.kind != Kind::Map;
        if nested != found.nested {
            self.warnings.push(format!("{hint}: the limits in a map within a list or map are not checked"));
        }
        if schema::is_nullable(&self.spec.flatten(schema)) && found.text != ANY {
            Type { nested: false, ..found.within("Option<", ">", Kind::Other, Vec::new()) }
        } else {
            Type { nested, ..found }
        }
    }
}

impl Type {
    fn plain(text: &str) -> Self {
        let (text, told) = (text.to_owned(), text.to_owned());
        Self {
            text,
            told,
            attributes: Vec::new(),
            part: None,
            nested: false,
            kind: Kind::Other,
            item: Kind::Other,
            items_limited: false,
        }
    }

    fn any() -> Self {
        Self::plain(ANY)
    }

    fn model(name: &str, nested: bool) -> Self {
        Self { part: Some(name.to_owned()), nested, ..Self::plain(&format!("super::{name}")) }
    }

    fn formatted(text: &str, kind: Kind, format: &str) -> Self {
        let attributes = if format.is_empty() { vec![] } else { vec![format!("format = {}", name::literal(format))] };
        Self { kind, attributes, ..Self::plain(text) }
    }

    /// What limits may be set to a value of this type, or to one that is not null.
    fn limitable(&self) -> Kind {
        if self.text.starts_with("Option<") { self.item } else { self.kind }
    }

    /// A type that holds this one.
    fn within(self, before: &str, after: &str, kind: Kind, attributes: Vec<String>) -> Self {
        Self {
            item: self.limitable(),
            text: format!("{before}{}{after}", self.text),
            told: format!("{before}{}{after}", self.told),
            attributes: self.attributes.into_iter().chain(attributes).collect(),
            part: None,
            items_limited: false,
            kind,
            ..self
        }
    }
}

fn can_refuse(model: &Model) -> bool {
    model.shape.enums.is_empty() && model.shape.numbers.is_empty()
}

/// A text that is written back as it came, whatever its format.
fn text_as_it_came(format: &str) -> Type {
    if format == "date-time" { text(format) } else { Type::formatted("String", Kind::Text, format) }
}

fn text(format: &str) -> Type {
    match format {
        "uuid" => Type::plain("uuid::Uuid"),
        "date-time" => Type { text: "crate::Timestamp".to_owned(), ..Type::formatted("String", Kind::Other, format) },
        other => Type::formatted("String", Kind::Text, other),
    }
}

/// Without a format it is an `i64`, and the generated document says so.
fn integer(format: &str) -> Type {
    let (text, least, greatest) = match format {
        "int8" => ("i8", i8::MIN.into(), i8::MAX.into()),
        "int16" => ("i16", i16::MIN.into(), i16::MAX.into()),
        "int32" => ("i32", i32::MIN.into(), i32::MAX.into()),
        "uint8" => ("u8", 0, u8::MAX.into()),
        "uint16" => ("u16", 0, u16::MAX.into()),
        "uint32" => ("u32", 0, u32::MAX.into()),
        "uint64" => ("u64", 0, u64::MAX.into()),
        _ => ("i64", i64::MIN.into(), i64::MAX.into()),
    };
    let told = if matches!(format, "int32" | "int64") { "" } else { format };
    Type::formatted(text, Kind::Integer(least, greatest), told)
}

/// Without a format it is an `f64`, and the generated document says so.
fn number(format: &str) -> Type {
    Type::formatted("f64", Kind::Float, if format == "double" { "" } else { format })
}

fn is_struct(flat: &Map<String, Value>) -> bool {
    flat.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty())
}
