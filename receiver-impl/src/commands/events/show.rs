//! `receiver events show`.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _, stdout};
use std::process::ExitCode;

use super::access::Access;
use super::list::time;
use super::pretty::pretty;
use crate::commands::Failure;
use crate::commands::terminal::{self, Paint};
use crate::inbox::{Ending, EventId, Record, rfc3339};
use crate::log_text::Shown;

/// What `receiver events show` is told.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The event's id, as `receiver events list` shows it
    id: EventId,

    /// Print the body alone, byte for byte
    #[arg(long, conflicts_with = "json")]
    raw: bool,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(access: &Access, args: &ShowArgs) -> Result<ExitCode, Failure> {
    let id = args.id;
    let found = access.show(id).await?;
    let record = found.ok_or_else(|| Failure::run(format_args!("there is no event {id}")))?;
    if args.raw && !record.has_body {
        return Err(Failure::run(format_args!("the body of event {id} is no longer kept")));
    }
    let mut out = stdout().lock();
    let written = if args.raw && !out.is_terminal() {
        out.write_all(&record.event.body)
    } else if args.raw {
        out.write_all(terminal::plain(&String::from_utf8_lossy(&record.event.body)).as_bytes())
    } else if args.json {
        writeln!(out, "{}", terminal::json(&record.to_line()))
    } else {
        out.write_all(described(&record, Paint::for_stdout()).as_bytes())
    };
    written.and_then(|()| out.flush()).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

/// Everything about an event, for people. Nothing in it can command a terminal.
fn described(record: &Record, paint: Paint) -> String {
    let event = &*record.event;
    let mut text = String::new();
    let mut line = |name: &str, value: &dyn std::fmt::Display| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}{value}", paint.bold(&format!("{name:12}")));
    };
    line("event", &record.id);
    line("provider", &format_args!("{}, endpoint {}", Shown(&event.provider), Shown(&event.endpoint)));
    line("type", &Shown(event.event_type.as_deref().unwrap_or("-")));
    let digest = if event.identity_is_digest { ", the digest of what was signed" } else { "" };
    line("identity", &format_args!("{}{digest}", Shown(&event.identity)));
    line("received", &rfc3339(event.received_at));
    line("state", &paint.state(record.state, 0));
    if let Some(next) = record.next_attempt {
        line("tried next", &time(next));
    }
    let keys: Vec<_> =
        event.matched.iter().map(|matched| format!("{} by key {}", Shown(&matched.scheme), matched.slot)).collect();
    if !keys.is_empty() {
        line("verified", &keys.join(", "));
    }
    if let Some(key) = &event.ordering_key {
        line("in order of", &Shown(key));
    }
    for (name, value) in &event.headers {
        line("header", &format_args!("{name}: {}", Shown(&String::from_utf8_lossy(value.as_bytes()))));
    }
    for attempt in &record.attempts {
        let how = match attempt.ending {
            Ending::Done => "done",
            Ending::Failed => "failed",
            Ending::Dead => "dead",
            Ending::Parked => "parked",
        };
        let error = attempt.error.as_deref().map(|error| format!(": {}", Shown(error))).unwrap_or_default();
        line("attempt", &format_args!("{} {}, {how}{error}", attempt.number, time(attempt.ended_at)));
    }
    if !record.has_body {
        line("body", &"no longer kept");
        return text;
    }
    line("body", &format_args!("{} bytes", event.body.len()));
    let body = pretty(&event.body).unwrap_or_else(|| String::from_utf8_lossy(&event.body).into_owned());
    let body = terminal::plain(&body);
    text.push('\n');
    text.push_str(&body);
    if !body.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::inbox::{Attempt, Event, Matched, State};

    #[test]
    fn describes_all_that_is_known_and_escapes_it() {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-note", http::HeaderValue::from_bytes(b"a\xffb").unwrap());
        let event = Event {
            provider: "gridx".into(),
            endpoint: "gridxEvents".into(),
            event_type: Some("a\u{1b}[31m".to_owned()),
            identity: "i".to_owned(),
            identity_is_digest: true,
            ordering_key: Some("urn:1".to_owned()),
            received_at: UNIX_EPOCH,
            headers,
            body: "{\"a\":\"\u{9b}\"}".into(),
            matched: vec![Matched { scheme: "s".into(), slot: 2 }],
        };
        let attempts =
            vec![Attempt { number: 1, ended_at: UNIX_EPOCH, ending: Ending::Failed, error: Some("x\ny".to_owned()) }];
        let next_attempt = Some(UNIX_EPOCH + Duration::from_secs(60));
        let record = Record {
            id: EventId(3),
            event: event.into(),
            has_body: true,
            state: State::Retrying,
            next_attempt,
            attempts,
        };
        let text = described(&record, Paint::none());
        assert_eq!(
            text,
            "event       3\nprovider    gridx, endpoint gridxEvents\ntype        a\\u{1b}[31m\nidentity    i, the digest of what \
             was signed\nreceived    1970-01-01T00:00:00.000000Z\nstate       retrying\ntried next  \
             1970-01-01T00:01:00Z\nverified    s by key 2\nin order of urn:1\nheader      x-note: a\u{fffd}b\nattempt     1 \
             1970-01-01T00:00:00Z, failed: x\\ny\nbody        10 bytes\n\n{\n  \"a\": \"\\u{9b}\"\n}\n"
        );
    }
}
