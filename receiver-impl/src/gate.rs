//! The only way from a route to what lies behind: limits, the raw body, its signature, and only then its content.
//!
//! An [`Intake`] behind the gate sees authentic deliveries and nothing else. Every refusal is answered here, with a
//! status and no words; the log has the reason. What is no delivery is answered here too: a provider's question whether
//! it may send, and its challenge.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::sync::Semaphore;
use tracing::{Instrument as _, Level, debug, enabled, info, warn};
use webhook_api::contract::Endpoint;
use webhook_api::router::Receive;
use webhook_api::{Delivery, EventId, Match};

use crate::answer;
use crate::batch::{self, Whole};
use crate::body::{self, BodyFault, BodyLimits};
use crate::config::Unauthenticated;
use crate::digest;
use crate::handshake::{Handshake, Refused};
use crate::identify::{Identifier, Identity, NotAHeader};
use crate::intake::{Intake, Outcome};
use crate::live::Live;
use crate::log_text::clip;
use crate::metrics::EndpointCounters;
use crate::negotiation::Negotiator;
use crate::providers::Active;
use crate::signature::{Clock, EndpointGuards, Refusal, Verified};
use crate::trace;

/// What the gates of all endpoints share.
#[derive(Debug)]
pub struct Shared<I> {
    /// What takes the authentic deliveries.
    pub intake: I,
    /// A permit for each request that may be worked on at once.
    pub permits: Semaphore,
    /// Bounds on bodies.
    pub body: BodyLimits,
    /// What `Retry-After` says.
    pub retry_after: Duration,
    /// What signed times are held against.
    pub clock: Box<dyn Clock>,
}

/// The gate of one endpoint.
#[derive(Debug)]
pub struct Gate<I>(Arc<Inner<I>>);

#[derive(Debug)]
struct Inner<I> {
    shared: Arc<Shared<I>>,
    live: Arc<Live>,
    /// Where its provider has this endpoint.
    place: usize,
    identifier: Identifier,
    handshake: Option<Handshake>,
    negotiator: Option<Negotiator>,
    unauthenticated: Unauthenticated,
    counters: EndpointCounters,
}

/// What became of a request before anybody had to wait.
enum Examined {
    Answered(Response),
    Event(Delivery),
    Batch(Vec<Delivery>),
}

/// What all deliveries of one request have in common.
struct Arrival<'a> {
    endpoint: &'static Endpoint,
    received_at: SystemTime,
    guards: &'a EndpointGuards,
    verified: Vec<Verified>,
    /// The header that continues its trace.
    onward: Option<HeaderValue>,
}

impl<I> Clone for Gate<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I: Intake> Gate<I> {
    /// The gate of `endpoint`, which belongs to the provider `active`.
    ///
    /// # Errors
    ///
    /// What of the spec cannot be put to work.
    pub fn new(
        shared: Arc<Shared<I>>,
        active: &Active,
        endpoint: &'static Endpoint,
        counters: EndpointCounters,
    ) -> Result<Self, String> {
        let config = &active.config;
        let name = |NotAHeader(name)| format!("the header name `{name}`");
        let place = config.provider.endpoints.iter().position(|found| found.id == endpoint.id);
        Ok(Self(Arc::new(Inner {
            shared,
            live: Arc::clone(&active.live),
            place: place.ok_or("an endpoint of another provider")?,
            identifier: Identifier::new(endpoint).map_err(name)?,
            handshake: Handshake::new(endpoint, config.challenge)?,
            negotiator: Negotiator::new(endpoint, config.allowed_rate)?,
            unauthenticated: config.unauthenticated,
            counters,
        })))
    }
}

impl<I: Intake> Receive for Gate<I> {
    async fn receive(&self, endpoint: &'static Endpoint, request: Request) -> Response {
        let Inner { shared, live, negotiator, counters, .. } = &*self.0;
        let Ok(_permit) = shared.permits.try_acquire() else {
            counters.refused("overloaded");
            warn!(endpoint = endpoint.id, "refused: `max-requests` are under way");
            return answer::retry(endpoint.outcomes.retry, shared.retry_after);
        };
        let (head, body) = request.into_parts();
        if let (Some(negotiator), Method::OPTIONS) = (negotiator, head.method) {
            return match live.load().authorize(&head.headers) {
                Ok(()) => {
                    counters.negotiated.inc();
                    negotiator.answer(&head.headers)
                }
                Err(refusal) => self.0.refuse_stranger(endpoint, &refusal),
            };
        }
        match body::read(&head.headers, body, shared.body).await {
            Ok(body) => {
                let (span, onward) = trace::delivery(endpoint, &head.headers);
                self.0.receive(endpoint, head.headers, body, onward).instrument(span).await
            }
            Err(fault) => {
                counters.refused(fault.reason());
                refuse_body(endpoint, &fault, shared.retry_after)
            }
        }
    }
}

