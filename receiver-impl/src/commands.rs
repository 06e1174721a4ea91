//! The command line: one file per subcommand.

mod completions;
mod events;
mod health;
mod man;
mod place;
mod send;
mod serve;
mod subscriptions;
mod terminal;
mod verify;
mod verify_inbox;
mod watchdog;

use std::borrow::Borrow;
use std::fmt;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::attempt::Dispatch;

pub use completions::CompletionsArgs;
pub use events::EventsArgs;
pub use health::HealthArgs;
pub use man::ManArgs;
pub use send::SendArgs;
pub use serve::ServeArgs;
pub use subscriptions::SubscriptionsArgs;
pub use verify::VerifyArgs;
pub use verify_inbox::VerifyInboxArgs;

/// Receives webhooks: verifies, identifies and handles the events that webhooks.yaml declares.
#[derive(Debug, Parser)]
#[command(name = "receiver", version, long_version = crate::version::long())]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Receive events and hand them to the handlers.
    Serve(ServeArgs),
    /// Sign and send the example of an event, as its provider would.
    Send(SendArgs),
    /// Say why a captured request verifies or does not.
    Verify(VerifyArgs),
    /// Look at the events that are kept, and change what becomes of them.
    Events(EventsArgs),
    /// Register with the providers, and change, test and end what is registered.
    Subscriptions(SubscriptionsArgs),
    /// Check that an inbox holds together: nothing lost, nothing kept twice.
    VerifyInbox(VerifyInboxArgs),
    /// Ask the receiver that runs here whether it lives, or is ready.
    Health(HealthArgs),
    /// Print what a shell needs to complete these commands.
    Completions(CompletionsArgs),
    /// Print or write manual pages.
    Man(ManArgs),
}

/// Why a command failed. Its exit code tells a script whether trying again makes sense.
#[derive(Debug)]
struct Failure {
    code: u8,
    text: String,
}

/// Runs a command to its end; `handlers` are what `serve` hands events to.
pub fn run<D: Dispatch>(cli: Cli, handlers: D) -> ExitCode {
    let outcome = match cli.command {
        Command::Serve(args) => serve::run(args, handlers),
        Command::Send(args) => send::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Subscriptions(args) => subscriptions::run(&args),
        Command::VerifyInbox(args) => verify_inbox::run(&args),
        Command::Health(args) => health::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            if !failure.text.is_empty() {
                eprintln!("error: {}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
}

impl Failure {
    /// The command is not configured, or asked for something that is not there.
    fn usage(error: impl fmt::Display) -> Self {
        Self { code: 2, text: error.to_string() }
    }

    /// What the command says cannot be written. A reader that went away has what it wanted.
    fn output(error: impl Borrow<io::Error>) -> Self {
        let error = error.borrow();
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self { code: 0, text: String::new() },
            _ => Self::run(format_args!("the output cannot be written: {error}")),
        }
    }

    /// The command was fine and did not succeed.
    fn run(error: impl fmt::Display) -> Self {
        Self { code: 1, text: error.to_string() }
    }
}
