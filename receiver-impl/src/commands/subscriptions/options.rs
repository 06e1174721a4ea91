//! What every call is told: where the API is, whom to trust, how long to wait, and what to print.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use http::Uri;
use uuid::Uuid;
use webhook_api::PROVIDERS;

use crate::commands::Failure;
use crate::commands::place::PlaceArgs;
use crate::config::{Config, ProviderConfig, Span};
use crate::subscriptions::Api;

/// A provider, as the commands call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProviderName {
    /// gridX
    Gridx,
    /// HPE GreenLake
    Greenlake,
    /// Nursa
    Nursa,
}

/// What a provider has several kinds of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// gridX: webhook subscriptions; HPE: webhooks
    Webhook,
    /// gridX: notification rules, the form of 2024
    Rule,
    /// HPE: subscriptions of webhooks to event types
    Subscription,
    /// Nursa: webhooks for facility.* events
    User,
    /// Nursa: webhooks for shift.* events
    Facility,
}

/// Options of every verb.
#[derive(Debug, clap::Args)]
pub(super) struct CommonArgs {
    /// Where the API is, instead of the provider's own address; NAME_API and `api` in receiver.toml say the same
    #[arg(long, value_name = "URL", global = true)]
    pub(super) api: Option<Uri>,

    /// Trust the certificates of this PEM file, and no others
    #[arg(long, env = "RECEIVER_CA_FILE", value_name = "FILE", global = true)]
    pub(super) ca_file: Option<PathBuf>,

    /// How long to wait for an answer
    #[arg(long, value_name = "TIME", default_value = "30s", global = true)]
    pub(super) timeout: Span,

    /// Print JSON
    #[arg(long, global = true)]
    pub(super) json: bool,

    /// Show what would be sent, without token and secrets, and send nothing
    #[arg(long, global = true)]
    pub(super) dry_run: bool,

    /// gridX: the account, if not the one of the token's user; GRIDX_ACCOUNT says the same
    #[arg(long, value_name = "ID", global = true)]
    pub(super) account: Option<String>,

    /// The file of the provider's secrets, if neither NAME_SECRETS_FILE nor receiver.toml names it
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) secrets_file: Option<PathBuf>,

    #[command(flatten)]
    pub(super) place: PlaceArgs,
}

impl From<ProviderName> for Api {
    fn from(name: ProviderName) -> Self {
        match name {
            ProviderName::Gridx => Self::Gridx,
            ProviderName::Greenlake => Self::Greenlake,
            ProviderName::Nursa => Self::Nursa,
        }
    }
}

impl Kind {
    /// The kind that is meant, or the usual one; it must be one of this API's.
    pub(super) fn of(api: Api, kind: Option<Self>) -> Result<Option<Self>, Failure> {
        let known: &[Self] = match api {
            Api::Gridx => &[Self::Webhook, Self::Rule],
            Api::Greenlake => &[Self::Webhook, Self::Subscription],
            Api::Nursa => &[Self::User, Self::Facility],
        };
        match kind {
            None if api == Api::Nursa => Ok(None),
            None => Ok(Some(Self::Webhook)),
            Some(kind) if known.contains(&kind) => Ok(Some(kind)),
            Some(_) => {
                let names: Vec<_> = known.iter().map(|kind| format!("`{}`", kind.name())).collect();
                Err(Failure::usage(format_args!("`--kind` of {} must be {}", api.name(), names.join(" or "))))
            }
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Rule => "rule",
            Self::Subscription => "subscription",
            Self::User => "user",
            Self::Facility => "facility",
        }
    }
}

impl CommonArgs {
    /// The settings of the receiver and of this provider.
    pub(super) fn config(&self, api: Api) -> Result<(Config, ProviderConfig), Failure> {
        let config = self.place.config()?;
        let own = config.providers.iter().find(|config| config.provider.name == api.provider()).cloned();
        let own = own.ok_or_else(|| {
            let known: Vec<_> = PROVIDERS.iter().map(|provider| provider.name).collect();
            Failure::usage(format_args!(
                "webhooks.yaml has no provider `{}`, only {}",
                api.provider(),
                known.join(", ")
            ))
        })?;
        Ok((config, own))
    }

    /// Where the API is: the flag, the variable, the file, the provider's own address. The token goes there, so it must
    /// be https, but on this machine.
    pub(super) fn base(&self, api: Api) -> Result<Uri, Failure> {
        let configured = match &self.api {
            Some(url) => Some(url.to_string()),
            None => self.config(api)?.1.api,
        };
        let text = configured.unwrap_or_else(|| api.base().to_owned());
        let wrong = |what: &str| Failure::usage(format_args!("the address of {}'s API, `{text}`, {what}", api.name()));
        let url: Uri = text.parse().map_err(|_| wrong("is none; write https://..."))?;
        if url.query().is_some() || url.host().is_none() {
            return Err(wrong("is none; write for example https://api.example"));
        }
        if !is_safe(&url) {
            return Err(wrong("is not https, so others could read the token on its way"));
        }
        Ok(url)
    }

    /// gridX: the account that is meant, if one is named.
    pub(super) fn account(&self) -> Result<Option<String>, Failure> {
        let variable = || std::env::var("GRIDX_ACCOUNT").ok().filter(|account| !account.is_empty());
        self.account.clone().or_else(variable).map(|account| id(Api::Gridx, &account)).transpose()
    }

    /// How long to wait for an answer.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout.0.max(Duration::from_millis(1))
    }
}

/// Whether what is sent there cannot be read on its way.
pub(super) fn is_safe(url: &Uri) -> bool {
    let is_here = |host: &str| {
        let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    match url.scheme_str() {
        Some("https") => true,
        Some("http") => url.host().is_some_and(is_here),
        _ => false,
    }
}

/// An id of this API, which stands in a path.
pub(super) fn id(api: Api, text: &str) -> Result<String, Failure> {
    let provider = api.provider();
    let list = format_args!("`receiver subscriptions list {provider}` shows the ids").to_string();
    match api {
        Api::Gridx | Api::Greenlake if Uuid::try_parse(text).is_err() => Err(Failure::usage(format_args!(
            "`{text}` is no id of {}, which look like 0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01; {list}",
            api.name()
        ))),
        Api::Nursa if matches!(text, "" | "." | "..") => Err(Failure::usage(format_args!("`{text}` is no id; {list}"))),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_over_https_or_stays_on_this_machine() {
        for good in ["https://api.example", "http://127.0.0.1:9", "http://[::1]:9/x", "http://localhost:9"] {
            assert!(is_safe(&good.parse().unwrap()), "{good}");
        }
        for bad in ["http://api.example", "http://127.0.0.1.example", "ftp://localhost", "/x"] {
            assert!(!is_safe(&bad.parse().unwrap()), "{bad}");
        }
    }

    #[test]
    fn an_id_names_one_thing() {
        assert!(id(Api::Gridx, "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01").is_ok());
        for (api, text) in [(Api::Gridx, "x"), (Api::Greenlake, ""), (Api::Nursa, ""), (Api::Nursa, "..")] {
            assert!(id(api, text).unwrap_err().text.contains("shows the ids"), "{text}");
        }
    }

    #[test]
    fn a_kind_is_one_of_the_providers() {
        assert!(matches!(Kind::of(Api::Gridx, None), Ok(Some(Kind::Webhook))));
        assert!(matches!(Kind::of(Api::Nursa, None), Ok(None)));
        let message = Kind::of(Api::Nursa, Some(Kind::Rule)).unwrap_err().text;
        assert_eq!(message, "`--kind` of Nursa must be `user` or `facility`");
    }
}
