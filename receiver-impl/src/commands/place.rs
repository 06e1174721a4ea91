//! Which inbox a command is about: the one that `receiver serve` would use here, unless it is told.

use std::path::PathBuf;

use webhook_api::PROVIDERS;

use super::Failure;
use super::events::remote::Remote;
use crate::admin_token::AdminToken;
use crate::config::{Config, Place, Settings};
use crate::inbox::Retention;
use crate::inbox::nats::Address;

/// How a command is told.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// The inbox, as `receiver serve` is told: sqlite:PATH or nats://HOST:PORT [default: sqlite:./data/inbox.db]
    #[arg(long, env = "RECEIVER_INBOX", value_name = "INBOX", global = true, hide_env_values = true)]
    inbox: Option<Place>,

    /// Read settings from this file instead of receiver.toml
    #[arg(long, env = "RECEIVER_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,

    /// The file with the token that the admin port of the receiver asks for, as `receiver serve` is told
    #[arg(long, env = "RECEIVER_ADMIN_TOKEN_FILE", value_name = "FILE", global = true)]
    admin_token_file: Option<PathBuf>,
}

/// An inbox.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) place: Where,
    pub(super) retention: Retention,
    /// Where the token stands that a receiver with this inbox may ask for.
    admin_token_file: Option<PathBuf>,
}

/// Where an inbox is.
#[derive(Debug)]
pub(super) enum Where {
    /// In a file.
    File(PathBuf),
    /// On a broker.
    Broker(Box<Address>),
}

impl PlaceArgs {
    /// The settings of the receiver that is meant.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        let settings = Settings {
            inbox: self.inbox.clone(),
            admin_token_file: self.admin_token_file.clone(),
            ..Settings::default()
        };
        Config::load(settings, self.config.as_deref(), PROVIDERS).map_err(Failure::usage)
    }

    /// The inbox that is meant.
    pub(super) fn target(&self) -> Result<Target, Failure> {
        let config = self.config()?;
        let (retention, admin_token_file) = (config.inbox.retention, config.admin_token_file);
        match config.inbox.place {
            Place::Sqlite(path) => Ok(Target { place: Where::File(path), retention, admin_token_file }),
            Place::Nats(Ok(address)) => Ok(Target { place: Where::Broker(address), retention, admin_token_file }),
            Place::Nats(Err(fault)) => Err(Failure::usage(fault)),
            Place::Nowhere => {
                Err(Failure::usage("the inbox is `none`, so no events are kept; name one with `--inbox sqlite:PATH`"))
            }
        }
    }
}

impl Target {
    /// The receiver with this inbox, whose admin port is at this address.
    pub(super) fn remote(&self, admin: &str) -> Result<Remote, Failure> {
        let token = self.admin_token_file.as_deref().map(AdminToken::read).transpose().map_err(Failure::usage)?;
        Remote::new(admin, token.as_ref())
    }
}
