//! `OPTIONS`: a provider asks whether it may send here, and how often (CloudEvents webhooks, section 4).
//!
//! There is nothing to sign, and nothing is given away: the answer says what the spec says of itself. Permission is in
//! the headers and not in the status, so a request that names another origin, or none, gets the same `200` without
//! them. The rate is left out unless it is configured, whatever the request asks for: providers then use their own.

use axum::response::Response;
use http::header::{ALLOW, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use webhook_api::contract::Endpoint;

use crate::answer;
use crate::config::AllowedRate;

const REQUEST_ORIGIN: HeaderName = HeaderName::from_static("webhook-request-origin");
const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");
const ALLOWED_RATE: HeaderName = HeaderName::from_static("webhook-allowed-rate");

/// What one endpoint answers to `OPTIONS`.
#[derive(Debug)]
pub(crate) struct Negotiator {
    method: HeaderValue,
    origin: HeaderValue,
    rate: Option<HeaderValue>,
}

impl Negotiator {
    /// What `endpoint` answers, if its provider asks.
    ///
    /// # Errors
    ///
    /// What of the spec cannot be put to work.
    pub(crate) fn new(endpoint: &Endpoint, rate: Option<AllowedRate>) -> Result<Option<Self>, String> {
        let Some(negotiation) = &endpoint.negotiation else { return Ok(None) };
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| format!("the header value `{text}`"));
        Ok(Some(Self {
            method: value(endpoint.method.as_str())?,
            origin: value(negotiation.origin)?,
            rate: rate.map(|rate| value(&rate.to_string())).transpose()?,
        }))
    }

    /// The answer to a request with these headers.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let mut response = answer::empty(StatusCode::OK);
        let said = response.headers_mut();
        said.insert(ALLOW, self.method.clone());
        if self.permits(headers) {
            said.insert(ALLOWED_ORIGIN, self.origin.clone());
            if let Some(rate) = &self.rate {
                said.insert(ALLOWED_RATE, rate.clone());
            }
        }
        response
    }

    /// Whether the request names the provider's origin, and only that. Names of hosts have no letter case.
    fn permits(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(REQUEST_ORIGIN).iter();
        let only = origins.next().filter(|_| origins.next().is_none());
        only.is_some_and(|origin| origin.as_bytes().eq_ignore_ascii_case(self.origin.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use webhook_api::PROVIDERS;

    use super::*;

    fn said(rate: Option<AllowedRate>, origins: &[&'static str]) -> Vec<(String, String)> {
        let greenlake = PROVIDERS.iter().find(|provider| provider.name == "greenlake").unwrap();
        let negotiator = Negotiator::new(greenlake.endpoints[0], rate).unwrap().unwrap();
        let mut headers = HeaderMap::new();
        for origin in origins {
            headers.append(REQUEST_ORIGIN, HeaderValue::from_static(origin));
        }
        let response = negotiator.answer(&headers);
        assert_eq!(response.status(), StatusCode::OK);
        let text = |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.to_str().unwrap().to_owned());
        response.headers().iter().map(text).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const ALLOW: (&str, &str) = ("allow", "POST");
    const ORIGIN: (&str, &str) = ("webhook-allowed-origin", "https://common.cloud.hpe.com");

    #[test]
    fn permits_the_providers_origin() {
        assert_eq!(said(None, &["https://common.cloud.hpe.com"]), pairs(&[ALLOW, ORIGIN]));
        assert_eq!(said(None, &["https://Common.Cloud.HPE.com"]), pairs(&[ALLOW, ORIGIN]));
    }

    #[test]
    fn says_the_configured_rate() {
        let rate = Some(AllowedRate::PerMinute(NonZeroU32::new(120).unwrap()));
        let origin = &["https://common.cloud.hpe.com"];
        assert_eq!(said(rate, origin), pairs(&[ALLOW, ORIGIN, ("webhook-allowed-rate", "120")]));
        assert_eq!(said(Some(AllowedRate::Unlimited), origin), pairs(&[ALLOW, ORIGIN, ("webhook-allowed-rate", "*")]));
    }

    #[test]
    fn permits_no_other_origin() {
        let own = "https://common.cloud.hpe.com";
        for origins in
            [&[][..], &["common.cloud.hpe.com"], &["https://common.cloud.hpe.com.example"], &["*"], &[own, own]]
        {
            assert_eq!(said(Some(AllowedRate::Unlimited), origins), pairs(&[ALLOW]), "{origins:?}");
        }
    }
}
