//! What a generated crate asks of the code that uses it: the traits to implement and the models to read.
//!
//! It is read from the crate's source, so that two generations can be compared without building either.

mod compare;
mod model;
mod provider;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::compare::{Changes, Named, compare};

/// The traits and models of one generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    /// The traits, by the name of their module.
    pub providers: BTreeMap<String, Provider>,
    /// The models, by name.
    pub models: BTreeMap<String, Model>,
}

/// The trait of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The name of the trait.
    pub name: String,
    /// The methods that an implementation must have, in the order of the source.
    pub methods: Vec<Method>,
}

/// A method of a trait, as an implementation writes it.
#[derive(Debug, Clone)]
pub struct Method {
    /// The name.
    pub name: String,
    /// The arguments, such as `event: models::ApplianceEvent`.
    pub arguments: Vec<String>,
    /// What awaiting it yields.
    pub returns: String,
    /// The first line of its documentation.
    pub summary: String,
}

/// A struct or enum of the `models` module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The name.
    pub name: String,
    /// The fields or variants, in the order of the source.
    pub members: Vec<Member>,
}

/// A field or variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// A field's type, or what a variant holds and stands for.
    pub shape: String,
}

/// Two methods are the same if an implementation of one is an implementation of the other.
impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.arguments, &self.returns) == (&other.name, &other.arguments, &other.returns)
    }
}

impl Eq for Method {}

impl Surface {
    /// Reads the crate in `folder`. What it lacks is empty.
    ///
    /// # Errors
    /// A source file cannot be read or is not Rust.
    pub fn read(folder: &Path) -> Result<Self, SurfaceError> {
        let mut surface = Self::default();
        for (module, file) in sources(&folder.join("src/providers"))? {
            if let Some(provider) = provider::read(&file) {
                surface.providers.insert(module, provider);
            }
        }
        for (_, file) in sources(&folder.join("src/models"))? {
            surface.models.extend(model::read(&file).into_iter().map(|model| (model.name.clone(), model)));
        }
        Ok(surface)
    }
}

/// The modules in a folder, in order, without the one that lists them.
fn sources(folder: &Path) -> Result<Vec<(String, syn::File)>, SurfaceError> {
    let unreadable = |path: &Path, source| SurfaceError::Unreadable { path: path.to_owned(), source };
    let mut paths = Vec::new();
    match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable(folder, error)),
        Ok(entries) => {
            for entry in entries {
                paths.push(entry.map_err(|error| unreadable(folder, error))?.path());
            }
        }
    }
    paths.sort();
    let mut modules = Vec::new();
    for path in paths {
        let Some(module) = path.file_stem().and_then(|stem| stem.to_str()).filter(|module| *module != "mod") else {
            continue;
        };
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let file = syn::parse_file(&text).map_err(|source| SurfaceError::NotRust { path: path.clone(), source })?;
            modules.push((module.to_owned(), file));
        }
    }
    Ok(modules)
}

/// The source of a piece of syntax, on one line.
fn text(piece: &impl syn::spanned::Spanned) -> String {
    let source = piece.span().source_text().unwrap_or_default();
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why a crate cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SurfaceError {
    /// The system refuses.
    #[error("{}: {source}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not Rust.
    #[error("{}: {source}; generate the crate again", path.display())]
    NotRust {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: syn::Error,
    },
}
