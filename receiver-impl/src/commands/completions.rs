//! `receiver completions`: what a shell needs to complete `receiver` commands.

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::{Cli, Failure};

/// What `receiver completions` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "For bash: receiver completions bash > ~/.local/share/bash-completion/completions/receiver")]
pub struct CompletionsArgs {
    /// For which shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    // Written at once: a pipe that is closed early is no reason to panic.
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "receiver", &mut script);
    stdout().lock().write_all(&script).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}
