//! The provider: makes deliveries by a spec and signs them as it says.

use std::collections::BTreeSet;

use http::HeaderMap;
use receiver::secrets::Secret;
use receiver::signature::Signer;
use serde_json::{Value, json};
use spec_tools::extension::{self, Signature};
use webhook_api::contract::{
    Algorithm, Blanks, Encoding, KeyEncoding, KeyRule, OnFault, RepeatedHeader, SignatureScheme, SignedPart,
    TimestampFormat, TimestampRule, TimestampSource,
};

use crate::instance::{Fill, Maker};
use crate::random::Random;
use crate::receiver::{NOW, Request, SECRET};

/// An event as a spec declares it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) path: String,
    pub(crate) method: String,
    pub(crate) name: String,
    schema: Value,
    type_pointer: Option<String>,
    scheme: Option<String>,
    is_batch: bool,
}

/// Every event of a spec.
pub(crate) fn declared(spec: &Value) -> Vec<Declared> {
    let mut all = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            all.extend(events(spec, path, method, operation));
        }
    }
    all
}

fn events(spec: &Value, path: &str, method: &str, operation: &Value) -> Vec<Declared> {
    let rule = &operation["x-webhook-event"];
    let content = operation["requestBody"]["content"].as_object().and_then(|media| media.values().next());
    let Some(schema) = content.map(|content| content["schema"].clone()) else { return Vec::new() };
    let maker = Maker { root: spec, fill: Fill::All, random: Random::new(1) };
    let merged = maker.merged(&schema, 0);
    let discriminator = merged.get("discriminator").cloned().unwrap_or_default();
    let tag = discriminator["propertyName"].as_str().map(|name| format!("/{name}"));
    let security = operation["security"].as_array().into_iter().flatten();
    let mut names = security.filter_map(|all| all.as_object()?.keys().next().cloned());
    let one = |name: &str, schema: Value| Declared {
        path: path.to_owned(),
        method: method.to_uppercase(),
        name: name.to_owned(),
        schema,
        type_pointer: rule["pointer"].as_str().map(str::to_owned).or_else(|| tag.clone()),
        scheme: None,
        is_batch: operation["x-webhook-batch"] == json!(true),
    };
    let scheme = names.find(|name| {
        let algorithm = &spec["components"]["securitySchemes"][name]["x-webhook-signature"]["algorithm"];
        algorithm.as_str().is_some_and(|algorithm| algorithm.starts_with("hmac"))
    });
    let all: Vec<Declared> = match (rule["type"].as_str(), discriminator["mapping"].as_object()) {
        (Some(name), _) => vec![one(name, schema)],
        (None, Some(mapping)) => mapping.iter().map(|(name, target)| one(name, json!({ "$ref": target }))).collect(),
        (None, None) => Vec::new(),
    };
    all.into_iter().map(|event| Declared { scheme: scheme.clone(), ..event }).collect()
}

impl Declared {
    /// Whether an event reaches one of these component schemas.
    pub(crate) fn reaches(&self, parts: &BTreeSet<String>) -> bool {
        references(&self.schema).any(|name| parts.contains(&name))
    }

    /// Deliveries of this event: all members, the fewest, and some.
    pub(crate) fn requests(&self, spec: &Value, seed: u64, number: usize, renamed: &[String]) -> Vec<Request> {
        let fills = [Fill::All, Fill::Least, Fill::Objects, Fill::Some];
        let makes = (0..number).map(|index| {
            let random = Random::new(seed.wrapping_add(index as u64 * 7919));
            let mut maker = Maker { root: spec, fill: fills[index % fills.len()], random };
            let mut value = maker.value(&self.schema, 0);
            if let Some(pointer) = &self.type_pointer {
                put(&mut value, pointer, json!(self.name));
            }
            self.request(spec, &if self.is_batch { json!([value]) } else { value }, renamed)
        });
        makes.collect()
    }

    fn request(&self, spec: &Value, body: &Value, renamed: &[String]) -> Request {
        let body = body.to_string().into_bytes();
        let headers = self.scheme.as_ref().map(|name| sign(spec, name, &body)).unwrap_or_default();
        Request {
            method: self.method.clone(),
            path: self.path.clone(),
            headers,
            body,
            event: self.name.clone(),
            renamed: renamed.to_vec(),
        }
    }
}

