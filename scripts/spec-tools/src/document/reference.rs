//! Following `$ref` inside one document.

use super::{Document, Node};
use crate::pointer;

/// A `$ref` that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The place asked for is not in the document.
    #[error("there is no {}", pointer::display(.pointer))]
    Missing {
        /// The place.
        pointer: String,
    },
    /// The `$ref` names something that is not in the document.
    #[error("$ref `{reference}` names nothing in this file; correct it or add what it names")]
    Dangling {
        /// The object with the `$ref`.
        pointer: String,
        /// What it says.
        reference: String,
    },
    /// The `$ref` leads back to itself.
    #[error("$ref `{reference}` leads back to itself; let one of the chain hold a definition")]
    Cyclic {
        /// The object with the `$ref`.
        pointer: String,
        /// What it says.
        reference: String,
    },
    /// The `$ref` is no `#/...`.
    #[error("$ref `{reference}` leaves this file; only `#/...` is followed, so move its target in here")]
    NotLocal {
        /// The object with the `$ref`.
        pointer: String,
        /// What it says.
        reference: String,
    },
}

impl ReferenceError {
    /// The place to look at.
    pub fn pointer(&self) -> &str {
        match self {
            Self::Missing { pointer }
            | Self::Dangling { pointer, .. }
            | Self::Cyclic { pointer, .. }
            | Self::NotLocal { pointer, .. } => pointer,
        }
    }
}

/// The node at `pointer` after every `$ref`.
pub(super) fn resolve<'a>(document: &'a Document, pointer: &str) -> Result<Node<'a>, ReferenceError> {
    let Some(mut node) = document.node(pointer) else {
        return Err(ReferenceError::Missing { pointer: pointer.to_owned() });
    };
    let mut seen = Vec::new();
    while let Some(reference) = node.text("$ref") {
        let (from, reference) = (node.pointer, reference.to_owned());
        let Some(target) = target(&reference) else {
            return Err(ReferenceError::NotLocal { pointer: from, reference });
        };
        if target == from || seen.contains(&target) {
            return Err(ReferenceError::Cyclic { pointer: from, reference });
        }
        node = document.node(&target).ok_or(ReferenceError::Dangling { pointer: from, reference })?;
        seen.push(target);
    }
    Ok(node)
}

/// The JSON pointer that a `$ref` to this document says; percent signs are decoded (RFC 6901, section 6).
fn target(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#').filter(|fragment| fragment.is_empty() || fragment.starts_with('/'))?;
    percent_encoding::percent_decode_str(fragment).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        Document::from_value(
            "test",
            json!({
                "a": {"$ref": "#/b"}, "b": {"$ref": "#/paths/~1x%7Bid%7D"}, "paths": {"/x{id}": {"here": true}},
                "loop": {"$ref": "#/pool"}, "pool": {"$ref": "#/loop"}, "self": {"$ref": "#/self"},
                "gone": {"$ref": "#/nothing"}, "far": {"$ref": "other.yaml#/a"}
            }),
        )
    }

    #[test]
    fn follows_a_chain_to_its_end() {
        let document = document();
        let node = document.resolve("/a").unwrap();
        assert_eq!(node.pointer, "/paths/~1x{id}");
        assert_eq!(node.value, &json!({"here": true}));
    }

    #[test]
    fn names_what_is_wrong_with_a_reference() {
        let document = document();
        let fault = |pointer: &str| document.resolve(pointer).unwrap_err();
        assert!(matches!(fault("/loop"), ReferenceError::Cyclic { .. }));
        assert!(matches!(fault("/self"), ReferenceError::Cyclic { .. }));
        assert!(matches!(fault("/gone"), ReferenceError::Dangling { pointer, .. } if pointer == "/gone"));
        assert!(matches!(fault("/far"), ReferenceError::NotLocal { .. }));
        assert!(matches!(fault("/nowhere"), ReferenceError::Missing { .. }));
    }
}
