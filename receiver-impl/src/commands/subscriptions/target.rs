//! Where deliveries are to go: the receiver's public address, with the provider's path behind it.

use http::Uri;
use webhook_api::PROVIDERS;
use webhook_api::contract::Endpoint;

use super::options::is_safe;
use crate::commands::Failure;
use crate::subscriptions::Api;

/// The provider's endpoint that takes events of every type.
pub(super) fn endpoint(api: Api) -> Result<&'static Endpoint, Failure> {
    let provider = PROVIDERS.iter().find(|provider| provider.name == api.provider());
    let endpoints = provider.into_iter().flat_map(|provider| provider.endpoints.iter().copied());
    let endpoint =
        endpoints.filter(|endpoint| endpoint.method == http::Method::POST).max_by_key(|endpoint| endpoint.events.len());
    endpoint.ok_or_else(|| Failure::usage(format_args!("webhooks.yaml has no endpoint of `{}`", api.provider())))
}

/// The address to register: `target` as it is or, if it has no path, with the endpoint's.
pub(super) fn url(api: Api, target: &Uri) -> Result<String, Failure> {
    let wrong = |what: &str| {
        Failure::usage(format_args!("`--target {target}` {what}; write for example https://hooks.example"))
    };
    if target.host().is_none() {
        return Err(wrong("is no address"));
    }
    if !is_safe(target) {
        return Err(wrong("is not https, which providers demand"));
    }
    match target.path() {
        "" | "/" if target.query().is_none() => {
            Ok(format!("{}{}", target.to_string().trim_end_matches('/'), endpoint(api)?.path))
        }
        _ => Ok(target.to_string()),
    }
}

/// Says which of these event types the receiver would only park.
pub(super) fn unknown(api: Api, events: &[String]) -> Vec<String> {
    let provider = PROVIDERS.iter().find(|provider| provider.name == api.provider());
    let known: Vec<_> =
        provider.into_iter().flat_map(|provider| provider.events()).map(|(_, event)| event.name).collect();
    events.iter().filter(|event| *event != "all" && !known.contains(&event.as_str())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_address_gets_the_providers_path() {
        let at = |api, target: &str| url(api, &target.parse().unwrap()).map_err(|failure| failure.text);
        assert_eq!(at(Api::Gridx, "https://a.example").unwrap(), "https://a.example/gridx/events");
        assert_eq!(at(Api::Nursa, "https://a.example/").unwrap(), "https://a.example/nursa/events");
        assert_eq!(at(Api::Greenlake, "https://a.example/x?y=1").unwrap(), "https://a.example/x?y=1");
        assert!(at(Api::Gridx, "http://a.example").unwrap_err().contains("not https"));
        assert!(at(Api::Gridx, "/x").unwrap_err().contains("no address"));
    }

    #[test]
    fn tells_types_that_the_spec_does_not_have() {
        let events = ["shift.created", "shift.exploded", "all"].map(str::to_owned);
        assert_eq!(unknown(Api::Nursa, &events), ["shift.exploded"]);
    }
}
