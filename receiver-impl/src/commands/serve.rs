//! `receiver serve`: from the arguments to the last answer.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Builder;
use tracing::{info, warn};
use webhook_api::PROVIDERS;
use webhook_api::contract::Provider;

use super::{Failure, watchdog};
use crate::attempt::Dispatch;
use crate::config::{Config, Settings};
use crate::dev::DevSecrets;
use crate::logging;
use crate::metrics::Metrics;
use crate::providers::{self, Active};
use crate::rotation::Rotation;
use crate::secrets::Credentials;
use crate::server::{Hangups, Server, Signals, url};
use crate::start::start;

/// How long threads that are still in use may take to end.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

/// What each thread has as its stack, as the main thread of most systems does: JSON may be nested 127 deep, and each level
/// that a recursive schema reads takes some of it. Only what is used costs memory.
const STACK: usize = 8 << 20;

/// What `receiver serve` is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Secrets come from the environment alone: NAME_SECRETS, one a line, or NAME_SECRETS_FILE for each \
                        provider, for example GRIDX_SECRETS."
)]
pub struct ServeArgs {
    /// Read settings from this file instead of receiver.toml
    #[arg(long, env = "RECEIVER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Make up a secret for every provider that has none, and say how to send a signed event
    #[arg(long)]
    dev: bool,

    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run<D: Dispatch>(args: ServeArgs, handlers: D) -> Result<ExitCode, Failure> {
    let log = logging::start().map_err(Failure::usage)?;
    let dropped = log.dropped();
    let config = Config::load(args.settings, args.config.as_deref(), PROVIDERS).map_err(Failure::usage)?;
    let mut dev = DevSecrets::default();
    let active = active(&config, args.dev.then_some(&mut dev))?;
    let metrics = Metrics::default();
    metrics.list_dropped_lines(dropped.clone());
    let runtime = Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build().map_err(Failure::run)?;
    runtime.block_on(async {
        // Caught before anybody is told that the receiver is ready, so that no signal finds it half there.
        let mut stop = Signals::catch().map_err(Failure::run)?;
        let mut force = Signals::catch().map_err(Failure::run)?;
        let mut hangups = Hangups::catch().map_err(Failure::run)?;
        watchdog::start(config.shutdown_grace).map_err(Failure::run)?;
        let server = start(&config, &active, &metrics, handlers).await.map_err(Failure::run)?;
        let rotation = Rotation::start(&active).map_err(Failure::run)?;
        announce(&server, &dev).map_err(Failure::run)?;
        let stopped = async {
            let signal = stop.next().await;
            info!(signal, "told to stop");
        };
        let forced = async {
            force.next().await;
            force.next().await;
        };
        let told_to_read = async {
            loop {
                hangups.next().await;
                rotation.read_again();
            }
        };
        tokio::select! {
            () = server.run(stopped) => {}
            () = told_to_read => {}
            () = forced => warn!("told to stop again: requests under way are dropped"),
        }
        Ok::<_, Failure>(())
    })?;
    // A method that blocks its thread is left behind: everybody else was waited for.
    runtime.shutdown_timeout(LEFT_BEHIND);
    logging::end_spans();
    info!(dropped_log_lines = dropped.count(), "stopped");
    Ok(ExitCode::SUCCESS)
}

fn active(config: &Config, dev: Option<&mut DevSecrets>) -> Result<Vec<Active>, Failure> {
    let mut fault = None;
    let active = match dev {
        None => providers::active(config, &mut |_| None),
        Some(dev) => providers::active(config, &mut |provider: &'static Provider| {
            let made_up = dev.make_up(provider);
            made_up.unwrap_or_else(|error| {
                fault = Some(error);
                None::<Credentials>
            })
        }),
    };
    match fault {
        Some(error) => Err(Failure::run(format!("no secret can be made up and kept in data/dev: {error}"))),
        None => active.map_err(Failure::usage),
    }
}

/// Tells programs, and in dev mode people, where the receiver is.
fn announce(server: &Server, dev: &DevSecrets) -> io::Result<()> {
    let (public, admin) = (url(server.public_address()?), url(server.admin_address()?));
    for (provider, secret) in dev.made_up() {
        let Some((_, event)) = provider.events().find(|(_, event)| event.example.is_some()) else { continue };
        let (name, event, variable) = (provider.name, event.name, Credentials::variable(provider.name, true));
        let program = std::env::current_exe()?;
        let mut stderr = io::stderr().lock();
        writeln!(stderr, "\n{name}: this secret is made up, and good until the receiver stops:\n")?;
        writeln!(stderr, "    {}\n", secret.expose())?;
        writeln!(stderr, "Send a signed event from a second terminal:\n")?;
        writeln!(stderr, "    {variable}={} {} send {event} --to {public}\n", secret.expose(), program.display())?;
        // `send` goes to the default port unless told.
        let elsewhere = if public.ends_with(":8080") { String::new() } else { format!(" ARGS='--to {public}'") };
        writeln!(stderr, "or, in this folder, without the secret:\n\n    make send EVENT={event}{elsewhere}\n")?;
    }
    let mut stdout = io::stdout().lock();
    writeln!(stdout, r#"{{"ready":true,"public":"{public}","admin":"{admin}"}}"#)?;
    stdout.flush()?;
    info!(%public, %admin, "ready");
    Ok(())
}
