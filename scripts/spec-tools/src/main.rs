//! `spec`: arguments to commands.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use spec_tools::check::check;
use spec_tools::document::Document;
use spec_tools::prepare;
use spec_tools::summary::summary;

/// Checks and prepares webhooks.yaml, and says what a new version of it asks of your code.
#[derive(Debug, Parser)]
#[command(name = "spec", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Refuse a spec that could not work or would not be safe, with every reason
    Check {
        /// The spec, YAML or JSON
        file: PathBuf,
    },
    /// Turn a spec into the document that the code generator's templates render
    Prepare {
        /// The spec, YAML or JSON
        input: PathBuf,
        /// Where the prepared JSON goes
        #[arg(long)]
        out: PathBuf,
    },
    /// Say which handler methods a new generated crate adds, changes or drops
    Summary {
        /// The crate as it was
        #[arg(long)]
        before: PathBuf,
        /// The crate as it is now
        #[arg(long)]
        after: PathBuf,
        /// The folder with the handlers, one file for each provider
        #[arg(long)]
        handlers: PathBuf,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check { file } => run_check(&file),
        Command::Prepare { input, out } => run_prepare(&input, &out),
        Command::Summary { before, after, handlers } => run_summary(&before, &after, &handlers),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run_check(file: &Path) -> Result<ExitCode, String> {
    let document = Document::load(file).map_err(|error| error.to_string())?;
    let report = check(&document);
    if report.is_ok() {
        println!("{report}");
        Ok(ExitCode::SUCCESS)
    } else {
        Err(report.to_string())
    }
}

fn run_prepare(input: &Path, out: &Path) -> Result<ExitCode, String> {
    let document = Document::load(input).map_err(|error| error.to_string())?;
    let bytes = std::fs::read(input).map_err(|error| format!("{}: {error}", input.display()))?;
    let digest = prepare::digest(&bytes);
    let prepared =
        prepare::prepare(document.value(), &digest).map_err(|error| format!("{}: {error}", input.display()))?;
    for warning in &prepared.warnings {
        eprintln!("{}: {warning}", input.display());
    }
    let text = serde_json::to_string_pretty(&prepared.document).map_err(|error| error.to_string())?;
    std::fs::write(out, text + "\n").map_err(|error| format!("{}: {error}; choose another --out", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn run_summary(before: &Path, after: &Path, handlers: &Path) -> Result<ExitCode, String> {
    print!("{}", summary(before, after, handlers).map_err(|error| error.to_string())?);
    Ok(ExitCode::SUCCESS)
}
