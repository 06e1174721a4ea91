//! An event's identity.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// An event's identity: the same text for every copy that the provider sends. Use it to make handlers idempotent.
///
/// Where a delivery names none, the digest of what was signed stands in for it. It is computed when it is first read.
#[derive(Clone)]
pub struct EventId(Text);

#[derive(Clone)]
enum Text {
    Named(String),
    Digest(Arc<dyn Deref<Target = String> + Send + Sync>),
}

impl EventId {
    /// The identity that a delivery names.
    pub fn named(text: impl Into<String>) -> Self {
        Self(Text::Named(text.into()))
    }

    /// A digest that stands in for an identity; `text` is called at most once.
    pub fn digest(text: impl FnOnce() -> String + Send + Sync + 'static) -> Self {
        Self(Text::Digest(Arc::new(LazyLock::new(text))))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Named(text) => text,
            Text::Digest(text) => text,
        }
    }

    /// Whether it is a digest, because the delivery names no identity. Two events that are equal then have the same.
    pub fn is_digest(&self) -> bool {
        matches!(self.0, Text::Digest(_))
    }
}

impl Deref for EventId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        match id.0 {
            Text::Named(text) => text,
            Text::Digest(text) => text.to_string(),
        }
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
