//! How the receiver is, provider by provider, as figures for the page.

use std::time::SystemTime;

use serde::Serialize;

use crate::inbox::{Stats, rfc3339};
use crate::live::Live;

use super::Shared;
use super::pulse::STEP;

/// The figures.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    version: &'static str,
    now: String,
    /// What is in the inbox; `null` where there is none, or it cannot be read.
    inbox: Option<Stats>,
    /// Why nothing can be kept.
    fault: Option<String>,
    /// Events of the inbox that are still to be read for the page.
    unread: u64,
    /// Seconds between two counts of a rate.
    step: u64,
    providers: Vec<OfProvider>,
}

#[derive(Debug, Serialize)]
struct OfProvider {
    name: String,
    /// The last event.
    last: Option<Last>,
    /// How many events came in each step of the last hour, and how many requests were refused.
    kept: Vec<u32>,
    refused: Vec<u32>,
    accepted: u64,
    parked: u64,
    retry: u64,
    /// Endpoint, reason and number of what was refused, the most frequent first.
    refusals: Vec<(&'static str, &'static str, u64)>,
    secrets: usize,
    public_keys: usize,
    /// Whether the file with the keys could not be read the last time.
    keys_broken: bool,
    slots: Vec<Slot>,
}

#[derive(Debug, Serialize)]
struct Last {
    at: String,
    #[serde(rename = "type")]
    event_type: Option<String>,
}

/// How often a key matched.
#[derive(Debug, Serialize)]
struct Slot {
    scheme: &'static str,
    slot: u8,
    matches: u64,
}

/// Notes how many requests were refused since the last time: that stands in counters, which do not say when.
pub(super) fn sample(shared: &Shared) {
    let deliveries = shared.metrics.deliveries();
    let now = SystemTime::now();
    for traffic in &mut shared.model().traffic {
        let refused = deliveries.iter().filter(|one| one.provider == traffic.provider && one.is_refused());
        let refusals = refused.map(|one| one.count).sum();
        let more = u32::try_from(refusals - traffic.refusals.min(refusals)).unwrap_or(u32::MAX);
        traffic.refused.add(now, more);
        traffic.refusals = refusals;
    }
}

impl Health {
    /// The figures of now; `stats` are the inbox's.
    pub(super) fn of(shared: &Shared, stats: Option<Stats>) -> Self {
        let now = SystemTime::now();
        let deliveries = shared.metrics.deliveries();
        let model = shared.model();
        let providers = model.traffic.iter().map(|traffic| {
            let ours = || deliveries.iter().filter(|one| one.provider == traffic.provider);
            let answered = |outcome| ours().filter(move |one| one.outcome == outcome && one.reason.is_empty());
            let count = |outcome| answered(outcome).map(|one| one.count).sum();
            let refused = ours().filter(|one| one.is_refused() && one.count > 0);
            let mut refusals: Vec<_> = refused.map(|one| (one.endpoint, one.reason, one.count)).collect();
            refusals.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
            let live = shared.providers.iter().find(|live| live.provider().name == traffic.provider);
            let keys = live.map(|live| live.load().keys());
            OfProvider {
                name: traffic.provider.clone(),
                last: traffic
                    .last
                    .as_ref()
                    .map(|(at, event_type)| Last { at: rfc3339(*at), event_type: event_type.clone() }),
                kept: traffic.kept.hour(now),
                refused: traffic.refused.hour(now),
                accepted: count("accepted"),
                parked: count("parked"),
                retry: count("retry"),
                refusals,
                secrets: keys.as_ref().map_or(0, |keys| keys.secrets),
                public_keys: keys.as_ref().map_or(0, |keys| keys.public_keys),
                keys_broken: live.is_some_and(|live| live.reloads().is_broken()),
                slots: live.map(|live| slots(live)).unwrap_or_default(),
            }
        });
        Self {
            version: env!("CARGO_PKG_VERSION"),
            now: rfc3339(now),
            inbox: stats,
            fault: shared.inbox.as_ref().and_then(crate::durable::Overview::fault),
            unread: model.left(),
            step: STEP,
            providers: providers.collect(),
        }
    }
}

fn slots(live: &Live) -> Vec<Slot> {
    live.matches().into_iter().map(|(scheme, slot, matches)| Slot { scheme, slot, matches }).collect()
}
