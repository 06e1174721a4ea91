//! HPE GreenLake: webhooks, and the subscriptions that tie event types to them.

mod authentication;
mod pages;

use serde_json::json;

use super::options::{Kind, id};
use super::output::{self, Column};
use super::session::Session;
use super::vault::{self, Vault};
use super::{CreateArgs, UpdateArgs, Verb, at_most, events, needed, nothing_to_change, target, unsupported};
use crate::commands::Failure;
use crate::management::greenlake::{self as api, models};
use crate::subscriptions::Api;
pub(super) use authentication::AuthArgs;
use pages::items;
pub(super) use pages::{subscriptions, webhooks};

const WEBHOOKS: &[Column] = &[
    ("ID", "/id"),
    ("STATUS", "/status"),
    ("NAME", "/name"),
    ("SECRETS", "/dualSecret"),
    ("DESTINATION", "/destination"),
];
const SUBSCRIPTIONS: &[Column] =
    &[("ID", "/id"), ("EVENT", "/eventType"), ("WEBHOOK", "/webhook/resourceUri"), ("FILTER", "/eventFilter")];
const DELIVERIES: &[Column] = &[
    ("ID", "/id"),
    ("SENT", "/createdAt"),
    ("STATUS", "/status"),
    ("ANSWER", "/httpResponseCode"),
    ("RETRY", "/retryStatus"),
    ("FAILURE", "/failureId"),
    ("WHAT", "/description"),
];
/// What of the webhooks stands before an id, in subscriptions.
pub(super) const WEBHOOK_URI: &str = "/events/v1beta1/webhooks/";

pub(super) async fn run(session: &Session<'_>, verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::List(args) if is_subscription(args.kind)? => {
            let webhook = args.webhook.as_deref().map(|webhook| id(Api::Greenlake, webhook)).transpose()?;
            output::list(session, &subscriptions(session, webhook.as_deref()).await?, SUBSCRIPTIONS)
        }
        Verb::List(_) => output::list(session, &webhooks(session).await?, WEBHOOKS),
        Verb::Show(args) => {
            let id = id(Api::Greenlake, &args.id)?;
            if !is_subscription(args.kind)? {
                return output::one(session, &session.send(&api::show_webhook(&id)).await?.json);
            }
            // There is no call for one of them.
            let all = subscriptions(session, None).await?;
            match all.iter().find(|one| one["id"] == id.as_str()) {
                Some(one) => output::one(session, one),
                None if session.is_dry() => Ok(()),
                None => Err(missing(&id)),
            }
        }
        Verb::Create(args) if is_subscription(args.kind)? => {
            let webhook = reference(&needed(args.values.webhook.as_ref(), "--webhook")?)?;
            let input = |event_type| models::SubscriptionInput {
                event_type,
                webhook: webhook.clone(),
                event_filter: args.values.filter.clone(),
            };
            let inputs: Vec<_> = events(&args.values)?.into_iter().map(input).collect();
            let made = session.send(&api::create_subscriptions(&inputs)).await?.json;
            output::list(session, made.as_array().map_or(&[][..], Vec::as_slice), SUBSCRIPTIONS)
        }
        Verb::Create(args) => create_webhook(session, args).await,
        Verb::Update(args) if is_subscription(args.kind)? => update_subscription(session, args).await,
        Verb::Update(args) => update_webhook(session, args).await,
        Verb::Delete(args) => {
            let ids = args.id.iter().map(|text| id(Api::Greenlake, text)).collect::<Result<Vec<_>, _>>()?;
            if is_subscription(args.kind)? {
                session.send(&api::delete_subscriptions(&ids)).await?;
                return output::done(session, &format!("{} deleted", ids.join(", ")));
            }
            for id in &ids {
                session.send(&api::delete_webhook(id, args.force.then_some(true))).await?;
                output::done(
                    session,
                    &format!("{id} is deleted; its secret stays in the file until its line is removed"),
                )?;
            }
            Ok(())
        }
        Verb::Test(args) | Verb::Verify(args) => {
            if is_subscription(args.kind)? {
                return Err(unsupported(Api::Greenlake, "test of a subscription; test its webhook"));
            }
            output::one(session, &session.send(&api::verify_webhook(&id(Api::Greenlake, &args.id)?)).await?.json)
        }
        Verb::Deliveries(args) => {
            let id = id(Api::Greenlake, &needed(args.id.as_ref(), "ID, the webhook's,")?)?;
            let limit = at_most(Api::Greenlake, args.limit, pages::LARGEST)?;
            let page = session.send(&api::list_deliveries(&id, Some(limit), args.offset)).await?.json;
            output::list(session, items(&page), DELIVERIES)
        }
        Verb::Retry(args) => {
            let id = id(Api::Greenlake, &args.id)?;
            if matches!(args.failure.as_str(), "" | "." | "..") {
                return Err(Failure::usage("`receiver subscriptions deliveries greenlake ID` shows the failures"));
            }
            output::one(session, &session.send(&api::retry_delivery(&id, &args.failure)).await?.json)
        }
        Verb::Whoami(_) => Err(unsupported(Api::Greenlake, "call that says whose token it is")),
        // These have been dealt with.
        Verb::Setup(_) | Verb::Rotate(_) => Ok(()),
    }
}

