//! The events that the spec declares, as a person looks for them: by name, perhaps at one provider or endpoint.

use std::fmt;

use webhook_api::contract::{Endpoint, Event, Provider};

use crate::suggest::closest;

/// An event as one endpoint takes it.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The provider.
    pub provider: &'static Provider,
    /// The endpoint.
    pub endpoint: &'static Endpoint,
    /// The event.
    pub event: &'static Event,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The event's name.
    pub event: &'a str,
    /// Only this provider.
    pub provider: Option<&'a str>,
    /// Only this endpoint.
    pub endpoint: Option<&'a str>,
}

/// Nothing is what was looked for; the text says what comes close.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound(String);

/// Every event, in the spec's order.
pub fn all(providers: &'static [Provider]) -> impl Iterator<Item = Listed> {
    let events = |provider: &'static Provider| {
        provider.events().map(move |(endpoint, event)| Listed { provider, endpoint, event })
    };
    providers.iter().flat_map(events)
}

/// The first event that is what is wanted. Where several endpoints take an event of one name, the spec's order says
/// which is meant unless the endpoint is named.
///
/// # Errors
///
/// [`NotFound`].
pub fn find(providers: &'static [Provider], wanted: Wanted<'_>) -> Result<Listed, NotFound> {
    let of_provider = |listed: &Listed| wanted.provider.is_none_or(|name| name == listed.provider.name);
    let of_endpoint = |listed: &Listed| wanted.endpoint.is_none_or(|id| id == listed.endpoint.id);
    let names = |name: fn(&Listed) -> &'static str| all(providers).map(move |listed| name(&listed));
    if !all(providers).any(|listed| of_provider(&listed)) {
        let known = names(|listed| listed.provider.name);
        return Err(not_found("provider", wanted.provider.unwrap_or_default(), known));
    }
    if !all(providers).filter(of_provider).any(|listed| of_endpoint(&listed)) {
        let known = all(providers).filter(of_provider).map(|listed| listed.endpoint.id);
        return Err(not_found("endpoint", wanted.endpoint.unwrap_or_default(), known));
    }
    let mut there = all(providers).filter(of_provider).filter(of_endpoint);
    there.find(|listed| listed.event.name == wanted.event).ok_or_else(|| {
        let known = all(providers).filter(of_provider).filter(of_endpoint).map(|listed| listed.event.name);
        not_found("event", wanted.event, known)
    })
}

fn not_found(what: &str, wanted: &str, known: impl Iterator<Item = &'static str>) -> NotFound {
    NotFound(match closest(wanted, known) {
        Some(near) => format!("there is no {what} `{wanted}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{wanted}`; `receiver send --list` shows what there is"),
    })
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotFound {}

#[cfg(test)]
mod tests {
    use webhook_api::PROVIDERS;

    use super::*;

    fn find(event: &str, provider: Option<&str>, endpoint: Option<&str>) -> Result<Listed, String> {
        super::find(PROVIDERS, Wanted { event, provider, endpoint }).map_err(|error| error.to_string())
    }

    #[test]
    fn takes_the_first_endpoint_of_an_event_unless_one_is_named() {
        let first = all(PROVIDERS).find(|listed| listed.event.name == "appliance/online").unwrap();
        assert_eq!(find("appliance/online", None, None).unwrap().endpoint.id, first.endpoint.id);
        let last = all(PROVIDERS).filter(|listed| listed.event.name == "appliance/online").last().unwrap();
        assert_ne!(first.endpoint.id, last.endpoint.id);
        let named = find("appliance/online", Some("gridx"), Some(last.endpoint.id)).unwrap();
        assert_eq!(named.endpoint.id, last.endpoint.id);
    }

    #[test]
    fn suggests_what_was_meant() {
        let message = find("aplliance/online", None, None).unwrap_err();
        assert_eq!(message, "there is no event `aplliance/online`; did you mean `appliance/online`?");
        let message = find("appliance/online", Some("gridy"), None).unwrap_err();
        assert_eq!(message, "there is no provider `gridy`; did you mean `gridx`?");
        let message = find("appliance/online", None, Some("gridxEvent")).unwrap_err();
        assert_eq!(message, "there is no endpoint `gridxEvent`; did you mean `gridxEvents`?");
    }

    #[test]
    fn says_where_to_look_when_nothing_is_close() {
        assert!(find("zebra", None, None).unwrap_err().contains("`receiver send --list`"));
    }
}
