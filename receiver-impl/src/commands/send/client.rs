//! How an address is read, and what is said where nobody answers there.

use std::time::Duration;

use http::Uri;

use crate::http_client::{Http, HttpError, Tls};

/// A client for `to`, which says whether the machine's certificates are needed.
pub(super) fn client(to: &Uri, timeout: Duration) -> Result<Http, String> {
    Http::new(&Tls::for_addresses([to], None), timeout).map_err(|error| told(&error, to))
}

/// Why there is no answer from `url`, to somebody who tries a receiver.
pub(super) fn told(error: &HttpError, url: &Uri) -> String {
    match error {
        HttpError::Certificates(why) => why.clone(),
        HttpError::Machine(why) => {
            format!("the machine's certificates cannot be read: {why}; on Debian, install ca-certificates")
        }
        HttpError::Unreachable { host, why, .. } => format!("cannot reach {host}: {why}; is the receiver running?"),
        HttpError::Late { after, .. } => format!("{url} gave no answer within {} s", after.as_secs()),
    }
}

/// The URL of an endpoint's `path` at the receiver's address, which may have a path of its own.
pub(super) fn url(to: &Uri, path: &str) -> Result<Uri, String> {
    let example = "write for example http://127.0.0.1:8080";
    let (Some(scheme), Some(authority)) = (to.scheme_str(), to.authority()) else {
        return Err(format!("`{to}` is no address; {example}"));
    };
    if !matches!(scheme, "http" | "https") || to.query().is_some() {
        return Err(format!("`{to}` is not the address of a receiver; {example}"));
    }
    let base = to.path().trim_end_matches('/');
    format!("{scheme}://{authority}{base}{path}").parse().map_err(|error| format!("`{to}`: {error}; {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(to: &str) -> Result<String, String> {
        url(&to.parse().unwrap(), "/gridx/events").map(|url| url.to_string())
    }

    #[test]
    fn puts_the_endpoints_path_behind_the_address() {
        for to in ["http://127.0.0.1:8080", "http://127.0.0.1:8080/"] {
            assert_eq!(at(to).unwrap(), "http://127.0.0.1:8080/gridx/events");
        }
        assert_eq!(at("https://hooks.example/in/").unwrap(), "https://hooks.example/in/gridx/events");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for to in ["127.0.0.1:8080", "/gridx", "ftp://host", "http://host/?x=1"] {
            assert!(at(to).unwrap_err().contains("write for example"), "{to}");
        }
    }
}
