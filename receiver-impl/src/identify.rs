//! Which event an authentic delivery is: its type and its identity, from where the spec says they stand.
//!
//! One pass over the body, which builds no tree and skips what no pointer leads to, however deep that is nested. A
//! body that is not JSON names nothing; the delivery is then known by the digest of its bytes, like one whose spec
//! names no identity. A member that occurs twice names nothing either: RFC 8259 leaves open which of the two counts,
//! and two readers that choose differently would disagree about what was signed.

mod json;
pub(crate) mod pointers;

use http::{HeaderMap, HeaderName};
use webhook_api::contract::{Endpoint, ValueSource};

use pointers::{Pointers, Slot};

/// An identity longer than this is not kept; the digest stands in for it.
const LONGEST_ID: usize = 512;

/// What an endpoint's deliveries are identified by, prepared once.
#[derive(Debug)]
pub struct Identifier {
    pointers: Pointers,
    event_type: Option<Source>,
    event_id: Vec<Source>,
    /// Whether a part of the identity stands in a header, which all members of a batch have in common.
    id_in_header: bool,
    ordering_key: Option<Slot>,
}

/// What a delivery says about itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The event's type as the delivery names it.
    pub event_type: Option<String>,
    /// The event's identity; `None` if the spec names none or the delivery lacks a part of it.
    ///
    /// Several parts are joined by `#`; a `%` or `#` inside a part is percent-encoded, so that no two lists of parts
    /// look alike.
    pub event_id: Option<String>,
    /// The text whose events are handled in order of arrival; `None` if the spec names no place or nothing stands there.
    pub ordering_key: Option<String>,
}

#[derive(Debug)]
enum Source {
    Body(Slot),
    Header(HeaderName),
}

/// A name in the spec that is no header name.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAHeader(pub &'static str);

impl Identifier {
    /// Prepares the pointers and header names of an endpoint.
    ///
    /// # Errors
    ///
    /// [`NotAHeader`].
    pub fn new(endpoint: &Endpoint) -> Result<Self, NotAHeader> {
        let mut pointers = Pointers::default();
        let mut source = |source: &ValueSource| match *source {
            ValueSource::Pointer(pointer) => Ok(Source::Body(pointers.add(pointer))),
            ValueSource::Header(name) => name.parse().map(Source::Header).map_err(|_| NotAHeader(name)),
        };
        let event_type = endpoint.event_type.source.as_ref().map(&mut source).transpose()?;
        let event_id = endpoint.event_id.iter().map(&mut source).collect::<Result<_, _>>()?;
        let id_in_header = endpoint.event_id.iter().any(|source| matches!(source, ValueSource::Header(_)));
        let ordering_key = endpoint.ordering_key.map(|pointer| pointers.add(pointer));
        Ok(Self { pointers, event_type, event_id, id_in_header, ordering_key })
    }

    /// Looks into an authentic delivery. Nothing in it can make this fail.
    pub fn identify(&self, headers: &HeaderMap, body: &[u8]) -> Identity {
        let found = self.pointers.find(body);
        let value = |source: &Source| match source {
            Source::Body(slot) => found.text(*slot).map(std::borrow::Cow::into_owned),
            Source::Header(name) => header(headers, name).map(str::to_owned),
        };
        let event_type = self.event_type.as_ref().and_then(value);
        let ordering_key = self.ordering_key.and_then(|slot| found.text(slot)).map(std::borrow::Cow::into_owned);
        Identity { event_type, event_id: self.join(value), ordering_key }
    }

    /// Looks into a member of an authentic batch. Where the identity stands in a header it is the batch's, not the
    /// member's, which then has none.
    pub fn identify_member(&self, headers: &HeaderMap, member: &[u8]) -> Identity {
        let identity = self.identify(headers, member);
        Identity { event_id: identity.event_id.filter(|_| !self.id_in_header), ..identity }
    }

    fn join(&self, value: impl Fn(&Source) -> Option<String>) -> Option<String> {
        let id = match self.event_id.as_slice() {
            [] => None,
            [only] => value(only),
            several => {
                let escaped = |part: String| part.replace('%', "%25").replace('#', "%23");
                let parts = several.iter().map(|part| value(part).filter(|part| !part.is_empty()).map(escaped));
                parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("#"))
            }
        };
        id.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)
    }
}

