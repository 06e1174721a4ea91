//! Nursa: webhooks for a user's events and for facilities' events. The two are called alike, so they are one thing here
//! with a kind.

use serde_json::Value;

use super::applicable::check_facilities;
use super::options::{Kind, id};
use super::output::{self, Column};
use super::session::Session;
use super::vault::{self, Vault};
use super::{
    CreateArgs, DeliveriesArgs, UpdateArgs, Verb, at_most, events, needed, nothing_to_change, target, trial,
    unsupported,
};
use crate::commands::Failure;
use crate::management::Hidden;
use crate::management::nursa::{self as api, models};
use crate::secrets::Secret;
use crate::subscriptions::Api;

const COLUMNS: &[Column] =
    &[("ID", "/id"), ("KIND", "/kind"), ("URL", "/url"), ("EVENTS", "/events"), ("FACILITIES", "/facilities")];
const LOGS: &[Column] = &[
    ("ID", "/id"),
    ("STATUS", "/status"),
    ("ANSWER", "/responseStatus"),
    ("EVENT", "/eventType"),
    ("FACILITY", "/facilityId"),
    ("URL", "/url"),
];

/// The most entries of the log at once.
const MOST_LOGS: i32 = 100;

pub(super) async fn run(session: &Session<'_>, verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::List(args) => output::list(session, &webhooks(session, kind(args.kind)?).await?, COLUMNS),
        Verb::Show(args) => match find(session, &args.id, kind(args.kind)?).await? {
            Some((_, webhook)) => output::one(session, &webhook),
            None => Ok(()),
        },
        Verb::Create(args) => create(session, args).await,
        Verb::Update(args) => update(session, args).await,
        Verb::Delete(args) => {
            for text in &args.id {
                let id = id(Api::Nursa, text)?;
                match kind_of(session, &id, kind(args.kind)?).await? {
                    Kind::User => session.send(&api::delete_user_webhook(&id)).await?,
                    _ => session.send(&api::delete_facility_webhook(&id)).await?,
                };
                output::done(
                    session,
                    &format!("{id} is deleted; its secret stays in the file until its line is removed"),
                )?;
            }
            Ok(())
        }
        Verb::Test(args) => {
            let Some((_, webhook)) = find(session, &args.id, kind(args.kind)?).await? else { return Ok(()) };
            let secrets = secrets_of(&webhook);
            let url = webhook["url"].as_str().unwrap_or_default();
            let secret = secrets.last().ok_or_else(|| Failure::run("Nursa tells no secret of this webhook"))?;
            trial::send(session, url, secret).await?;
            output::done(
                session,
                "a signed event of our own was taken; `receiver events list --type receiver.test` shows it",
            )
        }
        Verb::Deliveries(args) => logs(session, args).await,
        Verb::Verify(_) => Err(unsupported(Api::Nursa, "challenge; `test` sends a signed event of our own")),
        Verb::Retry(_) => Err(unsupported(Api::Nursa, "call that sends a delivery again")),
        Verb::Whoami(_) => Err(unsupported(Api::Nursa, "call that says whose token it is")),
        // These have been dealt with.
        Verb::Setup(_) | Verb::Rotate(_) => Ok(()),
    }
}

fn kind(kind: Option<Kind>) -> Result<Option<Kind>, Failure> {
    Kind::of(Api::Nursa, kind)
}

