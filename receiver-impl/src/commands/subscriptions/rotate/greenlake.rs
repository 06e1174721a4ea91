//! HPE GreenLake: the dance with two secrets. Each change has HPE send its challenge, which the receiver answers with the
//! first secret of its file, and which HPE takes if it is right under either of its own:
//!
//! ```text
//! file         HPE: primary, secondary   challenges are answered with   deliveries are signed with
//! old, new     old                       old                            old
//! old, new     old, new                  old                            both
//! new, old     old, new                  new                            both
//! new, old     new                       new                            new; retries perhaps with old
//! new          new                       new                            new
//! ```
//!
//! A receiver answers with one secret only, so all webhooks of the same destination go along.

use std::time::Duration;

use super::Turn;
use crate::commands::Failure;
use crate::commands::subscriptions::greenlake::webhooks;
use crate::management::Hidden;
use crate::management::greenlake::{self as api, models};
use crate::secrets::Secret;

/// How long HPE tries to deliver an event.
const OVERLAP: Duration = Duration::from_secs(12 * 60 * 60);

pub(super) async fn webhook(turn: &mut Turn<'_>) -> Result<(), Failure> {
    let session = turn.session;
    let ids: Vec<_> = siblings(turn).await?.into_iter().map(|webhook| webhook.id).collect();
    let secrets = turn.vault.secrets()?;
    let is_known = turn.vault.notes.of(&turn.id).next().is_some();
    if let Some(first) = secrets.first().filter(|_| !is_known) {
        // It was not made here. Challenges are answered with the first secret, so that is the one which it has.
        turn.vault.note(&turn.id, first)?;
    }
    // An interrupted rotation may have put another secret in front than HPE's primary one.
    if let Some(current) = secrets.into_iter().find(|secret| turn.vault.notes.has(&turn.id, secret)) {
        turn.deploy(&current, true).await?;
    }
    // It is on the disk before HPE knows it.
    let secret = turn.vault.spare()?;
    turn.deploy(&secret, false).await?;
    for id in &ids {
        let patch = models::WebhookPatch { secondary_secret: Some(secret.clone().into()), ..Default::default() };
        session.send(&api::update_webhook(id, &patch)).await?;
    }
    turn.steps.done("HPE", format!("signs with both, {} webhook(s)", ids.len()))?;
    turn.deploy(&secret, true).await?;
    // Noted before the last change: what `complete` finds half done, it does.
    for id in ids.iter().filter(|id| **id != turn.id) {
        turn.vault.notes.renew(id, &secret, None);
        turn.vault.notes.retain_newest(id);
    }
    turn.renew(&secret, OVERLAP)?;
    complete(turn).await
}

/// Makes the first secret of the file the only one of each webhook that has two.
pub(super) async fn complete(turn: &mut Turn<'_>) -> Result<(), Failure> {
    let first = turn.vault.secrets()?.into_iter().next();
    let Some(secret) = first.filter(|secret| turn.vault.notes.has(&turn.id, secret)) else { return Ok(()) };
    for webhook in siblings(turn).await?.into_iter().filter(|webhook| webhook.dual_secret == Some(true)) {
        let patch = models::WebhookPatch {
            secret: Some(secret.clone().into()),
            secondary_secret: Some(Hidden::from(Secret::new(""))),
            ..Default::default()
        };
        turn.session.send(&api::update_webhook(&webhook.id, &patch)).await?;
        turn.steps.done("HPE", format!("signs with the new secret, {}", webhook.id))?;
    }
    Ok(())
}

/// This webhook and the others of its destination.
async fn siblings(turn: &Turn<'_>) -> Result<Vec<models::Webhook>, Failure> {
    let this = turn.session.send(&api::show_webhook(&turn.id)).await?.value;
    let mut siblings = Vec::new();
    for other in webhooks(turn.session).await? {
        let other: models::Webhook = serde_json::from_value(other).map_err(Failure::run)?;
        if other.destination == this.destination && other.id != this.id {
            siblings.push(other);
        }
    }
    siblings.insert(0, this);
    Ok(siblings)
}
