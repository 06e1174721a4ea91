//! What `send` prints: a line for each answer and, after several, a summary.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::json;

use crate::catalog::Listed;

/// What the receiver answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) time: Duration,
    pub(super) id: Option<String>,
}

/// Prints answers and remembers them.
#[derive(Debug)]
pub(super) struct Report {
    listed: Listed,
    json: bool,
    began: Instant,
    times: Vec<Duration>,
    statuses: BTreeMap<StatusCode, usize>,
}

impl Report {
    pub(super) fn new(listed: Listed, json: bool) -> Self {
        Self { listed, json, began: Instant::now(), times: Vec::new(), statuses: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, answer: &Answer) -> io::Result<()> {
        self.times.push(answer.time);
        *self.statuses.entry(answer.status).or_default() += 1;
        let mut out = io::stdout().lock();
        if self.json {
            let line = json!({
                "status": answer.status.as_u16(),
                "milliseconds": answer.time.as_secs_f64() * 1000.0,
                "provider": self.listed.provider.name,
                "endpoint": self.listed.endpoint.id,
                "event": self.listed.event.name,
                "id": answer.id,
            });
            writeln!(out, "{line}")
        } else {
            writeln!(out, "{} in {}", answer.status.as_u16(), milliseconds(answer.time))
        }
    }

    /// The summary, if there is something to sum up; and what a refusal probably means.
    pub(super) fn end(&mut self) -> io::Result<()> {
        if let Some(hint) = self.hint() {
            writeln!(io::stderr(), "{hint}")?;
        }
        if self.json || self.times.len() < 2 {
            return Ok(());
        }
        self.times.sort_unstable();
        let (number, total) = (self.times.len(), self.began.elapsed());
        let rate = number as f64 / total.as_secs_f64();
        let quantile = |share: f64| milliseconds(self.times[((number - 1) as f64 * share).round() as usize]);
        let statuses = self.statuses.iter().map(|(status, times)| format!("{times} x {}", status.as_u16()));
        writeln!(
            io::stdout(),
            "{number} sent in {:.2} s, {rate:.0}/s: {}; half within {}, 99 % within {}, the slowest {}",
            total.as_secs_f64(),
            statuses.collect::<Vec<_>>().join(", "),
            quantile(0.5),
            quantile(0.99),
            quantile(1.0),
        )
    }

    pub(super) fn all_good(&self) -> bool {
        self.statuses.keys().all(StatusCode::is_success)
    }

    fn hint(&self) -> Option<String> {
        let outcomes = &self.listed.endpoint.outcomes;
        let seen = |status| self.statuses.contains_key(&status);
        if seen(outcomes.unauthenticated) {
            Some("The receiver does not know this secret.".to_owned())
        } else if seen(StatusCode::NOT_FOUND) {
            let (provider, path) = (self.listed.provider.name, self.listed.endpoint.path);
            Some(format!("Nothing is at {path} there: {provider} is off, or the address has a path too many."))
        } else {
            None
        }
    }
}

/// Prints the events, aligned for people or as JSON lines.
pub(super) fn list(events: impl Iterator<Item = Listed>, json: bool) -> io::Result<()> {
    let events: Vec<_> = events.collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let width = |of: fn(&Listed) -> &'static str| events.iter().map(|listed| of(listed).len()).max().unwrap_or(0);
    let (provider, event) = (width(|listed| listed.provider.name), width(|listed| listed.event.name));
    let path = width(|listed| listed.endpoint.path);
    for Listed { provider: p, endpoint, event: e } in &events {
        if json {
            let line = json!({
                "provider": p.name, "event": e.name, "endpoint": endpoint.id, "path": endpoint.path,
                "summary": e.summary,
            });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{:provider$}  {:event$}  {:path$}  {}", p.name, e.name, endpoint.path, e.summary)?;
        }
    }
    out.flush()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