/// The kind of webhook that these events come to.
pub(super) fn kind_for(events: &[String], told: Option<Kind>) -> Result<Kind, Failure> {
    let told = kind(told)?;
    let is_user = |event: &String| event.starts_with("facility.");
    let found = match events.iter().filter(|event| *event != "all").collect::<Vec<_>>()[..] {
        [] => None,
        ref some if some.iter().all(|event| is_user(event)) => Some(Kind::User),
        ref some if some.iter().all(|event| !is_user(event)) => Some(Kind::Facility),
        _ => {
            return Err(Failure::usage(
                "facility.* events come to webhooks of the kind `user` and shift.* events to those of the kind `facility`: \
                 register them one after the other",
            ));
        }
    };
    match (told, found) {
        (Some(told), Some(found)) if told != found => {
            Err(Failure::usage(format_args!("these events come to webhooks of the kind `{}`", found.name())))
        }
        (Some(kind), _) | (None, Some(kind)) => Ok(kind),
        (None, None) => Err(Failure::usage("`all` is of either kind: say `--kind user` or `--kind facility`")),
    }
}

/// Webhooks of one kind or both, with the kind beside their members.
pub(super) async fn webhooks(session: &Session<'_>, kind: Option<Kind>) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for one in [Kind::User, Kind::Facility].into_iter().filter(|one| kind.is_none_or(|kind| kind == *one)) {
        let mut list = match one {
            Kind::User => session.send(&api::list_user_webhooks()).await?.json,
            _ => session.send(&api::list_facility_webhooks()).await?.json,
        };
        for webhook in list["data"].as_array_mut().into_iter().flatten() {
            webhook["kind"] = one.name().into();
            all.push(webhook.take());
        }
    }
    Ok(all)
}

/// A webhook by its id; there is no call for one. In a dry run there is none.
pub(super) async fn find(
    session: &Session<'_>,
    text: &str,
    kind: Option<Kind>,
) -> Result<Option<(Kind, Value)>, Failure> {
    let id = id(Api::Nursa, text)?;
    let all = webhooks(session, kind).await?;
    match all.into_iter().find(|webhook| webhook["id"] == id.as_str()) {
        Some(webhook) => {
            let kind = if webhook["kind"] == Kind::User.name() { Kind::User } else { Kind::Facility };
            Ok(Some((kind, webhook)))
        }
        None if session.is_dry() => Ok(None),
        None => Err(Failure::run(format_args!(
            "Nursa has no webhook {id}; `receiver subscriptions list nursa` shows which there are"
        ))),
    }
}

async fn kind_of(session: &Session<'_>, id: &str, told: Option<Kind>) -> Result<Kind, Failure> {
    match told {
        Some(kind) => Ok(kind),
        None => Ok(find(session, id, None).await?.map_or(Kind::Facility, |(kind, _)| kind)),
    }
}

/// The secrets of a webhook, which Nursa tells.
pub(super) fn secrets_of(webhook: &Value) -> Vec<Secret> {
    webhook["secrets"].as_array().into_iter().flatten().filter_map(Value::as_str).map(Secret::new).collect()
}

/// A new webhook.
pub(super) async fn register(
    session: &Session<'_>,
    kind: Kind,
    url: String,
    events: Vec<String>,
    facilities: Vec<String>,
    secret: &Secret,
) -> Result<Value, Failure> {
    let secrets = vec![Hidden::from(secret.clone())];
    let mut reply = match kind {
        Kind::User => {
            let input = models::UserWebhookInput { url, events, secrets };
            session.send(&api::create_user_webhook(&input)).await?.json
        }
        _ => {
            let input = models::FacilityWebhookInput { url, events, secrets, facilities };
            session.send(&api::create_facility_webhook(&input)).await?.json
        }
    };
    let mut webhook = reply["data"].take();
    if webhook.is_object() {
        webhook["kind"] = kind.name().into();
    }
    Ok(webhook)
}

/// Changes a webhook. `events` go along always, since the user's kind wants them.
pub(super) async fn change(
    session: &Session<'_>,
    kind: Kind,
    id: &str,
    patch: models::FacilityWebhookPatch,
) -> Result<Value, Failure> {
    let mut reply = match kind {
        Kind::User => {
            let events = patch.events.unwrap_or_default();
            let patch = models::UserWebhookPatch { url: patch.url, events, secrets: patch.secrets };
            session.send(&api::update_user_webhook(id, &patch)).await?.json
        }
        _ => session.send(&api::update_facility_webhook(id, &patch)).await?.json,
    };
    Ok(reply["data"].take())
}

