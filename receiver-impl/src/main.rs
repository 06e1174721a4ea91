//! Arguments to a command, and its result to an exit code: 0 done, 1 failed, 2 asked for wrongly or not configured.

use std::process::ExitCode;

use clap::Parser;
use receiver::commands::{Cli, run};
use receiver::handlers;

fn main() -> ExitCode {
    run(Cli::parse(), handlers::all())
}
