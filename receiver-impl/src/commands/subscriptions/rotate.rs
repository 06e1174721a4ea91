//! `receiver subscriptions rotate`: a new secret in the place of an old one, and not one refused delivery.
//!
//! Both secrets are live in the receiver from before the provider signs with the new one alone until it has stopped
//! signing with the old one. The new one stands first in the file: where a delivery carries signatures of both, the
//! receiver counts the first that matches, so that the old one's count tells whether it is still needed.

mod greenlake;
mod gridx;
mod nursa;

use std::time::{Duration, Instant, SystemTime};

use super::options::{Kind, ProviderName};
use super::output;
use super::rehearsal;
use super::running::Running;
use super::session::Session;
use super::steps::Steps;
use super::vault::Vault;
use crate::commands::Failure;
use crate::config::Span;
use crate::inbox::rfc3339;
use crate::secrets::Secret;
use crate::subscriptions::{Api, Entry, fingerprint};

/// Between two looks at the counts.
const PAUSE: Duration = Duration::from_millis(500);

/// What `receiver subscriptions rotate` is told.
#[derive(Debug, clap::Args)]
pub(super) struct RotateArgs {
    pub(super) provider: ProviderName,
    /// Which one; `list` shows the ids
    id: String,
    /// Its kind, if not the usual one
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Stay until the old secret can be taken away, and take it away
    #[arg(long)]
    wait: bool,
    /// Make no new secret: take away the old ones whose time has come; with `--wait`, stay until it has
    #[arg(long)]
    finish: bool,
    /// With `--wait`: how long the old secret must not have been seen, while the new one was
    #[arg(long, value_name = "TIME", default_value = "1h", requires = "wait")]
    unseen_for: Span,
}

/// What a rotation needs.
struct Turn<'a> {
    session: &'a Session<'a>,
    args: &'a RotateArgs,
    id: String,
    vault: Vault,
    running: Running,
    steps: Steps,
}

pub(super) async fn run(session: &Session<'_>, args: &RotateArgs) -> Result<(), Failure> {
    let kind = Kind::of(session.api, args.kind)?;
    let id = super::options::id(session.api, &args.id)?;
    if kind == Some(Kind::Subscription) {
        return Err(Failure::usage("subscriptions of HPE have no secrets; name their webhook"));
    }
    if session.is_dry() {
        return rehearsal::rotate(session, &id, kind).await;
    }
    let running = Running::find(session)?;
    let vault = Vault::open(session)?;
    running.check_on(&vault).await?;
    let mut turn = Turn { session, args, id, vault, running, steps: Steps::new(session.common.json) };
    let outcome = turn.run(kind).await;
    outcome.map_err(|failure| turn.steps.explain(failure))?;
    if session.common.json {
        let left: Vec<_> = turn.vault.notes.of(&turn.id).filter_map(|entry| entry.until.clone()).collect();
        let summary = serde_json::json!({"provider": session.api.provider(), "id": turn.id, "old_until": left});
        output::one(session, &summary)?;
    }
    Ok(())
}

