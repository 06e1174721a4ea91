//! What is sent: the example or a file, changed where asked, with an identity of its own.

use std::path::Path;
use std::str::FromStr;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, HeaderName};
use serde_json::Value;
use uuid::Uuid;
use webhook_api::contract::ValueSource;

use crate::catalog::Listed;

/// A value for a place in the body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pointer: String,
    value: Value,
}

/// Makes deliveries that are alike but for their identity.
#[derive(Debug)]
pub(super) struct Template {
    body: Body,
    headers: HeaderMap,
    /// Where each delivery gets a new identity.
    fresh: Vec<ValueSource>,
}

#[derive(Debug)]
enum Body {
    /// As it is, byte for byte.
    Bytes(Bytes),
    Json(Value),
}

/// One request, but for its signature.
#[derive(Debug)]
pub(super) struct Unsigned {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The identity that it was given, if it was given one.
    pub(super) id: Option<String>,
}

impl Template {
    /// The event's example, or the content of `file`, with `changes`. Unless `keep_id` says otherwise, an example gets
    /// a new identity each time; a file keeps what it has.
    pub(super) fn new(listed: Listed, file: Option<&Path>, changes: &[Change], keep_id: bool) -> Result<Self, String> {
        let bytes = match file {
            Some(path) => std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?,
            None => listed
                .event
                .example
                .map(|example| example.as_bytes().to_vec())
                .ok_or_else(|| format!("the spec has no example of `{}`; give `--body FILE`", listed.event.name))?,
        };
        let fresh = if keep_id || file.is_some() { Vec::new() } else { listed.endpoint.event_id.to_vec() };
        let body = if fresh.is_empty() && changes.is_empty() {
            Body::Bytes(bytes.into())
        } else {
            let mut json = serde_json::from_slice(&bytes).map_err(|error| format!("the body is not JSON: {error}"))?;
            changes.iter().try_for_each(|change| change.apply(&mut json))?;
            Body::Json(json)
        };
        let changed = |source: &ValueSource| matches!(source, ValueSource::Pointer(pointer) if changes.iter().any(|change| change.pointer == *pointer));
        let fresh = fresh.into_iter().filter(|source| !changed(source) && body.takes_id(source)).collect();
        Ok(Self { body, headers: headers(listed)?, fresh })
    }

    /// The next delivery.
    pub(super) fn next(&self) -> Unsigned {
        let id = (!self.fresh.is_empty()).then(Uuid::new_v4).map(|id| id.to_string());
        let mut headers = self.headers.clone();
        let mut json = None;
        for (source, id) in self.fresh.iter().zip(id.iter().cycle()) {
            match (source, &self.body) {
                (ValueSource::Pointer(pointer), Body::Json(body)) => {
                    let place = json.get_or_insert_with(|| body.clone()).pointer_mut(pointer).map(Value::take);
                    debug_assert!(place.is_some(), "`takes_id` looked");
                    if let Some(place) = json.as_mut().and_then(|json| json.pointer_mut(pointer)) {
                        *place = Value::String(id.clone());
                    }
                }
                (ValueSource::Header(name), _) => {
                    if let (Ok(name), Ok(id)) = (name.parse::<HeaderName>(), HeaderValue::from_str(id)) {
                        headers.insert(name, id);
                    }
                }
                (ValueSource::Pointer(_), Body::Bytes(_)) => {}
            }
        }
        let body = match (&self.body, json) {
            (Body::Bytes(bytes), _) => bytes.clone(),
            (Body::Json(_), Some(json)) => json.to_string().into(),
            (Body::Json(json), None) => json.to_string().into(),
        };
        Unsigned { headers, body, id }
    }
}

impl Body {
    /// Whether an identity can be put there: a header, or a text that looks like one. Another part of an identity,
    /// such as a source's path, stays as it is.
    fn takes_id(&self, source: &ValueSource) -> bool {
        match (source, self) {
            (ValueSource::Header(_), _) => true,
            (ValueSource::Pointer(pointer), Self::Json(json)) => {
                json.pointer(pointer).and_then(Value::as_str).is_some_and(|text| !text.contains('/'))
            }
            (ValueSource::Pointer(_), Self::Bytes(_)) => false,
        }
    }
}

