//! Nursa: a webhook has at most two secrets, and both sign.

use std::time::Duration;

use super::Turn;
use crate::commands::Failure;
use crate::commands::subscriptions::nursa::{change, events_of, find, secrets_of};
use crate::commands::subscriptions::options::Kind;
use crate::management::Hidden;
use crate::management::nursa::models::FacilityWebhookPatch;
use crate::secrets::Secret;

/// How long Nursa tries to deliver an event, and some more.
const OVERLAP: Duration = Duration::from_secs(2 * 60 * 60);

pub(super) async fn webhook(turn: &mut Turn<'_>, kind: Option<Kind>) -> Result<(), Failure> {
    let (session, id) = (turn.session, turn.id.clone());
    let Some((kind, found)) = find(session, &id, kind).await? else { return Ok(()) };
    let events = events_of(&found);
    let patch = |secrets: &[&Secret]| FacilityWebhookPatch {
        events: Some(events.clone()),
        secrets: Some(secrets.iter().map(|secret| Hidden::from((*secret).clone())).collect()),
        ..FacilityWebhookPatch::default()
    };
    let live = turn.vault.secrets()?;
    let is_live = |secret: &Secret| live.iter().any(|known| known.expose() == secret.expose());
    let known = secrets_of(&found);
    // Two secrets are what an interrupted rotation leaves: the second one is the new one, if it is live here.
    let (old, secret) = match &known[..] {
        [old, new] if is_live(new) => (old.clone(), new.clone()),
        [old, ..] => (old.clone(), turn.vault.spare()?),
        [] => return Err(Failure::run("Nursa tells no secret of this webhook")),
    };
    turn.deploy(&secret, true).await?;
    turn.vault.note(&id, &old)?;
    change(session, kind, &id, patch(&[&old, &secret])).await?;
    turn.steps.done("Nursa", "signs with both")?;
    change(session, kind, &id, patch(&[&secret])).await?;
    turn.renew(&secret, OVERLAP)?;
    turn.steps.done("Nursa", "signs with the new secret")
}
