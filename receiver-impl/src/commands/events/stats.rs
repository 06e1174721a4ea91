//! `receiver events stats`.

use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::process::ExitCode;
use std::time::Duration;

use super::access::Access;
use super::list::state_width;
use crate::commands::Failure;
use crate::commands::terminal::Paint;
use crate::inbox::{State, Stats};

/// What `receiver events stats` is told.
#[derive(Debug, clap::Args)]
pub(super) struct StatsArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(access: &Access, args: &StatsArgs) -> Result<ExitCode, Failure> {
    let stats = access.stats().await?;
    let text = if args.json {
        format!("{}\n", serde_json::to_string(&stats).map_err(Failure::run)?)
    } else {
        table(&stats, Paint::for_stdout())
    };
    stdout().lock().write_all(text.as_bytes()).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

fn table(stats: &Stats, paint: Paint) -> String {
    let Stats { pending, leased, retrying, done, dead, parked, duplicates, oldest_seconds, .. } = *stats;
    let meanings = [
        (State::Pending, pending, "waiting for a worker"),
        (State::Leased, leased, "with a worker"),
        (State::Retrying, retrying, "failed, waiting for the next attempt"),
        (State::Done, done, "handled"),
        (State::Dead, dead, "failed for good"),
        (State::Parked, parked, "unknown, unfit or put aside"),
    ];
    let width = state_width().max("duplicates".len());
    let number = meanings.iter().map(|(_, count, _)| *count).chain([duplicates]).max().unwrap_or_default();
    let digits = number.to_string().len();
    let mut text = String::new();
    for (state, count, meaning) in meanings {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}  {count:>digits$}  {meaning}", paint.state(state, width));
    }
    let _ = writeln!(text, "{:width$}  {duplicates:>digits$}  copies that were not kept again", "duplicates");
    if pending + leased + retrying > 0 {
        let age = Duration::from_secs(oldest_seconds);
        let _ = writeln!(text, "the oldest that is not handled came {age:?} ago");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_a_line_for_each_state() {
        let stats = Stats { pending: 3, done: 12_000, duplicates: 7, oldest_seconds: 5, ..Stats::default() };
        let text = table(&stats, Paint::none());
        assert!(text.starts_with("pending         3  waiting for a worker\nleased          0  with"), "{text}");
        assert!(
            text.ends_with(
                "duplicates      7  copies that were not kept again\nthe oldest that is not handled came 5s ago\n"
            ),
            "{text}"
        );
    }
}
