//! Which providers are on: those whose secrets are configured. The others have no routes at all.

mod sharing;

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use tracing::{info, warn};
use webhook_api::contract::{Endpoint, Provider};

use crate::config::{Config, ProviderConfig};
use crate::live::Live;
use crate::schemes::{self, MissingScheme};
use crate::secrets::{Credentials, CredentialsError};
use crate::signature::{GuardError, ProviderGuards};

pub use sharing::{SharedSecret, shared_secrets};

/// A provider that is on.
#[derive(Debug, Clone)]
pub struct Active {
    /// What is configured for it.
    pub config: ProviderConfig,
    /// What its deliveries must prove, now and after each change of its keys.
    pub live: Arc<Live>,
    /// The keys that it starts with.
    pub credentials: Credentials,
}

/// Why no provider, or not the configured ones, can be on.
#[derive(Debug)]
pub enum ProviderError {
    /// Keys cannot be read.
    Credentials(CredentialsError),
    /// Keys do not fit.
    Guards(GuardError),
    /// An endpoint has no scheme.
    NoScheme(MissingScheme),
    /// A secret belongs to two providers that sign alike.
    Shared(SharedSecret),
    /// None has a key.
    NoneOn {
        /// The variables that would turn one on.
        variables: Vec<String>,
    },
}

impl Active {
    /// Turns a provider on.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Guards`].
    pub fn new(config: ProviderConfig, credentials: Credentials) -> Result<Self, ProviderError> {
        let live = Arc::new(Live::new(guards(&config, &credentials)?));
        Ok(Self { config, live, credentials })
    }
}

/// The providers of `config` that have keys in the environment or in the files that it names; and, where those are
/// missing, in what `made_up` says.
///
/// # Errors
///
/// [`ProviderError`]. A provider that is configured wrongly is never just left off.
pub fn active(
    config: &Config,
    made_up: &mut dyn FnMut(&'static Provider) -> Option<Credentials>,
) -> Result<Vec<Active>, ProviderError> {
    // Before anything else: which keys an endpoint without a scheme would need is not known.
    schemes::require(config.providers.iter().map(|config| config.provider)).map_err(ProviderError::NoScheme)?;
    let mut active = Vec::new();
    let mut variables = Vec::new();
    for config in &config.providers {
        let provider = config.provider;
        let mut credentials = read(config, &|name| std::env::var_os(name)).map_err(ProviderError::Credentials)?;
        if credentials.is_empty() {
            let authorization = credentials.authorization.take();
            credentials = Credentials { authorization, ..made_up(provider).unwrap_or_default() };
        }
        if credentials.is_empty() && is_guarded(provider) {
            let names = key_variables(provider);
            info!("{} is off: set {} to turn it on", provider.name, names.join(" or "));
            variables.extend(names);
            continue;
        }
        active.push(Active::new(config.clone(), credentials)?);
    }
    let providers: Vec<_> = active.iter().map(|active| (active.config.provider, &active.credentials)).collect();
    for shared in shared_secrets(&providers).map_err(ProviderError::Shared)? {
        warn!("{shared}");
    }
    if active.is_empty() { Err(ProviderError::NoneOn { variables }) } else { Ok(active) }
}

/// The keys of a provider.
///
/// # Errors
///
/// [`CredentialsError`].
pub fn read(config: &ProviderConfig, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Credentials, CredentialsError> {
    Credentials::read(config.provider.name, &config.files, env)
}

/// What `credentials` guard a provider with.
///
/// # Errors
///
/// [`ProviderError::Guards`].
pub fn guards(config: &ProviderConfig, credentials: &Credentials) -> Result<ProviderGuards, ProviderError> {
    let tolerance = config.tolerance.map(|tolerance| tolerance.as_secs());
    ProviderGuards::new(config.provider, credentials, config.signatures, tolerance).map_err(ProviderError::Guards)
}

fn is_guarded(provider: &Provider) -> bool {
    let guards = |endpoint: &&'static Endpoint| endpoint.guards;
    provider.endpoints.iter().flat_map(guards).any(|all| !all.is_empty())
}

/// The variables that hold keys for the provider's schemes, those for shared secrets first.
fn key_variables(provider: &Provider) -> Vec<String> {
    let schemes = || provider.endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten();
    let kinds = [true, false].into_iter().filter(|hmac| schemes().any(|scheme| scheme.algorithm.is_hmac() == *hmac));
    kinds.map(|hmac| Credentials::variable(provider.name, hmac)).collect()
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credentials(error) => error.fmt(f),
            Self::Guards(error) => error.fmt(f),
            Self::NoScheme(missing) => missing.fmt(f),
            Self::Shared(error) => error.fmt(f),
            Self::NoneOn { variables } => write!(
                f,
                "no provider has a secret, so nothing could be received; set {} (or the same name with `_FILE` and a \
                 file's name), or try `receiver serve --dev`, which makes secrets up",
                variables.join(" or ")
            ),
        }
    }
}

impl std::error::Error for ProviderError {}
