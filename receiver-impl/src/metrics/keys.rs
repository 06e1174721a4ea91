//! Which keys are live, which of them match, and how reading them again went.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::live::Live;

/// Asked at each scrape, because the number of live keys changes.
#[derive(Debug)]
pub(super) struct Keys(pub(super) Vec<Arc<Live>>);

impl Collector for Keys {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Signatures that verified, by scheme and by the place of the key among the configured ones.";
        let mut family = encoder.encode_descriptor("key_matches", help, None, MetricType::Counter)?;
        for live in &self.0 {
            for (scheme, slot, count) in live.matches() {
                let provider = live.provider().name;
                let labels = [("provider", provider), ("scheme", scheme), ("slot", &slot.to_string())];
                ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "Keys that are live, by kind.";
        let mut family = encoder.encode_descriptor("keys", help, None, MetricType::Gauge)?;
        for live in &self.0 {
            let keys = live.load().keys();
            for (kind, number) in [("secret", keys.secrets), ("public_key", keys.public_keys)] {
                let labels = [("provider", live.provider().name), ("kind", kind)];
                ConstGauge::new(number as u64).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "Times that keys were read again, by result.";
        let mut family = encoder.encode_descriptor("key_reloads", help, None, MetricType::Counter)?;
        for live in &self.0 {
            let reloads = live.reloads();
            for (result, number) in [("ok", reloads.succeeded()), ("failed", reloads.failed())] {
                let labels = [("provider", live.provider().name), ("result", result)];
                ConstCounter::new(number).encode(family.encode_family(&labels)?)?;
            }
        }
        let help = "Whether the file of keys is broken, so that older keys are in force.";
        let mut family = encoder.encode_descriptor("key_file_broken", help, None, MetricType::Gauge)?;
        for live in &self.0 {
            let labels = [("provider", live.provider().name)];
            ConstGauge::new(u64::from(live.reloads().is_broken())).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
