//! Nursa: the secret first, since a webhook sends as soon as it is there; then the webhook; then a signed event of our
//! own, since Nursa sends none on request.

use serde_json::{Value, json};

use super::{Walk, same, text};
use crate::commands::Failure;
use crate::commands::subscriptions::applicable::check_facilities;
use crate::commands::subscriptions::nursa::{change, events_of, kind_for, register, secrets_of, webhooks};
use crate::commands::subscriptions::options::Kind;
use crate::commands::subscriptions::trial;
use crate::management::nursa::models::FacilityWebhookPatch;
use crate::secrets::Secret;

pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<Value, Failure> {
    let session = walk.session;
    let kind = kind_for(&walk.args.event, walk.args.kind)?;
    check_facilities(kind, &walk.args.facility)?;
    let all = webhooks(session, Some(kind)).await?;
    let found = all.into_iter().find(|webhook| text(webhook, "url") == walk.url);
    let (id, secret) = match found {
        Some(found) => keep(walk, kind, &found).await?,
        None => make(walk, kind).await?,
    };

    let before = walk.running.newest(trial::TYPE).await?.map(|event| event.id);
    trial::send(session, &walk.url, &secret).await?;
    let event = walk.running.wait_for_event(trial::TYPE, before).await?;
    walk.steps.done("inbox", format!("has a signed event of our own as event {}", event.id))?;
    walk.steps.done("active", format!("{} to {}", walk.args.event.join(", "), walk.url))?;
    Ok(json!({"provider": "nursa", "kind": kind.name(), "id": id, "active": true}))
}

/// The webhook that is there: its secrets are put into the file, and its events changed if they are others.
async fn keep(walk: &mut Walk<'_>, kind: Kind, found: &Value) -> Result<(String, Secret), Failure> {
    let id = text(found, "id").to_owned();
    walk.steps.done("webhook", format!("{id} is there"))?;
    let secrets = secrets_of(found);
    for secret in &secrets {
        walk.deploy(secret, true).await?;
    }
    let newest = secrets.last().cloned().ok_or_else(|| {
        Failure::run(format_args!(
            "Nursa tells no secret of the webhook {id}: `receiver subscriptions rotate nursa {id}`"
        ))
    })?;
    walk.vault.note(&id, &newest)?;
    if !same(&events_of(found), &walk.args.event) {
        let patch = FacilityWebhookPatch { events: Some(walk.args.event.clone()), ..FacilityWebhookPatch::default() };
        change(walk.session, kind, &id, patch).await?;
        walk.steps.done("events", "changed")?;
    }
    Ok((id, newest))
}

/// A new webhook, whose secret is live before Nursa knows it.
async fn make(walk: &mut Walk<'_>, kind: Kind) -> Result<(String, Secret), Failure> {
    let secret = walk.vault.spare()?;
    walk.deploy(&secret, true).await?;
    let (events, facilities) = (walk.args.event.clone(), walk.args.facility.clone());
    let made = register(walk.session, kind, walk.url.clone(), events, facilities, &secret).await?;
    let id = text(&made, "id").to_owned();
    walk.undo_delete(&id, &format!(" --kind {}", kind.name()));
    walk.vault.note(&id, &secret)?;
    walk.steps.done("webhook", format!("{id} is made"))?;
    Ok((id, secret))
}
