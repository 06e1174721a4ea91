//! What came in and what became of it, as counters that Prometheus reads from `/metrics` on the admin port.
//!
//! Each counter is made before the first request and held by whoever counts, so that counting is one atomic addition,
//! and two for a time: nothing is hashed, locked or allocated on the way. Every label has few values, all from the spec or from this crate;
//! nothing that a sender writes becomes one.

mod deliveries;
mod histogram;
mod inbox;
mod keys;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use webhook_api::SPEC_DIGEST;
use webhook_api::contract::{Endpoint, Provider};

use crate::live::Live;
use crate::logging::Dropped;

pub(crate) use deliveries::DeliveryCount;
pub use deliveries::{EndpointCounters, HandlerCounters};
pub use inbox::{InboxCounters, InboxFigures};

pub(crate) use inbox::SLOW;

use deliveries::{DeliveryLabels, HandledLabels, ProviderLabels};
use histogram::Histogram;
use keys::Keys;

/// The media type of [`Metrics::text`]: OpenMetrics, which Prometheus reads.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Counters<L> = Family<L, Counter>;
type Times = Family<ProviderLabels, Histogram, fn() -> Histogram>;

/// Every counter of a receiver. A clone counts in the same place.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    deliveries: Counters<DeliveryLabels>,
    /// The same, for whoever wants to read them.
    listed: Mutex<Vec<(DeliveryLabels, Counter)>>,
    handled: Counters<HandledLabels>,
    settled: Counters<HandledLabels>,
    verification: Times,
    handling: Times,
}

/// Ten microseconds to twenty milliseconds: a signature over a small body to one over a large one.
fn of_verification() -> Histogram {
    Histogram::new(Duration::from_micros(10), 2, 12)
}

/// A tenth of a millisecond to almost half a minute.
fn of_handling() -> Histogram {
    Histogram::new(Duration::from_micros(100), 4, 10)
}

/// What was built, of which spec.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
    spec_sha256: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let (deliveries, handled) = (Family::default(), Family::default());
        let mut registry = Registry::with_prefix("receiver");
        registry.register("deliveries", "Requests to an endpoint, by what became of them", Family::clone(&deliveries));
        registry.register(
            "handled",
            "Authentic events, by what became of them in their handler",
            Family::clone(&handled),
        );
        let settled = Family::default();
        let help = "Tries at kept events, by what they left of the event";
        registry.register("settled", help, Family::clone(&settled));
        let verification = Times::new_with_constructor(of_verification);
        let help = "Time that verifying a request took, refused ones included";
        registry.register_with_unit("verification", help, Unit::Seconds, Family::clone(&verification));
        let handling = Times::new_with_constructor(of_handling);
        let help = "Time from calling an event's method to its return, however it ended";
        registry.register_with_unit("handling", help, Unit::Seconds, Family::clone(&handling));
        let build = Build { version: env!("CARGO_PKG_VERSION"), spec_sha256: SPEC_DIGEST };
        registry.register("build", "The receiver's version, and the spec that it was built from", Info::new(build));
        let (registry, listed) = (Mutex::new(registry), Mutex::default());
        Self(Arc::new(Inner { registry, deliveries, listed, handled, settled, verification, handling }))
    }
}

impl Metrics {
    /// The counters of an endpoint, which are listed from now on.
    pub fn endpoint(&self, endpoint: &'static Endpoint) -> EndpointCounters {
        let mut listed = self.0.listed.lock().unwrap_or_else(PoisonError::into_inner);
        EndpointCounters::new(endpoint, &self.0.deliveries, &self.0.verification, &mut listed)
    }

    /// How many requests there were so far, by what became of them.
    pub(crate) fn deliveries(&self) -> Vec<DeliveryCount> {
        let listed = self.0.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.iter().map(|(labels, counter)| labels.counted(counter.get())).collect()
    }

    /// The counters of a provider's handlers, which are listed from now on.
    pub fn handlers(&self, provider: &'static Provider) -> HandlerCounters {
        HandlerCounters::new(provider.name, &self.0.handled, &self.0.settled, &self.0.handling)
    }

    /// The counters of an inbox and what shows its figures, all of which are listed from now on. There is one inbox.
    pub fn inbox(&self) -> (InboxCounters, InboxFigures) {
        let (admitted, duplicates, unavailable) = (Counter::default(), Counter::default(), Counters::default());
        let counters = InboxCounters::new(&admitted, &duplicates, &unavailable);
        let figures = InboxFigures::default();
        let mut registry = self.0.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register("inbox_admitted", "Events that were kept", admitted);
        registry.register("inbox_duplicates", "Copies of events that were kept before", duplicates);
        let help = "Events that were not kept, so that their provider sends them again";
        registry.register("inbox_unavailable", help, unavailable);
        registry.register_collector(Box::new(figures.clone()));
        drop(registry);
        (counters, figures)
    }

    /// Lists how often each key of these providers matched, and how reading them again went.
    pub fn list_keys(&self, providers: Vec<Arc<Live>>) {
        self.register(Keys(providers));
    }

    /// Lists how many log lines were lost.
    pub fn list_dropped_lines(&self, dropped: Dropped) {
        self.register(LostLines(dropped));
    }

    /// Everything, as [`MEDIA_TYPE`].
    ///
    /// # Errors
    ///
    /// A counter that cannot be written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::with_capacity(16 << 10);
        text::encode(&mut text, &self.0.registry.lock().unwrap_or_else(PoisonError::into_inner))?;
        Ok(text)
    }

    fn register(&self, collector: impl Collector) {
        self.0.registry.lock().unwrap_or_else(PoisonError::into_inner).register_collector(Box::new(collector));
    }
}

#[derive(Debug)]
struct LostLines(Dropped);

impl Collector for LostLines {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let lost = ConstCounter::new(self.0.count());
        let help = "Log lines that were dropped because their reader was too slow.";
        lost.encode(encoder.encode_descriptor("log_lines_dropped", help, None, lost.metric_type())?)
    }
}

#[cfg(test)]
mod tests;
