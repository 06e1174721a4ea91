//! Counters of requests and of what handlers made of them.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use webhook_api::contract::Endpoint;

use super::{Counters, Histogram, Times};
use crate::signature::Refusal;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DeliveryLabels {
    provider: &'static str,
    endpoint: &'static str,
    outcome: &'static str,
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ProviderLabels {
    provider: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct HandledLabels {
    provider: &'static str,
    result: &'static str,
}

/// How many requests had one outcome for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeliveryCount {
    pub(crate) provider: &'static str,
    pub(crate) endpoint: &'static str,
    pub(crate) outcome: &'static str,
    /// Empty where nothing was wrong.
    pub(crate) reason: &'static str,
    pub(crate) count: u64,
}

impl DeliveryCount {
    /// Whether these were refused, for whatever reason.
    pub(crate) fn is_refused(&self) -> bool {
        !self.reason.is_empty()
    }
}

impl DeliveryLabels {
    /// So many with these labels.
    pub(super) fn counted(&self, count: u64) -> DeliveryCount {
        let Self { provider, endpoint, outcome, reason } = *self;
        DeliveryCount { provider, endpoint, outcome, reason, count }
    }
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
    /// How long it took to verify a request, whatever came of it.
    pub verification: Histogram,
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
    pub(super) fn new(
        endpoint: &'static Endpoint,
        family: &Counters<DeliveryLabels>,
        verification: &Times,
        listed: &mut Vec<(DeliveryLabels, Counter)>,
    ) -> Self {
        let mut counter = |outcome, reason| {
            let labels = DeliveryLabels { provider: endpoint.provider, endpoint: endpoint.id, outcome, reason };
            let counter = family.get_or_create_owned(&labels);
            listed.push((labels, counter.clone()));
            counter
        };
        let unauthenticated = Refusal::REASONS.iter().map(|reason| ("unauthenticated", *reason));
        let of_challenges = if endpoint.challenge.is_some() { OF_CHALLENGES } else { &[] };
        let refused = unauthenticated.chain(OF_BODIES.iter().chain(of_challenges).copied());
        let refused: Vec<_> = refused.map(|(outcome, reason)| (reason, counter(outcome, reason))).collect();
        let mut where_there_are =
            |there_are: bool, outcome| if there_are { counter(outcome, "") } else { Counter::default() };
        let challenged = where_there_are(endpoint.challenge.is_some(), "challenge");
        let negotiated = where_there_are(endpoint.negotiation.is_some(), "negotiation");
        Self {
            accepted: counter("accepted", ""),
            parked: counter("parked", ""),
            retry: counter("retry", ""),
            challenged,
            negotiated,
            verification: verification.get_or_create_owned(&ProviderLabels { provider: endpoint.provider }),
            refused,
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
    /// How long its methods took, whatever came of it.
    pub time: Histogram,
    /// What became of kept events in the end, or for now.
    pub(crate) settled: Settled,
}

/// Counts what a try left of a kept event.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) done: Counter,
    pub(crate) retry: Counter,
    pub(crate) dead: Counter,
    pub(crate) parked: Counter,
}

impl HandlerCounters {
    pub(super) fn new(
        provider: &'static str,
        family: &Counters<HandledLabels>,
        settled: &Counters<HandledLabels>,
        times: &Times,
    ) -> Self {
        let left = |result| settled.get_or_create_owned(&HandledLabels { provider, result });
        let counter = |result| family.get_or_create_owned(&HandledLabels { provider, result });
        Self {
            handled: counter("handled"),
            unknown_event: counter("unknown_event"),
            invalid_event: counter("invalid_event"),
            failed: counter("failed"),
            failed_for_good: counter("failed_for_good"),
            panicked: counter("panicked"),
            timed_out: counter("timed_out"),
            time: times.get_or_create_owned(&ProviderLabels { provider }),
            settled: Settled { done: left("done"), retry: left("retry"), dead: left("dead"), parked: left("parked") },
        }
    }
}
