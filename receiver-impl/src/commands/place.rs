//! Which inbox a command is about: the one that `receiver serve` would use here, unless it is told.

use std::path::PathBuf;

use webhook_api::PROVIDERS;

use super::Failure;
use crate::config::{Config, Place, Settings};
use crate::inbox::Retention;

/// How a command is told.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// The inbox, as `receiver serve` is told: sqlite:PATH [default: sqlite:./data/inbox.db]
    #[arg(long, env = "RECEIVER_INBOX", value_name = "INBOX", global = true)]
    inbox: Option<Place>,

    /// Read settings from this file instead of receiver.toml
    #[arg(long, env = "RECEIVER_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

/// An inbox in a file.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) retention: Retention,
}

impl PlaceArgs {
    /// The settings of the receiver that is meant.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        let settings = Settings { inbox: self.inbox.clone(), ..Settings::default() };
        Config::load(settings, self.config.as_deref(), PROVIDERS).map_err(Failure::usage)
    }

    /// The inbox that is meant.
    pub(super) fn target(&self) -> Result<Target, Failure> {
        let config = self.config()?;
        match config.inbox.place {
            Place::Sqlite(path) => Ok(Target { path, retention: config.inbox.retention }),
            Place::Nowhere => {
                Err(Failure::usage("the inbox is `none`, so no events are kept; name one with `--inbox sqlite:PATH`"))
            }
        }
    }
}
