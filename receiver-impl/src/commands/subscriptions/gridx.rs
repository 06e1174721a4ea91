//! gridX: notification rules and webhook subscriptions.

use serde_json::{Value, json};

use super::options::{Kind, id};
use super::output::{self, Column};
use super::session::Session;
use super::vault::{self, Vault};
use super::{CreateArgs, UpdateArgs, Values, Verb, events, needed, nothing_to_change, target, unsupported};
use crate::commands::Failure;
use crate::management::gridx::{self as api, models};
use crate::secrets::Secret;
use crate::subscriptions::Api;

const WEBHOOKS: &[Column] =
    &[("ID", "/id"), ("ACTIVE", "/active"), ("TARGET", "/targetURL"), ("EVENTS", "/eventTypes")];
const RULES: &[Column] =
    &[("ID", "/id"), ("EVENT", "/eventType"), ("TARGET", "/notificationType/webhook/targetURL"), ("LOCALE", "/locale")];

/// What is not said in a dry run, which asks nobody.
pub(super) const AS_IT_IS: &str = "(as it is)";

pub(super) async fn run(session: &Session<'_>, verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Whoami(_) => output::one(session, &session.send(&api::who_am_i()).await?.json),
        Verb::List(args) if is_rule(args.kind)? => {
            let (account, user) = user(session).await?;
            let rules = session.send(&api::list_rules(&account, &user)).await?.json;
            output::list(session, rules.as_array().map_or(&[][..], Vec::as_slice), RULES)
        }
        Verb::List(_) => {
            let account = account(session).await?;
            let webhooks = session.send(&api::list_webhooks(&account)).await?.json;
            output::list(session, webhooks.as_array().map_or(&[][..], Vec::as_slice), WEBHOOKS)
        }
        Verb::Show(args) => {
            let id = id(Api::Gridx, &args.id)?;
            let json = if is_rule(args.kind)? {
                let (account, user) = user(session).await?;
                session.send(&api::show_rule(&account, &user, &id)).await?.json
            } else {
                session.send(&api::show_webhook(&account(session).await?, &id)).await?.json
            };
            output::one(session, &json)
        }
        Verb::Create(args) if is_rule(args.kind)? => create_rules(session, args).await,
        Verb::Create(args) => create_webhook(session, args).await,
        Verb::Update(args) if is_rule(args.kind)? => update_rule(session, args).await,
        Verb::Update(args) => update_webhook(session, args).await,
        Verb::Delete(args) => {
            let is_rule = is_rule(args.kind)?;
            let ids = args.id.iter().map(|text| id(Api::Gridx, text)).collect::<Result<Vec<_>, _>>()?;
            for id in &ids {
                if is_rule {
                    let (account, user) = user(session).await?;
                    session.send(&api::delete_rule(&account, &user, id)).await?;
                } else {
                    session.send(&api::delete_webhook(&account(session).await?, id)).await?;
                }
                output::done(
                    session,
                    &format!("{id} is deleted; its secret stays in the file until its line is removed"),
                )?;
            }
            Ok(())
        }
        Verb::Test(args) if is_rule(args.kind)? => Err(unsupported(Api::Gridx, "test event for notification rules")),
        Verb::Test(args) => {
            let id = id(Api::Gridx, &args.id)?;
            session.send(&api::ping_webhook(&account(session).await?, &id, &json!({}))).await?;
            output::done(session, "a ping event is on its way; `receiver events list --type ping` shows it")
        }
        Verb::Verify(_) => Err(unsupported(Api::Gridx, "challenge; `test` has a ping event delivered")),
        Verb::Deliveries(_) | Verb::Retry(_) => Err(unsupported(Api::Gridx, "log of deliveries")),
        // These have been dealt with.
        Verb::Setup(_) | Verb::Rotate(_) => Ok(()),
    }
}

fn is_rule(kind: Option<Kind>) -> Result<bool, Failure> {
    Ok(Kind::of(Api::Gridx, kind)? == Some(Kind::Rule))
}

/// The account: as told, or that of the token's user.
pub(super) async fn account(session: &Session<'_>) -> Result<String, Failure> {
    match session.common.account()? {
        Some(account) => Ok(account),
        None => user(session).await.map(|(account, _)| account),
    }
}

/// The account and the user of the token.
pub(super) async fn user(session: &Session<'_>) -> Result<(String, String), Failure> {
    let user = session.send(&api::who_am_i()).await?.value;
    if session.is_dry() {
        return Ok(("ACCOUNT-ID".to_owned(), "USER-ID".to_owned()));
    }
    Ok((session.common.account()?.unwrap_or(user.account_id), user.id))
}

async fn create_webhook(session: &Session<'_>, args: &CreateArgs) -> Result<(), Failure> {
    let input = models::WebhookInput {
        event_types: events(&args.values)?,
        target_url: target::url(Api::Gridx, &needed(args.values.target.as_ref(), "--target")?)?,
        active: Some(!args.inactive),
    };
    // The secret is seen once: there must be a place for it before it is made.
    let mut vault = if session.is_dry() { None } else { Some(Vault::open(session)?) };
    let account = account(session).await?;
    let reply = session.send(&api::create_webhook(&account, &input)).await?;
    if let Some(vault) = &mut vault {
        keep(vault, &reply.value.id, reply.value.secret.as_ref().map(|hidden| hidden.secret().clone()))?;
    }
    output::one(session, &reply.json)
}