impl<I: Intake> Inner<I> {
    async fn receive(
        &self,
        endpoint: &'static Endpoint,
        headers: HeaderMap,
        body: Bytes,
        onward: Option<HeaderValue>,
    ) -> Response {
        match self.examine(endpoint, headers, body, onward) {
            Examined::Answered(response) => response,
            Examined::Event(delivery) => {
                let told = enabled!(Level::INFO).then(|| (delivery.event_type.clone(), delivery.event_id.clone()));
                let outcome = self.shared.intake.take(delivery).await;
                if let Some((event_type, event_id)) = told {
                    let event_type = event_type.as_deref().unwrap_or_default();
                    info!(
                        event_type = clip(event_type),
                        event_id = clip(&event_id),
                        outcome = outcome.name(),
                        "delivery"
                    );
                }
                self.settle(endpoint, outcome)
            }
            Examined::Batch(deliveries) => {
                let events = deliveries.len();
                let outcome = self.shared.intake.take_all(deliveries).await;
                info!(events, outcome = outcome.name(), "delivery of a batch");
                self.settle(endpoint, outcome)
            }
        }
    }

    /// Decides whether a request is authentic, by the keys in force at this moment, and what it is.
    fn examine(
        &self,
        endpoint: &'static Endpoint,
        headers: HeaderMap,
        body: Bytes,
        onward: Option<HeaderValue>,
    ) -> Examined {
        let received_at = SystemTime::now();
        let live = self.live.load();
        // An endpoint that its provider's guards do not know is not one to let anything through.
        let guards = live.endpoint_at(self.place).ok_or(Refusal::NoMatch);
        let guards = match live.authorize(&headers).and(guards) {
            Ok(guards) => guards,
            Err(refusal) => return Examined::Answered(self.refuse_stranger(endpoint, &refusal)),
        };
        let began = Instant::now();
        let verified = guards.verify(&headers, &body, self.shared.clock.unix_seconds());
        self.counters.verification.observe(began.elapsed());
        match verified {
            Ok(verified) => self.admit(&Arrival { endpoint, received_at, guards, verified, onward }, headers, body),
            Err(refusal) => {
                let handshake = self.handshake.as_ref();
                let token = handshake.and_then(|handshake| handshake.unsigned(&headers, &body, Instant::now()));
                Examined::Answered(match token {
                    Some(token) => self.answer_challenge(endpoint, guards, token),
                    None => self.refuse_stranger(endpoint, &refusal),
                })
            }
        }
    }

    /// Takes what is authentic: a batch, a challenge or an event.
    fn admit(&self, arrival: &Arrival<'_>, headers: HeaderMap, body: Bytes) -> Examined {
        let endpoint = arrival.endpoint;
        for Verified { scheme, slot } in &arrival.verified {
            self.live.count(scheme, *slot);
            debug!(endpoint = endpoint.id, scheme = scheme.name, slot, "authentic");
        }
        if endpoint.batch {
            match batch::members(&body) {
                Ok(members) => {
                    debug!(endpoint = endpoint.id, members = members.len(), "a batch");
                    let deliveries = members.into_iter().filter_map(|member| self.member(arrival, &headers, member));
                    return Examined::Batch(deliveries.collect());
                }
                Err(Whole::OneEvent) => {}
                Err(whole) => warn!(endpoint = endpoint.id, "{whole}; it is taken as one event"),
            }
        }
        let identity = self.identifier.identify(&headers, &body);
        match &self.handshake {
            Some(handshake) if handshake.is_challenge(identity.event_type.as_deref()) => {
                Examined::Answered(self.answer_challenge(endpoint, arrival.guards, handshake.signed(&body)))
            }
            _ => Examined::Event(arrival.delivery(identity, headers, body)),
        }
    }

    /// A member of a batch as a delivery of its own, unless it is none.
    fn member(&self, arrival: &Arrival<'_>, headers: &HeaderMap, member: Bytes) -> Option<Delivery> {
        let identity = self.identifier.identify_member(headers, &member);
        let handshake = self.handshake.as_ref();
        if handshake.is_some_and(|handshake| handshake.is_challenge(identity.event_type.as_deref())) {
            warn!(
                endpoint = arrival.endpoint.id,
                "passed over a challenge: the answer to a batch has no room for its own"
            );
            return None;
        }
        Some(arrival.delivery(identity, headers.clone(), member))
    }

