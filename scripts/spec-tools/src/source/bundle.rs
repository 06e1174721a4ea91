//! Many files to one document.
//!
//! A schema that is referred to anywhere but below `components.schemas` moves there, under a name made of its place, and
//! only once: so a schema that contains itself stays finite. Whatever else is referred to in another file is copied to
//! where it is used.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::files::{BundleError, Files, Place};
use super::place::Kind;
use crate::pointer;

const COMPONENTS: &str = "/components/schemas/";

/// One document.
pub(super) struct Bundled {
    pub(super) value: Value,
    /// Of every file.
    pub(super) bytes: Vec<u8>,
    pub(super) warnings: Vec<String>,
}

/// Gathers what the document at `path` refers to.
pub(super) fn bundle(root: &Value, path: &Path) -> Result<Bundled, BundleError> {
    let taken = root.pointer("/components/schemas").and_then(Value::as_object);
    let taken = taken.into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect();
    let mut bundler = Bundler {
        files: Files::new(path, root.clone()),
        root: path.to_owned(),
        names: HashMap::new(),
        taken,
        waiting: VecDeque::new(),
        inside: Vec::new(),
        warnings: Vec::new(),
    };
    let mut value = bundler.value(path, root, Kind::Object)?;
    while let Some((name, place)) = bundler.waiting.pop_front() {
        let schema = bundler.files.value(&place).cloned().unwrap_or_default();
        let schema = bundler.value(&place.file, &schema, Kind::Schema)?;
        if let Some(schemas) = schemas(&mut value) {
            schemas.insert(name, schema);
        }
    }
    Ok(Bundled { value, bytes: bundler.files.bytes, warnings: bundler.warnings })
}

fn schemas(value: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = value.as_object_mut()?.entry("components").or_insert_with(|| Value::Object(Map::new()));
    components.as_object_mut()?.entry("schemas").or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

struct Bundler {
    files: Files,
    root: PathBuf,
    /// The schemas that moved, by where they were.
    names: HashMap<Place, String>,
    /// Names of component schemas, in lower case.
    taken: HashSet<String>,
    /// Moved schemas that were not looked into yet.
    waiting: VecDeque<(String, Place)>,
    /// What is being copied just now.
    inside: Vec<Place>,
    warnings: Vec<String>,
}

impl Bundler {
    fn value(&mut self, file: &Path, value: &Value, kind: Kind) -> Result<Value, BundleError> {
        match value {
            _ if kind == Kind::Data => Ok(value.clone()),
            Value::Array(items) => {
                items.iter().map(|item| self.value(file, item, kind.item())).collect::<Result<_, _>>().map(Value::Array)
            }
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) if kind == Kind::Schema => self.schema(file, members, reference),
                Some(reference) if matches!(kind, Kind::Object | Kind::PathItem) => {
                    self.object(file, members, reference, kind)
                }
                _ => self.members(file, members, kind),
            },
            other => Ok(other.clone()),
        }
    }

    fn members(&mut self, file: &Path, members: &Map<String, Value>, kind: Kind) -> Result<Value, BundleError> {
        let mut made = Map::new();
        for (name, value) in members {
            let value = match (kind, value) {
                (Kind::Mapping, Value::String(target)) => Value::from(self.mapped(file, target)?),
                (Kind::Schema, Value::String(target)) if name == "$dynamicRef" => {
                    let reference = self.named(file, target)?;
                    self.warnings.push(format!("{}: $dynamicRef `{target}` is read as a plain $ref", file.display()));
                    made.insert("$ref".to_owned(), reference.into());
                    continue;
                }
                _ => self.value(file, value, kind.member(name))?,
            };
            made.insert(name.clone(), value);
        }
        Ok(Value::Object(made))
    }

    /// A schema that is a reference, maybe with more beside it.
    fn schema(&mut self, file: &Path, members: &Map<String, Value>, reference: &str) -> Result<Value, BundleError> {
        let mut made = match self.members(file, members, Kind::Schema)? {
            Value::Object(made) => made,
            _ => Map::new(),
        };
        made.insert("$ref".to_owned(), self.named(file, reference)?.into());
        Ok(Value::Object(made))
    }

    /// The reference to a schema, wherever it stands.
    fn named(&mut self, file: &Path, reference: &str) -> Result<String, BundleError> {
        let target = self.files.target(file, reference)?;
        let name =
            target.pointer.strip_prefix(COMPONENTS).filter(|name| target.file == self.root && !name.contains('/'));
        let name = match name {
            Some(name) => name.to_owned(),
            None => self.moved(target),
        };
        Ok(format!("#{COMPONENTS}{name}"))
    }

    fn moved(&mut self, place: Place) -> String {
        if let Some(name) = self.names.get(&place) {
            return name.clone();
        }
        let wanted = component_name(&place);
        let mut name = wanted.clone();
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        self.names.insert(place.clone(), name.clone());
        self.waiting.push_back((name.clone(), place));
        name
    }

    /// A mapping's target: a reference, or the name of a component alone.
    fn mapped(&mut self, file: &Path, target: &str) -> Result<String, BundleError> {
        let component = Place { file: self.root.clone(), pointer: pointer::child("/components/schemas", target) };
        if self.files.value(&component).is_some() {
            return Ok(format!("#{}", component.pointer));
        }
        self.named(file, target)
    }

    /// Another object than a schema: copied from another file, left where it is in this one.
    fn object(
        &mut self,
        file: &Path,
        members: &Map<String, Value>,
        reference: &str,
        kind: Kind,
    ) -> Result<Value, BundleError> {
        let target = self.files.target(file, reference)?;
        if target.file == self.root && file == self.root && kind != Kind::PathItem {
            return Ok(Value::Object(members.clone()));
        }
        if self.inside.contains(&target) {
            return Err(BundleError::Circular { file: file.to_owned(), reference: reference.to_owned() });
        }
        let found = self.files.value(&target).cloned().unwrap_or_default();
        self.inside.push(target.clone());
        let mut found = self.value(&target.file, &found, kind)?;
        self.inside.pop();
        // What stands beside the reference goes before what it names.
        let beside: Map<_, _> =
            members.iter().filter(|(name, _)| *name != "$ref").map(|(n, v)| (n.clone(), v.clone())).collect();
        if let (Value::Object(beside), Some(found)) = (self.members(file, &beside, kind)?, found.as_object_mut()) {
            found.extend(beside);
        }
        Ok(found)
    }
}

/// A name for what stands at a place: the words of its pointer that people chose, or the name of its file.
fn component_name(place: &Place) -> String {
    const STRUCTURE: &[&str] = &[
        "components",
        "schemas",
        "properties",
        "items",
        "$defs",
        "definitions",
        "schema",
        "content",
        "requestBody",
        "paths",
        "webhooks",
        "allOf",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "application/json",
        "responses",
    ];
    let words: Vec<String> =
        pointer::names(&place.pointer).filter(|name| !STRUCTURE.contains(&name.as_str())).collect();
    let stem = place.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let words = if words.is_empty() { vec![stem] } else { words };
    let name: Vec<String> = words
        .iter()
        .map(|word| {
            word.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect()
        })
        .collect();
    let name = name.join("_");
    if name.trim_matches('_').is_empty() { "Schema".to_owned() } else { name }
}
