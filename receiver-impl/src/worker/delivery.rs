//! From an event as it was kept to a delivery as handlers know it, by the spec of today.

use std::borrow::Cow;
use std::sync::Arc;

use webhook_api::contract::{Endpoint, Provider};
use webhook_api::{Delivery, EventId, Match, SIGNATURE_SCHEMES};

use crate::inbox::{Event, Matched};

/// The delivery that `event` was, or why the spec has no place for it any more.
pub(super) fn of(provider: &'static Provider, event: Arc<Event>, attempt: u32) -> Result<Delivery, String> {
    let endpoint = endpoint(provider, &event)?;
    // Most stores have no use for an event that they lent; the others keep theirs.
    let event = Arc::unwrap_or_clone(event);
    let identity = event.identity;
    let event_id = if event.identity_is_digest { EventId::digest(move || identity) } else { EventId::named(identity) };
    Ok(Delivery {
        endpoint,
        event_id,
        event_type: event.event_type,
        body: event.body,
        headers: event.headers,
        received_at: event.received_at,
        attempt,
        ordering_key: event.ordering_key,
        matched: event.matched.iter().filter_map(|one| matched(provider, one)).collect(),
    })
}

/// The endpoint that took the event, or else one that would: a spec may change while events wait.
fn endpoint(provider: &'static Provider, event: &Event) -> Result<&'static Endpoint, String> {
    let took = |endpoint: &&&Endpoint| endpoint.id == event.endpoint;
    let knows = |endpoint: &&&'static Endpoint| {
        let event_type = event.event_type.as_deref().map(|event_type| endpoint.event_type.resolve(event_type));
        endpoint.events.iter().any(|known| Some(known.name) == event_type)
    };
    let endpoints = || provider.endpoints.iter();
    endpoints().find(took).or_else(|| endpoints().find(knows)).copied().ok_or_else(|| {
        let event_type = event.event_type.as_deref().unwrap_or("no type");
        format!(
            "the spec no longer has the endpoint `{}`, and no other endpoint of {} takes events of {event_type}",
            event.endpoint, provider.name
        )
    })
}

/// A scheme that the spec no longer has has no name to give to a handler.
fn matched(provider: &Provider, matched: &Matched) -> Option<Match> {
    let of_provider = || provider.endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten();
    let scheme = match &matched.scheme {
        Cow::Borrowed(scheme) => Some(*scheme),
        Cow::Owned(name) => {
            let mut known = SIGNATURE_SCHEMES.iter().chain(of_provider()).map(|scheme| scheme.name);
            known.find(|known| known == name)
        }
    };
    scheme.map(|scheme| Match { scheme, slot: matched.slot })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use bytes::Bytes;
    use http::HeaderMap;
    use webhook_api::PROVIDERS;

    use super::*;

    fn event(endpoint: &str, event_type: Option<&str>) -> Event {
        Event {
            provider: Cow::Borrowed(PROVIDERS[0].name),
            endpoint: Cow::Owned(endpoint.to_owned()),
            event_type: event_type.map(str::to_owned),
            identity: "1".to_owned(),
            identity_is_digest: true,
            ordering_key: Some("k".to_owned()),
            received_at: SystemTime::UNIX_EPOCH,
            headers: HeaderMap::from_iter([(http::header::USER_AGENT, "a".parse().unwrap())]),
            body: Bytes::from_static(b"{}"),
            matched: vec![
                Matched { scheme: Cow::Owned(SIGNATURE_SCHEMES[0].name.to_owned()), slot: 2 },
                Matched { scheme: Cow::Owned("abolished".to_owned()), slot: 1 },
            ],
        }
    }

    fn delivery(endpoint: &str, event_type: Option<&str>) -> Result<Delivery, String> {
        of(&PROVIDERS[0], Arc::new(event(endpoint, event_type)), 3)
    }

    #[test]
    fn is_what_it_was_when_it_came() {
        let endpoint = PROVIDERS[0].endpoints[1];
        let delivery = delivery(endpoint.id, Some("odd")).unwrap();
        assert_eq!(delivery.endpoint.id, endpoint.id);
        assert_eq!((delivery.event_id.as_str(), delivery.event_id.is_digest(), delivery.attempt), ("1", true, 3));
        assert_eq!((delivery.event_type.as_deref(), delivery.ordering_key.as_deref()), (Some("odd"), Some("k")));
        assert_eq!((&delivery.body[..], delivery.headers.len()), (&b"{}"[..], 1));
        assert_eq!(delivery.matched, [Match { scheme: SIGNATURE_SCHEMES[0].name, slot: 2 }]);
    }

    #[test]
    fn another_endpoint_takes_the_events_of_one_that_is_gone() {
        let (endpoint, known) = PROVIDERS[0].events().next().unwrap();
        assert_eq!(delivery("abolished", Some(known.name)).unwrap().endpoint.id, endpoint.id);
    }

    #[test]
    fn says_that_nobody_takes_an_event_any_more() {
        for event_type in [None, Some("odd")] {
            let reason = delivery("abolished", event_type).unwrap_err();
            assert!(reason.contains("`abolished`") && reason.contains(event_type.unwrap_or("no type")), "{reason}");
        }
    }
}