/// The value of a header that occurs once and is text.
fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    only.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::{Method, StatusCode};
    use webhook_api::contract::{EventType, Outcomes};

    use super::*;

    fn endpoint(source: Option<ValueSource>, event_id: &'static [ValueSource]) -> Endpoint {
        Endpoint {
            id: "test",
            provider: "test",
            method: Method::POST,
            path: "/test",
            summary: "",
            description: "",
            guards: &[],
            headers: &[],
            event_type: EventType { source, expected: None, aliases: &[] },
            event_id,
            ordering_key: None,
            events: &[],
            batch: false,
            challenge: None,
            negotiation: None,
            body: None,
            answers: &[],
            outcomes: Outcomes {
                accepted: StatusCode::OK,
                parked: StatusCode::OK,
                unauthenticated: StatusCode::FORBIDDEN,
                retry: StatusCode::SERVICE_UNAVAILABLE,
                malformed: StatusCode::BAD_REQUEST,
                gone: None,
            },
        }
    }

    fn gridx(body: &[u8]) -> (Option<String>, Option<String>) {
        let endpoint = endpoint(Some(ValueSource::Pointer("/type")), &[ValueSource::Pointer("/id")]);
        let identity = Identifier::new(&endpoint).unwrap().identify(&HeaderMap::new(), body);
        (identity.event_type, identity.event_id)
    }

    fn greenlake(body: &str) -> Option<String> {
        let endpoint = endpoint(None, &[ValueSource::Pointer("/source"), ValueSource::Pointer("/id")]);
        Identifier::new(&endpoint).unwrap().identify(&HeaderMap::new(), body.as_bytes()).event_id
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn finds_type_and_id_wherever_they_stand() {
        assert_eq!(
            gridx(br#"{"data":{"id":"no"},"id":"1","x":[1,{"type":"no"}],"type":"ping"}"#),
            (some("ping"), some("1"))
        );
    }

    #[test]
    fn reads_escapes_in_names_and_values() {
        assert_eq!(gridx(br#"{"\u0069d":"\u00e4\n","type":"a\/b"}"#), (some("a/b"), some("\u{e4}\n")));
    }

    #[test]
    fn keeps_the_exact_text_of_numbers() {
        assert_eq!(
            gridx(br#"{"id":12345678901234567890123,"type":1.50}"#),
            (some("1.50"), some("12345678901234567890123"))
        );
    }

    #[test]
    fn what_is_no_scalar_or_empty_names_nothing() {
        for value in ["null", "{}", "[]", "\"\""] {
            assert_eq!(gridx(format!(r#"{{"id":{value}}}"#).as_bytes()), (None, None), "{value}");
        }
    }

    #[test]
    fn a_member_that_occurs_twice_names_nothing() {
        assert_eq!(gridx(br#"{"id":"1","type":"a","id":"2"}"#), (some("a"), None));
        assert_eq!(gridx(br#"{"id":"1","type":"a","i\u0064":"1"}"#), (some("a"), None));
    }

    #[test]
    fn what_is_not_json_to_its_end_names_nothing() {
        for body in ["", "no", "{", r#"{"id":"1""#, r#"{"id":"1"} x"#, r#"{"id":"1",}"#, "[1,2]", "\"id\"", "7"] {
            assert_eq!(gridx(body.as_bytes()), (None, None), "{body}");
        }
        assert_eq!(gridx(b"{\"id\":\"\xff\"}"), (None, None));
    }

    #[test]
    fn survives_nesting_without_end() {
        let deep = format!(r#"{{"deep":{}{},"id":"1"}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(gridx(deep.as_bytes()), (None, some("1")));
        let deep = format!(r#"{{"id":{}{}}}"#, "{\"a\":".repeat(10_000), "1".to_owned() + &"}".repeat(10_000));
        assert_eq!(gridx(deep.as_bytes()), (None, None));
        assert_eq!(gridx("[".repeat(100_000).as_bytes()), (None, None));
    }

    #[test]
    fn joins_several_parts_without_ambiguity() {
        assert_eq!(greenlake(r#"{"source":"/a","id":"b"}"#), some("/a#b"));
        assert_eq!(greenlake(r#"{"source":"/a#b","id":"c"}"#), some("/a%23b#c"));
        assert_eq!(greenlake(r#"{"source":"/a","id":"b#c"}"#), some("/a#b%23c"));
        assert_eq!(greenlake(r#"{"source":"/a%23b","id":"c"}"#), some("/a%2523b#c"));
    }

    #[test]
    fn an_identity_with_a_missing_part_is_none() {
        assert_eq!(greenlake(r#"{"source":"/a"}"#), None);
        assert_eq!(greenlake(r#"{"source":"","id":"1"}"#), None);
    }

    #[test]
    fn an_overlong_identity_is_none() {
        assert_eq!(gridx(format!(r#"{{"id":"{}"}}"#, "x".repeat(LONGEST_ID + 1)).as_bytes()).1, None);
    }

    #[test]
    fn an_identity_in_a_header_is_no_members() {
        let endpoint = endpoint(Some(ValueSource::Pointer("/type")), &[ValueSource::Header("X-Id")]);
        let identifier = Identifier::new(&endpoint).unwrap();
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-id"), "7".parse().unwrap())]);
        assert_eq!(identifier.identify(&headers, br#"{"type":"a"}"#).event_id, some("7"));
        let member = identifier.identify_member(&headers, br#"{"type":"a"}"#);
        assert_eq!((member.event_type, member.event_id), (some("a"), None));
    }

    #[test]
    fn reads_a_header_that_occurs_once() {
        let endpoint = endpoint(Some(ValueSource::Header("X-Event")), &[]);
        let identifier = Identifier::new(&endpoint).unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(identifier.identify(&headers, b"").event_type, None);
        headers.append("x-event", "push".parse().unwrap());
        assert_eq!(identifier.identify(&headers, b"").event_type, some("push"));
        headers.append("x-event", "pull".parse().unwrap());
        assert_eq!(identifier.identify(&headers, b"").event_type, None);
    }
}
