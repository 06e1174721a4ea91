//! The command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Result;

pub(crate) const HELP: &str = "\
Compares the receiver with a bare handler, in one run on this machine.

Usage: cargo bench -p receiver --bench throughput -- [OPTIONS]

  --quick             about 20 seconds: fewer rounds
  --rows TEXT         only the rows whose title contains TEXT; may be repeated
  --connections N     only the rows with N connections; may be repeated
  --rounds N          pairs of rounds in each row
  --round-ms N        how long a round should take, in milliseconds
  --json FILE         also write the figures to FILE
  --receiver FILE     measure this executable instead of the one just built
  --self-check        measure the bare handler against itself; fails unless the ratio is 1.00 within 0.03
  --list              name the rows and stop
  --help              this text
";

/// What the person, or this program when it starts itself, asked for.
pub(crate) enum Task {
    Help,
    List,
    /// Be the bare server for the events of this name.
    BareServer(String),
    Bench(Options),
}

/// How to measure, and what.
pub(crate) struct Options {
    pub(crate) rows: Vec<String>,
    pub(crate) connections: Vec<usize>,
    pub(crate) rounds: usize,
    pub(crate) round: Duration,
    pub(crate) json: Option<PathBuf>,
    pub(crate) receiver: PathBuf,
    pub(crate) self_check: bool,
}

pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Task> {
    let mut options = Options {
        rows: Vec::new(),
        connections: Vec::new(),
        rounds: 120,
        round: Duration::from_millis(50),
        json: None,
        receiver: PathBuf::from(env!("CARGO_BIN_EXE_receiver")),
        self_check: false,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--list" => return Ok(Task::List),
            "--bare-server" => return Ok(Task::BareServer(value()?)),
            // `cargo bench` adds this one.
            "--bench" => {}
            "--quick" => (options.rounds, options.round) = (30, Duration::from_millis(50)),
            "--rows" => options.rows.push(value()?),
            "--connections" => options.connections.push(number(&argument, &value()?)?),
            "--rounds" => options.rounds = number(&argument, &value()?)?,
            "--round-ms" => options.round = Duration::from_millis(number(&argument, &value()?)? as u64),
            "--json" => options.json = Some(from_here(&value()?)),
            "--receiver" => options.receiver = from_here(&value()?),
            "--self-check" => options.self_check = true,
            other => return Err(format!("unknown option {other}\n\n{HELP}").into()),
        }
    }
    Ok(Task::Bench(options))
}

/// The file that the person means: `cargo bench` changes to the package's folder, but leaves `PWD`.
fn from_here(file: &str) -> PathBuf {
    Path::new(&std::env::var_os("PWD").unwrap_or_default()).join(file)
}

fn number(option: &str, text: &str) -> Result<usize> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{option} wants a number above zero, not {text:?}").into()),
    }
}
