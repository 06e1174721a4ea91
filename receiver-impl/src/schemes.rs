//! The signature schemes of endpoints that the spec leaves without one: `[schemes.NAME]` of `receiver.toml`.
//!
//! A provider's own spec seldom says how its deliveries are signed. What the settings say then is made into the same
//! constants that the spec's extension becomes, so that from here on nothing knows the difference. Where the spec has a
//! scheme it is the truth, and an entry for that endpoint is refused. An endpoint with neither has no guards at all
//! (`guards` is empty); nothing is ever let through there, and the receiver does not start.

mod error;
mod settings;
mod sound;
mod template;

use std::collections::BTreeMap;

use webhook_api::contract::{Endpoint, Provider, SignatureScheme};

pub use error::{MissingScheme, SchemeError};
pub use settings::{
    AlgorithmName, BlanksName, EncodingName, KeyEncodingName, KeySettings, OnFaultName, RepeatedHeaderName,
    SchemeSettings, TimestampFormatName, TimestampSettings,
};

/// Puts the schemes of the settings into `providers`, in the places that the spec leaves empty.
///
/// What is new lives as long as the process, as the contract itself does: call this once for each configuration.
///
/// # Errors
///
/// [`SchemeError`]: an entry that cannot be used, is not sound, or is for nothing.
pub fn complete(
    providers: &'static [Provider],
    entries: &BTreeMap<String, SchemeSettings>,
) -> Result<Vec<&'static Provider>, SchemeError> {
    let mut guards = BTreeMap::new();
    for (name, entry) in entries {
        is_for_something(name, providers, entries)?;
        guards.insert(name.as_str(), guards_of(name, entry)?);
    }
    Ok(providers.iter().map(|provider| completed(provider, &guards)).collect())
}

/// The first endpoint that neither the spec nor the settings guard.
///
/// # Errors
///
/// [`MissingScheme`], which says what to write.
pub fn require(providers: impl IntoIterator<Item = &'static Provider>) -> Result<(), MissingScheme> {
    let endpoints = providers.into_iter().flat_map(|provider| provider.endpoints);
    endpoints.copied().try_for_each(of_endpoint)
}

/// That the spec or the settings guard this endpoint.
///
/// # Errors
///
/// [`MissingScheme`], which says what to write.
pub fn of_endpoint(endpoint: &'static Endpoint) -> Result<(), MissingScheme> {
    if endpoint.guards.is_empty() { Err(MissingScheme { endpoint }) } else { Ok(()) }
}

type Guards = &'static [&'static [&'static SignatureScheme]];

/// The alternatives that an entry stands for: its scheme, or one that asks for nothing.
fn guards_of(name: &str, entry: &SchemeSettings) -> Result<Guards, SchemeError> {
    let fault = |key: &str, fault: String| SchemeError::Unfit { entry: name.to_owned(), key: key.to_owned(), fault };
    if entry.open == Some(true) {
        return match entry.first_key() {
            Some(key) => Err(fault(key, "stands beside `open = true`; keep one of the two".to_owned())),
            None => Ok(&[&[]]),
        };
    }
    let scheme: &'static SignatureScheme = leak(settings::scheme(name, entry).map_err(|(key, what)| fault(key, what))?);
    match sound::fault(scheme, entry.legacy) {
        Some((key, what)) => Err(fault(key, what)),
        None => Ok(leak([leak([scheme]).as_slice()])),
    }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Whether an entry names an endpoint without a scheme, or a provider that has one which no entry of its own names.
fn is_for_something(
    name: &str,
    providers: &[Provider],
    entries: &BTreeMap<String, SchemeSettings>,
) -> Result<(), SchemeError> {
    let all = || providers.iter().flat_map(|provider| provider.endpoints).copied();
    let provider = providers.iter().find(|provider| provider.name == name);
    let bare = || provider.into_iter().flat_map(|of| of.endpoints).filter(|endpoint| endpoint.guards.is_empty());
    let named = all().find(|endpoint| endpoint.id == name);
    if named.is_some_and(|endpoint| endpoint.guards.is_empty()) || bare().any(|of| !entries.contains_key(of.id)) {
        return Ok(());
    }
    let entry = name.to_owned();
    let guarded = named.or_else(|| provider.and_then(|provider| provider.endpoints.first()).copied());
    Err(match guarded {
        _ if bare().next().is_some() => SchemeError::Covered { entry },
        Some(endpoint) => SchemeError::InSpec { entry, endpoint: endpoint.id },
        None => {
            let known = providers.iter().map(|provider| provider.name).chain(all().map(|endpoint| endpoint.id));
            SchemeError::unknown(name, known)
        }
    })
}

/// The provider as it is, or a copy with guards where there were none.
fn completed(provider: &'static Provider, guards: &BTreeMap<&str, Guards>) -> &'static Provider {
    let found = |endpoint: &Endpoint| guards.get(endpoint.id).or_else(|| guards.get(provider.name)).copied();
    let with_guards = |endpoint: &&'static Endpoint| match found(endpoint).filter(|_| endpoint.guards.is_empty()) {
        Some(guards) => leak(Endpoint { guards, ..(*endpoint).clone() }),
        None => *endpoint,
    };
    if provider.endpoints.iter().all(|endpoint| !endpoint.guards.is_empty() || found(endpoint).is_none()) {
        return provider;
    }
    let endpoints: Vec<_> = provider.endpoints.iter().map(with_guards).collect();
    leak(Provider { endpoints: endpoints.leak(), ..provider.clone() })
}

#[cfg(test)]
mod tests;