/// Puts a value at a pointer of one or two names.
fn put(value: &mut Value, pointer: &str, new: Value) {
    let mut names = pointer.split('/').skip(1);
    let (Some(first), second) = (names.next(), names.next()) else { return };
    match second {
        Some(second) => value[first][second] = new,
        None => value[first] = new,
    }
}

fn sign(spec: &Value, name: &str, body: &[u8]) -> HeaderMap {
    let declared = &spec["components"]["securitySchemes"][name];
    let signature: Signature = serde_json::from_value(declared["x-webhook-signature"].clone()).unwrap();
    let scheme = scheme(declared["name"].as_str().unwrap(), &signature);
    let signer = Signer::new(scheme, &[Secret::new(SECRET)]).unwrap();
    signer.sign(&HeaderMap::new(), body, NOW).unwrap().into_iter().collect()
}

/// The scheme as the generated crate would have it. It is made once a request and lives as long as the test.
fn scheme(header: &str, signature: &Signature) -> &'static SignatureScheme {
    let text = |text: &str| -> &'static str { text.to_owned().leak() };
    let timestamp = signature.timestamp.as_ref().map(|rule| TimestampRule {
        source: match (&rule.element, &rule.header) {
            (Some(element), _) => TimestampSource::Element(text(element)),
            (None, header) => TimestampSource::Header(text(header.as_ref().unwrap())),
        },
        format: match rule.format {
            extension::TimestampFormat::UnixSeconds => TimestampFormat::UnixSeconds,
            extension::TimestampFormat::UnixMilliseconds => TimestampFormat::UnixMilliseconds,
        },
        tolerance_seconds: rule.tolerance,
    });
    let separator = signature.separator;
    Box::leak(Box::new(SignatureScheme {
        name: "new",
        description: "",
        header: text(header),
        algorithm: match signature.algorithm {
            extension::Algorithm::HmacSha1 => Algorithm::HmacSha1,
            extension::Algorithm::HmacSha256 => Algorithm::HmacSha256,
            extension::Algorithm::HmacSha384 => Algorithm::HmacSha384,
            _ => Algorithm::HmacSha512,
        },
        encoding: match signature.encoding {
            extension::Encoding::Hex => Encoding::Hex,
            extension::Encoding::Base64 => Encoding::Base64,
            extension::Encoding::Base64Any => Encoding::Base64Any,
        },
        prefix: text(&signature.prefix),
        separator,
        blanks: Blanks::Trim,
        malformed: OnFault::Ignore,
        others: OnFault::Ignore,
        repeated_header: RepeatedHeader::Refuse,
        max_signatures: if separator.is_some() { 8 } else { 1 },
        signed: parts(&signature.signed),
        timestamp,
        key: KeyRule {
            encoding: match signature.key.encoding {
                extension::KeyEncoding::Base64 => KeyEncoding::Base64,
                _ => KeyEncoding::Utf8,
            },
            prefix: "",
        },
    }))
}

/// The templates that the edits make: text around the two placeholders.
fn parts(template: &str) -> &'static [SignedPart] {
    let mut parts = Vec::new();
    for piece in template.split_inclusive('}') {
        let (text, placeholder) = piece.split_once('{').unwrap_or((piece, ""));
        if !text.is_empty() {
            parts.push(SignedPart::Text(text.to_owned().leak()));
        }
        match placeholder {
            "body}" => parts.push(SignedPart::Body),
            "timestamp}" => parts.push(SignedPart::Timestamp),
            _ => {}
        }
    }
    parts.leak()
}

/// The component schemas that refer to this one, in one step or in many, and itself.
pub(crate) fn users(spec: &Value, part: &str) -> BTreeSet<String> {
    let schemas = spec["components"]["schemas"].as_object().unwrap();
    let uses: Vec<(&String, Vec<String>)> =
        schemas.iter().map(|(name, schema)| (name, references(schema).collect())).collect();
    let mut found = BTreeSet::from([part.to_owned()]);
    loop {
        let more: Vec<&String> = uses
            .iter()
            .filter(|(name, used)| !found.contains(*name) && used.iter().any(|name| found.contains(name)))
            .map(|(name, _)| *name)
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more.into_iter().cloned());
    }
}

fn references(schema: &Value) -> impl Iterator<Item = String> {
    let text = schema.to_string();
    let names = text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap_or("").to_owned());
    names.collect::<Vec<_>>().into_iter()
}