/// The event types of a webhook.
pub(super) fn events_of(webhook: &Value) -> Vec<String> {
    webhook["events"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn create(session: &Session<'_>, args: &CreateArgs) -> Result<(), Failure> {
    let events = events(&args.values)?;
    let kind = kind_for(&events, args.kind)?;
    check_facilities(kind, &args.values.facility)?;
    let url = target::url(Api::Nursa, &needed(args.values.target.as_ref(), "--target")?)?;
    let facilities = args.values.facility.clone();
    if session.is_dry() {
        return register(session, kind, url, events, facilities, &vault::make_up()?).await.map(drop);
    }
    let mut vault = Vault::open(session)?;
    let secret = vault.spare()?;
    vault.add(&secret, true).map_err(Failure::run)?;
    let webhook = register(session, kind, url, events, facilities, &secret).await?;
    vault.note(webhook["id"].as_str().unwrap_or_default(), &secret)?;
    output::one(session, &webhook)
}

async fn update(session: &Session<'_>, args: &UpdateArgs) -> Result<(), Failure> {
    let values = &args.values;
    if values.target.is_none() && values.event.is_empty() && values.facility.is_empty() {
        return Err(nothing_to_change("`--target`, `--event` or `--facility`"));
    }
    let found = find(session, &args.id, kind(args.kind)?).await?;
    let now = found.as_ref().map(|(_, webhook)| events_of(webhook)).unwrap_or_default();
    let kind = found.map_or(args.kind.unwrap_or(Kind::Facility), |(kind, _)| kind);
    check_facilities(kind, &values.facility)?;
    let patch = models::FacilityWebhookPatch {
        url: values.target.as_ref().map(|target| target::url(Api::Nursa, target)).transpose()?,
        events: Some(if values.event.is_empty() { now } else { values.event.clone() }),
        secrets: None,
        facilities: Some(values.facility.clone()).filter(|some| !some.is_empty()),
    };
    output::one(session, &change(session, kind, &args.id, patch).await?)
}

async fn logs(session: &Session<'_>, args: &DeliveriesArgs) -> Result<(), Failure> {
    let facilities = Some(&args.facility[..]).filter(|some| !some.is_empty());
    let order = args.oldest_first.then_some("ASC");
    let (since, until) = (args.since.as_deref(), args.until.as_deref());
    for time in [since, until].into_iter().flatten() {
        if chrono::DateTime::parse_from_rfc3339(time).is_err() {
            return Err(Failure::usage(format_args!("`{time}` is no time; write for example 2026-01-31T12:00:00Z")));
        }
    }
    let limit = Some(at_most(Api::Nursa, args.limit, MOST_LOGS)?);
    let call = api::list_logs(facilities, args.event.as_deref(), since, until, limit, args.offset, order);
    let reply = session.send(&call).await?.json;
    output::list(session, reply["data"].as_array().map_or(&[][..], Vec::as_slice), LOGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_say_which_kind_of_webhook_they_come_to() {
        let kind =
            |events: &[&str], told| kind_for(&events.iter().map(|event| (*event).to_owned()).collect::<Vec<_>>(), told);
        assert!(matches!(kind(&["facility.creation.accepted"], None), Ok(Kind::User)));
        assert!(matches!(kind(&["shift.created", "all"], None), Ok(Kind::Facility)));
        assert!(matches!(kind(&["all"], Some(Kind::User)), Ok(Kind::User)));
        assert!(kind(&["all"], None).unwrap_err().text.contains("--kind user"));
        assert!(kind(&["shift.created"], Some(Kind::User)).unwrap_err().text.contains("`facility`"));
        assert!(kind(&["shift.created", "facility.creation.accepted"], None).unwrap_err().text.contains("one after"));
    }
}
