//! Challenges: what a provider asks before it delivers anything, and which of those may be answered.
//!
//! The answer is a MAC of text that the asker chose, under the key that signs events: whoever could have any text
//! answered could have an event signed that they made up, and then send it. And nothing proves who asks, since a
//! challenge comes before there is anything to sign with. So this is the one place where a body is read before it is
//! verified, and it is as narrow as can be:
//!
//! 1. only a body of the challenge's event type is looked at, and only a string that matches the spec's pattern from
//!    end to end is signed. No such text is JSON, so no answer signs an event;
//! 2. everything else of that type is malformed, and no MAC is computed;
//! 3. a signature that is there and does not verify is no missing signature;
//! 4. a challenge is never an event, whoever signed it;
//! 5. the `Authorization` that deliveries must have, challenges must have too (the gate asks for it first).
//!
//! What is read unverified is at most 8 KiB, in one pass that builds nothing and looks at two pointers. How often
//! strangers are answered is limited, because each answer lets its reader guess at the secret; and answers can be
//! switched off. What is left to a stranger is to send a token back as a signed body: a word, which is kept as what it
//! is, a body that is no event.

use std::fmt;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName};
use regex::Regex;
use webhook_api::contract::{Challenge, Endpoint, ValueSource};

use crate::config::Challenges;
use crate::identify::pointers::{Pointers, Slot};
use crate::rate::Rate;

/// The largest body that may be a challenge.
const MAX_BODY: usize = 8 << 10;

/// What one endpoint does with challenges.
#[derive(Debug)]
pub(crate) struct Handshake {
    endpoint: &'static Endpoint,
    challenge: &'static Challenge,
    /// Where the event type stands, if it is in the body.
    event_type: Option<Slot>,
    token: Slot,
    pointers: Pointers,
    pattern: Regex,
    /// Every header in which a signature could stand, whether or not there is a key for it.
    signatures: Vec<HeaderName>,
    /// How often those without a signature are answered; `None`: not at all, and neither are others.
    rate: Option<Rate>,
}

/// Why a challenge gets no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no text in it that may be signed.
    Malformed,
    /// There were too many.
    TooMany {
        /// When there will be an answer again.
        again_in: Duration,
    },
    /// None is answered, by configuration.
    SwitchedOff,
    /// No shared secret is configured that could answer it.
    NoSecret,
}

impl Handshake {
    /// What `endpoint` does with challenges, if its provider sends any.
    ///
    /// # Errors
    ///
    /// What of the spec cannot be put to work.
    pub(crate) fn new(endpoint: &'static Endpoint, challenges: Challenges) -> Result<Option<Self>, String> {
        let Some(challenge) = &endpoint.challenge else { return Ok(None) };
        let header = |name: &'static str| name.parse::<HeaderName>().map_err(|_| format!("the header name `{name}`"));
        let mut pointers = Pointers::default();
        let event_type = match endpoint.event_type.source {
            Some(ValueSource::Pointer(pointer)) => Some(pointers.add(pointer)),
            _ => None,
        };
        Ok(Some(Self {
            endpoint,
            challenge,
            event_type,
            token: pointers.add(challenge.token),
            pointers,
            // The pattern holds for the whole text, anchors or not.
            pattern: Regex::new(&format!(r"\A(?:{})\z", challenge.token_pattern))
                .map_err(|_| format!("the pattern `{}`", challenge.token_pattern))?,
            signatures: endpoint
                .guards
                .iter()
                .copied()
                .flatten()
                .map(|scheme| header(scheme.header))
                .collect::<Result<_, _>>()?,
            rate: match challenges {
                Challenges::Answer { per_minute } => Some(Rate::per_minute(per_minute)),
                Challenges::Refuse => None,
            },
        }))
    }

    /// Whether this is the type of a challenge, which no event has.
    pub(crate) fn is_challenge(&self, event_type: Option<&str>) -> bool {
        event_type.is_some_and(|seen| self.challenge.event.matches(self.endpoint.event_type.resolve(seen)))
    }

    /// The text to sign of a challenge that is authentic.
    ///
    /// # Errors
    ///
    /// [`Refused`].
    pub(crate) fn signed(&self, body: &[u8]) -> Result<String, Refused> {
        self.rate.as_ref().ok_or(Refused::SwitchedOff)?;
        self.read(body).and_then(|read| read.token).ok_or(Refused::Malformed)
    }

