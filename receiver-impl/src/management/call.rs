//! One call of an API, as a value.

use std::fmt;
use std::marker::PhantomData;

use form_urlencoded::Serializer;
use http::Method;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A call that was not sent yet, and whose answer is a `T`.
pub struct Call<T> {
    method: Method,
    template: &'static str,
    path: String,
    accept: Option<&'static str>,
    query: Vec<(&'static str, String)>,
    body: Option<Payload>,
    answer: PhantomData<fn() -> T>,
}

/// What a call sends.
#[derive(Clone)]
pub struct Payload {
    /// Its media type.
    pub media_type: &'static str,
    /// JSON, with secrets in clear.
    pub value: Value,
}

/// An answer in which nothing stands that is of use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nothing;

/// A value of a query: none, one or several.
pub trait Argument {
    /// Each value as text.
    fn texts(self) -> Vec<String>;
}

impl<T> Call<T> {
    /// A call of the operation at this path, with `{name}` where a parameter stands.
    pub(crate) fn new(method: Method, template: &'static str) -> Self {
        let path = template.to_owned();
        Self { method, template, path, accept: None, query: Vec::new(), body: None, answer: PhantomData }
    }

    /// Which media type the answer should have.
    #[must_use]
    pub(crate) fn accept(self, media_type: &'static str) -> Self {
        Self { accept: Some(media_type), ..self }
    }

    /// A parameter of the path.
    #[must_use]
    pub(crate) fn path(self, name: &str, value: &str) -> Self {
        Self { path: self.path.replace(&format!("{{{name}}}"), &segment(value)), ..self }
    }

    /// A parameter of the query.
    #[must_use]
    pub(crate) fn query(mut self, name: &'static str, value: impl Argument) -> Self {
        self.query.extend(value.texts().into_iter().map(|text| (name, text)));
        self
    }

    /// What is sent.
    #[must_use]
    pub(crate) fn body(self, media_type: &'static str, value: &(impl Serialize + ?Sized)) -> Self {
        // The models are structs of texts, numbers and lists: all of them are JSON.
        let value = serde_json::to_value(value).unwrap_or_default();
        Self { body: Some(Payload { media_type, value }), ..self }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The operation: its path with the parameters' names.
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// Path and query.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        // Not every server reads a plus as a blank.
        let query = Serializer::new(String::new()).extend_pairs(&self.query).finish().replace('+', "%20");
        format!("{}?{query}", self.path)
    }

    /// The wanted media type.
    pub fn accepts(&self) -> Option<&'static str> {
        self.accept
    }

    /// What is sent.
    pub fn payload(&self) -> Option<&Payload> {
        self.body.as_ref()
    }
}

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// Bodies may hold secrets, so they are left out.
impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target())
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [redacted]", self.media_type)
    }
}

/// A value as one segment of a path, whatever stands in it.
fn segment(value: &str) -> String {
    let mut segment = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.') {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

impl Argument for &str {
    fn texts(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl Argument for i32 {
    fn texts(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Argument for bool {
    fn texts(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Argument for &[String] {
    fn texts(self) -> Vec<String> {
        self.to_vec()
    }
}

impl<A: Argument> Argument for Option<A> {
    fn texts(self) -> Vec<String> {
        self.map(Argument::texts).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stays_within_its_segment() {
        let call = Call::<Nothing>::new(Method::GET, "/a/{id}/b").path("id", "x/../y?z#%{ä");
        assert_eq!(call.target(), "/a/x%2F..%2Fy%3Fz%23%25%7B%C3%A4/b");
    }

    #[test]
    fn a_query_has_what_was_given() {
        let ids = ["1".to_owned(), "2".to_owned()];
        let call = Call::<Nothing>::new(Method::GET, "/a").query("id", &ids[..]).query("limit", None::<i32>);
        assert_eq!(call.query("filter", "a eq 'b'").target(), "/a?id=1&id=2&filter=a%20eq%20%27b%27");
    }

    #[test]
    fn prints_no_body() {
        let call =
            Call::<Nothing>::new(Method::POST, "/a").body("application/json", &serde_json::json!({"secret": "hush"}));
        assert_eq!(format!("{call:?}"), "POST /a");
        assert!(!format!("{:?}", call.payload()).contains("hush"));
    }
}
