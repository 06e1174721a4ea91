//! From a request's method and path to the endpoint that it is for. Nothing here reads a body.

use std::future::Future;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{MethodFilter, on};

use crate::contract::Endpoint;

/// The receiving side: limits, verification, the inbox.
pub trait Receive: Clone + Send + Sync + 'static {
    /// Takes a request whose head has been read and whose body has not. Its method is the endpoint's, or `OPTIONS`
    /// where the endpoint negotiates.
    fn receive(&self, endpoint: &'static Endpoint, request: Request) -> impl Future<Output = Response> + Send;
}

/// A router that hands every request for one of `endpoints` to `receiver`.
///
/// Other methods on a known path are answered `405` with `Allow`, other paths `404`; there are no redirects.
///
/// # Errors
///
/// The endpoint, if its method is one that a router cannot match.
pub fn router<R: Receive>(
    receiver: &R,
    endpoints: impl IntoIterator<Item = &'static Endpoint>,
) -> Result<Router, &'static Endpoint> {
    endpoints.into_iter().try_fold(Router::new(), |router, endpoint| {
        let mut method = MethodFilter::try_from(endpoint.method.clone()).map_err(|_| endpoint)?;
        if endpoint.negotiation.is_some() {
            method = method.or(MethodFilter::OPTIONS);
        }
        let receiver = receiver.clone();
        let route = on(method, move |request: Request| async move { receiver.receive(endpoint, request).await });
        Ok(router.route(endpoint.path, route))
    })
}
