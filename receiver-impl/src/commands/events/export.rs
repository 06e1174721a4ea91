//! `receiver events export`.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write, stderr, stdout};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use super::access::Access;
use super::change::events;
use super::choice::{self, Choice};
use super::progress::Progress;
use crate::commands::{Failure, terminal};

/// What `receiver events export` is told.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    choice: Choice,

    /// Write to this file, which only its owner can read, instead of standard output
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,

    /// A line of JSON for each event, as always; here so that every command takes it
    #[arg(long = "json")]
    _json: bool,
}

pub(super) async fn run(access: &Access, args: &ExportArgs) -> Result<ExitCode, Failure> {
    let found = choice::find(access, &args.choice.filter()).await?;
    let ids: Vec<_> = found.into_iter().map(|event| event.id).collect();
    let Some(path) = &args.to else {
        write_all(access, &ids, &mut BufWriter::new(stdout())).await?;
        return Ok(ExitCode::SUCCESS);
    };
    let cannot = |error| Failure::run(format_args!("{} cannot be written: {error}", path.display()));
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).map_err(cannot)?;
    let mut file = BufWriter::new(file);
    let written = write_all(access, &ids, &mut file).await?;
    file.into_inner().map_err(|error| cannot(error.into_error()))?.sync_all().map_err(cannot)?;
    writeln!(stderr(), "{} written to {}", events(written), path.display()).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

async fn write_all(access: &Access, ids: &[crate::inbox::EventId], out: &mut impl Write) -> Result<usize, Failure> {
    let progress = Progress::of(ids.len());
    let (mut next, mut written) = (0, 0);
    while let Some(rest) = ids.get(next..).filter(|rest| !rest.is_empty()) {
        let portion = rest.get(..crate::wire::EXPORTED).unwrap_or(rest);
        let records = access.records(portion).await?;
        for record in &records {
            writeln!(out, "{}", terminal::json(&record.to_line())).map_err(Failure::output)?;
        }
        written += records.len();
        // Some may be gone since they were found, and an answer has an end.
        let last = records.last().and_then(|last| portion.iter().position(|id| *id == last.id));
        next += last.map_or(portion.len(), |place| place + 1);
        progress.at(next);
    }
    out.flush().map_err(Failure::output)?;
    Ok(written)
}
