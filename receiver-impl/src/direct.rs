//! The direct mode: the handler runs before the provider is answered, and its result is the answer.
//!
//! A handler may fail in every way without harm to other requests: an error, a panic and a handler that does not
//! return within its deadline all ask the provider to send again. Only an error that says it is permanent does not:
//! another copy would fail the same way, so the delivery counts as taken and the log has it at level `error`.
//!
//! The handler is dropped, at the point where it waits, when its deadline passes or the sender hangs up. The members of
//! a batch are handled one after another within one deadline, since their sender waits for one answer; what was handled
//! before another member failed comes again with it, and is told by its id.

use std::time::Duration;

use tokio::time::Instant;
use webhook_api::Delivery;

use crate::attempt::{Dispatch, Ended, attempt, tell};
use crate::intake::{Intake, Outcome};
use crate::metrics::HandlerCounters;

/// Runs handlers while the provider waits.
#[derive(Debug)]
pub struct Direct<D> {
    handlers: D,
    providers: Vec<DirectProvider>,
}

/// What holds for one provider's handlers.
#[derive(Debug)]
pub struct DirectProvider {
    /// The provider's name.
    pub name: &'static str,
    /// How long a handler may take.
    pub deadline: Duration,
    /// Counts what becomes of its events.
    pub counters: HandlerCounters,
}

impl<D: Dispatch> Direct<D> {
    /// Runs `handlers` for the events of `providers`.
    pub fn new(handlers: D, providers: impl IntoIterator<Item = DirectProvider>) -> Self {
        Self { handlers, providers: providers.into_iter().collect() }
    }

    fn provider(&self, delivery: &Delivery) -> Option<&DirectProvider> {
        self.providers.iter().find(|provider| provider.name == delivery.endpoint.provider)
    }
}

impl<D: Dispatch> Intake for Direct<D> {
    async fn take(&self, delivery: Delivery) -> Outcome {
        let Some(provider) = self.provider(&delivery) else { return Outcome::Retry };
        self.handle(&delivery, provider.deadline, &provider.counters).await
    }

    async fn take_all(&self, deliveries: Vec<Delivery>) -> Outcome {
        let Some(first) = deliveries.first() else { return Outcome::Accepted };
        let Some(provider) = self.provider(first) else { return Outcome::Retry };
        let end = Instant::now() + provider.deadline;
        let mut worst = Outcome::Accepted;
        for (done, delivery) in deliveries.iter().enumerate() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let not_begun = deliveries.len() - done;
                tell!(warn, delivery, not_begun, "no time left for the rest of the batch, from this event on");
                return Outcome::Retry;
            }
            worst = worst.max(self.handle(delivery, left, &provider.counters).await);
        }
        worst
    }
}

impl<D: Dispatch> Direct<D> {
    async fn handle(&self, delivery: &Delivery, deadline: Duration, counters: &HandlerCounters) -> Outcome {
        let ended = attempt(&self.handlers, delivery, deadline, counters).await;
        let (outcome, then) = match ended {
            Ended::Handled => return Outcome::Accepted,
            Ended::UnknownEvent | Ended::InvalidEvent(_) => (Outcome::Parked, ""),
            Ended::FailedForGood(_) => (Outcome::Accepted, "it is not asked for again"),
            Ended::Failed(_) | Ended::Panicked(_) | Ended::TimedOut(_) => {
                (Outcome::Retry, "the provider is asked to send again")
            }
        };
        ended.log(delivery, then);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::time::SystemTime;

    use bytes::Bytes;
    use http::HeaderMap;
    use webhook_api::{Disposition, EventId, HandlerError, InvalidEvent, PROVIDERS};

    use super::*;
    use crate::metrics::Metrics;

    /// What a handler can do, told by the delivery's body; counts its calls.
    #[derive(Default)]
    struct Obedient {
        calls: AtomicUsize,
    }

    impl Dispatch for Obedient {
        async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
            self.calls.fetch_add(1, Relaxed);
            match &delivery.body[..] {
                b"handle" => Ok(Disposition::Handled),
                b"unknown" => Ok(Disposition::UnknownEvent),
                b"invalid" => {
                    Ok(Disposition::InvalidEvent(InvalidEvent::Unreadable { reason: "it is odd".to_owned() }))
                }
                b"retry" => Err(HandlerError::retry("the disk is full")),
                b"permanent" => Err(HandlerError::permanent("the model is not ours")),
                b"panic" => panic!("something is out of place"),
                _ => std::future::pending().await,
            }
        }
    }

    fn direct() -> Direct<Obedient> {
        let counters = Metrics::default().handlers(&PROVIDERS[0]);
        let provider = DirectProvider { name: PROVIDERS[0].name, deadline: Duration::from_millis(20), counters };
        Direct::new(Obedient::default(), [provider])
    }

    fn delivery(order: &'static str) -> Delivery {
        Delivery {
            endpoint: PROVIDERS[0].endpoints[0],
            event_id: EventId::named("1"),
            event_type: None,
            body: Bytes::from_static(order.as_bytes()),
            headers: HeaderMap::new(),
            received_at: SystemTime::now(),
            attempt: 1,
            ordering_key: None,
            matched: Vec::new(),
        }
    }

    async fn outcome(order: &'static str) -> Outcome {
        direct().take(delivery(order)).await
    }

    async fn outcome_of_all(orders: &[&'static str]) -> Outcome {
        direct().take_all(orders.iter().copied().map(delivery).collect()).await
    }

    #[tokio::test]
    async fn accepts_what_was_handled() {
        assert_eq!(outcome("handle").await, Outcome::Accepted);
    }

    #[tokio::test]
    async fn parks_what_is_unknown_or_unfit() {
        assert_eq!(outcome("unknown").await, Outcome::Parked);
        assert_eq!(outcome("invalid").await, Outcome::Parked);
    }

    #[tokio::test]
    async fn asks_again_after_a_passing_fault() {
        assert_eq!(outcome("retry").await, Outcome::Retry);
    }

    #[tokio::test]
    async fn does_not_ask_again_for_what_can_never_succeed() {
        assert_eq!(outcome("permanent").await, Outcome::Accepted);
    }

    #[tokio::test]
    async fn a_panic_is_a_passing_fault() {
        assert_eq!(outcome("panic").await, Outcome::Retry);
    }

    #[tokio::test]
    async fn a_handler_that_never_returns_is_a_passing_fault() {
        assert_eq!(outcome("wait").await, Outcome::Retry);
    }

    #[tokio::test]
    async fn a_batch_has_the_worst_outcome_of_its_members() {
        assert_eq!(outcome_of_all(&[]).await, Outcome::Accepted);
        assert_eq!(outcome_of_all(&["handle", "permanent"]).await, Outcome::Accepted);
        assert_eq!(outcome_of_all(&["handle", "unknown", "handle"]).await, Outcome::Parked);
        for failing in ["retry", "panic", "wait"] {
            assert_eq!(outcome_of_all(&["handle", failing, "unknown"]).await, Outcome::Retry, "{failing}");
        }
    }

    #[tokio::test]
    async fn the_members_of_a_batch_share_one_deadline() {
        let direct = direct();
        assert_eq!(direct.take_all(vec![delivery("wait"), delivery("handle")]).await, Outcome::Retry);
        assert_eq!(direct.handlers.calls.load(Relaxed), 1, "the first took all the time there was");
    }
}
