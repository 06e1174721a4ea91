//! gridX: create inactive, keep the secret, ping, see the ping, activate.

use serde_json::{Value, json};

use super::{Walk, same};
use crate::commands::Failure;
use crate::commands::subscriptions::gridx::{account, keep, summary};
use crate::management::gridx::{self as api, models};

/// The type of gridX's test event.
const PING: &str = "ping";

pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<Value, Failure> {
    let session = walk.session;
    let account = account(session).await?;
    walk.steps.done("account", &account)?;
    let mut webhook = subscription(walk, &account).await?;
    let id = webhook.id.clone();

    let secrets = walk.vault.secrets()?;
    let secret = match secrets.into_iter().find(|secret| walk.vault.notes.has(&id, secret)) {
        Some(secret) => secret,
        None => {
            // It was made here just now, or gridX is asked for another one: it tells each only once.
            let told = match webhook.secret.take() {
                Some(secret) => Some(secret.secret().clone()),
                None => {
                    let reply = session.send(&api::rotate_webhook_secret(&account, &id)).await?;
                    Some(reply.value.secret.secret().clone())
                }
            };
            let secret = keep(&mut walk.vault, &id, told)?;
            walk.undo_secret();
            secret
        }
    };
    walk.deploy(&secret, true).await?;

    let before = walk.running.newest(PING).await?.map(|event| event.id);
    session.send(&api::ping_webhook(&account, &id, &json!({}))).await?;
    walk.steps.done("ping", "asked for")?;
    let event = walk.running.wait_for_event(PING, before).await?;
    walk.steps.done("inbox", format!("has it as event {}", event.id))?;

    let input =
        models::WebhookInput { event_types: walk.args.event.clone(), target_url: walk.url.clone(), active: Some(true) };
    let is_right = webhook.active == Some(true) && same(&webhook.event_types.unwrap_or_default(), &walk.args.event);
    if !is_right {
        session.send(&api::update_webhook(&account, &id, &input)).await?;
    }
    walk.steps.done("active", format!("{} to {}", walk.args.event.join(", "), walk.url))?;
    Ok(summary(&id, true))
}

/// The subscription for this target: the one that is there, or a new one, not active yet.
async fn subscription(walk: &mut Walk<'_>, account: &str) -> Result<models::Webhook, Failure> {
    let session = walk.session;
    let all = session.send(&api::list_webhooks(account)).await?.value;
    if let Some(found) = all.into_iter().find(|webhook| webhook.target_url.as_deref() == Some(walk.url.as_str())) {
        let state = if found.active == Some(true) { "active" } else { "not active yet" };
        walk.steps.done("subscription", format!("{} is there, {state}", found.id))?;
        return Ok(found);
    }
    let input = models::WebhookInput {
        event_types: walk.args.event.clone(),
        target_url: walk.url.clone(),
        active: Some(false),
    };
    let made = session.send(&api::create_webhook(account, &input)).await?.value;
    walk.undo_delete(&made.id, "");
    // It is told once: nothing comes before it is kept.
    keep(&mut walk.vault, &made.id, made.secret.as_ref().map(|secret| secret.secret().clone()))?;
    walk.undo_secret();
    walk.steps.done("subscription", format!("{} is made, not active yet", made.id))?;
    Ok(made)
}
