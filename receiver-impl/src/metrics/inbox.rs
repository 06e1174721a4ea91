//! What the inbox took, refused and holds.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::gauge::ConstGauge;

use super::Counters;
use crate::inbox::Stats;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ReasonLabels {
    reason: &'static str,
}

/// Counts what becomes of admissions.
#[derive(Debug)]
pub struct InboxCounters {
    /// Events that were kept.
    pub admitted: Counter,
    /// Copies of events that were kept before.
    pub duplicates: Counter,
    unavailable: Vec<(&'static str, Counter)>,
}

/// Why an event was not kept: the reasons of an [`InboxError`](crate::inbox::InboxError), and that it took too long.
const REASONS: [&str; 4] = ["inbox_full", "inbox_unavailable", "inbox_closed", "inbox_slow"];

/// The reason of an admission that took too long.
pub(crate) const SLOW: &str = "inbox_slow";

/// The last figures that the inbox told of itself. A clone shows the same ones.
#[derive(Debug, Clone, Default)]
pub struct InboxFigures(Arc<Mutex<Option<Stats>>>);

impl InboxCounters {
    pub(super) fn new(admitted: &Counter, duplicates: &Counter, unavailable: &Counters<ReasonLabels>) -> Self {
        let of = |reason| (reason, unavailable.get_or_create_owned(&ReasonLabels { reason }));
        Self {
            admitted: admitted.clone(),
            duplicates: duplicates.clone(),
            unavailable: REASONS.map(of).into_iter().collect(),
        }
    }

    /// Counts events that were not kept.
    pub fn unavailable(&self, reason: &str, events: u64) {
        if let Some((_, counter)) = self.unavailable.iter().find(|(name, _)| *name == reason) {
            counter.inc_by(events);
        }
    }
}

impl InboxFigures {
    /// Shows these from now on.
    pub fn set(&self, stats: Stats) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stats);
    }
}

impl Collector for InboxFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(stats) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return Ok(()) };
        let help = "Events in the inbox, by state.";
        let mut family = encoder.encode_descriptor("inbox_events", help, None, MetricType::Gauge)?;
        for (state, number) in [
            ("pending", stats.pending),
            ("leased", stats.leased),
            ("retrying", stats.retrying),
            ("done", stats.done),
            ("dead", stats.dead),
            ("parked", stats.parked),
        ] {
            ConstGauge::new(number).encode(family.encode_family(&[("state", state)])?)?;
        }
        let oldest = ConstGauge::new(stats.oldest_seconds);
        let help = "Age of the oldest event that is not handled yet, in seconds.";
        oldest.encode(encoder.encode_descriptor("inbox_oldest_seconds", help, None, oldest.metric_type())?)?;
        let commits = ConstCounter::new(stats.commits);
        let help = "Commits of admissions and settlements.";
        commits.encode(encoder.encode_descriptor("inbox_commits", help, None, commits.metric_type())?)
    }
}
