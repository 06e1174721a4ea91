//! Which options go with which provider and kind. One that says nothing there is refused, so that nobody takes it for done.

use super::options::{CommonArgs, Kind};
use super::{Values, Verb};
use crate::commands::Failure;
use crate::subscriptions::Api;

/// An option, and whether it was given.
type Given = (&'static str, bool);

/// Refuses what was given and does not apply.
pub(super) fn check(api: Api, verb: &Verb, common: &CommonArgs) -> Result<(), Failure> {
    if api != Api::Gridx && common.account.is_some() {
        return Err(refusal("--account", api.name(), &[]));
    }
    match verb {
        Verb::List(args) => {
            let kind = Kind::of(api, args.kind)?;
            let allowed: &[_] = if kind == Some(Kind::Subscription) { &["--webhook"] } else { &[] };
            refuse(api, kind, &[("--webhook", args.webhook.is_some())], allowed)
        }
        Verb::Create(args) => {
            let kind = Kind::of(api, args.kind)?;
            let mut given = of_values(&args.values);
            given.push(("--inactive", args.inactive));
            refuse(api, kind, &given, of_kind(api, kind))
        }
        Verb::Update(args) => {
            let kind = Kind::of(api, args.kind)?;
            let mut given = of_values(&args.values);
            given.extend([("--active", args.active), ("--inactive", args.inactive)]);
            refuse(api, kind, &given, of_kind(api, kind))
        }
        Verb::Delete(args) => {
            let kind = Kind::of(api, args.kind)?;
            let is_allowed = api == Api::Greenlake && kind == Some(Kind::Webhook);
            refuse(api, kind, &[("--force", args.force)], if is_allowed { &["--force"] } else { &[] })
        }
        Verb::Deliveries(args) => {
            let given = [
                ("ID", args.id.is_some()),
                ("--event", args.event.is_some()),
                ("--facility", !args.facility.is_empty()),
                ("--since", args.since.is_some()),
                ("--until", args.until.is_some()),
                ("--oldest-first", args.oldest_first),
            ];
            match api {
                // It has no log, which is said elsewhere.
                Api::Gridx => Ok(()),
                Api::Greenlake => refuse(api, None, &given, &["ID"]),
                Api::Nursa => {
                    refuse(api, None, &given, &["--event", "--facility", "--since", "--until", "--oldest-first"])
                }
            }
        }
        Verb::Setup(args) => {
            let kind = Kind::of(api, args.kind)?;
            match kind {
                Some(Kind::Rule) => {
                    return Err(Failure::usage(
                        "`setup gridx` sets up webhook subscriptions: notification rules have neither a ping nor an inactive \
                         state. `create gridx --kind rule --target URL --event E` makes one and puts its secret into the \
                         file first",
                    ));
                }
                Some(Kind::Subscription) => {
                    return Err(Failure::usage(
                        "`setup greenlake` makes the webhook and its subscriptions; leave `--kind` out",
                    ));
                }
                _ => {}
            }
            let mut given = vec![("--name", args.name.is_some()), ("--facility", !args.facility.is_empty())];
            given.extend(args.auth.given());
            let allowed: &[_] = match api {
                Api::Gridx => &[],
                Api::Greenlake => {
                    &["--name", "--auth", "--api-key-file", "--client-id", "--client-secret-file", "--issuer-url"]
                }
                Api::Nursa if kind == Some(Kind::User) => &[],
                Api::Nursa => &["--facility"],
            };
            refuse(api, kind, &given, allowed)
        }
        Verb::Show(_) | Verb::Test(_) | Verb::Verify(_) | Verb::Rotate(_) | Verb::Retry(_) | Verb::Whoami(_) => Ok(()),
    }
}

/// Nursa's kind may be known only once the events or the id were looked at.
pub(super) fn check_facilities(kind: Kind, facilities: &[String]) -> Result<(), Failure> {
    let given = ("--facility", !facilities.is_empty());
    refuse(Api::Nursa, Some(kind), &[given], of_kind(Api::Nursa, Some(kind)))
}

fn of_values(values: &Values) -> Vec<Given> {
    let mut given = vec![
        ("--target", values.target.is_some()),
        ("--event", !values.event.is_empty()),
        ("--name", values.name.is_some()),
        ("--description", values.description.is_some()),
        ("--batching", values.batching.is_some()),
        ("--challenges", values.challenges.is_some()),
        ("--webhook", values.webhook.is_some()),
        ("--filter", values.filter.is_some()),
        ("--facility", !values.facility.is_empty()),
    ];
    given.extend(values.auth.given());
    given
}

/// What a registration of this kind can say.
fn of_kind(api: Api, kind: Option<Kind>) -> &'static [&'static str] {
    match (api, kind) {
        (Api::Gridx, Some(Kind::Rule)) => &["--target", "--event", "--filter"],
        (Api::Gridx, _) => &["--target", "--event", "--active", "--inactive"],
        (Api::Greenlake, Some(Kind::Subscription)) => &["--event", "--webhook", "--filter"],
        (Api::Greenlake, _) => &[
            "--target",
            "--name",
            "--description",
            "--batching",
            "--challenges",
            "--active",
            "--inactive",
            "--auth",
            "--api-key-file",
            "--client-id",
            "--client-secret-file",
            "--issuer-url",
        ],
        (Api::Nursa, Some(Kind::User)) => &["--target", "--event"],
        (Api::Nursa, _) => &["--target", "--event", "--facility"],
    }
}

fn refuse(api: Api, kind: Option<Kind>, given: &[Given], allowed: &[&str]) -> Result<(), Failure> {
    match given.iter().find(|(name, is_given)| *is_given && !allowed.contains(name)) {
        None => Ok(()),
        Some((name, _)) => {
            let of =
                kind.map_or_else(|| api.name().to_owned(), |kind| format!("{}'s kind `{}`", api.name(), kind.name()));
            Err(refusal(name, &of, allowed))
        }
    }
}

fn refusal(name: &str, of: &str, allowed: &[&str]) -> Failure {
    let allowed: Vec<_> = allowed.iter().map(|name| format!("`{name}`")).collect();
    let there_are = if allowed.is_empty() { String::new() } else { format!("; what does: {}", allowed.join(", ")) };
    Failure::usage(format_args!("`{name}` does not apply to {of}{there_are}"))
}