fn headers(listed: Listed) -> Result<HeaderMap, String> {
    let media_type = listed.endpoint.body.as_ref().and_then(|body| body.media_types.first()).copied();
    let media_type = media_type.unwrap_or("application/json");
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| format!("`{text}` is no header value"));
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, value(media_type)?)]);
    if let Some(ValueSource::Header(name)) = listed.endpoint.event_type.source {
        let name: HeaderName = name.parse().map_err(|_| format!("`{name}` is no header name"))?;
        headers.insert(name, value(listed.event.name)?);
    }
    Ok(headers)
}

impl Change {
    fn apply(&self, json: &mut Value) -> Result<(), String> {
        let (parent, token) = self.pointer.rsplit_once('/').unwrap_or_default();
        let token = token.replace("~1", "/").replace("~0", "~");
        let missing = || format!("--set {}: there is no `{parent}` in the body to put it in", self.pointer);
        match json.pointer_mut(parent).ok_or_else(missing)? {
            Value::Object(members) => {
                members.insert(token, self.value.clone());
            }
            Value::Array(list) if token == "-" => list.push(self.value.clone()),
            Value::Array(list) => {
                let place = token.parse::<usize>().ok().and_then(|index| list.get_mut(index));
                *place.ok_or_else(|| format!("--set {}: the list has no element `{token}`", self.pointer))? =
                    self.value.clone();
            }
            _ => return Err(missing()),
        }
        Ok(())
    }
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (pointer, value) = text.split_once('=').ok_or("write POINTER=VALUE, for example /data/model=PV-12")?;
        if !pointer.starts_with('/') {
            return Err(format!("`{pointer}` is no JSON pointer; it begins with a slash: /{pointer}"));
        }
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        Ok(Self { pointer: pointer.to_owned(), value })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use webhook_api::PROVIDERS;

    use super::*;
    use crate::catalog::{Wanted, find};

    fn online() -> Listed {
        let wanted = Wanted { event: "appliance/online", provider: None, endpoint: Some("gridxEvents") };
        find(PROVIDERS, wanted).unwrap()
    }

    fn body(template: &Template) -> Value {
        serde_json::from_slice(&template.next().body).unwrap()
    }

    #[test]
    fn each_delivery_of_an_example_is_an_event_of_its_own() {
        let template = Template::new(online(), None, &[], false).unwrap();
        let (first, second) = (body(&template), body(&template));
        assert_ne!(first["id"], second["id"]);
        assert_eq!((&first["time"], &first["data"]), (&second["time"], &second["data"]));
    }

    #[test]
    fn a_kept_example_is_sent_byte_for_byte() {
        let listed = online();
        let template = Template::new(listed, None, &[], true).unwrap();
        assert_eq!(template.next().body, listed.event.example.unwrap());
    }

    #[test]
    fn sets_json_where_it_reads_as_json_and_text_elsewhere() {
        let changes = ["/data/model=X 1", "/data/firmware=[1]", "/id=kept"].map(|text| text.parse().unwrap());
        let body = body(&Template::new(online(), None, &changes, false).unwrap());
        assert_eq!(body["data"]["model"], "X 1");
        assert_eq!(body["data"]["firmware"], json!([1]));
        assert_eq!(body["id"], "kept");
    }

    #[test]
    fn says_which_change_leads_nowhere() {
        let change = "/nowhere/x=1".parse().unwrap();
        let message = Template::new(online(), None, &[change], false).unwrap_err();
        assert_eq!(message, "--set /nowhere/x: there is no `/nowhere` in the body to put it in");
        assert!("data=1".parse::<Change>().unwrap_err().contains("it begins with a slash: /data"));
    }
}
