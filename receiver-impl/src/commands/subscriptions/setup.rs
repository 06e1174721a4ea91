//! `receiver subscriptions setup`: from nothing to events that arrive. Each step first looks whether it is done already,
//! at the provider and in the file of secrets, so that running it again goes on where it stopped.

mod greenlake;
mod gridx;
mod nursa;

use http::Uri;
use serde_json::Value;

use super::greenlake::AuthArgs;
use super::options::{Kind, ProviderName};
use super::output;
use super::rehearsal;
use super::running::Running;
use super::session::Session;
use super::steps::Steps;
use super::target;
use super::vault::Vault;
use crate::commands::Failure;
use crate::secrets::Secret;
use crate::subscriptions::Api;

/// What `receiver subscriptions setup` is told.
#[derive(Debug, clap::Args)]
pub(super) struct SetupArgs {
    pub(super) provider: ProviderName,
    /// The receiver's public address; without a path, the provider's is put behind it
    #[arg(long, value_name = "URL")]
    pub(super) target: Uri,
    /// An event type; several times for several
    #[arg(long, value_name = "TYPE", required = true)]
    pub(super) event: Vec<String>,
    /// Nursa: the kind of webhook, if the events do not say it
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<Kind>,
    /// HPE: the webhook's name, unique in the workspace [default: webhook-receiver]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// What HPE authenticates with.
    #[command(flatten)]
    pub(super) auth: Box<AuthArgs>,
    /// Nursa facility webhooks: a facility; several times for several, without it all
    #[arg(long, value_name = "ID")]
    pub(super) facility: Vec<String>,
}

/// What the walk needs.
struct Walk<'a> {
    session: &'a Session<'a>,
    args: &'a SetupArgs,
    url: String,
    vault: Vault,
    running: Running,
    steps: Steps,
}

pub(super) async fn run(session: &Session<'_>, args: &SetupArgs) -> Result<(), Failure> {
    let url = target::url(session.api, &args.target)?;
    if session.is_dry() {
        return rehearsal::setup(session, args, url).await;
    }
    let mut steps = Steps::new(session.common.json);
    let running = Running::find(session)?;
    let vault = Vault::open(session)?;
    for event in target::unknown(session.api, &args.event) {
        eprintln!("note: `{event}` is not in webhooks.yaml, so such events will be parked");
    }
    steps.done("receiver", format!("runs, admin port {}", running.admin()))?;
    let mut walk = Walk { session, args, url, vault, running, steps };
    let outcome = match session.api {
        Api::Gridx => gridx::walk(&mut walk).await,
        Api::Greenlake => greenlake::walk(&mut walk).await,
        Api::Nursa => nursa::walk(&mut walk).await,
    };
    match outcome {
        Ok(summary) if session.common.json => output::one(session, &summary),
        Ok(_) => Ok(()),
        Err(failure) => Err(walk.steps.explain(failure)),
    }
}

impl SetupArgs {
    /// HPE: the webhook's name.
    pub(super) fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| "webhook-receiver".to_owned())
    }
}

impl Walk<'_> {
    /// Puts a secret into the file and waits until the receiver has it.
    async fn deploy(&mut self, secret: &Secret, first: bool) -> Result<(), Failure> {
        let before = self.running.reloads().await?;
        let is_new = self.vault.add(secret, first).map_err(Failure::run)?;
        let path = self.vault.file.path().display().to_string();
        if is_new {
            self.undo_secret();
        }
        self.steps.done("secret", format!("{} {path}", if is_new { "put into" } else { "is in" }))?;
        self.running.check_on(&self.vault).await?;
        self.running.wait_for_secrets(&self.vault, is_new.then_some(before)).await?;
        self.steps.done("receiver", "has it live")
    }

    /// How to take back a secret that was put in front of the others. The last one is taken back first, so that it is the
    /// first line then.
    fn undo_secret(&mut self) {
        let path = self.vault.file.path().display();
        self.steps.undo(format!("remove the first line of {path}, the secret that was put there"));
    }

    /// How to delete what was made.
    fn undo_delete(&mut self, id: &str, options: &str) {
        let provider = self.session.api.provider();
        self.steps.undo(format!("receiver subscriptions delete {provider} {id}{options}"));
    }
}

/// Whether two lists hold the same, in whatever order.
fn same(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|event| other.contains(event))
}

/// A member that is a text.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}