fn is_subscription(kind: Option<Kind>) -> Result<bool, Failure> {
    Ok(Kind::of(Api::Greenlake, kind)? == Some(Kind::Subscription))
}

fn missing(id: &str) -> Failure {
    Failure::run(format_args!(
        "HPE GreenLake has no subscription {id}; `list greenlake --kind subscription` shows them"
    ))
}

/// How a subscription names its webhook.
pub(super) fn reference(webhook: &str) -> Result<models::WebhookTarget, Failure> {
    Ok(models::WebhookTarget { resource_uri: format!("{WEBHOOK_URI}{}", id(Api::Greenlake, webhook)?) })
}

async fn create_webhook(session: &Session<'_>, args: &CreateArgs) -> Result<(), Failure> {
    let values = &args.values;
    if args.inactive {
        return Err(Failure::usage(
            "a webhook of HPE has no deliveries before it has subscriptions; leave `--inactive` out",
        ));
    }
    let input = models::WebhookInput {
        name: needed(values.name.as_ref(), "--name")?,
        destination: target::url(Api::Greenlake, &needed(values.target.as_ref(), "--target")?)?,
        description: values.description.clone(),
        batching: values.batching,
        challenge_request_enabled: values.challenges,
        ..Default::default()
    };
    let mut input = values.auth.for_create(session)?.of_input(input);
    if session.is_dry() {
        input.secret = vault::make_up()?.into();
        return session.send(&api::create_webhook(&input)).await.map(drop);
    }
    // The challenge comes with the creation and is answered with the first secret, so that one must be it.
    let mut vault = Vault::open(session)?;
    let secret = match vault.secrets()?.into_iter().next() {
        Some(first) => first,
        None => {
            let secret = vault::make_up()?;
            vault.add(&secret, true).map_err(Failure::run)?;
            secret
        }
    };
    input.secret = secret.clone().into();
    let reply = session.send(&api::create_webhook(&input)).await?;
    vault.note(&reply.value.id, &secret)?;
    output::one(session, &reply.json)
}

async fn update_webhook(session: &Session<'_>, args: &UpdateArgs) -> Result<(), Failure> {
    let values = &args.values;
    let id = id(Api::Greenlake, &args.id)?;
    let patch = models::WebhookPatch {
        name: values.name.clone(),
        destination: values.target.as_ref().map(|target| target::url(Api::Greenlake, target)).transpose()?,
        description: values.description.clone(),
        batching: values.batching,
        challenge_request_enabled: values.challenges,
        paused: (args.active || args.inactive).then_some(args.inactive),
        ..Default::default()
    };
    let patch = values.auth.said(session)?.unwrap_or_default().of_patch(patch);
    let call = api::update_webhook(&id, &patch);
    if call.payload().is_some_and(|payload| payload.value == json!({})) {
        return Err(nothing_to_change("`--target`, `--name`, `--active`, `--inactive` or another option"));
    }
    output::one(session, &session.send(&call).await?.json)
}

async fn update_subscription(session: &Session<'_>, args: &UpdateArgs) -> Result<(), Failure> {
    let values = &args.values;
    let id = id(Api::Greenlake, &args.id)?;
    if values.event.is_empty() && values.webhook.is_none() && values.filter.is_none() {
        return Err(nothing_to_change("`--event`, `--webhook` or `--filter`"));
    }
    // What is not said stays as it is, but must be sent: the filter, too.
    let mut now = models::Subscription::default();
    if values.event.is_empty() || values.webhook.is_none() || values.filter.is_none() {
        let all = subscriptions(session, None).await?;
        match all.into_iter().find(|one| one["id"] == id.as_str()) {
            Some(one) => now = serde_json::from_value(one).map_err(Failure::run)?,
            None if session.is_dry() => {
                now.event_type = Some("(as it is)".to_owned());
                now.webhook = Some(models::WebhookRef { resource_uri: Some(format!("{WEBHOOK_URI}WEBHOOK-ID")) });
            }
            None => return Err(missing(&id)),
        }
    }
    let webhook = match &values.webhook {
        Some(webhook) => reference(webhook)?,
        None => match now.webhook.and_then(|webhook| webhook.resource_uri) {
            Some(resource_uri) => models::WebhookTarget { resource_uri },
            None => return Err(Failure::usage("HPE does not say which webhook it is of; name it with `--webhook`")),
        },
    };
    let event_type = match &values.event[..] {
        [] => now.event_type.unwrap_or_default(),
        [one] => one.clone(),
        _ => return Err(Failure::usage("a subscription has one event type; give `--event` once")),
    };
    let event_filter = values.filter.clone().or(now.event_filter);
    let patch = models::SubscriptionPatch { subscription_id: id, event_type, webhook, event_filter };
    let made = session.send(&api::update_subscriptions(&[patch])).await?.json;
    output::list(session, made.as_array().map_or(&[][..], Vec::as_slice), SUBSCRIPTIONS)
}
