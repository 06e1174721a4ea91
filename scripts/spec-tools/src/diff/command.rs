//! `spec diff` as a command.

use std::process::ExitCode;

use clap::Args;

use super::{Class, Format, Source, SourceError, diff, render};

/// What `spec diff` is told.
///
/// Exit codes: 0 if nothing was found that `--fail-on` names, 1 if something was, 2 if the two could not be compared.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The spec that the receiver which runs today was built from: a file, or REV:PATH in git
    old: String,
    /// The spec to come: a file, or REV:PATH in git
    new: String,
    /// Who reads the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Classes that make the exit code 1: security, breaks, handler, tolerated, docs
    #[arg(long, value_delimiter = ',', value_name = "CLASS,...")]
    fail_on: Vec<Class>,
    /// The crate generated from OLD, to show what changes in Rust: a folder, or REV:PATH in git
    #[arg(long, requires = "new_crate", value_name = "OLD")]
    old_crate: Option<String>,
    /// The crate generated from NEW
    #[arg(long, requires = "old_crate", value_name = "NEW")]
    new_crate: Option<String>,
}

/// Compares, prints, and says how it ends.
pub fn run(arguments: &Arguments) -> ExitCode {
    match report(arguments) {
        Ok(report) => {
            print!("{}", render(&report, arguments.format));
            let failed = report.findings.iter().any(|finding| arguments.fail_on.contains(&finding.class()));
            ExitCode::from(u8::from(failed))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn report(arguments: &Arguments) -> Result<super::Report, SourceError> {
    let source = |text: &str| text.parse::<Source>().unwrap_or_else(|never| match never {});
    let (old, new) = (source(&arguments.old).document()?, source(&arguments.new).document()?);
    let crates = match (&arguments.old_crate, &arguments.new_crate) {
        (Some(old), Some(new)) => Some((source(old).surface()?, source(new).surface()?)),
        _ => None,
    };
    Ok(diff(&old, &new, crates.as_ref().map(|(old, new)| (old, new))))
}
