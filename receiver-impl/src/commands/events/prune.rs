//! `receiver events prune`.

use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use super::access::{Access, Purpose};
use super::change::{How, Outcome, events, run_on};
use super::choice;
use super::confirm::confirmed;
use super::progress::Progress;
use crate::commands::Failure;
use crate::config::Span;
use crate::inbox::{Change, Filter, State};

/// What `receiver events prune` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Without `--older-than`, what `keep-bodies` and `keep-identities` let go is removed, as a \
                        receiver that runs does by itself.")]
pub(super) struct PruneArgs {
    /// Remove events that were received longer ago than this
    #[arg(long, value_name = "TIME")]
    older_than: Option<Span>,

    /// In this state: done, dead or parked [default: done]
    #[arg(long = "state", value_name = "STATE", requires = "older_than")]
    states: Vec<State>,

    #[command(flatten)]
    how: How,
}

impl PruneArgs {
    /// What is done to the inbox, unless the command makes no sense.
    pub(super) fn purpose(&self) -> Result<Purpose, Failure> {
        if let Some(state) = self.states.iter().find(|state| !Change::Remove.fits(**state)) {
            return Err(Failure::usage(format_args!(
                "what is {state} is not removed; `receiver events park` it first"
            )));
        }
        Ok(if self.how.dry_run { Purpose::Read } else { Purpose::Change })
    }
}

pub(super) async fn run(access: &Access, args: &PruneArgs) -> Result<ExitCode, Failure> {
    let Some(age) = args.older_than else { return by_retention(access, args).await };
    let states = if args.states.is_empty() { vec![State::Done] } else { args.states.clone() };
    let found = choice::find(access, &older(states, age.0)).await?;
    if found.is_empty() {
        return if args.how.json { Outcome::default().told(Change::Remove, args.how) } else { nothing() };
    }
    run_on(access, &found, Change::Remove, args.how).await
}

/// What the settings let go.
async fn by_retention(access: &Access, args: &PruneArgs) -> Result<ExitCode, Failure> {
    let retention = access.retention().await?;
    let found = choice::find(access, &older(vec![State::Done], retention.bodies)).await?;
    let bodies = found.iter().filter(|event| event.has_body).count();
    let whole = choice::find(access, &older(vec![State::Done], retention.identities)).await?.len();
    let number = bodies.max(whole);
    if number == 0 && !args.how.json {
        return nothing();
    }
    if number == 0 || args.how.dry_run {
        return told(bodies, whole, args.how);
    }
    let question = format!("Remove {bodies} bodies, and all of {}?", events(whole));
    if !confirmed(number, args.how.yes, &question)? {
        writeln!(stderr(), "nothing is removed").map_err(Failure::output)?;
        return Ok(ExitCode::FAILURE);
    }
    let progress = Progress::of(number);
    let (mut bodies, mut whole) = (0, 0);
    loop {
        let pruned = access.prune().await?;
        bodies += pruned.bodies as usize;
        whole += pruned.events as usize;
        progress.at(bodies);
        if !pruned.more {
            break;
        }
    }
    drop(progress);
    told(bodies, whole, args.how)
}

/// Says how many bodies were removed, and how many events altogether.
fn told(bodies: usize, whole: usize, how: How) -> Result<ExitCode, Failure> {
    let text = match how {
        How { json: true, dry_run, .. } => json!({ "dry_run": dry_run, "bodies": bodies, "events": whole }).to_string(),
        How { dry_run: true, .. } => format!("{bodies} bodies would be removed, and all of {}", events(whole)),
        How { .. } => format!("{bodies} bodies removed, and all of {}", events(whole)),
    };
    writeln!(stdout(), "{text}").map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

fn nothing() -> Result<ExitCode, Failure> {
    writeln!(stdout(), "nothing is that old").map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

fn older(states: Vec<State>, age: Duration) -> Filter {
    Filter { states, until: Some(choice::ago(age)), ..Filter::default() }
}
