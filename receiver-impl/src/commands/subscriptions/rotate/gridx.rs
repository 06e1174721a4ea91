//! gridX. A webhook subscription's new secret is made by gridX, which signs with both for three days. A rule's secret is
//! chosen here, and gridX knows one at a time.

use std::time::Duration;

use serde_json::json;

use super::Turn;
use crate::commands::Failure;
use crate::commands::subscriptions::gridx::{account, as_input, user};
use crate::management::gridx as api;

/// How long gridX signs with an old secret, too.
const OVERLAP: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How long deliveries of a rule may still be on their way; how long gridX tries is not published.
const RULE_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);
/// The type of gridX's test event.
const PING: &str = "ping";

pub(super) async fn webhook(turn: &mut Turn<'_>) -> Result<(), Failure> {
    let (session, id) = (turn.session, turn.id.clone());
    let account = account(session).await?;
    if turn.vault.notes.of(&id).next().is_none() {
        // It was not made here: a ping tells which line of the file is its secret.
        let slot = ping(turn, &account).await?;
        let secret = slot.checked_sub(1).and_then(|place| turn.vault.secrets().ok()?.into_iter().nth(place));
        let secret = secret.ok_or_else(|| Failure::run("the receiver has another secret there than the file"))?;
        turn.vault.note(&id, &secret)?;
    }
    let secret = session.send(&api::rotate_webhook_secret(&account, &id)).await?.value.secret.secret().clone();
    turn.vault.add(&secret, true).map_err(|error| {
        Failure::run(format_args!(
            "gridX made a new secret, which could not be kept: {error}. The old one still signs for three days; mend that \
             and type the same again. Only the five newest secrets sign"
        ))
    })?;
    turn.renew(&secret, OVERLAP)?;
    turn.steps.done("gridX", "made a new secret, and signs with both for three days")?;
    turn.running.wait_for_secrets(&turn.vault, None).await?;
    turn.deploy(&secret, true).await?;
    // It stands first, and the first that matches counts.
    match ping(turn, &account).await? {
        1 => turn.steps.done("ping", "arrived, signed with the new secret"),
        _ => Err(Failure::run("the ping arrived, but not with a signature of the new secret; the old one stays")),
    }
}

/// Has a ping delivered, and says which secret verified it.
async fn ping(turn: &Turn<'_>, account: &str) -> Result<usize, Failure> {
    let before = turn.running.newest(PING).await?.map(|event| event.id);
    turn.session.send(&api::ping_webhook(account, &turn.id, &json!({}))).await?;
    let event = turn.running.wait_for_event(PING, before).await?;
    let slot = turn.running.slot(event.id).await?;
    slot.ok_or_else(|| Failure::run("the ping arrived, but is gone from the inbox; try again"))
}

pub(super) async fn rule(turn: &mut Turn<'_>) -> Result<(), Failure> {
    let (session, id) = (turn.session, turn.id.clone());
    let (account, user) = user(session).await?;
    let mut input = as_input(session.send(&api::show_rule(&account, &user, &id)).await?.value);
    let Some(webhook) = &mut input.notification_type.webhook else {
        return Err(Failure::run(format_args!("the rule {id} tells nobody through a webhook, so it has no secret")));
    };
    let old = webhook.secret.take();
    let secret = turn.vault.spare()?;
    turn.deploy(&secret, true).await?;
    if let Some(old) = old {
        turn.vault.note(&id, old.secret())?;
    }
    webhook.secret = Some(secret.clone().into());
    session.send(&api::update_rule(&account, &user, &id, &input)).await?;
    turn.renew(&secret, RULE_OVERLAP)?;
    turn.steps.done("gridX", "signs with the new secret")
}
