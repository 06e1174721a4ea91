//! `receiver events`: what operators do with kept events, whether or not a receiver runs.

mod access;
mod change;
mod choice;
mod confirm;
mod export;
mod import;
mod list;
mod pretty;
mod progress;
mod prune;
pub(super) mod remote;
mod show;
mod stats;

use std::process::ExitCode;

use clap::Subcommand;

use super::Failure;
use super::place::PlaceArgs;
use crate::inbox::Change;
use access::{Access, Purpose};

/// What `receiver events` is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A receiver that runs is asked over its admin port, which is found by the inbox; without one the \
                        file itself is opened. The exit code is 0 if it worked, 1 if it did not, and 2 if it was asked \
                        for wrongly."
)]
pub struct EventsArgs {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print events, the newest first.
    List(list::ListArgs),
    /// Print everything about one event: headers, body, attempts.
    Show(show::ShowArgs),
    /// Handle events again, whatever became of them.
    Replay(change::ChangeArgs),
    /// Try at once what is retrying, dead or parked.
    Retry(change::ChangeArgs),
    /// Put aside what waits or is dead.
    Park(change::ChangeArgs),
    /// Write events as JSON lines, the oldest first.
    Export(export::ExportArgs),
    /// Take back what export wrote, in the state that it had.
    Import(import::ImportArgs),
    /// Remove events that are old.
    Prune(prune::PruneArgs),
    /// Print how many events there are in each state.
    Stats(stats::StatsArgs),
}

pub(super) fn run(args: &EventsArgs) -> Result<ExitCode, Failure> {
    let target = args.place.target()?;
    let purpose = match &args.verb {
        Verb::List(_) | Verb::Show(_) | Verb::Export(_) | Verb::Stats(_) => Purpose::Read,
        Verb::Replay(change) | Verb::Retry(change) | Verb::Park(change) => change.purpose()?,
        Verb::Prune(prune) => prune.purpose()?,
        Verb::Import(_) => Purpose::Fill,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.map_err(Failure::run)?.block_on(async {
        let access = Access::open(&target, purpose).await?;
        let outcome = match &args.verb {
            Verb::List(args) => list::run(&access, args).await,
            Verb::Show(args) => show::run(&access, args).await,
            Verb::Replay(args) => change::run(&access, args, Change::Replay).await,
            Verb::Retry(args) => change::run(&access, args, Change::Retry).await,
            Verb::Park(args) => change::run(&access, args, Change::Park).await,
            Verb::Export(args) => export::run(&access, args).await,
            Verb::Import(args) => import::run(&access, args).await,
            Verb::Prune(args) => prune::run(&access, args).await,
            Verb::Stats(args) => stats::run(&access, args).await,
        };
        access.close().await;
        outcome
    })
}