    fn settle(&self, endpoint: &Endpoint, outcome: Outcome) -> Response {
        let (counters, outcomes) = (&self.counters, &endpoint.outcomes);
        match outcome {
            Outcome::Accepted => {
                counters.accepted.inc();
                answer::empty(outcomes.accepted)
            }
            Outcome::Parked => {
                counters.parked.inc();
                answer::empty(outcomes.parked)
            }
            Outcome::Retry => {
                counters.retry.inc();
                answer::retry(outcomes.retry, self.shared.retry_after)
            }
        }
    }

    fn answer_challenge(
        &self,
        endpoint: &Endpoint,
        guards: &EndpointGuards,
        token: Result<String, Refused>,
    ) -> Response {
        let mac = token.and_then(|token| guards.answer_challenge(&token).ok_or(Refused::NoSecret));
        let refused = match (mac, &endpoint.challenge) {
            (Ok(mac), Some(challenge)) => {
                self.counters.challenged.inc();
                info!(endpoint = endpoint.id, "answered a challenge");
                return answer::json(&serde_json::json!({ (challenge.answer): mac }));
            }
            (Ok(_), None) => Refused::Malformed,
            (Err(refused), _) => refused,
        };
        self.counters.refused(refused.reason());
        warn!(endpoint = endpoint.id, reason = refused.reason(), "refused: {refused}");
        match refused {
            Refused::Malformed => answer::empty(endpoint.outcomes.malformed),
            Refused::TooMany { again_in } => {
                let status = answer::declared(endpoint, StatusCode::TOO_MANY_REQUESTS);
                answer::retry(status.unwrap_or(endpoint.outcomes.retry), again_in)
            }
            Refused::SwitchedOff | Refused::NoSecret => self.unauthenticated(endpoint),
        }
    }

    fn refuse_stranger(&self, endpoint: &Endpoint, refusal: &Refusal) -> Response {
        self.counters.refused(refusal.reason());
        warn!(endpoint = endpoint.id, reason = refusal.reason(), "refused: {refusal}");
        self.unauthenticated(endpoint)
    }

    fn unauthenticated(&self, endpoint: &Endpoint) -> Response {
        match self.unauthenticated {
            Unauthenticated::Refuse => answer::empty(endpoint.outcomes.unauthenticated),
            Unauthenticated::Retry => answer::retry(endpoint.outcomes.retry, self.shared.retry_after),
        }
    }
}

impl Arrival<'_> {
    /// One event of the request, whose own bytes are `body`.
    fn delivery(&self, identity: Identity, mut headers: HeaderMap, body: Bytes) -> Delivery {
        let Self { endpoint, verified, .. } = self;
        let signed = verified.first().map(|verified| verified.scheme);
        let event_id = match identity.event_id {
            Some(text) => EventId::named(text),
            None => digest::of_signed(signed, &headers, &body),
        };
        if let (Some(seen), Some(expected)) = (&identity.event_type, endpoint.event_type.expected)
            && endpoint.event_type.resolve(seen) != expected
        {
            info!(endpoint = endpoint.id, event_type = clip(seen), expected, "the body's type goes before the path's");
        }
        // Only now: what was signed is known by now.
        if let Some(onward) = &self.onward {
            headers.insert(trace::TRACEPARENT, onward.clone());
        }
        // Where no delivery names its type, the endpoint does.
        let unnamed = endpoint.event_type.expected.filter(|_| endpoint.event_type.source.is_none());
        Delivery {
            endpoint,
            event_id,
            event_type: identity.event_type.or_else(|| unnamed.map(str::to_owned)),
            body,
            headers,
            received_at: self.received_at,
            attempt: 1,
            ordering_key: identity.ordering_key,
            matched: verified.iter().map(Match::from).collect(),
        }
    }
}

/// Some providers never send again after a `408`, which the spec then does not declare.
fn refuse_body(endpoint: &Endpoint, fault: &BodyFault, retry_after: Duration) -> Response {
    warn!(endpoint = endpoint.id, "refused: {fault}");
    answer::last(match fault {
        BodyFault::TooLarge => answer::empty(StatusCode::PAYLOAD_TOO_LARGE),
        BodyFault::TooSlow => match answer::declared(endpoint, StatusCode::REQUEST_TIMEOUT) {
            Some(status) => answer::empty(status),
            None => answer::retry(endpoint.outcomes.retry, retry_after),
        },
        BodyFault::Encoded => answer::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        BodyFault::Broken(_) => answer::empty(endpoint.outcomes.malformed),
    })
}
