//! What is configured for one provider: `[providers.NAME]` of the file, and the variables that go before it.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use webhook_api::contract::{Endpoint, Provider};

use super::handling::Handling;
use super::settings::{ProviderSettings, Settings};
use super::units::Span;
use super::{ConfigError, positive, variable};
use crate::secrets::KeyFiles;

/// How many challenges an endpoint answers in a minute where nothing is said: a few rounds of a provider's attempts.
const CHALLENGES: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// What is configured for one provider, secrets aside.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// The provider.
    pub provider: &'static Provider,
    /// Which of its configured signature schemes must hold.
    pub signatures: Signatures,
    /// Where its keys stand, if the environment does not say.
    pub files: KeyFiles,
    /// How far a signed time may be from the clock, if not what the spec says.
    pub tolerance: Option<Duration>,
    /// How long a handler may take.
    pub handler_deadline: Duration,
    /// How its kept events are handled.
    pub handling: Handling,
    /// What a request is answered that does not prove who sent it.
    pub unauthenticated: Unauthenticated,
    /// What becomes of challenges.
    pub challenge: Challenges,
    /// Where its management API is, if not at its own address.
    pub api: Option<String>,
    /// What the provider is told when it asks how often it may send; `None`: nothing, so that its own default holds.
    pub allowed_rate: Option<AllowedRate>,
}

/// Which of the signature schemes that have a key must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signatures {
    /// One of them.
    #[default]
    Any,
    /// Each of them.
    All,
}

/// What a request is answered that does not prove who sent it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unauthenticated {
    /// The spec's status for that, on which some providers give up for good.
    #[default]
    Refuse,
    /// As after a passing fault: for the time in which a new secret is not everywhere yet.
    Retry,
}

/// What becomes of challenges, the handshake in which a provider asks for a MAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenges {
    /// They are answered, an endpoint's at most so often a minute.
    Answer {
        /// How often.
        per_minute: NonZeroU32,
    },
    /// They count as requests that prove nothing.
    Refuse,
}

/// How often a provider may send: `WebHook-Allowed-Rate` (CloudEvents webhooks, section 4.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedRate {
    /// As often as it likes.
    Unlimited,
    /// So often a minute.
    PerMinute(NonZeroU32),
}

impl ProviderConfig {
    /// Gives every setting of `provider` its value and checks it; `env` answers for its variables, and `settings`
    /// for what it has none of its own of.
    pub(super) fn new(
        provider: &'static Provider,
        own: ProviderSettings,
        settings: &Settings,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let handling = Handling::new(settings, &own)?;
        let find = |key, file| Found::find(provider, key, file, env);
        let deadline = own.handler_deadline.or(settings.handler_deadline).map_or(Duration::from_secs(4), |span| span.0);
        let challenge = find("challenge", own.challenge);
        let challenge_rate = find("challenge-rate", own.challenge_rate.map(|rate| rate.to_string()));
        let allowed_rate = find("allowed-rate", own.allowed_rate.map(|rate| rate.to_string()));
        for found in [&challenge, &challenge_rate].into_iter().flatten() {
            found.needs(provider, "left out: the spec declares no challenge of this provider", |endpoint| {
                endpoint.challenge.is_some()
            })?;
        }
        if let Some(found) = &allowed_rate {
            found.needs(provider, "left out: the spec does not say that this provider asks for it", |endpoint| {
                endpoint.negotiation.is_some()
            })?;
        }
        let per_minute = challenge_rate.map_or(Ok(CHALLENGES), Found::rate)?;
        Ok(Self {
            provider,
            signatures: find("signatures", own.signatures).map_or(Ok(Signatures::default()), Found::signatures)?,
            files: KeyFiles {
                secrets: own.secrets_file,
                public_keys: own.public_keys_file,
                authorization: own.authorization_file,
            },
            tolerance: find("tolerance", own.tolerance.map(|span| span.to_string()))
                .map(Found::tolerance)
                .transpose()?,
            handler_deadline: positive("handler-deadline", deadline)?,
            handling,
            unauthenticated: find("unauthenticated", own.unauthenticated)
                .map_or(Ok(Unauthenticated::default()), Found::unauthenticated)?,
            challenge: challenge.map_or(Ok(Challenges::Answer { per_minute }), |found| found.challenge(per_minute))?,
            api: find("api", own.api).map(|found| found.text),
            allowed_rate: allowed_rate.map(Found::allowed_rate).transpose()?,
        })
    }
}

/// A setting that is there.
struct Found {
    /// Where it stands.
    setting: String,
    text: String,
}

impl Found {
    /// The variable before the file.
    fn find(
        provider: &Provider,
        key: &str,
        file: Option<String>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let variable = variable(provider.name, &key.to_ascii_uppercase().replace('-', "_"));
        let in_env = env(&variable).map(|text| Self { setting: variable, text });
        in_env.or_else(|| file.map(|text| Self { setting: format!("providers.{}.{key}", provider.name), text }))
    }

    /// It must not stand where it would say nothing.
    fn needs(&self, provider: &Provider, must: &'static str, has: fn(&Endpoint) -> bool) -> Result<(), ConfigError> {
        let has = provider.endpoints.iter().any(|endpoint| has(endpoint));
        if has {
            Ok(())
        } else {
            Err(ConfigError::Provider { setting: self.setting.clone(), found: self.text.clone(), must })
        }
    }

    fn signatures(self) -> Result<Signatures, ConfigError> {
        match self.text.as_str() {
            "any" => Ok(Signatures::Any),
            "all" => Ok(Signatures::All),
            _ => Err(self.must_be("`any` or `all`")),
        }
    }

