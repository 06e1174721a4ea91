//! File, environment and flags become one validated [`Config`]: flags win over the environment, the environment over
//! the file, the file over the defaults. Every setting is listed once, in [`Settings`].
//!
//! Secrets are no part of it: they come from variables and files of their own, and never print.

mod file;
mod handling;
mod inbox;
mod provider;
mod settings;
mod units;

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use webhook_api::contract::Provider;

use crate::catalog::Listed;
use crate::schemes::{self, SchemeError};
use crate::suggest::closest;

pub use file::{DEFAULT_FILE, FileError};
pub use handling::Handling;
pub use inbox::{InboxConfig, Place};
pub use provider::{AllowedRate, Challenges, ProviderConfig, Signatures, Unauthenticated};
pub use settings::{ProviderSettings, Settings};
pub use units::{Scalar, Size, Span};

/// What `receiver serve` needs to know, complete and valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The public address.
    pub listen: SocketAddr,
    /// The admin address.
    pub admin: SocketAddr,
    /// The file with the token that the admin port asks for. Where others can reach the port, there is one.
    pub admin_token_file: Option<PathBuf>,
    /// What one sender may take.
    pub limits: Limits,
    /// What `Retry-After` says.
    pub retry_after: Duration,
    /// How long requests and handlers under way may take after the signal to stop.
    pub shutdown_grace: Duration,
    /// Where and how events are kept.
    pub inbox: InboxConfig,
    /// What holds for each provider, in the spec's order; the settings' signature schemes stand where the spec has none.
    pub providers: Vec<ProviderConfig>,
}

/// Bounds on everything that a sender can make large or long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a body.
    pub body: usize,
    /// Bytes of a request's head.
    pub header: usize,
    /// Time for a head, from its first byte on, and for the first one of a connection.
    pub header_timeout: Duration,
    /// Time between two requests of a connection.
    pub idle_timeout: Duration,
    /// Time for a body.
    pub body_timeout: Duration,
    /// Open connections.
    pub connections: usize,
    /// Requests worked on.
    pub requests: usize,
}

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be used.
    File(FileError),
    /// A value is out of its range.
    Range {
        /// The setting's key.
        setting: &'static str,
        /// What it must be.
        must: &'static str,
    },
    /// Others can reach the admin port, and nothing is asked of them.
    OpenAdmin(SocketAddr),
    /// The address of a broker is not understood; why.
    Inbox(String),
    /// The file has a table for a provider that the spec does not have.
    UnknownProvider(String),
    /// A table of a signature scheme cannot be used.
    Scheme(SchemeError),
    /// A provider's setting is not what it must be.
    Provider {
        /// Where it stands.
        setting: String,
        /// What stands there.
        found: String,
        /// What it must be.
        must: &'static str,
    },
    /// The file says so, and nothing goes over it.
    InFile(PathBuf, Box<ConfigError>),
}

