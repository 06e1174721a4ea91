//! `setup` and `rotate` with `--dry-run`: every request of the whole way, in order, as it is where nothing is there yet.
//! A real run leaves out what it finds done.

use serde_json::json;

use super::applicable::check_facilities;
use super::greenlake::WEBHOOK_URI;
use super::gridx::{account, as_input, user};
use super::nursa::{self, kind_for};
use super::options::Kind;
use super::session::Session;
use super::setup::SetupArgs;
use super::trial;
use super::vault::make_up;
use crate::commands::Failure;
use crate::management::Hidden;
use crate::management::greenlake::{self, models as greenlake_models};
use crate::management::gridx::{self, models as gridx_models};
use crate::management::nursa::models as nursa_models;
use crate::secrets::Secret;
use crate::subscriptions::Api;

/// Stands where an answer would name what was made.
const NEW_ID: &str = "NEW-ID";

pub(super) async fn setup(session: &Session<'_>, args: &SetupArgs, url: String) -> Result<(), Failure> {
    match session.api {
        Api::Gridx => {
            let account = account(session).await?;
            let input = |active| gridx_models::WebhookInput {
                event_types: args.event.clone(),
                target_url: url.clone(),
                active: Some(active),
            };
            session.send(&gridx::list_webhooks(&account)).await?;
            session.send(&gridx::create_webhook(&account, &input(false))).await?;
            session.send(&gridx::ping_webhook(&account, NEW_ID, &json!({}))).await?;
            session.send(&gridx::update_webhook(&account, NEW_ID, &input(true))).await?;
        }
        Api::Greenlake => {
            let (name, destination, secret) = (args.name(), url.clone(), make_up()?);
            let webhook = args.auth.for_setup(session, "")?.of_input(greenlake_models::WebhookInput {
                name,
                destination,
                secret: secret.clone().into(),
                ..Default::default()
            });
            super::greenlake::webhooks(session).await?;
            session.send(&greenlake::create_webhook(&webhook)).await?;
            session.send(&greenlake::verify_webhook(NEW_ID)).await?;
            trial::send(session, &url, &secret).await?;
            super::greenlake::subscriptions(session, Some(NEW_ID)).await?;
            let webhook = greenlake_models::WebhookTarget { resource_uri: format!("{WEBHOOK_URI}{NEW_ID}") };
            let subscription = |event_type: &String| greenlake_models::SubscriptionInput {
                event_type: event_type.clone(),
                webhook: webhook.clone(),
                event_filter: None,
            };
            let subscriptions: Vec<_> = args.event.iter().map(subscription).collect();
            session.send(&greenlake::create_subscriptions(&subscriptions)).await?;
            session.send(&greenlake::show_webhook(NEW_ID)).await?;
        }
        Api::Nursa => {
            let kind = kind_for(&args.event, args.kind)?;
            nursa::webhooks(session, Some(kind)).await?;
            check_facilities(kind, &args.facility)?;
            let (events, secret) = (args.event.clone(), make_up()?);
            nursa::register(session, kind, url.clone(), events, args.facility.clone(), &secret).await?;
            trial::send(session, &url, &secret).await?;
        }
    }
    Ok(())
}

pub(super) async fn rotate(session: &Session<'_>, id: &str, kind: Option<Kind>) -> Result<(), Failure> {
    let secret = || make_up().map(Hidden::from);
    match (session.api, kind) {
        (Api::Gridx, Some(Kind::Rule)) => {
            let (account, user) = user(session).await?;
            let mut input = as_input(session.send(&gridx::show_rule(&account, &user, id)).await?.value);
            input.event_type = super::gridx::AS_IT_IS.to_owned();
            let target_url = super::gridx::AS_IT_IS.to_owned();
            input.notification_type.webhook = Some(gridx_models::RuleWebhook { target_url, secret: Some(secret()?) });
            session.send(&gridx::update_rule(&account, &user, id, &input)).await?;
        }
        (Api::Gridx, _) => {
            let account = account(session).await?;
            session.send(&gridx::rotate_webhook_secret(&account, id)).await?;
            session.send(&gridx::ping_webhook(&account, id, &json!({}))).await?;
        }
        (Api::Greenlake, _) => {
            let both = greenlake_models::WebhookPatch { secondary_secret: Some(secret()?), ..Default::default() };
            let one = greenlake_models::WebhookPatch {
                secret: Some(secret()?),
                secondary_secret: Some(Hidden::from(Secret::new(""))),
                ..Default::default()
            };
            session.send(&greenlake::show_webhook(id)).await?;
            super::greenlake::webhooks(session).await?;
            session.send(&greenlake::update_webhook(id, &both)).await?;
            session.send(&greenlake::show_webhook(id)).await?;
            super::greenlake::webhooks(session).await?;
            session.send(&greenlake::update_webhook(id, &one)).await?;
        }
        (Api::Nursa, kind) => {
            nursa::webhooks(session, kind).await?;
            for secrets in [vec![secret()?, secret()?], vec![secret()?]] {
                let events = Some(vec![super::gridx::AS_IT_IS.to_owned()]);
                let patch = nursa_models::FacilityWebhookPatch { events, secrets: Some(secrets), ..Default::default() };
                nursa::change(session, kind.unwrap_or(Kind::Facility), id, patch).await?;
            }
        }
    }
    Ok(())
}