/// Puts a secret that gridX made into the file.
pub(super) fn keep(vault: &mut Vault, id: &str, secret: Option<Secret>) -> Result<Secret, Failure> {
    let secret = secret.ok_or_else(|| {
        Failure::run(format_args!(
            "gridX made the webhook {id} but told no secret; `receiver subscriptions rotate gridx {id}` gets another one"
        ))
    })?;
    let kept = vault.add(&secret, true).map_err(|error| {
        Failure::run(format_args!(
            "the secret of the webhook {id} could not be kept, and is never shown again: {error}. Mend that, then get another \
             one with `receiver subscriptions rotate gridx {id}`, or delete the webhook"
        ))
    });
    kept?;
    vault.note(id, &secret)?;
    Ok(secret)
}

async fn update_webhook(session: &Session<'_>, args: &UpdateArgs) -> Result<(), Failure> {
    let id = id(Api::Gridx, &args.id)?;
    let account = account(session).await?;
    let said = (!args.values.event.is_empty(), args.values.target.is_some(), args.active || args.inactive);
    if said == (false, false, false) {
        return Err(nothing_to_change("`--event`, `--target`, `--active` or `--inactive`"));
    }
    // All three members are wanted, so what is not said stays as it is.
    let mut now = models::Webhook::default();
    if said != (true, true, true) {
        now = session.send(&api::show_webhook(&account, &id)).await?.value;
        if session.is_dry() {
            now.target_url = Some(AS_IT_IS.to_owned());
            now.event_types = Some(vec![AS_IT_IS.to_owned()]);
        }
    }
    let target = args.values.target.as_ref().map(|target| target::url(Api::Gridx, target)).transpose()?;
    let input = models::WebhookInput {
        event_types: if said.0 { args.values.event.clone() } else { now.event_types.unwrap_or_default() },
        target_url: target.or(now.target_url).unwrap_or_default(),
        active: if said.2 { Some(args.active) } else { now.active },
    };
    session.send(&api::update_webhook(&account, &id, &input)).await?;
    output::done(session, &format!("{id} is changed"))
}

async fn create_rules(session: &Session<'_>, args: &CreateArgs) -> Result<(), Failure> {
    let target = target::url(Api::Gridx, &needed(args.values.target.as_ref(), "--target")?)?;
    let events = events(&args.values)?;
    // The caller chooses the secret, so it is in place before gridX knows it.
    let mut vault = if session.is_dry() { None } else { Some(Vault::open(session)?) };
    let secret = vault.as_mut().map_or_else(vault::make_up, Vault::spare)?;
    if let Some(vault) = &vault {
        vault.add(&secret, true).map_err(Failure::run)?;
    }
    let (account, user) = user(session).await?;
    let mut rules = Vec::new();
    for event in events {
        let input = rule(&args.values, event, &target, &secret)?;
        let reply = session.send(&api::create_rule(&account, &user, &input)).await?;
        if let Some(vault) = &mut vault {
            vault.note(&reply.value.id, &secret)?;
        }
        rules.push(reply.json);
    }
    output::list(session, &rules, RULES)
}

fn rule(values: &Values, event: String, target: &str, secret: &Secret) -> Result<models::RuleInput, Failure> {
    let webhook = models::RuleWebhook { target_url: target.to_owned(), secret: Some(secret.clone().into()) };
    Ok(models::RuleInput {
        event_type: event,
        filters: filters(values)?,
        notification_type: models::NotificationType { webhook: Some(webhook), ..Default::default() },
        locale: None,
    })
}

/// What `--filter` says: one condition, or, empty, that there is none.
fn filters(values: &Values) -> Result<Option<Vec<models::RuleFilter>>, Failure> {
    match values.filter.as_deref() {
        None => Ok(None),
        Some("") => Ok(Some(Vec::new())),
        Some(filter) => match filter.split_once('=') {
            Some((name, condition)) if !name.is_empty() => {
                Ok(Some(vec![models::RuleFilter { name: name.to_owned(), condition: condition.to_owned() }]))
            }
            _ => Err(Failure::usage("write `--filter NAME=CONDITION` for a rule")),
        },
    }
}

async fn update_rule(session: &Session<'_>, args: &UpdateArgs) -> Result<(), Failure> {
    let id = id(Api::Gridx, &args.id)?;
    let (values, filters) = (&args.values, filters(&args.values)?);
    if values.event.is_empty() && values.target.is_none() && filters.is_none() {
        return Err(nothing_to_change("`--event`, `--target` or `--filter`"));
    }
    let (account, user) = user(session).await?;
    let now = session.send(&api::show_rule(&account, &user, &id)).await?.value;
    let mut input = as_input(now);
    input.filters = filters.or(input.filters);
    match &values.event[..] {
        [] => {}
        [one] => input.event_type.clone_from(one),
        _ => return Err(Failure::usage("a rule has one event type; give `--event` once")),
    }
    if session.is_dry() && input.event_type.is_empty() {
        input.event_type = AS_IT_IS.to_owned();
    }
    if let Some(target) = &values.target {
        let webhook = input.notification_type.webhook.get_or_insert_default();
        webhook.target_url = target::url(Api::Gridx, target)?;
    }
    session.send(&api::update_rule(&account, &user, &id, &input)).await?;
    output::done(session, &format!("{id} is changed"))
}

/// A rule as it would be put there again.
pub(super) fn as_input(rule: models::Rule) -> models::RuleInput {
    models::RuleInput {
        event_type: rule.event_type,
        filters: rule.filters,
        notification_type: rule.notification_type,
        locale: rule.locale,
    }
}

/// Members as JSON for the last line of a walk.
pub(super) fn summary(id: &str, active: bool) -> Value {
    json!({"provider": "gridx", "id": id, "active": active})
}