impl Config {
    /// Puts `flags` (which include the environment) over the file and checks the result.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn load(flags: Settings, file: Option<&Path>, providers: &'static [Provider]) -> Result<Self, ConfigError> {
        let below = file::read(file).map_err(ConfigError::File)?;
        let settings = flags.over(below.clone());
        Self::new(&settings, providers, &|name| std::env::var(name).ok()).map_err(|error| {
            // A fault that is there without flags and environment, too, is the file's.
            match Self::new(&below, providers, &|_| None) {
                Err(own) if own.to_string() == error.to_string() => {
                    ConfigError::InFile(file.unwrap_or(Path::new(DEFAULT_FILE)).to_owned(), Box::new(error))
                }
                _ => error,
            }
        })
    }

    /// Gives every setting its value and checks it; `env` answers for the providers' variables.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn new(
        settings: &Settings,
        providers: &'static [Provider],
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let seconds = |span: Option<Span>, default| span.map_or(Duration::from_secs(default), |span| span.0);
        let limits = Limits {
            body: settings.body_limit.map_or(1 << 20, |size| size.0),
            header: settings.header_limit.map_or(16 << 10, |size| size.0),
            header_timeout: seconds(settings.header_timeout, 5),
            idle_timeout: seconds(settings.idle_timeout, 75),
            body_timeout: seconds(settings.body_timeout, 10),
            connections: settings.max_connections.unwrap_or(1024),
            requests: settings.max_requests.unwrap_or(256),
        };
        limits.check()?;
        if let Some(name) = settings.providers.keys().find(|name| providers.iter().all(|known| known.name != *name)) {
            return Err(ConfigError::unknown_provider(name, providers));
        }
        let completed = schemes::complete(providers, &settings.schemes).map_err(ConfigError::Scheme)?;
        let provider = |provider: &'static Provider| {
            let own = settings.providers.get(provider.name).cloned().unwrap_or_default();
            ProviderConfig::new(provider, own, settings, env)
        };
        let admin = settings.admin.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8081)));
        if settings.admin_token_file.is_none() && !admin.ip().to_canonical().is_loopback() {
            return Err(ConfigError::OpenAdmin(admin));
        }
        Ok(Self {
            listen: settings.listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            admin,
            admin_token_file: settings.admin_token_file.clone(),
            limits,
            retry_after: seconds(settings.retry_after, 5),
            shutdown_grace: seconds(settings.shutdown_grace, 10),
            inbox: InboxConfig::new(settings)?,
            providers: completed.into_iter().map(provider).collect::<Result<_, _>>()?,
        })
    }
}

impl Config {
    /// An event of the spec with what the settings add to its provider and endpoint.
    pub fn completed(&self, listed: Listed) -> Listed {
        let provider = self.providers.iter().map(|config| config.provider).find(|own| own.name == listed.provider.name);
        let provider = provider.unwrap_or(listed.provider);
        let endpoint = provider.endpoints.iter().find(|own| own.id == listed.endpoint.id).copied();
        Listed { provider, endpoint: endpoint.unwrap_or(listed.endpoint), ..listed }
    }
}

impl Limits {
    fn check(&self) -> Result<(), ConfigError> {
        let range = |setting, must| Err(ConfigError::Range { setting, must });
        positive("header-timeout", self.header_timeout)?;
        positive("idle-timeout", self.idle_timeout)?;
        positive("body-timeout", self.body_timeout)?;
        match self {
            Self { body: 0, .. } => range("body-limit", "at least 1"),
            Self { header: ..8192, .. } => range("header-limit", "at least 8KiB"),
            Self { connections: 0, .. } => range("max-connections", "at least 1"),
            Self { connections: 1_000_001.., .. } => range("max-connections", "at most 1000000"),
            Self { requests: 0, .. } => range("max-requests", "at least 1"),
            Self { requests: 1_000_001.., .. } => range("max-requests", "at most 1000000"),
            _ => Ok(()),
        }
    }
}

fn positive(setting: &'static str, span: Duration) -> Result<Duration, ConfigError> {
    if span.is_zero() { Err(ConfigError::Range { setting, must: "longer than no time at all" }) } else { Ok(span) }
}

/// The variable of a provider: its name in upper snake case, and what it holds.
pub fn variable(provider: &str, what: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = provider.chars().map(upper).collect();
    format!("{name}_{what}")
}

