//! What is configured for the handling of kept events: how many handlers run at once, and how often an event is tried.

use std::time::Duration;

use super::settings::{ProviderSettings, Settings};
use super::units::Span;
use super::{ConfigError, positive};

/// How the kept events of one provider are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handling {
    /// How many handlers run at once.
    pub concurrency: usize,
    /// How often an event is tried before it is dead.
    pub max_attempts: u32,
    /// How long the first pause between two tries may be; each further one may be twice as long.
    pub retry_first: Duration,
    /// The longest pause.
    pub retry_most: Duration,
}

impl Handling {
    /// What holds for a provider: its own settings before those for all.
    pub(super) fn new(settings: &Settings, own: &ProviderSettings) -> Result<Self, ConfigError> {
        let seconds = |own: Option<Span>, all: Option<Span>, default| {
            own.or(all).map_or(Duration::from_secs(default), |span| span.0)
        };
        let handling = Self {
            concurrency: own.concurrency.or(settings.concurrency).unwrap_or(16),
            max_attempts: own.max_attempts.or(settings.max_attempts).unwrap_or(20),
            retry_first: positive("retry-first", seconds(own.retry_first, settings.retry_first, 1))?,
            retry_most: positive("retry-most", seconds(own.retry_most, settings.retry_most, 3600))?,
        };
        let range = |setting, must| Err(ConfigError::Range { setting, must });
        match handling {
            Self { concurrency: 0, .. } => range("concurrency", "at least 1"),
            Self { concurrency: 100_001.., .. } => range("concurrency", "at most 100000"),
            Self { max_attempts: 0, .. } => range("max-attempts", "at least 1"),
            Self { retry_first, retry_most, .. } if retry_most < retry_first => {
                range("retry-most", "no shorter than `retry-first`")
            }
            _ => Ok(handling),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<Handling, String> {
        let settings: Settings = toml::from_str(toml).unwrap();
        let own = settings.providers.get("gridx").cloned().unwrap_or_default();
        Handling::new(&settings, &own).map_err(|error| error.to_string())
    }

    #[test]
    fn has_the_documented_defaults() {
        let handling = load("").unwrap();
        assert_eq!((handling.concurrency, handling.max_attempts), (16, 20));
        assert_eq!((handling.retry_first, handling.retry_most), (Duration::from_secs(1), Duration::from_secs(3600)));
    }

    #[test]
    fn a_provider_may_have_its_own() {
        let all = "concurrency = 2\nmax-attempts = 3\nretry-first = '4s'\nretry-most = '5s'\n";
        let own = "[providers.gridx]\nconcurrency = 6\nretry-most = '7s'";
        let handling = load(&format!("{all}{own}")).unwrap();
        assert_eq!((handling.concurrency, handling.max_attempts), (6, 3));
        assert_eq!((handling.retry_first, handling.retry_most), (Duration::from_secs(4), Duration::from_secs(7)));
    }

    #[test]
    fn refuses_values_out_of_range_by_name() {
        assert_eq!(load("concurrency = 0").unwrap_err(), "`concurrency` must be at least 1");
        assert_eq!(load("max-attempts = 0").unwrap_err(), "`max-attempts` must be at least 1");
        assert_eq!(load("retry-first = '2h'").unwrap_err(), "`retry-most` must be no shorter than `retry-first`");
        assert_eq!(load("retry-first = '0s'").unwrap_err(), "`retry-first` must be longer than no time at all");
    }
}
