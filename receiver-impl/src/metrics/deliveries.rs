//! Counters of requests and of what handlers made of them.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use webhook_api::contract::Endpoint;

use super::Counters;
use crate::signature::Refusal;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DeliveryLabels {
    provider: &'static str,
    endpoint: &'static str,
    outcome: &'static str,
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct HandledLabels {
    provider: &'static str,
    result: &'static str,
}

/// Counts the requests of one endpoint.
#[derive(Debug)]
pub struct EndpointCounters {
    /// Answered as accepted.
    pub accepted: Counter,
    /// Answered as parked.
    pub parked: Counter,
    /// Authentic, but the provider was asked to send again.
    pub retry: Counter,
    /// A challenge that was answered.
    pub challenged: Counter,
    /// An `OPTIONS` request that was answered.
    pub negotiated: Counter,
    refused: Vec<(&'static str, Counter)>,
    unnamed: Counter,
}

/// Refusals of requests whose body cannot be had, or not now.
const OF_BODIES: &[(&str, &str)] = &[
    ("retry", "overloaded"),
    ("malformed", "too_large"),
    ("malformed", "too_slow"),
    ("malformed", "encoded"),
    ("malformed", "broken"),
];

/// Refusals of challenges, where there are any.
const OF_CHALLENGES: &[(&str, &str)] = &[
    ("challenge", "malformed_challenge"),
    ("challenge", "too_many_challenges"),
    ("challenge", "challenges_off"),
    ("challenge", "challenge_without_secret"),
];

impl EndpointCounters {
    pub(super) fn new(endpoint: &'static Endpoint, family: &Counters<DeliveryLabels>) -> Self {
        let counter = |outcome, reason| {
            let labels = DeliveryLabels { provider: endpoint.provider, endpoint: endpoint.id, outcome, reason };
            family.get_or_create_owned(&labels)
        };
        let where_there_are =
            |there_are: bool, outcome| if there_are { counter(outcome, "") } else { Counter::default() };
        let unauthenticated = Refusal::REASONS.iter().map(|reason| ("unauthenticated", *reason));
        let of_challenges = if endpoint.challenge.is_some() { OF_CHALLENGES } else { &[] };
        let refused = unauthenticated.chain(OF_BODIES.iter().chain(of_challenges).copied());
        Self {
            accepted: counter("accepted", ""),
            parked: counter("parked", ""),
            retry: counter("retry", ""),
            challenged: where_there_are(endpoint.challenge.is_some(), "challenge"),
            negotiated: where_there_are(endpoint.negotiation.is_some(), "negotiation"),
            refused: refused.map(|(outcome, reason)| (reason, counter(outcome, reason))).collect(),
            unnamed: counter("malformed", "other"),
        }
    }

    /// Counts a request that was refused for this reason.
    pub fn refused(&self, reason: &str) {
        let named = self.refused.iter().find(|(name, _)| *name == reason);
        named.map_or(&self.unnamed, |(_, counter)| counter).inc();
    }
}

/// Counts what became of a provider's authentic events.
#[derive(Debug)]
pub struct HandlerCounters {
    /// Its method returned.
    pub handled: Counter,
    /// Its type is not in the spec.
    pub unknown_event: Counter,
    /// Its body does not fit its schema.
    pub invalid_event: Counter,
    /// Its method failed, and another try is worth it.
    pub failed: Counter,
    /// Its method failed for good.
    pub failed_for_good: Counter,
    /// Its method panicked.
    pub panicked: Counter,
    /// Its method ran out of time.
    pub timed_out: Counter,
}

impl HandlerCounters {
    pub(super) fn new(provider: &'static str, family: &Counters<HandledLabels>) -> Self {
        let counter = |result| family.get_or_create_owned(&HandledLabels { provider, result });
        Self {
            handled: counter("handled"),
            unknown_event: counter("unknown_event"),
            invalid_event: counter("invalid_event"),
            failed: counter("failed"),
            failed_for_good: counter("failed_for_good"),
            panicked: counter("panicked"),
            timed_out: counter("timed_out"),
        }
    }
}
