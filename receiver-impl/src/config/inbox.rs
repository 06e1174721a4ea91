//! What is configured for the inbox: where events are kept, how much may wait to be kept, and how long they stay.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

use super::settings::Settings;
use super::units::Span;
use super::{ConfigError, positive};
use crate::inbox::Retention;
use crate::inbox::nats::Address;

const DAY: u64 = 24 * 60 * 60;

/// Where events are kept until they are handled: `sqlite:PATH`, a broker's address, or `none`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Place {
    /// Nowhere: the handler runs before the provider is answered.
    Nowhere,
    /// In a SQLite database in this file.
    Sqlite(PathBuf),
    /// On a broker that many receivers share; or what is wrong with its address. That is told later than other faults,
    /// because who reads arguments repeats them, and an address may hold a secret.
    Nats(Result<Box<Address>, String>),
}

/// What holds for the inbox.
#[derive(Debug, Clone)]
pub struct InboxConfig {
    /// Where events are kept.
    pub place: Place,
    /// How many admissions may wait for the store; further ones are told to retry.
    pub queue: usize,
    /// How long an admission may take before the provider is told to retry.
    pub timeout: Duration,
    /// How long things stay.
    pub retention: Retention,
}

impl Default for Place {
    fn default() -> Self {
        Self::Sqlite(PathBuf::from("./data/inbox.db"))
    }
}

impl InboxConfig {
    /// Gives every setting of the inbox its value and checks it.
    pub(super) fn new(settings: &Settings) -> Result<Self, ConfigError> {
        let time = |setting, span: Option<Span>, default| {
            positive(setting, span.map_or(Duration::from_secs(default), |span| span.0))
        };
        let config = Self {
            place: settings.inbox.clone().unwrap_or_default(),
            queue: settings.inbox_queue.unwrap_or(4096),
            timeout: time("inbox-timeout", settings.inbox_timeout, 3)?,
            retention: Retention {
                bodies: time("keep-bodies", settings.keep_bodies, 7 * DAY)?,
                identities: time("keep-identities", settings.keep_identities, 14 * DAY)?,
                digests: time("keep-digests", settings.keep_digests, DAY)?,
            },
        };
        if let Place::Nats(Err(fault)) = &config.place {
            return Err(ConfigError::Inbox(fault.clone()));
        }
        let range = |setting, must| Err(ConfigError::Range { setting, must });
        match config.queue {
            0 => range("inbox-queue", "at least 1"),
            1_000_001.. => range("inbox-queue", "at most 1000000"),
            _ if config.retention.identities < config.retention.bodies => {
                range("keep-identities", "no shorter than `keep-bodies`")
            }
            _ => Ok(config),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::Nowhere),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("nats" | "tls", _)) => Ok(Self::Nats(text.parse().map(Box::new))),
            // There may be a password in it, and whoever parses arguments repeats what is wrong.
            Some((scheme, rest)) if rest.contains('@') => Ok(Self::Nats(Err(format!(
                "`{scheme}:` is no inbox; write nats://HOST:PORT, tls://HOST:PORT, sqlite:PATH, or none"
            )))),
            _ => Err(format!(
                "`{text}` is no inbox; write sqlite:PATH, for example sqlite:./data/inbox.db, nats://HOST:PORT, or none"
            )),
        }
    }
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("none"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Nats(Ok(address)) => address.fmt(f),
            Self::Nats(Err(_)) => f.write_str("nats://?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<InboxConfig, String> {
        InboxConfig::new(&toml::from_str(toml).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn keeps_events_in_a_file_unless_told_otherwise() {
        let config = load("").unwrap();
        assert_eq!(config.place.to_string(), "sqlite:./data/inbox.db");
        assert_eq!((config.queue, config.timeout), (4096, Duration::from_secs(3)));
        assert_eq!(config.retention.bodies, Duration::from_secs(7 * DAY));
        assert_eq!(config.retention.identities, Duration::from_secs(14 * DAY));
        assert_eq!(config.retention.digests, Duration::from_secs(DAY));
    }

    #[test]
    fn an_inbox_is_a_file_or_none() {
        assert_eq!(load("inbox = 'none'").unwrap().place, Place::Nowhere);
        assert_eq!(load("inbox = 'sqlite:/a:b.db'").unwrap().place, Place::Sqlite(PathBuf::from("/a:b.db")));
        assert_eq!(
            load("inbox = 'nats://me:hidden@h'").unwrap().place.to_string(),
            "nats://***@h:4222/receiver?replicas=1"
        );
        for wrong in ["", "sqlite", "sqlite:", "None", "none:", "redis://x"] {
            let error = wrong.parse::<Place>().unwrap_err();
            assert!(error.starts_with(&format!("`{wrong}` is no inbox; write sqlite:PATH")), "{error}");
        }
        let Place::Nats(Err(error)) = "NATS://me:hidden@h".parse().unwrap() else { panic!("a password is repeated") };
        assert!(error.starts_with("`NATS:` is no inbox") && !error.contains("hidden"), "{error}");
    }

    #[test]
    fn what_is_wrong_with_a_brokers_address_is_told_without_it() {
        let error = load("inbox = 'nats://hidden@h:x'").unwrap_err();
        assert!(
            error.starts_with("the address of the broker is not understood") && !error.contains("hidden"),
            "{error}"
        );
    }

    #[test]
    fn an_identity_outlives_its_body() {
        let error = load("keep-bodies = '8d'\nkeep-identities = '7d'").unwrap_err();
        assert_eq!(error, "`keep-identities` must be no shorter than `keep-bodies`");
        assert!(load("keep-bodies = '7d'\nkeep-identities = '7d'").is_ok());
    }

    #[test]
    fn refuses_values_out_of_range_by_name() {
        assert_eq!(load("inbox-queue = 0").unwrap_err(), "`inbox-queue` must be at least 1");
        assert_eq!(load("inbox-timeout = '0s'").unwrap_err(), "`inbox-timeout` must be longer than no time at all");
        assert_eq!(load("keep-digests = '0s'").unwrap_err(), "`keep-digests` must be longer than no time at all");
    }
}
