//! Spans to an OpenTelemetry collector, over HTTP, where `OTEL_EXPORTER_OTLP_ENDPOINT` says which. The other variables
//! that OpenTelemetry defines for this hold, too.
//!
//! Spans leave in batches, on a thread of their own; a collector that is slow or away costs spans and nothing else.

use std::cell::Cell;
use std::env;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, TracerProvider as _,
};
use opentelemetry::{Context, Key, KeyValue};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;
use tracing::{Span, debug, info, warn};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::registry::LookupSpan;

use crate::http_client::{Answer, Http, Tls};

/// The variables that say where the collector is; the first goes before the second.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
/// Whose certificates are trusted instead of the machine's.
const CERTIFICATES: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"];
/// What a receiver is called where no variable says it.
const NAME: &str = "webhook-receiver";
/// How long a batch may take, in milliseconds.
const TIMEOUTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
/// The same where no variable says it.
const PATIENCE: Duration = Duration::from_secs(10);

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

thread_local! {
    /// The ids that the next span gets.
    static NEXT: Cell<Option<(u128, u64)>> = const { Cell::new(None) };
}

/// The layer that hands spans over, if a collector is named.
pub(super) fn layer<S>() -> Result<Option<OpenTelemetryLayer<S, SdkTracer>>, String>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let Some((variable, endpoint)) = first_of(ENDPOINTS) else { return Ok(None) };
    let fault = |error: &dyn Display| format!("spans cannot be exported to {variable}={endpoint}: {error}");
    let client = Client::new(&endpoint).map_err(|error| fault(&error))?;
    let exporter = SpanExporter::builder().with_http().with_http_client(client).build();
    let exporter = exporter.map_err(|error| fault(&error))?;
    let provider = SdkTracerProvider::builder()
        .with_id_generator(Ids::default())
        .with_resource(resource())
        .with_batch_exporter(exporter)
        .build();
    let tracer = provider.tracer(NAME);
    // A second start of the log is refused anyway.
    let _ = PROVIDER.set(provider);
    Ok(Some(tracing_opentelemetry::layer().with_tracer(tracer)))
}

/// Hands over what is left.
pub(super) fn end() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.shutdown()
    {
        debug!(%error, "the last spans were not exported");
    }
}

/// Gives a span the ids that it has in the log, and its parent.
pub(super) fn bind(span: &Span, parent: Option<(u128, u64, u8)>, trace: u128, id: u64) {
    if PROVIDER.get().is_none() || span.is_disabled() {
        return;
    }
    if let Some((trace, parent, flags)) = parent {
        let flags = TraceFlags::new(flags);
        let remote = SpanContext::new(trace.into(), parent.into(), flags, true, TraceState::default());
        // A span that has just been made has no parent yet.
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
    }
    NEXT.set(Some((trace, id)));
    // Asking for the context makes the span, and so takes the ids.
    drop(span.context());
    NEXT.set(None);
}

/// The first of these variables that says something, and what.
fn first_of(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| Some((name, env::var(name).ok().filter(|value| !value.is_empty())?)))
}

/// Who sends the spans: as the variables say, or else by the name of this program.
fn resource() -> Resource {
    let told = Resource::builder().build();
    let name =
        told.get(&Key::from_static_str("service.name")).filter(|name| !name.as_str().starts_with("unknown_service"));
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    Resource::builder().with_service_name(name.unwrap_or(NAME.into())).with_attribute(version).build()
}

/// Hands out the ids that a span is to have, and random ones otherwise.
#[derive(Debug, Default)]
struct Ids(RandomIdGenerator);

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        NEXT.get().map_or_else(|| self.0.new_trace_id(), |(trace, _)| trace.into())
    }

    fn new_span_id(&self) -> SpanId {
        NEXT.get().map_or_else(|| self.0.new_span_id(), |(_, span)| span.into())
    }
}

/// The way to the collector. The exporter's thread is none of the receiver's, so this has a runtime of its own.
#[derive(Debug)]
struct Client {
    runtime: Runtime,
    http: Http,
    /// Whether the last batch did not get there: the log tells when that begins and ends, not of each.
    is_cut_off: AtomicBool,
}

impl Client {
    fn new(endpoint: &str) -> Result<Self, String> {
        let url: Uri = endpoint.parse().map_err(|_| "that is no address; write for example http://127.0.0.1:4318")?;
        let file = first_of(CERTIFICATES).map(|(_, path)| PathBuf::from(path));
        let tls = Tls::for_addresses([&url], file.as_deref());
        let patience = first_of(TIMEOUTS).and_then(|(_, text)| text.parse().ok());
        let patience = patience.map_or(PATIENCE, Duration::from_millis);
        let http = Http::new(&tls, patience).map_err(|error| error.to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        Ok(Self { runtime, http, is_cut_off: AtomicBool::new(false) })
    }

    fn note(&self, fault: Option<&dyn Display>) {
        let was_cut_off = self.is_cut_off.swap(fault.is_some(), Relaxed);
        match fault {
            Some(fault) if !was_cut_off => warn!(%fault, "spans are lost: the collector does not take them"),
            None if was_cut_off => info!("the collector takes spans again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.runtime.block_on(self.http.exchange(request.map(Full::new)));
        match &answer {
            Ok(answer) if answer.status.is_success() => self.note(None),
            Ok(answer) => self.note(Some(&format_args!("it answered {}", answer.status))),
            Err(error) => self.note(Some(error)),
        }
        let Answer { status, headers, body } = answer?;
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}
