//! `receiver events list`.

use std::fmt::Write as _;
use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;
use std::time::SystemTime;

use super::access::Access;
use super::choice::Choice;
use crate::commands::Failure;
use crate::commands::terminal::{self, Paint};
use crate::inbox::{EventId, Page, State, Summary, rfc3339};
use crate::log_text::Shown;
use crate::wire::PAGE;

/// What `receiver events list` is told.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    choice: Choice,

    /// The most events
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// Begin behind this event: the last one of the page before
    #[arg(long, value_name = "ID")]
    after: Option<EventId>,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(access: &Access, args: &ListArgs) -> Result<ExitCode, Failure> {
    let filter = args.choice.filter();
    let mut left = args.limit as usize;
    let mut after = args.after;
    let mut printed = 0;
    while left > 0 {
        let Page { events, next } = access.list(&filter, after, left.min(PAGE)).await?;
        let text = if args.json { lines(&events)? } else { table(&events, printed == 0, Paint::for_stdout()) };
        stdout().lock().write_all(text.as_bytes()).map_err(Failure::output)?;
        (left, printed, after) = (left.saturating_sub(events.len()), printed + events.len(), next);
        if next.is_none() {
            break;
        }
    }
    if !args.json {
        let hint = match after {
            Some(after) => format!("there are more: the same with `--after {after}` shows them"),
            None if printed == 0 => "there are no such events".to_owned(),
            None => return Ok(ExitCode::SUCCESS),
        };
        writeln!(stderr(), "{hint}").map_err(Failure::output)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(events: &[Summary]) -> Result<String, Failure> {
    let mut text = String::new();
    for event in events {
        text.push_str(&terminal::json(&serde_json::to_string(event).map_err(Failure::run)?));
        text.push('\n');
    }
    Ok(text)
}

/// A line for each event, in columns as wide as they must be.
fn table(events: &[Summary], with_head: bool, paint: Paint) -> String {
    let rows: Vec<_> = events.iter().map(row).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    if with_head && !rows.is_empty() {
        let head: Vec<_> = HEAD.iter().zip(widths).map(|(head, width)| format!("{head:width$}")).collect();
        text.push_str(paint.bold(head.join("  ").trim_end()).as_str());
        text.push('\n');
    }
    for (event, [id, _, received, tries, size, provider, event_type, identity]) in events.iter().zip(&rows) {
        let [a, b, c, d, e, f, g, _] = widths;
        let state = paint.state(event.state, b);
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{id:>a$}  {state}  {received:c$}  {tries:>d$}  {size:>e$}  {provider:f$}  {event_type:g$}  {identity}"
        );
    }
    text
}

const HEAD: [&str; 8] = ["ID", "STATE", "RECEIVED", "TRIES", "SIZE", "PROVIDER", "TYPE", "IDENTITY"];

fn row(event: &Summary) -> [String; 8] {
    let received = time(event.received_at);
    [
        event.id.to_string(),
        event.state.to_string(),
        received,
        event.attempts.to_string(),
        event.size.map_or_else(|| "-".to_owned(), |size| size.to_string()),
        Shown(&event.provider).to_string(),
        event.event_type.as_deref().map_or_else(|| "-".to_owned(), |name| Shown(name).to_string()),
        Shown(&event.identity).to_string(),
    ]
}

/// A time to the second, as `--since` and `--until` take it.
pub(super) fn time(time: SystemTime) -> String {
    let exact = rfc3339(time);
    exact.split_once('.').map_or(exact.clone(), |(seconds, _)| format!("{seconds}Z"))
}

/// The width of the longest state.
pub(super) fn state_width() -> usize {
    State::ALL.iter().map(|state| state.name().len()).max().unwrap_or_default()
}
