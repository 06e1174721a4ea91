//! `receiver man`: manual pages, one for the whole and one for each command.

use std::fs;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_mangen::{Man, generate_to};

use super::{Cli, Failure};

/// What `receiver man` is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "To read it: receiver man | man -l -\nTo install all: receiver man --to ~/.local/share/man/man1"
)]
pub struct ManArgs {
    /// Write the pages of all commands into this directory, instead of the first one to standard output
    #[arg(long, value_name = "DIRECTORY")]
    to: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs) -> Result<ExitCode, Failure> {
    let command = Cli::command().disable_help_subcommand(true);
    match &args.to {
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page).map_err(Failure::output)?;
            stdout().lock().write_all(&page).map_err(Failure::output)?;
        }
        Some(folder) => {
            let written = fs::create_dir_all(folder).and_then(|()| generate_to(command, folder));
            written.map_err(|error| Failure::run(format_args!("{} cannot be written: {error}", folder.display())))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