impl Turn<'_> {
    async fn run(&mut self, kind: Option<Kind>) -> Result<(), Failure> {
        let mut under_way = self.retired();
        if self.session.api == Api::Greenlake && !under_way.is_empty() {
            greenlake::complete(self).await?;
        }
        if !self.args.finish && !under_way.is_empty() && under_way.iter().all(|(_, until)| *until <= SystemTime::now())
        {
            self.finish().await?;
            under_way.clear();
        }
        if self.args.finish {
            if under_way.is_empty() {
                return self.steps.done("done", "no old secret waits to be taken away");
            }
        } else if under_way.iter().any(|(_, until)| *until > SystemTime::now()) && !self.args.wait {
            let until = under_way.iter().map(|(_, until)| *until).max().map(rfc3339).unwrap_or_default();
            return Err(Failure::run(format_args!(
                "a rotation is under way, and the old secret has its time until {until}: `--finish` takes it away then, \
                 `--finish --wait` as soon as it is no longer seen"
            )));
        } else if under_way.is_empty() {
            self.running.wait_for_secrets(&self.vault, None).await?;
            match (self.session.api, kind) {
                (Api::Gridx, Some(Kind::Rule)) => gridx::rule(self).await,
                (Api::Gridx, _) => gridx::webhook(self).await,
                (Api::Greenlake, _) => greenlake::webhook(self).await,
                (Api::Nursa, kind) => nursa::webhook(self, kind).await,
            }?;
        }
        self.finish().await
    }

    /// Puts a secret into the file, or in front there, and waits until the receiver has it.
    async fn deploy(&mut self, secret: &Secret, first: bool) -> Result<(), Failure> {
        let before = self.running.reloads().await?;
        let is_new = self.vault.add(secret, first).map_err(Failure::run)?;
        let is_moved = !is_new && first && self.vault.file.put_first(secret).map_err(Failure::run)?;
        self.running.wait_for_secrets(&self.vault, (is_new || is_moved).then_some(before)).await?;
        let number = self.vault.secrets()?.len();
        self.steps.done("receiver", format!("has {number} secrets live, {}", self.vault.file.path().display()))
    }

    /// From now on the new secret is the subscription's, and its others may go after `overlap`.
    fn renew(&mut self, secret: &Secret, overlap: Duration) -> Result<(), Failure> {
        let until = SystemTime::now() + overlap;
        self.vault.notes.renew(&self.id, secret, Some(until));
        self.vault.save()
    }

    /// The old secrets of this subscription, and when they may go.
    fn retired(&self) -> Vec<(String, SystemTime)> {
        let until = |entry: &Entry| Some((entry.secret.clone(), entry.until()?));
        self.vault.notes.of(&self.id).filter_map(until).collect()
    }

    /// Takes the old secrets away whose time has come, or which are no longer seen.
    async fn finish(&mut self) -> Result<(), Failure> {
        let old = self.retired();
        let Some(until) = old.iter().map(|(_, until)| *until).max() else {
            return self
                .steps
                .done("left", "which line is the old one is not known here; remove it when it no longer counts");
        };
        if SystemTime::now() < until && !self.args.wait {
            let (provider, id) = (self.session.api.provider(), &self.id);
            return self.steps.done(
                "left",
                format!(
                    "the old secret stays until {}; `receiver subscriptions rotate {provider} {id} --finish` takes it away then",
                    rfc3339(until)
                ),
            );
        }
        let prints: Vec<_> = old.into_iter().map(|(print, _)| print).collect();
        self.wait_unseen(&prints, until).await?;
        let before = self.running.reloads().await?;
        // What another subscription signs with stays.
        let goes = |print: &String| prints.contains(print) && !self.vault.notes.is_shared(&self.id, print);
        let removed = self.vault.file.retain(|secret| !goes(&fingerprint(secret))).map_err(Failure::run)?;
        self.vault.notes.forget(&self.id, &prints);
        self.vault.save()?;
        self.running.wait_for_secrets(&self.vault, (removed > 0).then_some(before)).await?;
        self.steps.done("old secret", if removed > 0 { "taken away" } else { "stays: others need it" })
    }

    /// Waits until the old secrets have verified nothing for a while in which a newer one has, or until their time ends.
    async fn wait_unseen(&mut self, old: &[String], until: SystemTime) -> Result<(), Failure> {
        let secrets: Vec<_> = self.vault.secrets()?.iter().map(fingerprint).collect();
        let slots = |is_meant: &dyn Fn(&String) -> bool| -> Vec<usize> {
            (1..).zip(&secrets).filter(|(_, print)| is_meant(print)).map(|(slot, _)| slot).collect()
        };
        let is_new =
            |print: &String| self.vault.notes.of(&self.id).any(|entry| entry.secret == *print && entry.until.is_none());
        let (old_slots, new_slots) = (slots(&|print| old.contains(print)), slots(&is_new));
        if SystemTime::now() >= until || old_slots.is_empty() {
            return Ok(());
        }
        self.steps.done("waiting", format!("until {} or the old secret is no longer seen", rfc3339(until)))?;
        let (mut old_count, new_count) = (self.count(&old_slots).await?, self.count(&new_slots).await?);
        let mut since = Instant::now();
        while SystemTime::now() < until {
            tokio::time::sleep(PAUSE).await;
            let (old_now, new_now) = (self.count(&old_slots).await?, self.count(&new_slots).await?);
            // Counts begin anew when the receiver does.
            if old_now != old_count {
                (old_count, since) = (old_now, Instant::now());
            }
            if new_now > new_count && since.elapsed() >= self.args.unseen_for.0 {
                break;
            }
        }
        Ok(())
    }

    async fn count(&self, slots: &[usize]) -> Result<u64, Failure> {
        let mut sum = 0;
        for slot in slots {
            sum += self.running.matches(*slot).await?;
        }
        Ok(sum)
    }
}
