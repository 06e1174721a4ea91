//! One try to handle an event, before the provider is answered or long after.
//!
//! A handler may fail in every way without harm to anything else: an error, a panic, and a handler that does not return
//! within its deadline are endings like others. It is dropped, at the point where it waits, when its deadline passes;
//! one that blocks its thread instead of waiting cannot be dropped.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::poll_immediate;
use webhook_api::{Delivery, Disposition, HandlerError, InvalidEvent};

use crate::log_text::beginning;
use crate::metrics::HandlerCounters;

/// Calls the handler method of a delivery's event.
pub trait Dispatch: Send + Sync + 'static {
    /// Parses, validates and calls.
    fn dispatch(&self, delivery: &Delivery) -> impl Future<Output = Result<Disposition, HandlerError>> + Send;
}

/// How a try ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The handler returned.
    Handled,
    /// The event's type is not in the spec.
    UnknownEvent,
    /// Its body does not fit its schema.
    InvalidEvent(InvalidEvent),
    /// The handler failed, and another try is useless.
    FailedForGood(HandlerError),
    /// It failed, and another try may succeed.
    Failed(HandlerError),
    /// It panicked, with this message.
    Panicked(String),
    /// It did not return in this time.
    TimedOut(Duration),
}

/// Hands a delivery to its handler and counts how that ended.
pub(crate) async fn attempt<D: Dispatch>(
    handlers: &D,
    delivery: &Delivery,
    deadline: Duration,
    counters: &HandlerCounters,
) -> Ended {
    let began = Instant::now();
    // A handler that panicked is dropped, and what it shares with others is its own to keep whole.
    let mut handled = pin!(AssertUnwindSafe(handlers.dispatch(delivery)).catch_unwind());
    // Most handlers return at once; only those that wait need a timer.
    let ended = match poll_immediate(handled.as_mut()).await {
        Some(ended) => Ok(ended),
        None => tokio::time::timeout(deadline, handled).await,
    };
    let (counter, ended) = match ended {
        Ok(Ok(Ok(Disposition::Handled))) => (&counters.handled, Ended::Handled),
        Ok(Ok(Ok(Disposition::UnknownEvent))) => (&counters.unknown_event, Ended::UnknownEvent),
        Ok(Ok(Ok(Disposition::InvalidEvent(fault)))) => (&counters.invalid_event, Ended::InvalidEvent(fault)),
        Ok(Ok(Err(error))) if error.is_permanent() => (&counters.failed_for_good, Ended::FailedForGood(error)),
        Ok(Ok(Err(error))) => (&counters.failed, Ended::Failed(error)),
        Ok(Err(panic)) => (&counters.panicked, Ended::Panicked(message(&*panic).to_owned())),
        Err(_) => (&counters.timed_out, Ended::TimedOut(deadline)),
    };
    counter.inc();
    counters.time.observe(began.elapsed());
    ended
}

/// Logs what became of a delivery, with what names it. Its texts are recorded as values, which escapes them.
macro_rules! tell {
    ($level:ident, $delivery:expr, $($rest:tt)*) => {
        tracing::$level!(
            endpoint = $delivery.endpoint.id,
            event_type = $crate::log_text::clip($delivery.event_type.as_deref().unwrap_or_default()),
            event_id = $crate::log_text::clip(&$delivery.event_id),
            $($rest)*
        )
    };
}

pub(crate) use tell;

impl Ended {
    /// Logs a try that did not handle the event; `then` says what follows from a failure.
    pub(crate) fn log(&self, delivery: &Delivery, then: &str) {
        match self {
            Self::Handled => {}
            Self::UnknownEvent => tell!(warn, delivery, "parked: no event of this type is in the spec"),
            Self::InvalidEvent(fault) => {
                tell!(warn, delivery, reason = fault.to_string(), "parked: the event does not fit its schema");
            }
            Self::FailedForGood(error) => {
                tell!(error, delivery, reason = error.to_string(), "failed for good; {then}");
            }
            Self::Failed(error) => tell!(warn, delivery, reason = error.to_string(), "failed; {then}"),
            Self::Panicked(message) => tell!(error, delivery, reason = message, "panicked; {then}"),
            Self::TimedOut(deadline) => tell!(warn, delivery, ?deadline, "ran out of time; {then}"),
        }
    }

    /// What went wrong, in a text of a bounded length; `None` if nothing did.
    pub(crate) fn fault(&self) -> Option<String> {
        let fault = match self {
            Self::Handled => return None,
            Self::UnknownEvent => "no event of this type is in the spec".to_owned(),
            Self::InvalidEvent(fault) => fault.to_string(),
            Self::FailedForGood(error) | Self::Failed(error) => error.to_string(),
            Self::Panicked(message) => format!("the handler panicked: {message}"),
            Self::TimedOut(deadline) => format!("the handler did not return within {deadline:?}"),
        };
        Some(shortened(fault))
    }
}

/// The longest text of a fault, in bytes: the reason of a broken body can be as long as the body.
const LONGEST_FAULT: usize = 1024;

fn shortened(mut text: String) -> String {
    text.truncate(beginning(&text, LONGEST_FAULT).len());
    text
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("the panic has no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_cut_between_characters() {
        assert_eq!(shortened("short".to_owned()), "short");
        assert_eq!(shortened("\u{20ac}".repeat(1000)).len(), 1023);
    }

    #[test]
    fn says_what_a_panic_said() {
        assert_eq!(message(&"a text"), "a text");
        assert_eq!(message(&"an owned text".to_owned()), "an owned text");
        assert_eq!(message(&7), "the panic has no message");
    }
}
