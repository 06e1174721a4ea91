//! `receiver verify-inbox`: whether a file of kept events holds together.

use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::Failure;
use super::place::{PlaceArgs, Where};
use crate::config::Span;
use crate::inbox::sqlite::verify::{Check, Verdict, verify};
use crate::log_text::Shown;

/// What `receiver verify-inbox` is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The file is only read; a receiver may be using it. The exit code is 0 if it is sound, 1 if it \
                        is not, and 2 if that cannot be said."
)]
pub struct VerifyInboxArgs {
    /// The file; else the inbox that `receiver serve` would use here
    path: Option<PathBuf>,

    /// Equal events that came within this time of each other are one that was kept twice
    #[arg(long, value_name = "TIME", default_value = "1h")]
    window: Span,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) fn run(args: &VerifyInboxArgs) -> Result<ExitCode, Failure> {
    let path = match &args.path {
        Some(path) => path.clone(),
        None => match args.place.target()?.place {
            Where::File(path) => path,
            Where::Broker(address) => {
                return Err(Failure::usage(format_args!(
                    "{address} is on a broker, which checks what it has itself; this command is for files"
                )));
            }
        },
    };
    let verdict = verify(&path, args.window.0).map_err(Failure::usage)?;
    let text = if args.json { object(&verdict) } else { lines(&verdict) };
    stdout().lock().write_all(text.as_bytes()).map_err(Failure::output)?;
    Ok(if verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn lines(verdict: &Verdict) -> String {
    let mut text = String::new();
    for Check { name, must, wrong, examples } in &verdict.checks {
        // Writing to a text cannot fail.
        let _ = match wrong {
            0 => writeln!(text, "ok     {name:<18}  {must}"),
            _ => {
                let examples: Vec<_> = examples.iter().map(|example| Shown(example).to_string()).collect();
                let more = if *wrong > examples.len() as u64 { "; ..." } else { "" };
                writeln!(text, "WRONG  {name:<18}  {must}, but {wrong} times not: {}{more}", examples.join("; "))
            }
        };
    }
    let states: Vec<_> = verdict.states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let (events, sound) = (verdict.events, if verdict.is_sound() { "sound" } else { "NOT SOUND" });
    let _ =
        writeln!(text, "{sound}: {events} events{}{}", if states.is_empty() { "" } else { ", " }, states.join(", "));
    text
}

fn object(verdict: &Verdict) -> String {
    let checks = verdict.checks.iter().map(|Check { name, must, wrong, examples }| {
        json!({"check": name, "must": must, "wrong": wrong, "examples": examples})
    });
    let mut object = json!({
        "sound": verdict.is_sound(),
        "events": verdict.events,
        "checks": checks.collect::<Vec<_>>(),
    });
    for (state, count) in &verdict.states {
        object[state.name()] = (*count).into();
    }
    format!("{object}\n")
}
