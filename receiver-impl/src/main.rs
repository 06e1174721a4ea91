//! Arguments to a command, and its result to an exit code: 0 done, 1 failed, 2 asked for wrongly or not configured.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use receiver::commands::{Cli, run};
use receiver::handlers;

/// An event's memory is allocated where it arrives and freed where it was handled, often in another thread; this one is
/// made for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    run(Cli::parse(), handlers::all())
}
