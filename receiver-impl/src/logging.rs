//! Log lines on standard error: text for a person at a terminal, JSON for everything else; `RUST_LOG` says how many.
//!
//! Writing one never waits for the terminal, the disk or the collector behind it: see [`Buffer`].

mod buffer;
#[cfg(feature = "otlp")]
mod otlp;

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use buffer::{Buffer, Dropped, Flush};

/// What is logged where `RUST_LOG` is not set.
const DEFAULT_LEVEL: &str = "info";

/// Starts logging for the whole process. Keep what it returns until the end: dropping it writes what is still buffered.
///
/// # Errors
///
/// `RUST_LOG` is not understood, logging was started before, or the writing thread cannot be started.
pub fn start() -> Result<Flush, String> {
    let text = std::env::var("RUST_LOG").ok().filter(|text| !text.trim().is_empty());
    let text = text.as_deref().unwrap_or(DEFAULT_LEVEL);
    let filter = EnvFilter::try_new(text)
        .map_err(|error| format!("RUST_LOG is `{text}`: {error}; write for example `info` or `warn,receiver=debug`"))?;
    let terminal = io::stderr().is_terminal();
    let (buffer, flush) =
        Buffer::start(io::stderr()).map_err(|error| format!("the thread that writes the log cannot start: {error}"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(buffer);
    let registry = tracing_subscriber::registry().with(filter);
    #[cfg(feature = "otlp")]
    let registry = registry.with(otlp::layer()?);
    let started = if terminal {
        registry.with(lines.with_target(false)).try_init()
    } else {
        registry
            .with(lines.with_ansi(false).json().flatten_event(true).with_current_span(false).with_span_list(true))
            .try_init()
    };
    started.map_err(|error| error.to_string())?;
    Ok(flush)
}

/// Gives a span the ids `trace` and `id`, and its parent's trace, id and flags, where spans are exported.
#[cfg_attr(not(feature = "otlp"), expect(unused_variables, reason = "nothing is exported"))]
pub(crate) fn bind(span: &tracing::Span, parent: Option<(u128, u64, u8)>, trace: u128, id: u64) {
    #[cfg(feature = "otlp")]
    otlp::bind(span, parent, trace, id);
}

/// Hands the last spans over, where they are exported.
pub(crate) fn end_spans() {
    #[cfg(feature = "otlp")]
    otlp::end();
}

impl<'a> MakeWriter<'a> for Buffer {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}
