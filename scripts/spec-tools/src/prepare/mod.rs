//! `spec prepare`: from a spec that people write to one that the templates can render without thinking.
//!
//! openapi-generator has its own ideas of names, of inline schemas, of unions and of nulls, and its templates cannot
//! compute. So everything that needs thought happens here: references are followed, `allOf`s merged, names made legal
//! and unique, and the result stands ready in four vendor extensions of a minimal document: `x-provider` on tags,
//! `x-model` on schemas, `x-scheme` on security schemes. The generator finds nothing left that it could misread.

mod checked;
mod contract;
mod docs;
mod field;
mod lenient;
mod limits;
mod model;
mod name;
mod named;
mod normal;
mod operation;
pub(crate) mod reading;
mod recursion;
mod schema;
mod scheme;
mod status;
mod types;
mod union;
mod weight;

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value, json};

use name::Unique;
use named::Named;
use operation::Operations;
use schema::Spec;
use types::{Finished, Models};

use crate::source::{Leniency, Settings};

/// A document for the generator, and what a person should know of it.
#[derive(Debug)]
pub struct Prepared {
    /// The OpenAPI 3.0.3 document.
    pub document: Value,
    /// Places that could not be typed.
    pub warnings: Vec<String>,
}

/// Why a spec cannot be prepared.
#[derive(Debug)]
#[non_exhaustive]
pub enum PrepareError {
    /// An extension has a key or value that its grammar does not know.
    Extension {
        /// The place in the document.
        place: String,
        /// The extension, or the part of it.
        extension: String,
        /// What was found.
        reason: String,
    },
    /// An operation is guarded by a scheme that cannot verify anything.
    UnknownScheme {
        /// The place in the document.
        place: String,
        /// The scheme's name.
        scheme: String,
    },
    /// An outcome is answered with a status that HTTP does not know.
    UnknownStatus {
        /// The place in the document.
        place: String,
        /// The status.
        status: u16,
    },
}

impl PrepareError {
    fn extension(place: &str, extension: &str, reason: &str) -> Self {
        Self::Extension { place: place.to_owned(), extension: extension.to_owned(), reason: reason.to_owned() }
    }

    fn unknown_status(place: &str, status: u16) -> Self {
        Self::UnknownStatus { place: place.to_owned(), status }
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension { place, extension, reason } => {
                write!(f, "{place}: {extension}: {reason}; `spec check` explains the grammar")
            }
            Self::UnknownScheme { place, scheme } => write!(
                f,
                "{place}.security names `{scheme}`, which components.securitySchemes does not declare with \
                 x-webhook-signature; declare it there or correct the name"
            ),
            Self::UnknownStatus { place, status } => write!(
                f,
                "{place}.responses.{status}: HTTP gives {status} no meaning; answer an outcome with a registered status"
            ),
        }
    }
}

impl std::error::Error for PrepareError {}

/// Prepares a document whose references are all local. `digest` is what the crate will say of its source.
///
/// # Errors
///
/// The first extension or guard that makes no sense, with its place.
pub fn prepare(root: &Value, digest: &str) -> Result<Prepared, PrepareError> {
    prepare_with(root, digest, &Settings::default())
}

/// Prepares a document whose references are all local, as `settings` want it.
///
/// # Errors
///
/// The first extension or guard that makes no sense, with its place.
pub fn prepare_with(root: &Value, digest: &str, settings: &Settings) -> Result<Prepared, PrepareError> {
    let (root, mut lost) = normal::normal(root);
    let spec = Spec::new(&root, settings.models.map(|models| models == Leniency::Lenient));
    let mut constants = HashMap::new();
    let mut names = Unique::default();
    names.take("SIGNATURE_SCHEMES");
    let mut schemes = Map::new();
    for (key, declared) in spec.components("securitySchemes") {
        let declared = spec.resolve(declared).unwrap_or(declared);
        if let Some(scheme) = scheme::scheme(key, declared, &mut names)? {
            constants.insert(key.to_owned(), scheme.constant.clone());
            let header = schema::text(declared, "name");
            schemes
                .insert(key.to_owned(), json!({"type": "apiKey", "in": "header", "name": header, "x-scheme": scheme}));
        }
    }
    let mut models = Models::new(spec);
    let mut providers = Operations::new(spec, &mut models, &constants).collect()?;
    let Finished { models, named, limited, warnings } = models.finish();
    for method in providers.iter_mut().flat_map(|provider| &mut provider.methods) {
        method.validated &= checked::names_any(&method.r#type, &limited);
    }

    let mut tags = Vec::new();
    let mut paths = Map::new();
    for provider in &providers {
        tags.push(json!({"name": provider.module, "x-provider": provider}));
        // The generator makes a file per tag that has an operation; everything else about it is in `x-provider`.
        let security: Vec<Value> = schemes.keys().map(|key| json!({ (key.clone()): [] })).collect();
        let operation = json!({
            "operationId": provider.module, "tags": [provider.module], "security": security,
            "responses": {"200": {"description": "ok"}},
        });
        paths.insert(format!("/{}", provider.module), json!({ "post": operation }));
    }
    let mut files = Unique::default();
    let plain = |model: &&model::Model| name::file(&model.name) == model.name;
    // Whose name is a file's name has it, whatever the others become.
    let ordered = models.iter().filter(plain).chain(models.iter().filter(|model| !plain(model)));
    let mut schemas: Vec<(String, Value)> = ordered
        .map(|model| {
            let shape = json!({"type": "object", "properties": {"x": {"type": "string"}}, "x-model": model});
            (files.take(&name::file(&model.name)), shape)
        })
        .collect();
    schemas.sort_by(|(one, _), (other, _)| one.cmp(other));
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let info = spec.at("/info").cloned().unwrap_or(Value::Null);
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": schema::text(&info, "title"), "version": schema::text(&info, "version"), "x-info": about(&info, digest, &named)},
        "tags": tags,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    });
    lost.extend(warnings);
    Ok(Prepared { document, warnings: lost })
}

/// SHA-256 of a file's bytes, in hexadecimal: how generated code names the spec that it comes from.
pub fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the generated document says of itself, as Rust literals, and the schemas that no type of the crate stands for.
fn about(info: &Value, digest: &str, named: &[Named]) -> Value {
    let license = info.get("license").map(|license| {
        let texts =
            |key: &str| license.get(key).and_then(Value::as_str).map(name::literal).into_iter().collect::<Vec<_>>();
        json!({"name": texts("name"), "url": texts("url")})
    });
    json!({
        "digest": digest,
        "title": name::literal(schema::text(info, "title")),
        "version": name::literal(schema::text(info, "version")),
        "description": name::literal(schema::text(info, "description").trim()),
        "license": license.into_iter().collect::<Vec<_>>(),
        "docs": docs::lines(schema::text(info, "description")),
        "named": named,
    })
}