    /// The text to sign of a request that proves nothing, if it is a challenge without a signature.
    ///
    /// # Errors
    ///
    /// [`Refused`].
    pub(crate) fn unsigned(&self, headers: &HeaderMap, body: &[u8], now: Instant) -> Option<Result<String, Refused>> {
        let rate = self.rate.as_ref()?;
        if self.signatures.iter().any(|name| headers.contains_key(name)) {
            return None;
        }
        let read = self.read(body).filter(|read| self.is_challenge(read.event_type.as_deref()))?;
        Some(
            read.token
                .ok_or(Refused::Malformed)
                .and_then(|token| rate.take(now).map(|()| token).map_err(|again_in| Refused::TooMany { again_in })),
        )
    }

    fn read(&self, body: &[u8]) -> Option<Read> {
        if body.len() > MAX_BODY {
            return None;
        }
        let found = self.pointers.find(body);
        let token = found.string(self.token).filter(|token| self.pattern.is_match(token));
        Some(Read {
            event_type: self.event_type.and_then(|slot| found.string(slot)).map(Into::into),
            token: token.map(Into::into),
        })
    }
}

/// What a body has of a challenge.
struct Read {
    event_type: Option<String>,
    /// A text that may be signed.
    token: Option<String>,
}

impl Refused {
    /// A stable word for logs and metrics.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed_challenge",
            Self::TooMany { .. } => "too_many_challenges",
            Self::SwitchedOff => "challenges_off",
            Self::NoSecret => "challenge_without_secret",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the challenge has no text that may be signed"),
            Self::TooMany { .. } => f.write_str("more challenges than `challenge-rate` allows"),
            Self::SwitchedOff => f.write_str("`challenge` is set to answer none"),
            Self::NoSecret => f.write_str("no shared secret is configured that could answer the challenge"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use serde_json::{Value, json};
    use webhook_api::PROVIDERS;

    use super::*;

    const TYPE: &str = "com.hpe.greenlake.events.v1beta1.webhooks.verification";
    const ANSWER: Challenges = Challenges::Answer { per_minute: NonZeroU32::new(10).unwrap() };

    fn handshake(challenges: Challenges) -> Handshake {
        let greenlake = PROVIDERS.iter().find(|provider| provider.name == "greenlake").unwrap();
        Handshake::new(greenlake.endpoints[0], challenges).unwrap().unwrap()
    }

    fn challenge(token: &Value) -> String {
        json!({ "type": TYPE, "data": { "challengeRequest": token } }).to_string()
    }

    /// What becomes of a challenge without a signature.
    fn asked(body: &str) -> Option<Result<String, Refused>> {
        handshake(ANSWER).unsigned(&HeaderMap::new(), body.as_bytes(), Instant::now())
    }

    #[test]
    fn hands_over_a_token_of_harmless_letters() {
        for token in ["6f1d7c52-3b0e-4a7b-9d11-7c1f5a2e8b90", "a", "A.b_c~d-9", &"x".repeat(256)] {
            assert_eq!(asked(&challenge(&token.into())), Some(Ok(token.to_owned())));
        }
        let escaped = format!(r#"{{"typ\u0065":"{TYPE}","data":{{"challengeRequest":"\u0061bc"}}}}"#);
        assert_eq!(asked(&escaped), Some(Ok("abc".to_owned())));
    }

    #[test]
    fn signs_no_text_that_could_be_an_event() {
        let events =
            ["{}", "[]", "{\"type\":\"a\"}", "1767225600.{}", "", " ", "a b", "a\n", "\na", "\"a\"", "a,b", "a+b"];
        for token in events.map(str::to_owned).into_iter().chain(["x".repeat(257), "\u{e4}".to_owned()]) {
            assert_eq!(asked(&challenge(&token.into())), Some(Err(Refused::Malformed)));
        }
    }

    #[test]
    fn signs_nothing_but_strings() {
        for token in [json!(1), json!(true), json!(null), json!(["a"]), json!({"a": "b"})] {
            assert_eq!(asked(&challenge(&token)), Some(Err(Refused::Malformed)), "{token}");
        }
        assert_eq!(asked(&json!({ "type": TYPE }).to_string()), Some(Err(Refused::Malformed)));
        assert_eq!(
            asked(&json!({ "type": TYPE, "data": "challengeRequest" }).to_string()),
            Some(Err(Refused::Malformed))
        );
    }

    #[test]
    fn a_token_or_type_that_stands_twice_is_none() {
        let twice = format!(r#"{{"type":"{TYPE}","data":{{"challengeRequest":"a","challengeRequest":"a"}}}}"#);
        assert_eq!(asked(&twice), Some(Err(Refused::Malformed)));
        let twice = format!(r#"{{"type":"{TYPE}","data":{{"challengeRequest":"a"}},"data":{{}}}}"#);
        assert_eq!(asked(&twice), Some(Err(Refused::Malformed)));
        let twice = format!(r#"{{"type":"{TYPE}","type":"{TYPE}","data":{{"challengeRequest":"a"}}}}"#);
        assert_eq!(asked(&twice), None);
    }

    #[test]
    fn what_is_not_of_the_type_is_no_challenge() {
        let of_type =
            |event_type: &Value| json!({ "type": event_type, "data": { "challengeRequest": "a" } }).to_string();
        for event_type in
            [json!("com.hpe.greenlake.audit-log.v1.logs.created"), json!("webhooks.verification"), json!(7)]
        {
            assert_eq!(asked(&of_type(&event_type)), None, "{event_type}");
        }
        assert_eq!(asked(&of_type(&json!(format!("{TYPE}x")))), None);
        assert!(asked(&of_type(&json!("hpe.greenlake.events.v1beta1.webhooks.verification"))).is_some());
        let good = challenge(&"a".into());
        for body in ["", "{", "[]", &format!("[{good}]"), &good[1..], &good[..good.len() - 1], &format!("{good}x")] {
            assert_eq!(asked(body), None, "{body}");
        }
    }

    #[test]
    fn a_large_body_is_no_challenge() {
        let padded = |padding: usize| {
            json!({ "type": TYPE, "data": { "challengeRequest": "a" }, "x": "x".repeat(padding) }).to_string()
        };
        let room = MAX_BODY - padded(0).len();
        assert!(asked(&padded(room)).is_some());
        assert_eq!(asked(&padded(room + 1)), None);
        assert_eq!(handshake(ANSWER).signed(padded(room + 1).as_bytes()), Err(Refused::Malformed));
    }

    #[test]
    fn a_signature_header_of_any_kind_makes_it_no_unsigned_challenge() {
        for name in ["hpe-webhook-signature", "hpe-webhook-signature2"] {
            for value in ["", "sha256=", "nonsense"] {
                let headers = HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())]);
                let body = challenge(&"a".into());
                assert_eq!(handshake(ANSWER).unsigned(&headers, body.as_bytes(), Instant::now()), None, "{name}");
            }
        }
    }

    #[test]
    fn answers_strangers_only_so_often() {
        let handshake = handshake(Challenges::Answer { per_minute: NonZeroU32::new(2).unwrap() });
        let (body, now) = (challenge(&"a".into()), Instant::now());
        let ask = |body: &str, now| handshake.unsigned(&HeaderMap::new(), body.as_bytes(), now).unwrap();
        assert!(ask(&body, now).is_ok());
        // What gets no MAC does not count.
        assert_eq!(ask(&challenge(&"{}".into()), now), Err(Refused::Malformed));
        assert!(ask(&body, now).is_ok());
        assert_eq!(ask(&body, now), Err(Refused::TooMany { again_in: Duration::from_secs(30) }));
        assert!(ask(&body, now + Duration::from_secs(30)).is_ok());
        assert!(handshake.signed(body.as_bytes()).is_ok());
    }

    #[test]
    fn answers_nobody_once_switched_off() {
        let body = challenge(&"a".into());
        let off = handshake(Challenges::Refuse);
        assert_eq!(off.unsigned(&HeaderMap::new(), body.as_bytes(), Instant::now()), None);
        assert_eq!(off.signed(body.as_bytes()), Err(Refused::SwitchedOff));
        assert!(off.is_challenge(Some(TYPE)));
    }
}
