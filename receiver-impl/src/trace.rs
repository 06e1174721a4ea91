//! W3C trace context (<https://www.w3.org/TR/trace-context/>): what binds the lines about one delivery together, from
//! its arrival to the end of its handling, and to what its sender logged.
//!
//! Each delivery is a span with an id of its own. A `traceparent` of the sender is continued; without one a trace
//! begins here. The header goes on with the event into the inbox, so that the worker's lines carry the same ids, also
//! after a restart.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::{Span, error_span};
use uuid::Uuid;
use webhook_api::contract::Endpoint;

use crate::inbox::Event;
use crate::logging;

/// The header.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Where in which trace something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Context {
    trace: u128,
    span: u64,
    flags: u8,
}

/// The span of a delivery that arrived, and the header that continues it. The sender's own stays in place until the
/// delivery is verified: it may be signed. The span has the level of errors, since their lines need its ids most.
pub(crate) fn delivery(endpoint: &Endpoint, headers: &HeaderMap) -> (Span, Option<HeaderValue>) {
    let sent = Context::of(headers);
    let enabled = tracing::enabled!(tracing::Level::INFO);
    if sent.is_none() && !enabled {
        return (Span::none(), None);
    }
    let ours = sent.map_or_else(Context::begin, Context::child);
    let Context { trace, span: id, .. } = ours;
    let span = error_span!(
        "delivery",
        delivery = format!("{id:016x}"),
        trace = format!("{trace:032x}"),
        endpoint = endpoint.id
    );
    logging::bind(&span, sent.map(Context::parts), trace, id);
    (span, Some(ours.header()))
}

/// The span of one try to handle an event that was kept.
pub(crate) fn handling(event: &Event, attempt: u32) -> Span {
    match Context::of(&event.headers) {
        Some(arrived) => {
            let Context { trace, span: id, .. } = arrived;
            let span = error_span!(
                "handling",
                delivery = format!("{id:016x}"),
                trace = format!("{trace:032x}"),
                endpoint = &*event.endpoint,
                attempt
            );
            logging::bind(&span, Some(arrived.parts()), trace, fresh());
            span
        }
        None => error_span!("handling", endpoint = &*event.endpoint, attempt),
    }
}

impl Context {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT).iter();
        let value = values.next()?.to_str().ok()?;
        // Two of them contradict each other.
        if values.next().is_some() { None } else { Self::parse(value) }
    }

    /// Reads `00-<32 digits>-<16 digits>-<2 digits>`; a later version may have more behind that.
    fn parse(text: &str) -> Option<Self> {
        let (version, rest) = (text.get(..2)?, text.get(2..)?);
        let digits = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let fields: Vec<_> = rest.strip_prefix('-')?.splitn(4, '-').collect();
        let [trace, span, flags, more @ ..] = &fields[..] else { return None };
        let fits = [(version, 2), (trace, 32), (span, 16), (flags, 2)];
        let fits = fits.iter().all(|(field, length)| field.len() == *length && digits(field));
        if !fits || version == "ff" || (version == "00" && !more.is_empty()) {
            return None;
        }
        let context = Self {
            trace: u128::from_str_radix(trace, 16).ok()?,
            span: u64::from_str_radix(span, 16).ok()?,
            flags: u8::from_str_radix(flags, 16).ok()?,
        };
        (context.trace != 0 && context.span != 0).then_some(context)
    }

    /// A trace that begins here.
    fn begin() -> Self {
        Self { trace: Uuid::new_v4().as_u128(), span: fresh(), flags: 1 }
    }

    /// A span of its own in the same trace.
    fn child(self) -> Self {
        Self { span: fresh(), ..self }
    }

    fn parts(self) -> (u128, u64, u8) {
        (self.trace, self.span, self.flags)
    }

    fn header(self) -> HeaderValue {
        // Digits and hyphens are fit for a header.
        HeaderValue::from_str(&self.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trace, span, flags } = self;
        write!(f, "00-{trace:032x}-{span:016x}-{flags:02x}")
    }
}

/// An id that no other span of this process has, and hardly one of another: a random start, counted on and mixed, which
/// is much cheaper than asking the system for each.
fn fresh() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static START: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| Uuid::new_v4().as_u64_pair().0);
    // SplitMix64: one to one, so nothing comes twice.
    let mut id = NEXT.fetch_add(1, Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(*START);
    id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (id ^ (id >> 31)).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn reads_what_it_writes() {
        let context = Context::parse(SENT).unwrap();
        assert_eq!((context.span, context.flags), (0x00f0_67aa_0ba9_02b7, 1));
        assert_eq!(context.to_string(), SENT);
        let began = Context::begin();
        assert_eq!(Context::parse(&began.to_string()), Some(began));
    }

    #[test]
    fn continues_the_trace_of_the_sender() {
        let child = Context::parse(SENT).unwrap().child();
        assert_eq!(child.trace, Context::parse(SENT).unwrap().trace);
        assert_ne!(child.span, Context::parse(SENT).unwrap().span);
    }

    #[test]
    fn passes_over_what_is_none() {
        for odd in [
            "",
            "00",
            "00-",
            "\u{e4}0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(Context::parse(odd), None, "{odd}");
        }
        let later = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more";
        assert!(Context::parse(later).is_some());
        let twice = [(TRACEPARENT, SENT.parse().unwrap()), (TRACEPARENT, SENT.parse().unwrap())];
        let twice = twice.into_iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        });
        assert_eq!(Context::of(&twice), None);
    }

    #[test]
    fn no_two_spans_are_one() {
        let ids: HashSet<_> = (0..10_000).map(|_| fresh()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