impl ConfigError {
    fn unknown_provider(name: &str, providers: &[Provider]) -> Self {
        let known: Vec<_> = providers.iter().map(|provider| provider.name).collect();
        Self::UnknownProvider(match closest(name, known.iter().copied()) {
            Some(near) => format!("`providers.{name}`: no such provider; did you mean `providers.{near}`?"),
            None => format!("`providers.{name}`: no such provider; the spec has {}", known.join(", ")),
        })
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Range { setting, must } => write!(f, "`{setting}` must be {must}"),
            Self::OpenAdmin(address) => write!(
                f,
                "`admin` is {address}, which others can reach: give `--admin-token-file FILE` with a token that they \
                 do not know, or listen on 127.0.0.1"
            ),
            Self::Inbox(what) | Self::UnknownProvider(what) => f.write_str(what),
            Self::Scheme(error) => error.fmt(f),
            Self::Provider { setting, found, must } => write!(f, "`{setting}` is `{found}`; it must be {must}"),
            Self::InFile(path, error) => write!(f, "the configuration {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDERS: &[Provider] = &[Provider { name: "gridx", summary: "", endpoints: &[] }];

    fn settings(toml: &str) -> Settings {
        toml::from_str(toml).unwrap()
    }

    fn message(toml: &str) -> String {
        Config::new(&settings(toml), PROVIDERS, &|_| None).unwrap_err().to_string()
    }

    #[test]
    fn has_the_documented_defaults() {
        let config = Config::new(&Settings::default(), PROVIDERS, &|_| None).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.admin.to_string(), "127.0.0.1:8081");
        assert_eq!(config.limits.body, 1_048_576);
        assert_eq!(config.shutdown_grace, Duration::from_secs(10));
        assert_eq!(config.providers[0].signatures, Signatures::Any);
    }

    #[test]
    fn flags_go_over_the_file() {
        let flags = settings("listen = '127.0.0.1:1'");
        let file = settings("listen = '127.0.0.1:2'\nadmin = '127.0.0.1:3'");
        let config = Config::new(&flags.over(file), PROVIDERS, &|_| None).unwrap();
        assert_eq!((config.listen.port(), config.admin.port()), (1, 3));
    }

    #[test]
    fn the_environment_goes_over_the_file_for_a_providers_signatures() {
        let file = settings("[providers.gridx]\nsignatures = 'any'");
        let env = |name: &str| (name == "GRIDX_SIGNATURES").then(|| "all".to_owned());
        let config = Config::new(&file, PROVIDERS, &env).unwrap();
        assert_eq!(config.providers[0].signatures, Signatures::All);
    }

    #[test]
    fn a_provider_may_have_its_own_deadline() {
        let config = Config::new(
            &settings("handler-deadline = '2s'\n[providers.gridx]\nhandler-deadline = '500ms'"),
            PROVIDERS,
            &|_| None,
        );
        assert_eq!(config.unwrap().providers[0].handler_deadline, Duration::from_millis(500));
    }

    #[test]
    fn refuses_values_out_of_range_by_name() {
        assert_eq!(message("body-limit = '0'"), "`body-limit` must be at least 1");
        assert_eq!(message("header-limit = '1KiB'"), "`header-limit` must be at least 8KiB");
        assert_eq!(message("body-timeout = '0s'"), "`body-timeout` must be longer than no time at all");
        assert_eq!(
            message("[providers.gridx]\nsignatures = 'both'"),
            "`providers.gridx.signatures` is `both`; it must be `any` or `all`"
        );
    }

    #[test]
    fn an_admin_port_that_others_can_reach_needs_a_token() {
        for open in ["0.0.0.0:8081", "[::]:8081", "192.0.2.1:8081", "[::ffff:192.0.2.1]:8081"] {
            let error = message(&format!("admin = '{open}'"));
            assert!(error.starts_with("`admin` is ") && error.contains("--admin-token-file"), "{error}");
            let guarded = settings(&format!("admin = '{open}'\nadmin-token-file = 'token'"));
            assert!(Config::new(&guarded, PROVIDERS, &|_| None).is_ok());
        }
        for own in ["127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(Config::new(&settings(&format!("admin = '{own}'")), PROVIDERS, &|_| None).is_ok(), "{own}");
        }
    }

    #[test]
    fn refuses_a_provider_that_the_spec_does_not_have() {
        assert_eq!(
            message("[providers.gridy]"),
            "`providers.gridy`: no such provider; did you mean `providers.gridx`?"
        );
    }

    #[test]
    fn variables_are_the_providers_name_in_upper_snake_case() {
        assert_eq!(variable("hpe-greenlake", "SECRETS"), "HPE_GREENLAKE_SECRETS");
    }
}
