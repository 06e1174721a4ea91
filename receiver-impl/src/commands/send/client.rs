//! A small HTTP client: it follows no redirect, and over TLS it trusts what the machine trusts.

use std::error::Error;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};

/// Sends requests over connections that stay open between them.
#[derive(Debug)]
pub(super) struct Client(Pool<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// A client for `url`, which says whether the machine's certificates are needed.
    pub(super) fn new(url: &Uri) -> Result<Self, String> {
        let tls = ClientConfig::builder_with_provider(default_provider().into()).with_safe_default_protocol_versions();
        let tls = tls.map_err(|error| error.to_string())?;
        let tls = if url.scheme() == Some(&Scheme::HTTPS) {
            tls.with_native_roots().map_err(|error| {
                format!("the machine's certificates cannot be read: {error}; on Debian, install ca-certificates")
            })?
        } else {
            tls.with_root_certificates(RootCertStore::empty())
        };
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls.with_no_client_auth()).https_or_http();
        Ok(Self(Pool::builder(TokioExecutor::new()).build(connector.enable_http1().build())))
    }

    /// Sends one request and reads its answer to the end.
    pub(super) async fn send(
        &self,
        method: Method,
        url: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<StatusCode, String> {
        let fault = |error: &(dyn Error + 'static)| {
            let host = url.authority().map_or("", |authority| authority.as_str());
            format!("cannot reach {host}: {}; is the receiver running?", innermost(error))
        };
        let mut request = Request::new(Full::new(body));
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, url.clone(), headers);
        let answer = self.0.request(request).await.map_err(|error| fault(&error))?;
        let status = answer.status();
        answer.into_body().collect().await.map_err(|error| fault(&error))?;
        Ok(status)
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

/// What the system or the library below said first; the errors around it only say that a request failed.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error
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
