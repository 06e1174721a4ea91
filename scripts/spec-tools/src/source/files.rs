//! The files of a spec, and what a reference in one of them leads to.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::document::{Document, LoadError};
use crate::pointer;

/// How many references may lead to one another before they are taken for a circle.
const LONGEST_CHAIN: usize = 64;

/// A reference that cannot be followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The file cannot be read.
    #[error("{}: $ref `{reference}`: {error}", file.display())]
    Unreadable {
        /// The file with the reference.
        file: PathBuf,
        /// The reference.
        reference: String,
        /// Why not.
        error: LoadError,
    },
    /// The file is there, but not what is asked of it.
    #[error("{}: $ref `{reference}` names nothing; correct it or add what it names", file.display())]
    Dangling {
        /// The file with the reference.
        file: PathBuf,
        /// The reference.
        reference: String,
    },
    /// It leads to another machine.
    #[error(
        "{}: $ref `{reference}` leads to another machine, and nothing is fetched; put a copy beside the spec and refer to \
         that", file.display()
    )]
    Remote {
        /// The file with the reference.
        file: PathBuf,
        /// The reference.
        reference: String,
    },
    /// It leads back to itself.
    #[error("{}: $ref `{reference}` leads back to itself; let one of the chain hold a definition", file.display())]
    Circular {
        /// The file with the reference.
        file: PathBuf,
        /// The reference.
        reference: String,
    },
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) file: PathBuf,
    pub(super) pointer: String,
}

/// A file, with the places that have names of their own.
#[derive(Debug)]
struct File {
    value: Value,
    anchors: HashMap<String, String>,
    ids: HashMap<String, String>,
}

/// Every file that was read.
#[derive(Debug)]
pub(super) struct Files {
    files: BTreeMap<PathBuf, File>,
    /// The bytes of the files in the order in which they were read.
    pub(super) bytes: Vec<u8>,
}

impl Files {
    /// Starts with the file that was named.
    pub(super) fn new(path: &Path, value: Value) -> Self {
        let mut files = Self { files: BTreeMap::new(), bytes: std::fs::read(path).unwrap_or_default() };
        files.files.insert(path.to_owned(), File::new(value));
        files
    }

    /// The value at a place.
    pub(super) fn value(&self, place: &Place) -> Option<&Value> {
        self.files.get(&place.file)?.value.pointer(&place.pointer)
    }

    /// The place that a reference in `file` names, after following those on the way to it.
    pub(super) fn target(&mut self, file: &Path, reference: &str) -> Result<Place, BundleError> {
        self.target_within(file, reference, 0)
    }

    fn target_within(&mut self, file: &Path, reference: &str, depth: usize) -> Result<Place, BundleError> {
        let (named, reference) = (file.to_owned(), reference.to_owned());
        if depth > LONGEST_CHAIN {
            return Err(BundleError::Circular { file: named, reference });
        }
        let (path, fragment) = reference.split_once('#').unwrap_or((&reference, ""));
        let (path, fragment) = (decoded(path), decoded(fragment));
        let start = self.start(file, &path, &reference)?;
        let found = if fragment.is_empty() || fragment.starts_with('/') {
            self.walk(&start, &fragment, depth)?.or(self.in_resource(&start, &fragment))
        } else {
            let anchor = self.files.get(&start.file).and_then(|file| file.anchors.get(&fragment));
            anchor.map(|pointer| Place { pointer: pointer.clone(), ..start })
        };
        found.ok_or(BundleError::Dangling { file: named, reference })
    }

    /// The file, or the schema with that `$id`, that a reference is about.
    fn start(&mut self, file: &Path, path: &str, reference: &str) -> Result<Place, BundleError> {
        if path.is_empty() {
            return Ok(Place { file: file.to_owned(), pointer: String::new() });
        }
        let tail = format!("/{}", path.trim_start_matches("./"));
        for (known, content) in &self.files {
            let named =
                content.ids.iter().find(|(id, _)| *id == path || (!path.contains("://") && id.ends_with(&tail)));
            if let Some((_, pointer)) = named {
                return Ok(Place { file: known.clone(), pointer: pointer.clone() });
            }
        }
        if path.contains("://") || path.starts_with("urn:") {
            return Err(BundleError::Remote { file: file.to_owned(), reference: reference.to_owned() });
        }
        let target = normal(&file.parent().unwrap_or(Path::new("")).join(path));
        if !self.files.contains_key(&target) {
            let document = Document::load(&target).map_err(|error| BundleError::Unreadable {
                file: file.to_owned(),
                reference: reference.to_owned(),
                error,
            })?;
            self.bytes.extend(std::fs::read(&target).unwrap_or_default());
            self.files.insert(target.clone(), File::new(document.value().clone()));
        }
        Ok(Place { file: target, pointer: String::new() })
    }

    /// Goes down `pointer` from a place, through references where they stand in the way.
    fn walk(&mut self, start: &Place, pointer: &str, depth: usize) -> Result<Option<Place>, BundleError> {
        let mut at = start.clone();
        for name in pointer.split('/').skip(1) {
            let further = Place { pointer: format!("{}/{name}", at.pointer), file: at.file.clone() };
            if self.value(&further).is_some() {
                at = further;
                continue;
            }
            let around = self.value(&at).and_then(|value| value.get("$ref")?.as_str()).map(str::to_owned);
            let Some(around) = around else { return Ok(None) };
            let target = self.target_within(&at.file, &around, depth + 1)?;
            let further = Place { pointer: format!("{}/{name}", target.pointer), file: target.file };
            if self.value(&further).is_none() {
                return Ok(None);
            }
            at = further;
        }
        Ok(self.value(&at).is_some().then_some(at))
    }

    /// A pointer may count from a schema with an `$id` of its own instead of from the file.
    fn in_resource(&self, start: &Place, pointer: &str) -> Option<Place> {
        let file = self.files.get(&start.file)?;
        let mut found = file.ids.values().map(|root| format!("{root}{pointer}"));
        let found = found.find(|pointer| file.value.pointer(pointer).is_some())?;
        Some(Place { file: start.file.clone(), pointer: found })
    }
}

impl File {
    fn new(value: Value) -> Self {
        let (mut anchors, mut ids) = (HashMap::new(), HashMap::new());
        name_places("", &value, &mut anchors, &mut ids);
        Self { value, anchors, ids }
    }
}

fn name_places(at: &str, value: &Value, anchors: &mut HashMap<String, String>, ids: &mut HashMap<String, String>) {
    if let Value::Array(items) = value {
        items.iter().enumerate().for_each(|(index, item)| name_places(&pointer::item(at, index), item, anchors, ids));
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match (name.as_str(), member.as_str()) {
            ("$anchor" | "$dynamicAnchor", Some(anchor)) => {
                anchors.entry(anchor.to_owned()).or_insert_with(|| at.to_owned());
            }
            ("$id", Some(id)) => {
                ids.insert(id.trim_end_matches('#').to_owned(), at.to_owned());
            }
            ("example" | "examples" | "default" | "enum" | "const", _) => {}
            _ => name_places(&pointer::child(at, name), member, anchors, ids),
        }
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A path without `.` and `..`, so that one file has one name.
fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
