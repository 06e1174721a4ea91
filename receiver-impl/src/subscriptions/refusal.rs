//! What a provider says when it refuses: each has a body of its own, and some answer with a page for people.

use ::http::HeaderMap;
use ::http::header::CONTENT_TYPE;
use serde_json::Value;

/// What was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What is wrong, one thing each.
    pub texts: Vec<String>,
    /// What the provider can look the refusal up by.
    pub reference: Option<String>,
}

impl Said {
    /// Reads the body of a refusal, whichever provider's it is:
    ///
    /// ```text
    /// gridX   {"message": "...", "details": ["...", ...]}
    /// HPE     {"errorCode": "...", "message": "...", "debugId": "...", "httpStatusCode": 400}
    /// Nursa   {"message": "..." or ["...", ...], "error": "...", "statusCode": 400}
    /// ```
    ///
    /// A page of HTML says nothing that its status does not; nor does a body that is not understood.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            let is_text = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/plain"));
            let text = str::from_utf8(body).map(str::trim).unwrap_or_default();
            let texts = if is_text && !text.is_empty() { vec![text.to_owned()] } else { Vec::new() };
            return Self { texts, reference: None };
        };
        let mut texts = Vec::new();
        for name in ["message", "details"] {
            match members.get(name) {
                Some(Value::String(text)) => texts.push(text.clone()),
                Some(Value::Array(list)) => texts.extend(list.iter().map(text)),
                _ => {}
            }
        }
        // Nursa's word for the status is of use only where nothing else is said.
        if texts.is_empty() {
            texts.extend(members.get("error").and_then(Value::as_str).map(str::to_owned));
        }
        let member = |name: &str| members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let reference = match (member("errorCode"), member("debugId")) {
            (Some(code), Some(id)) => Some(format!("{code}, debug id {id}")),
            (one, other) => one.or(other).map(str::to_owned),
        };
        Self { texts, reference }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;

    use super::*;

    fn read(body: &str) -> Said {
        Said::read(&HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn reads_each_providers_body() {
        let gridx = read(r#"{"message":"invalid","details":["targetURL: https only","eventTypes: empty"]}"#);
        assert_eq!(gridx.texts, ["invalid", "targetURL: https only", "eventTypes: empty"]);
        let hpe = read(r#"{"errorCode":"HPE_GL_1","message":"no such event","debugId":"d-7","httpStatusCode":400}"#);
        assert_eq!(
            (hpe.texts, hpe.reference.as_deref()),
            (vec!["no such event".to_owned()], Some("HPE_GL_1, debug id d-7"))
        );
        let list =
            read(r#"{"message":["url must be https","events: one at least"],"error":"Bad Request","statusCode":400}"#);
        assert_eq!(list.texts, ["url must be https", "events: one at least"]);
        assert_eq!(read(r#"{"message":"Unauthorized","statusCode":401}"#).texts, ["Unauthorized"]);
    }

    #[test]
    fn a_page_or_nonsense_says_nothing() {
        for body in ["<html><body>Too many requests</body></html>", "", "[1]", "\u{fffd}", "{}", "{\"message\":7}"] {
            assert_eq!(read(body), Said::default(), "{body}");
        }
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
        assert_eq!(Said::read(&headers, b" no such host \n").texts, ["no such host"]);
    }
}
