//! `receiver events import`.
//!
//! A file may be imported twice: what is here already is not kept again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::access::Access;
use super::progress::Progress;
use crate::commands::Failure;
use crate::inbox::{PORTION, Record};
use crate::log_text::Shown;
use crate::wire::{IMPORT_BYTES, Imported};

/// What `receiver events import` is told.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// What `receiver events export` wrote, or - for standard input
    file: PathBuf,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A portion takes no further line once it has this many bytes.
const PORTION_BYTES: usize = 4 << 20;

pub(super) async fn run(access: &Access, args: &ImportArgs) -> Result<ExitCode, Failure> {
    if args.file == Path::new("-") {
        return import(access, stdin().lock(), Progress::of_a_stream(), args.json).await;
    }
    let cannot = |error| Failure::usage(format_args!("{} cannot be read: {error}", args.file.display()));
    let file = File::open(&args.file).map_err(cannot)?;
    let length = file.metadata().map_or(0, |data| data.len());
    import(access, BufReader::new(file), Progress::of_bytes(length), args.json).await
}

async fn import(access: &Access, input: impl BufRead, progress: Progress, json: bool) -> Result<ExitCode, Failure> {
    let mut lines = Lines { input, number: 0 };
    // A line that did not go into the portion before.
    let mut left = None;
    let mut total = Imported::default();
    let mut bytes = 0;
    let wrong = loop {
        let mut portion = Vec::new();
        let mut size = 0;
        let mut end = None;
        while portion.len() < PORTION && size < PORTION_BYTES {
            match left.take().map_or_else(|| lines.next(), |line| Ok(Some(line))) {
                Ok(Some((length, record))) if !portion.is_empty() && size + length > PORTION_BYTES => {
                    left = Some((length, record));
                    break;
                }
                Ok(Some((length, record))) => {
                    size += length;
                    portion.push(record);
                }
                Ok(None) => end = Some(None),
                Err(wrong) => end = Some(Some(wrong)),
            }
            if end.is_some() {
                break;
            }
        }
        if !portion.is_empty() {
            let imported = access.import(portion).await?;
            total.kept += imported.kept;
            total.duplicates += imported.duplicates;
        }
        bytes += size;
        progress.at(bytes);
        if let Some(wrong) = end {
            break wrong;
        }
    };
    drop(progress);
    let Imported { kept, duplicates } = total;
    let told = if json {
        serde_json::to_string(&total).map_err(Failure::run)?
    } else {
        format!("{kept} kept, {duplicates} were here already")
    };
    writeln!(stdout(), "{told}").map_err(Failure::output)?;
    match wrong {
        None => Ok(ExitCode::SUCCESS),
        Some(wrong) => Err(Failure::run(format_args!(
            "{wrong}; nothing from there on is imported: set it right and import all of it again"
        ))),
    }
}

/// Records from a text, a line each.
struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The next one that is not blank, and how long it is.
    fn next(&mut self) -> Result<Option<(usize, Record)>, String> {
        loop {
            let mut line = Vec::new();
            self.number += 1;
            let number = self.number;
            let most = IMPORT_BYTES as u64;
            let read = self.input.by_ref().take(most).read_until(b'\n', &mut line);
            let length = read.map_err(|error| format!("line {number} cannot be read: {error}"))?;
            if length == 0 {
                return Ok(None);
            }
            if length as u64 == most {
                return Err(format!("line {number} has {most} bytes or more, which no event has"));
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let record = str::from_utf8(&line).map_err(|error| error.to_string());
            let record = record.and_then(Record::from_line).and_then(Record::importable);
            return record
                .map(|record| Some((length, record)))
                .map_err(|error| format!("line {number} is no event: {}", Shown(&error)));
        }
    }
}
