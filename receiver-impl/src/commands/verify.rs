//! `receiver verify`: why a captured request verifies or does not, for whoever makes both sides fit.
//!
//! What it prints may be shown around: no secret, and no signature that was computed rather than read. A part of one
//! would help nobody, and a whole one would make this a machine that signs any body with the configured secret.

mod capture;
mod json;
mod report;

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use http::HeaderMap;
use webhook_api::PROVIDERS;
use webhook_api::contract::{Endpoint, Provider};

use super::Failure;
use crate::config::{Challenges, Config, ProviderConfig, Settings};
use crate::dev;
use crate::diagnose::diagnose;
use crate::handshake::Handshake;
use crate::providers;
use crate::secrets::Credentials;
use crate::suggest::closest;

use capture::Capture;
use report::{Report, Scheme};

/// What `receiver verify` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Secrets are read as `receiver serve` reads them, and never shown. The exit code is 0 if the \
                        request verifies, 1 if it does not, and 2 if that cannot be said.")]
pub struct VerifyArgs {
    /// Who sent it
    #[arg(long, value_name = "NAME")]
    provider: String,

    /// The endpoint it was sent to; else the one of the captured request line, or the provider's first
    #[arg(long, value_name = "ID")]
    endpoint: Option<String>,

    /// The request's headers, a `Name: value` a line; a whole head, or what `curl -v` shows, will do
    #[arg(long, value_name = "FILE")]
    headers: PathBuf,

    /// The request's raw body
    #[arg(long, value_name = "FILE")]
    body: PathBuf,

    /// When it arrived, in seconds since 1970; else now
    #[arg(long, value_name = "SECONDS")]
    now: Option<u64>,

    /// Read settings from this file instead of receiver.toml
    #[arg(long, env = "RECEIVER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let provider = find(&args.provider, "provider", PROVIDERS, |provider| provider.name)?;
    let capture = Capture::parse(&read(&args.headers)?)
        .map_err(|fault| Failure::usage(format!("{}: {fault}", args.headers.display())))?;
    let body = read(&args.body)?;
    let config = Config::load(Settings::default(), args.config.as_deref(), PROVIDERS).map_err(Failure::usage)?;
    let config = config.providers.iter().find(|config| config.provider.name == provider.name);
    let config = config.ok_or_else(|| Failure::usage(format!("`{}` has no configuration", provider.name)))?;
    let endpoint = endpoint(config.provider, args.endpoint.as_deref(), &capture)?;
    let report = report(config, endpoint, &capture, &body, args)?;
    report.print(args.json).map_err(Failure::run)?;
    Ok(if report.is_verified() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report<'a>(
    config: &ProviderConfig,
    endpoint: &'static Endpoint,
    capture: &'a Capture,
    body: &'a [u8],
    args: &VerifyArgs,
) -> Result<Report<'a>, Failure> {
    let credentials = credentials(config)?;
    let guards = providers::guards(config, &credentials).map_err(Failure::usage)?;
    let of_endpoint = guards.endpoint(endpoint.id).ok_or_else(|| Failure::usage("the endpoint has no guards"))?;
    let headers = &capture.headers;
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let now = args.now.unwrap_or_else(clock);
    let verdict = guards.authorize(headers).and_then(|()| of_endpoint.verify(headers, body, now));
    let authorized = guards.authorize(headers).is_ok();
    let challenge = challenge(endpoint, config.challenge, headers, body).filter(|_| authorized && verdict.is_err());
    // A scheme whose header is not there did not go wrong where another one's is.
    let has_any = of_endpoint.schemes().any(|scheme| headers.contains_key(scheme.header));
    let mut schemes: Vec<Scheme> = Vec::new();
    for scheme in endpoint.guards.iter().copied().flatten() {
        let hmac = scheme.algorithm.is_hmac();
        let keys = if hmac { &credentials.secrets } else { &credentials.public_keys };
        let verifier = of_endpoint.verifiers().find(|verifier| verifier.scheme().name == scheme.name);
        let to_try = keys.as_ref().filter(|_| verdict.is_err() && (!has_any || headers.contains_key(scheme.header)));
        let to_try = to_try.map(|keys| keys.keys());
        schemes.push(match (verifier, keys) {
            (Some(verifier), Some(keys)) => Scheme::InForce {
                diagnosis: diagnose(verifier, to_try, headers, body, now),
                source: keys.source().to_owned(),
                keys: keys.keys().len(),
                tolerance: config.tolerance.map(|tolerance| tolerance.as_secs()),
            },
            _ => Scheme::Without { scheme, variable: Credentials::variable(config.provider.name, hmac) },
        });
    }
    Ok(Report { endpoint, capture, body, now, verdict, challenge, schemes })
}

/// What becomes of a challenge without a signature, if this is one.
fn challenge(
    endpoint: &'static Endpoint,
    settings: Challenges,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<&'static str> {
    let answered = Challenges::Answer { per_minute: NonZeroU32::MIN };
    let handshake = Handshake::new(endpoint, answered).ok().flatten()?;
    let signed = handshake.unsigned(headers, body, Instant::now())?;
    Some(match (signed, settings) {
        (Err(_), _) => "it asks for nothing that may be signed, and is answered as malformed",
        (Ok(_), Challenges::Answer { .. }) => "it is answered although nothing proves who sent it, and is no event",
        (Ok(_), Challenges::Refuse) => "the settings have challenges refused",
    })
}

/// What the receiver itself would read, else what a receiver in dev mode made up.
fn credentials(config: &ProviderConfig) -> Result<Credentials, Failure> {
    let found = providers::read(config, &|name| std::env::var_os(name)).map_err(Failure::usage)?;
    if !found.is_empty() {
        return Ok(found);
    }
    let made_up = dev::secret(config.provider.name).map(Credentials::made_up);
    Ok(Credentials { authorization: found.authorization, ..made_up.unwrap_or_default() })
}

/// The endpoint that is named, or that the request line has the path of, or the first.
fn endpoint(provider: &'static Provider, id: Option<&str>, capture: &Capture) -> Result<&'static Endpoint, Failure> {
    let endpoints = provider.endpoints;
    if let Some(id) = id {
        return find(id, "endpoint", endpoints, |endpoint| endpoint.id).copied();
    }
    let path = capture.path.as_deref();
    let of_path = endpoints.iter().find(|endpoint| Some(endpoint.path) == path);
    let found = of_path.or(endpoints.first()).copied();
    found.ok_or_else(|| Failure::usage(format!("`{}` has no endpoints", provider.name)))
}

fn find<'a, T>(wanted: &str, what: &str, all: &'a [T], name: impl Fn(&T) -> &'static str) -> Result<&'a T, Failure> {
    let names = || all.iter().map(&name);
    all.iter().find(|one| name(one) == wanted).ok_or_else(|| {
        Failure::usage(match closest(wanted, names()) {
            Some(near) => format!("there is no {what} `{wanted}`; did you mean `{near}`?"),
            None => format!("there is no {what} `{wanted}`; there is {}", names().collect::<Vec<_>>().join(", ")),
        })
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::usage(format!("{} cannot be read: {error}", path.display())))
}
