//! `receiver events replay`, `retry` and `park`; and the removing in `prune`.

use std::collections::BTreeMap;
use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

use serde_json::{Value, json};

use super::access::{Access, Purpose};
use super::choice::{self, Choice, Found};
use super::confirm::confirmed;
use super::progress::Progress;
use crate::commands::Failure;
use crate::inbox::{Change, Changed, EventId, Filter, PORTION, Record, State};

/// What these commands are told.
#[derive(Debug, clap::Args)]
pub(super) struct ChangeArgs {
    /// The ids of events, as `receiver events list` shows them
    ids: Vec<EventId>,

    #[command(flatten)]
    choice: Choice,

    #[command(flatten)]
    how: How,
}

/// How events are changed or removed.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct How {
    /// Do not ask before more than 100 events are changed
    #[arg(long)]
    pub(super) yes: bool,

    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// How many ids are named beside a reason.
const NAMED: usize = 5;

impl ChangeArgs {
    /// What is done to the inbox, unless the command makes no sense.
    pub(super) fn purpose(&self) -> Result<Purpose, Failure> {
        match (self.ids.is_empty(), self.choice.filter().is_empty()) {
            (true, true) => Err(Failure::usage(
                "say which events: give their ids, or a filter such as `--state dead` or `--since 2h`",
            )),
            (false, false) => Err(Failure::usage("give either ids or a filter, not both")),
            _ if self.how.dry_run => Ok(Purpose::Read),
            _ => Ok(Purpose::Change),
        }
    }
}

pub(super) async fn run(access: &Access, args: &ChangeArgs, change: Change) -> Result<ExitCode, Failure> {
    if !args.ids.is_empty() && args.how.dry_run {
        let mut outcome = Outcome::default();
        for id in &args.ids {
            outcome.add(*id, &foretell(access.show(*id).await?.as_ref(), change));
        }
        return outcome.told(change, args.how);
    }
    let found = if args.ids.is_empty() {
        choice::find(access, &of_fitting_states(args.choice.filter(), change)).await?
    } else {
        args.ids.iter().map(|id| Found { id: *id, has_body: true }).collect()
    };
    run_on(access, &found, change, args.how).await
}

/// Without a state, a filter means the events that can be changed so.
fn of_fitting_states(mut filter: Filter, change: Change) -> Filter {
    if filter.states.is_empty() {
        filter.states = State::ALL.into_iter().filter(|state| change.fits(*state)).collect();
    }
    filter
}

/// Changes these events, if whoever is asked agrees. Those of a dry run are in states that allow it.
pub(super) async fn run_on(access: &Access, found: &[Found], change: Change, how: How) -> Result<ExitCode, Failure> {
    let number = found.len();
    let mut outcome = Outcome::default();
    if number == 0 {
        if how.json {
            outcome.told(change, how)?;
        }
        writeln!(stderr(), "there are no such events").map_err(Failure::output)?;
        return Ok(ExitCode::FAILURE);
    }
    if how.dry_run {
        for event in found {
            let lacks = !event.has_body && needs_body(change);
            outcome.add(event.id, if lacks { &Changed::NoBody } else { &Changed::Changed });
        }
        return outcome.told(change, how);
    }
    if !confirmed(number, how.yes, &format!("{} {number} events?", words(change).0))? {
        writeln!(stderr(), "nothing is changed").map_err(Failure::output)?;
        return Ok(ExitCode::FAILURE);
    }
    let progress = Progress::of(number);
    let mut done = 0;
    for portion in found.chunks(PORTION) {
        let ids: Vec<_> = portion.iter().map(|event| event.id).collect();
        match access.change(&ids, change).await {
            Ok(changed) => ids.into_iter().zip(changed).for_each(|(id, changed)| outcome.add(id, &changed)),
            Err(failure) => {
                drop(progress);
                outcome.told(change, how)?;
                return Err(failure);
            }
        }
        done += portion.len();
        progress.at(done);
    }
    drop(progress);
    outcome.told(change, how)
}

/// What a change would come to.
fn foretell(record: Option<&Record>, change: Change) -> Changed {
    match record {
        None => Changed::Unknown,
        Some(Record { state, .. }) if !change.fits(*state) => Changed::NotIn(*state),
        Some(Record { has_body: false, .. }) if needs_body(change) => Changed::NoBody,
        Some(_) => Changed::Changed,
    }
}

fn needs_body(change: Change) -> bool {
    matches!(change, Change::Replay | Change::Retry)
}

/// A change as it is asked for, and when it is done.
fn words(change: Change) -> (&'static str, &'static str) {
    match change {
        Change::Replay => ("Replay", "replayed"),
        Change::Retry => ("Retry", "retried"),
        Change::Park => ("Park", "parked"),
        Change::Remove => ("Remove", "removed"),
    }
}

/// What became of the events.
#[derive(Default)]
pub(super) struct Outcome {
    changed: usize,
    /// How many were not changed, and the first few of them, by the reason.
    not: BTreeMap<String, (usize, Vec<EventId>)>,
}

impl Outcome {
    fn add(&mut self, id: EventId, changed: &Changed) {
        let reason = match changed {
            Changed::Changed => {
                self.changed += 1;
                return;
            }
            Changed::NotIn(state) => format!("being {state}"),
            Changed::NoBody => "the body being no longer kept".to_owned(),
            Changed::Unknown => "there being no such event".to_owned(),
        };
        let (number, some) = self.not.entry(reason).or_default();
        *number += 1;
        if some.len() < NAMED {
            some.push(id);
        }
    }

    fn json(&self, change: Change, dry_run: bool) -> Value {
        let reasons = self.not.iter().map(|(reason, (number, some))| {
            json!({ "reason": reason, "events": number, "ids": some.iter().map(|id| id.0).collect::<Vec<_>>() })
        });
        json!({
            "change": change,
            "dry_run": dry_run,
            "changed": self.changed,
            "unchanged": self.not.values().map(|(number, _)| number).sum::<usize>(),
            "reasons": reasons.collect::<Vec<_>>(),
        })
    }

    /// Says so; the exit code is a success if every event was changed.
    pub(super) fn told(&self, change: Change, how: How) -> Result<ExitCode, Failure> {
        let would = if how.dry_run { "would be " } else { "" };
        let mut out = stdout().lock();
        let written = (|| {
            if how.json {
                writeln!(out, "{}", self.json(change, how.dry_run))?;
                return out.flush();
            }
            writeln!(out, "{} {would}{}", events(self.changed), words(change).1)?;
            for (reason, (number, some)) in &self.not {
                let some: Vec<_> = some.iter().map(ToString::to_string).collect();
                let more = if *number > some.len() { ", ..." } else { "" };
                writeln!(out, "{} not, {reason}: {}{more}", events(*number), some.join(", "))?;
            }
            out.flush()
        })();
        written.map_err(Failure::output)?;
        Ok(if self.not.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// So many events, in words.
pub(super) fn events(number: usize) -> String {
    if number == 1 { "1 event".to_owned() } else { format!("{number} events") }
}
