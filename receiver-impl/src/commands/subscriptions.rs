//! `receiver subscriptions`: the providers' management APIs, with one vocabulary for all of them.

mod applicable;
mod greenlake;
mod gridx;
mod nursa;
mod options;
mod output;
mod rehearsal;
mod rotate;
mod running;
mod session;
mod setup;
mod steps;
mod target;
mod trial;
mod vault;

use std::process::ExitCode;

use clap::Subcommand;
use http::Uri;

use super::Failure;
use crate::subscriptions::Api;
use options::{CommonArgs, Kind, ProviderName};
use session::Session;

/// What `receiver subscriptions` is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Tokens come from GRIDX_TOKEN, GREENLAKE_TOKEN or GREENLAKE_CLIENT_ID with GREENLAKE_CLIENT_SECRET, and \
                        NURSA_TOKEN, or from files that NAME_FILE names. The exit code is 0 if it worked, 1 if it did not, \
                        and 2 if it was asked for wrongly."
)]
pub struct SubscriptionsArgs {
    #[command(subcommand)]
    verb: Verb,

    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The whole way: create, put the secret in place, test, see the event arrive, activate.
    Setup(setup::SetupArgs),
    /// Print what is registered.
    List(ListArgs),
    /// Print one of them.
    Show(OneArgs),
    /// Register; the secret goes into the provider's file of secrets.
    Create(CreateArgs),
    /// Change what is registered.
    Update(UpdateArgs),
    /// End it.
    Delete(DeleteArgs),
    /// Have a test event (gridX), a challenge (HPE) or a signed event of our own (Nursa) delivered.
    Test(OneArgs),
    /// HPE: have the challenge sent now.
    Verify(OneArgs),
    /// A new secret without one refused delivery.
    Rotate(rotate::RotateArgs),
    /// HPE and Nursa: what was sent lately, and what was answered.
    Deliveries(DeliveriesArgs),
    /// HPE: have a failed delivery sent again.
    Retry(RetryArgs),
    /// gridX: whose token it is.
    Whoami(WhoamiArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    provider: ProviderName,
    /// Only this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// HPE subscriptions: only of this webhook
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
}

#[derive(Debug, clap::Args)]
struct OneArgs {
    provider: ProviderName,
    /// Which one; `list` shows the ids
    id: String,
    /// Its kind, if not the usual one
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    provider: ProviderName,
    /// What to register, if not the usual kind
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Begin without deliveries (gridX webhooks)
    #[arg(long)]
    inactive: bool,
    #[command(flatten)]
    values: Values,
}

#[derive(Debug, clap::Args)]
struct UpdateArgs {
    provider: ProviderName,
    /// Which one; `list` shows the ids
    id: String,
    /// Its kind, if not the usual one
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Deliver (gridX and HPE webhooks)
    #[arg(long, conflicts_with = "inactive")]
    active: bool,
    /// Do not deliver (gridX and HPE webhooks)
    #[arg(long)]
    inactive: bool,
    #[command(flatten)]
    values: Values,
}

/// What a registration says.
#[derive(Debug, Default, clap::Args)]
struct Values {
    /// Where deliveries go; without a path, the provider's is put behind it
    #[arg(long, value_name = "URL")]
    target: Option<Uri>,
    /// An event type; several times for several
    #[arg(long, value_name = "TYPE")]
    event: Vec<String>,
    /// HPE webhooks: the name, unique in the workspace
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// HPE webhooks: a text for people
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// HPE webhooks: whether several events may come in one delivery
    #[arg(long, value_name = "BOOL")]
    batching: Option<bool>,
    /// HPE webhooks: whether HPE sends challenges
    #[arg(long, value_name = "BOOL")]
    challenges: Option<bool>,
    /// What HPE authenticates with.
    #[command(flatten)]
    auth: Box<greenlake::AuthArgs>,
    /// HPE subscriptions: the webhook
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
    /// HPE subscriptions: which events, an expression over their data; gridX rules: NAME=CONDITION; empty: all
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
    /// Nursa facility webhooks: a facility; several times for several, without it all
    #[arg(long, value_name = "ID")]
    facility: Vec<String>,
}

#[derive(Debug, clap::Args)]
struct DeleteArgs {
    provider: ProviderName,
    /// Which ones; `list` shows the ids
    #[arg(required = true)]
    id: Vec<String>,
    /// Their kind, if not the usual one
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// HPE webhooks: even with subscriptions
    #[arg(long)]
    force: bool,
}

#[derive(Debug, clap::Args)]
struct DeliveriesArgs {
    provider: ProviderName,
    /// HPE: the webhook
    id: Option<String>,
    /// The most deliveries; HPE tells 200 at once, Nursa 100
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(i32).range(1..))]
    limit: i32,
    /// How many to pass over
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(0..))]
    offset: Option<i32>,
    /// Nursa: only of this event type
    #[arg(long, value_name = "TYPE")]
    event: Option<String>,
    /// Nursa: only of this facility; several times for several
    #[arg(long, value_name = "ID")]
    facility: Vec<String>,
    /// Nursa: not before this time, such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Nursa: before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Nursa: the oldest first
    #[arg(long)]
    oldest_first: bool,
}

