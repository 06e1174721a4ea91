//! `spec new-provider`: its arguments, and what it tells the script that calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use spec_tools::document::Document;
use spec_tools::provider::{SCHEMES, Wish, add, wire};
use spec_tools::source::Source;
use spec_tools::surface::Surface;

/// What `spec new-provider` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct NewProvider {
    /// The provider's name, which becomes its tag and the prefix of its settings
    name: String,
    /// Our spec
    #[arg(long, default_value = "webhooks.yaml")]
    into: PathBuf,
    /// Where the spec with the provider goes
    #[arg(long, required_unless_present = "handlers")]
    out: Option<PathBuf>,
    /// The provider's own spec, OpenAPI 3.0 or 3.1; without it there is one example event
    #[arg(long)]
    spec: Option<PathBuf>,
    /// Only these events, by name or by family, between blanks or commas
    #[arg(long, value_delimiter = ' ')]
    events: Vec<String>,
    /// How it signs
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(SCHEMES))]
    scheme: Option<String>,
    /// Write the handlers of a provider that is generated already, into this folder
    #[arg(long, requires = "generated")]
    handlers: Option<PathBuf>,
    /// The generated crate
    #[arg(long)]
    generated: Option<PathBuf>,
}

pub(crate) fn run(arguments: &NewProvider) -> Result<ExitCode, String> {
    match (&arguments.handlers, &arguments.generated, &arguments.out) {
        (Some(handlers), Some(generated), _) => write_handlers(&arguments.name, generated, handlers)?,
        (_, _, Some(out)) => write_spec(arguments, out)?,
        _ => return Err("give `--out FILE`, or `--handlers FOLDER` and `--generated FOLDER`".to_owned()),
    }
    Ok(ExitCode::SUCCESS)
}

fn write_spec(arguments: &NewProvider, out: &Path) -> Result<(), String> {
    let ours = Document::load(&arguments.into).map_err(|error| error.to_string())?;
    let text = read(&arguments.into)?;
    let spec = arguments.spec.as_deref().map(Source::bundled).transpose().map_err(|error| error.to_string())?;
    let events = arguments.events.iter().flat_map(|events| events.split([' ', ',', '\n', '\t']));
    let events: Vec<_> = events.filter(|event| !event.is_empty()).map(str::to_owned).collect();
    let wish =
        Wish { name: &arguments.name, spec: spec.as_ref(), events: &events, scheme: arguments.scheme.as_deref() };
    let added = add(&ours, &text, wish).map_err(|refused| refused.to_string())?;
    write(out, &added.text)?;
    // Two lines a shell can read: what verifies, and an event to try.
    let kind = if added.is_hmac { "SECRETS" } else { "PUBLIC_KEYS" };
    println!("{}_{kind}", arguments.name.to_ascii_uppercase());
    println!("{}", added.events.iter().find(|event| !added.unshown.contains(event)).map_or("", String::as_str));
    eprintln!(
        "{}: {} as `{}`, {} at {}",
        arguments.name,
        counted(added.events.len(), "event"),
        added.scheme,
        counted(added.paths.len(), "path"),
        added.paths.join(", ")
    );
    for event in &added.unshown {
        eprintln!(
            "{}: `{event}` has no example, and none could be made: write one, or send with `--body`",
            arguments.name
        );
    }
    Ok(())
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn write_handlers(name: &str, generated: &Path, handlers: &Path) -> Result<(), String> {
    let surface = Surface::read(generated).map_err(|error| error.to_string())?;
    let provider = surface.providers.get(name).ok_or_else(|| {
        format!("{} has no provider `{name}`; it has {:?}", generated.display(), surface.providers.keys())
    })?;
    let (own, all) = (handlers.join(format!("{name}.rs")), handlers.with_extension("rs"));
    if own.exists() {
        return Err(format!("{} is there already; remove it, or choose another NAME", own.display()));
    }
    let wired = wire::wired(&read(&all)?, name, &provider.name).map_err(|refused| refused.to_string())?;
    write(&own, &wire::handlers(provider))?;
    write(&all, &wired)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
