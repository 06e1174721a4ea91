//! The receiver that runs: whether it takes a provider's events, has read its secrets, and has got an event.

use std::time::{Duration, Instant};

use super::session::Session;
use super::vault::Vault;
use crate::commands::Failure;
use crate::commands::events::remote::Remote;
use crate::commands::place::Where;
use crate::inbox::sqlite::{Note, owner};
use crate::inbox::{EventId, Filter, Summary};

/// How long to wait for what should happen at once.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// A receiver that runs, seen from one provider.
pub(super) struct Running {
    remote: Remote,
    admin: String,
    provider: &'static str,
}

impl Running {
    /// The one that has the inbox.
    pub(super) fn find(session: &Session<'_>) -> Result<Self, Failure> {
        let target = session.common.place.target()?;
        let provider = session.api.provider();
        let Where::File(path) = &target.place else {
            return Err(Failure::run(
                "the inbox is on a broker, which does not tell where the admin port of a receiver is: run this beside one \
                 with an inbox in a file, and give its secrets to the others afterwards",
            ));
        };
        let note = owner(path).map_err(Failure::run)?.as_deref().and_then(Note::parse);
        match note.and_then(|note| note.admin) {
            Some(admin) => Ok(Self { remote: target.remote(&admin)?, admin, provider }),
            None => Err(Failure::run(format_args!(
                "no receiver runs on the inbox {}: start `receiver serve` first, so that the test event finds it; \
                 `--inbox` names another",
                path.display()
            ))),
        }
    }

    /// Where its admin port is.
    pub(super) fn admin(&self) -> &str {
        &self.admin
    }

    /// It must take this provider's events.
    pub(super) async fn check_on(&self, vault: &Vault) -> Result<(), Failure> {
        if self.keys().await?.is_some() {
            return Ok(());
        }
        Err(Failure::run(format_args!(
            "the receiver that runs does not take {}'s events, since it had no secret of it when it started; start it again \
             with {}={}",
            self.provider,
            crate::config::variable(self.provider, "SECRETS_FILE"),
            vault.file.path().display()
        )))
    }

    /// How many secrets are live; `None` if it does not take this provider's events.
    async fn keys(&self) -> Result<Option<u64>, Failure> {
        let provider = self.provider;
        let metrics = self.remote.metrics().await?;
        Ok(value(&metrics, &format!(r#"receiver_keys{{provider="{provider}",kind="secret"}}"#))
            .filter(|keys| *keys > 0))
    }

    /// How often it has read its secrets again.
    pub(super) async fn reloads(&self) -> Result<u64, Failure> {
        let series = format!(r#"receiver_key_reloads_total{{provider="{}",result="ok"}}"#, self.provider);
        Ok(value(&self.remote.metrics().await?, &series).unwrap_or_default())
    }

    /// Waits until the secrets of the file are live; `before` is how often it had read them before the file changed.
    pub(super) async fn wait_for_secrets(&self, vault: &Vault, before: Option<u64>) -> Result<(), Failure> {
        let wanted = vault.secrets()?.len() as u64;
        let end = Instant::now() + PATIENCE;
        loop {
            let keys = self.keys().await?;
            let is_read = match before {
                Some(before) => self.reloads().await? > before,
                None => true,
            };
            if keys == Some(wanted) && is_read {
                return Ok(());
            }
            if Instant::now() >= end {
                let (path, found) = (vault.file.path().display(), keys.unwrap_or_default());
                return Err(Failure::run(format_args!(
                    "the receiver at {} has {found} live secrets of {}, and {path} has {wanted}: does it read that file? It \
                     does with {}={path}, and its log says if something is wrong with it",
                    self.admin,
                    self.provider,
                    crate::config::variable(self.provider, "SECRETS_FILE")
                )));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// How many signatures the secret in this place, counted from 1, has verified.
    pub(super) async fn matches(&self, slot: usize) -> Result<u64, Failure> {
        let metrics = self.remote.metrics().await?;
        let (provider, slot) = (format!(r#"provider="{}""#, self.provider), format!(r#"slot="{slot}""#));
        let lines = metrics.lines().filter(|line| {
            line.starts_with("receiver_key_matches_total{") && line.contains(&provider) && line.contains(&slot)
        });
        Ok(lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
    }

    /// The newest event of a type.
    pub(super) async fn newest(&self, event_type: &str) -> Result<Option<Summary>, Failure> {
        let filter = Filter {
            provider: Some(self.provider.to_owned()),
            event_type: Some(event_type.to_owned()),
            ..Filter::default()
        };
        Ok(self.remote.list(&filter, None, 1).await?.events.into_iter().next())
    }

    /// The place of the secret that verified an event, counted from 1.
    pub(super) async fn slot(&self, event: EventId) -> Result<Option<usize>, Failure> {
        let record = self.remote.show(event).await?;
        Ok(record.and_then(|record| record.event.matched.first().map(|matched| usize::from(matched.slot))))
    }

    /// Waits for an event of a type that is newer than `before`.
    pub(super) async fn wait_for_event(&self, event_type: &str, before: Option<EventId>) -> Result<Summary, Failure> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(event) = self.newest(event_type).await?
                && before.is_none_or(|before| event.id > before)
            {
                return Ok(event);
            }
            if Instant::now() >= end {
                return Err(Failure::run(format_args!(
                    "no `{event_type}` event arrived within {} s: is the target this receiver's public address? Refused \
                     ones are in its log",
                    PATIENCE.as_secs()
                )));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn value(metrics: &str, series: &str) -> Option<u64> {
    metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.trim().parse().ok())
}