#[derive(Debug, clap::Args)]
struct RetryArgs {
    provider: ProviderName,
    /// The webhook
    id: String,
    /// The failure, as `deliveries` shows it
    failure: String,
}

#[derive(Debug, clap::Args)]
struct WhoamiArgs {
    provider: ProviderName,
}

impl Verb {
    fn provider(&self) -> ProviderName {
        match self {
            Self::Setup(args) => args.provider,
            Self::List(args) => args.provider,
            Self::Show(args) | Self::Test(args) | Self::Verify(args) => args.provider,
            Self::Create(args) => args.provider,
            Self::Update(args) => args.provider,
            Self::Delete(args) => args.provider,
            Self::Rotate(args) => args.provider,
            Self::Deliveries(args) => args.provider,
            Self::Retry(args) => args.provider,
            Self::Whoami(args) => args.provider,
        }
    }
}

pub(super) fn run(args: &SubscriptionsArgs) -> Result<ExitCode, Failure> {
    let api = args.verb.provider().into();
    applicable::check(api, &args.verb, &args.common)?;
    let session = Session::open(api, &args.common)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
    runtime.block_on(async {
        match (&args.verb, session.api) {
            (Verb::Setup(args), _) => setup::run(&session, args).await,
            (Verb::Rotate(args), _) => rotate::run(&session, args).await,
            (verb, Api::Gridx) => gridx::run(&session, verb).await,
            (verb, Api::Greenlake) => greenlake::run(&session, verb).await,
            (verb, Api::Nursa) => nursa::run(&session, verb).await,
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A provider's API has no such call.
fn unsupported(api: Api, what: &str) -> Failure {
    Failure::usage(format_args!("{} has no {what}", api.name()))
}

/// An update that says nothing.
fn nothing_to_change(options: &str) -> Failure {
    Failure::usage(format_args!("nothing is to change: give {options}"))
}

/// An option that a call cannot do without.
fn needed<T: Clone>(value: Option<&T>, option: &str) -> Result<T, Failure> {
    value.cloned().ok_or_else(|| Failure::usage(format_args!("`{option}` is missing")))
}

/// At least one event type.
fn events(values: &Values) -> Result<Vec<String>, Failure> {
    if values.event.is_empty() { Err(Failure::usage("`--event` is missing")) } else { Ok(values.event.clone()) }
}

/// How many a person wants to see, of which a provider tells so many at once.
fn at_most(api: Api, limit: i32, most: i32) -> Result<i32, Failure> {
    if limit <= most {
        return Ok(limit);
    }
    Err(Failure::usage(format_args!(
        "{} tells {most} at once: write `--limit {most}`, and `--offset` for more",
        api.name()
    )))
}
