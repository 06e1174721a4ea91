//! The only way from a route to what lies behind: limits, the raw body, its signature, and only then its content.
//!
//! An [`Intake`] behind the gate sees authentic deliveries and nothing else. Every refusal is answered here, with a
//! status and no words; the log has the reason.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::sync::Semaphore;
use tracing::{info, warn};
use webhook_api::Delivery;
use webhook_api::contract::Endpoint;
use webhook_api::router::Receive;

use crate::answer;
use crate::body::{self, BodyFault, BodyLimits};
use crate::digest;
use crate::identify::Identifier;
use crate::intake::{Intake, Outcome};
use crate::log_text::clip;
use crate::signature::{ProviderGuards, Verified};

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
}

/// The gate of one endpoint.
#[derive(Debug)]
pub struct Gate<I>(Arc<Inner<I>>);

#[derive(Debug)]
struct Inner<I> {
    shared: Arc<Shared<I>>,
    guards: Arc<ProviderGuards>,
    identifier: Identifier,
}

impl<I> Clone for Gate<I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<I: Intake> Gate<I> {
    /// The gate of an endpoint with these guards, whose events are found by `identifier`.
    pub fn new(shared: Arc<Shared<I>>, guards: Arc<ProviderGuards>, identifier: Identifier) -> Self {
        Self(Arc::new(Inner { shared, guards, identifier }))
    }
}

impl<I: Intake> Receive for Gate<I> {
    async fn receive(&self, endpoint: &'static Endpoint, request: Request) -> Response {
        let Inner { shared, guards, identifier } = &*self.0;
        let Ok(_permit) = shared.permits.try_acquire() else {
            warn!(endpoint = endpoint.id, "refused: `max-requests` are under way");
            return answer::retry(endpoint.outcomes.retry, shared.retry_after);
        };
        let (head, body) = request.into_parts();
        let body = match body::read(&head.headers, body, shared.body).await {
            Ok(body) => body,
            Err(fault) => return refuse(endpoint, &fault),
        };
        let received_at = SystemTime::now();
        let now = received_at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        // An endpoint that its provider's guards do not know is not one to let anything through.
        let verified = guards.endpoint(endpoint.id).map(|guards| guards.verify(&head.headers, &body, now));
        let verified = match verified {
            Some(Ok(verified)) => verified,
            Some(Err(refusal)) => {
                let reason = refusal.reason();
                warn!(endpoint = endpoint.id, reason, "refused: {refusal}");
                return answer::empty(endpoint.outcomes.unauthenticated);
            }
            None => return answer::empty(endpoint.outcomes.unauthenticated),
        };
        let delivery = deliver(endpoint, head.headers, body, received_at, &verified, identifier);
        match shared.intake.take(delivery).await {
            Outcome::Accepted => answer::empty(endpoint.outcomes.accepted),
            Outcome::Parked => answer::empty(endpoint.outcomes.parked),
            Outcome::Retry => answer::retry(endpoint.outcomes.retry, shared.retry_after),
        }
    }
}

fn deliver(
    endpoint: &'static Endpoint,
    headers: HeaderMap,
    body: Bytes,
    received_at: SystemTime,
    verified: &[Verified],
    identifier: &Identifier,
) -> Delivery {
    let identity = identifier.identify(&headers, &body);
    let signed = verified.first().map(|verified| verified.scheme);
    let event_id = identity.event_id.unwrap_or_else(|| digest::of_signed(signed, &headers, &body));
    if let (Some(seen), Some(expected)) = (&identity.event_type, endpoint.event_type.expected)
        && endpoint.event_type.resolve(seen) != expected
    {
        info!(endpoint = endpoint.id, event_type = clip(seen), expected, "the body's type goes before the path's");
    }
    // Where no delivery names its type, the endpoint does.
    let unnamed = endpoint.event_type.expected.filter(|_| endpoint.event_type.source.is_none());
    Delivery {
        endpoint,
        event_id,
        event_type: identity.event_type.or_else(|| unnamed.map(str::to_owned)),
        body,
        headers,
        received_at,
        attempt: 1,
        schemes: verified.iter().map(|verified| verified.scheme.name).collect(),
    }
}

fn refuse(endpoint: &Endpoint, fault: &BodyFault) -> Response {
    warn!(endpoint = endpoint.id, "refused: {fault}");
    answer::last(match fault {
        BodyFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        BodyFault::TooSlow => StatusCode::REQUEST_TIMEOUT,
        BodyFault::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        BodyFault::Broken(_) => endpoint.outcomes.malformed,
    })
}