    fn tolerance(self) -> Result<Duration, ConfigError> {
        match self.text.parse::<Span>() {
            Ok(span) if span.0 >= Duration::from_secs(1) => Ok(span.0),
            _ => Err(self.must_be("a time of at least `1s`, such as `300s` or `5m`")),
        }
    }

    fn unauthenticated(self) -> Result<Unauthenticated, ConfigError> {
        match self.text.as_str() {
            "refuse" => Ok(Unauthenticated::Refuse),
            "retry" => Ok(Unauthenticated::Retry),
            _ => Err(self.must_be("`refuse` or, while secrets change, `retry`")),
        }
    }

    fn challenge(self, per_minute: NonZeroU32) -> Result<Challenges, ConfigError> {
        match self.text.as_str() {
            "answer" => Ok(Challenges::Answer { per_minute }),
            "refuse" => Ok(Challenges::Refuse),
            _ => Err(self.must_be("`answer` or `refuse`")),
        }
    }

    fn rate(self) -> Result<NonZeroU32, ConfigError> {
        self.text.parse().map_err(|_| self.must_be("a positive number of challenges a minute, such as `10`"))
    }

    fn allowed_rate(self) -> Result<AllowedRate, ConfigError> {
        match self.text.as_str() {
            "*" => Ok(AllowedRate::Unlimited),
            number => number
                .parse()
                .map(AllowedRate::PerMinute)
                .map_err(|_| self.must_be("a positive number of requests a minute, or `*` for any number")),
        }
    }

    fn must_be(&self, must: &'static str) -> ConfigError {
        ConfigError::Provider { setting: self.setting.clone(), found: self.text.clone(), must }
    }
}

impl fmt::Display for AllowedRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.write_str("*"),
            Self::PerMinute(number) => number.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use webhook_api::PROVIDERS;

    use super::*;
    use crate::config::{Config, Settings};

    fn load(toml: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<ProviderConfig, String> {
        let settings: Settings = toml::from_str(&format!("[providers.greenlake]\n{toml}")).unwrap();
        let config = Config::new(&settings, PROVIDERS, env).map_err(|error| error.to_string())?;
        Ok(config.providers.into_iter().find(|config| config.provider.name == "greenlake").unwrap())
    }

    fn greenlake(toml: &str) -> ProviderConfig {
        load(toml, &|_| None).unwrap()
    }

    fn message(toml: &str) -> String {
        load(toml, &|_| None).unwrap_err()
    }

    fn number(number: u32) -> NonZeroU32 {
        NonZeroU32::new(number).unwrap()
    }

    #[test]
    fn answers_ten_challenges_a_minute_and_refuses_strangers_unless_told_otherwise() {
        let config = greenlake("");
        assert_eq!(config.challenge, Challenges::Answer { per_minute: number(10) });
        assert_eq!(config.unauthenticated, Unauthenticated::Refuse);
        assert_eq!(config.allowed_rate, None);
    }

    #[test]
    fn challenges_can_be_refused_or_answered_less_often() {
        assert_eq!(greenlake("challenge = 'refuse'").challenge, Challenges::Refuse);
        let seldom = Challenges::Answer { per_minute: number(2) };
        assert_eq!(greenlake("challenge-rate = 2").challenge, seldom);
        assert_eq!(greenlake("challenge = 'answer'\nchallenge-rate = '2'").challenge, seldom);
    }

    #[test]
    fn a_rate_is_a_number_or_a_star() {
        assert_eq!(greenlake("allowed-rate = 120").allowed_rate, Some(AllowedRate::PerMinute(number(120))));
        assert_eq!(greenlake("allowed-rate = '*'").allowed_rate, Some(AllowedRate::Unlimited));
        for wrong in ["0", "-1", "''", "'many'", "'1.5'", "'**'"] {
            let message = message(&format!("allowed-rate = {wrong}"));
            assert!(message.contains("providers.greenlake.allowed-rate") && message.contains("or `*`"), "{message}");
        }
    }

    #[test]
    fn the_environment_goes_over_the_file() {
        let env = |name: &str| match name {
            "GREENLAKE_UNAUTHENTICATED" => Some("retry".to_owned()),
            "GREENLAKE_CHALLENGE_RATE" => Some("3".to_owned()),
            _ => None,
        };
        let config = load("unauthenticated = 'refuse'\nchallenge-rate = 5", &env).unwrap();
        assert_eq!(config.unauthenticated, Unauthenticated::Retry);
        assert_eq!(config.challenge, Challenges::Answer { per_minute: number(3) });
    }

    #[test]
    fn only_the_specs_two_statuses_answer_a_stranger() {
        assert_eq!(
            message("unauthenticated = '200'"),
            "`providers.greenlake.unauthenticated` is `200`; it must be `refuse` or, while secrets change, `retry`"
        );
    }

    #[test]
    fn refuses_settings_of_what_a_provider_does_not_do() {
        let message = |toml: &str| {
            let settings: Settings = toml::from_str(&format!("[providers.nursa]\n{toml}")).unwrap();
            Config::new(&settings, PROVIDERS, &|_| None).unwrap_err().to_string()
        };
        for toml in ["challenge = 'refuse'", "challenge-rate = 10"] {
            assert!(message(toml).ends_with("it must be left out: the spec declares no challenge of this provider"));
        }
        assert!(message("allowed-rate = 10").contains("`providers.nursa.allowed-rate` is `10`; it must be left out"));
    }
}
