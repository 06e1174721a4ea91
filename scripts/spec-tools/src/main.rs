//! `spec`: arguments to commands.

mod new_provider;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use new_provider::NewProvider;
use spec_tools::check::check;
use spec_tools::diff;
use spec_tools::prepare;
use spec_tools::source::{Endpoints, Leniency, Settings, Source};
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
        #[command(flatten)]
        settings: Asked,
    },
    /// Turn a spec into the document that the code generator's templates render
    Prepare {
        /// The spec, YAML or JSON
        input: PathBuf,
        /// Where the prepared JSON goes
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        settings: Asked,
    },
    /// Say what a change of the spec does to the receiver that runs today: 0 if nothing fails, 1 if something does, 2 if
    /// they cannot be compared
    Diff(diff::command::Arguments),
    /// Add a provider to the spec and, once it is generated, to the handlers
    NewProvider(NewProvider),
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

/// What the spec does not say of itself; without these, its own `x-webhook-settings` count.
#[derive(Debug, Args)]
struct Asked {
    /// The provider of `webhooks` and of operations without a tag
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Whether each webhook has a path of its own, or all share `one`
    #[arg(long, value_name = "each|one")]
    endpoints: Option<Endpoints>,
    /// With one endpoint: where a delivery names its event; a second place has what the first leaves open
    #[arg(long, value_name = "header:NAME|/POINTER")]
    event: Vec<String>,
    /// Whether members may be absent or differ from their schemas: `lenient`, or `strict`
    #[arg(long, value_name = "strict|lenient")]
    models: Option<Leniency>,
}

impl Asked {
    fn settings(self) -> Settings {
        let Self { provider, endpoints, event, models } = self;
        Settings { provider, endpoints, event, models }
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check { file, settings } => run_check(&file, &settings.settings()),
        Command::Prepare { input, out, settings } => run_prepare(&input, &out, &settings.settings()),
        Command::Diff(arguments) => Ok(diff::command::run(&arguments)),
        Command::NewProvider(arguments) => new_provider::run(&arguments),
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

fn run_check(file: &Path, asked: &Settings) -> Result<ExitCode, String> {
    let source = Source::load(file, asked).map_err(|error| error.to_string())?;
    let report = check(&source.document);
    if report.is_ok() {
        eprint!("{}", report.warnings());
        println!("{report}");
        Ok(ExitCode::SUCCESS)
    } else {
        Err(report.to_string())
    }
}

fn run_prepare(input: &Path, out: &Path, asked: &Settings) -> Result<ExitCode, String> {
    let source = Source::load(input, asked).map_err(|error| error.to_string())?;
    let prepared = prepare::prepare_with(source.document.value(), &source.digest, &source.settings)
        .map_err(|error| format!("{}: {error}", input.display()))?;
    for warning in source.warnings.iter().chain(&prepared.warnings) {
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
