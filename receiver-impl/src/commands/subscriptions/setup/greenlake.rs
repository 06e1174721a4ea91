//! HPE GreenLake: the secret first, since creating a webhook sends its challenge at once; then the webhook, which gets no
//! event before it has subscriptions; a challenge on request; a signed event of our own; the subscriptions.

use serde_json::{Value, json};

use super::{Walk, text};
use crate::commands::Failure;
use crate::commands::subscriptions::greenlake::{reference, subscriptions, webhooks};
use crate::commands::subscriptions::{trial, vault};
use crate::management::greenlake::{self as api, models};
use crate::secrets::Secret;

pub(super) async fn walk(walk: &mut Walk<'_>) -> Result<Value, Failure> {
    let session = walk.session;
    // Challenges are answered with the first secret, so every webhook that comes here has that one.
    let secret = match walk.vault.secrets()?.into_iter().next() {
        Some(first) => first,
        None => vault::make_up()?,
    };
    walk.deploy(&secret, true).await?;

    let id = webhook(walk, &secret).await?;
    let verified = session.send(&api::verify_webhook(&id)).await?.value;
    let answer = verified.destination_response.unwrap_or_default();
    if answer.status_code.is_some_and(|status| status != 200) {
        let (status, message) = (answer.status_code.unwrap_or_default(), answer.message.unwrap_or_default());
        let message = crate::log_text::Shown(&message).to_string();
        return Err(Failure::run(format_args!(
            "HPE's challenge was answered {status} ({message}): is {} this receiver's address, and is GREENLAKE_CHALLENGE \
             `answer`?",
            walk.url
        )));
    }
    walk.steps.done("challenge", "sent, and answered 200")?;

    let before = walk.running.newest(trial::TYPE).await?.map(|event| event.id);
    trial::send(session, &walk.url, &secret).await?;
    let event = walk.running.wait_for_event(trial::TYPE, before).await?;
    walk.steps.done("inbox", format!("has a signed event of our own as event {}", event.id))?;

    subscribe(walk, &id).await?;
    let now = session.send(&api::show_webhook(&id)).await?.value;
    let status = now.status.unwrap_or_default();
    if !status.eq_ignore_ascii_case("active") {
        let reason = now.state_reason.unwrap_or_default();
        return Err(Failure::run(format_args!(
            "the webhook is {} and not ACTIVE{}{}: `receiver subscriptions verify greenlake {id}` sends the challenge again",
            crate::log_text::Shown(&status),
            if reason.is_empty() { "" } else { ", because: " },
            crate::log_text::Shown(&reason)
        )));
    }
    walk.steps.done("active", format!("{} to {}", walk.args.event.join(", "), walk.url))?;
    Ok(json!({"provider": "greenlake", "id": id, "active": true}))
}

/// The webhook for this target: the one that is there, or a new one.
async fn webhook(walk: &mut Walk<'_>, secret: &Secret) -> Result<String, Failure> {
    let session = walk.session;
    let all = webhooks(session).await?;
    if let Some(found) = all.iter().find(|webhook| text(webhook, "destination") == walk.url) {
        let id = text(found, "id").to_owned();
        let is_paused = found["paused"] == true;
        let authentication = walk.args.auth.for_setup(session, text(found, "authType"))?;
        // HPE does not tell which key it has.
        if !walk.vault.notes.has(&id, secret) || is_paused || authentication.is_said() {
            let patch = authentication.of_patch(models::WebhookPatch {
                secret: Some(secret.clone().into()),
                paused: is_paused.then_some(false),
                ..Default::default()
            });
            session.send(&api::update_webhook(&id, &patch)).await?;
            walk.vault.note(&id, secret)?;
        }
        walk.steps.done("webhook", format!("{id} is there"))?;
        return Ok(id);
    }
    let input = walk.args.auth.for_setup(session, "")?.of_input(models::WebhookInput {
        name: walk.args.name(),
        destination: walk.url.clone(),
        secret: secret.clone().into(),
        ..Default::default()
    });
    let made = session.send(&api::create_webhook(&input)).await?.value;
    walk.undo_delete(&made.id, " --force");
    walk.vault.note(&made.id, secret)?;
    walk.steps.done("webhook", format!("{} is made; it gets no events yet", made.id))?;
    Ok(made.id)
}

/// Subscribes to the events that it does not have yet.
async fn subscribe(walk: &mut Walk<'_>, id: &str) -> Result<(), Failure> {
    let session = walk.session;
    let has = subscriptions(session, Some(id)).await?;
    let is_missing = |event: &&String| !has.iter().any(|one| text(one, "eventType") == event.as_str());
    let webhook = reference(id)?;
    let inputs: Vec<_> = walk
        .args
        .event
        .iter()
        .filter(is_missing)
        .map(|event| models::SubscriptionInput {
            event_type: event.clone(),
            webhook: webhook.clone(),
            event_filter: None,
        })
        .collect();
    if !inputs.is_empty() {
        session.send(&api::create_subscriptions(&inputs)).await?;
    }
    walk.steps.done("events", format!("{} subscribed, {} before", inputs.len(), walk.args.event.len() - inputs.len()))
}
