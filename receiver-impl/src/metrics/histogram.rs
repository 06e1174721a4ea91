//! How long something took, as Prometheus wants it: how often it took no longer than each of some times, and the sum.
//!
//! prometheus-client's own histogram locks for each observation; this one adds to two numbers.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// A histogram of times. A clone counts in the same place.
#[derive(Debug, Clone)]
pub struct Histogram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// By the longest time that counts there, from short to long.
    buckets: Vec<(Duration, AtomicU64)>,
    longer: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// Of so many buckets, each `factor` times as wide as the one before.
    pub(super) fn new(shortest: Duration, factor: u32, buckets: u32) -> Self {
        let bounds = (0..buckets).map(|power| shortest * factor.pow(power));
        let buckets = bounds.map(|bound| (bound, AtomicU64::new(0))).collect();
        Self(Arc::new(Inner { buckets, longer: AtomicU64::new(0), nanoseconds: AtomicU64::new(0) }))
    }

    /// Counts something that took this long.
    pub(crate) fn observe(&self, took: Duration) {
        let bucket = self.0.buckets.iter().find(|(bound, _)| took <= *bound);
        bucket.map_or(&self.0.longer, |(_, count)| count).fetch_add(1, Relaxed);
        self.0.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder) -> fmt::Result {
        let buckets = self.0.buckets.iter().map(|(bound, count)| (bound.as_secs_f64(), count.load(Relaxed)));
        // Written as `+Inf`.
        let buckets: Vec<_> = buckets.chain([(f64::INFINITY, self.0.longer.load(Relaxed))]).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = Duration::from_nanos(self.0.nanoseconds.load(Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn counts_what_took_no_longer_than_each_bound() {
        let histogram = Histogram::new(Duration::from_millis(1), 10, 2);
        for took in [0, 1, 2, 10, 11] {
            histogram.observe(Duration::from_millis(took));
        }
        let mut registry = Registry::default();
        registry.register("time", "A time", histogram);
        let mut shown = String::new();
        text::encode(&mut shown, &registry).unwrap();
        let lines: Vec<_> = shown.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                "time_sum 0.024",
                "time_count 5",
                "time_bucket{le=\"0.001\"} 2",
                "time_bucket{le=\"0.01\"} 4",
                "time_bucket{le=\"+Inf\"} 5",
            ]
        );
    }
}
