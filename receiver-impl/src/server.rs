//! The two ports, from binding them to the end of the last connection.
//!
//! On the way down the public port goes first: it accepts nothing more, and what is under way is answered. At the same
//! time no further handler is begun; once the last request is answered and the last handler has returned, the inbox is
//! closed. The admin port stays until then, so that a prober sees `/readyz` turn red and not a refused connection.

mod activity;
mod connections;
mod linger;
mod patience;
mod seldom;
mod signals;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::admin::{self, Access, Health};
use crate::admin_token::AdminToken;
use crate::config::{Config, Limits};
use crate::durable::Durable;
use crate::metrics::Metrics;
use crate::page::LivePage;

use connections::{ConnectionLimits, Phase};
pub use signals::{Hangups, Signals};

/// Open connections of the admin port.
const ADMIN_CONNECTIONS: usize = 64;
/// How long one may have nothing to say: a page that is open gets its news for hours.
const ADMIN_IDLE: Duration = Duration::from_secs(24 * 60 * 60);
/// Patience with them once the public port is closed.
const ADMIN_GRACE: Duration = Duration::from_millis(500);

/// A receiver whose ports are bound and which answers once it runs.
#[derive(Debug)]
pub struct Server {
    public: TcpListener,
    admin: TcpListener,
    routes: Router,
    metrics: Metrics,
    limits: Limits,
    grace: Duration,
    access: Access,
    durable: Option<Durable>,
    page: Option<LivePage>,
}

/// Why a port cannot be had.
#[derive(Debug)]
pub struct BindError(Fault);

#[derive(Debug)]
enum Fault {
    Port { setting: &'static str, address: SocketAddr, error: io::Error },
    Token(String),
}

impl Server {
    /// Binds both ports; `routes` are the public one's, and the admin port shows `metrics`.
    ///
    /// # Errors
    ///
    /// [`BindError`].
    pub async fn bind(config: &Config, routes: Router, metrics: Metrics) -> Result<Self, BindError> {
        let token = config.admin_token_file.as_deref().map(AdminToken::read).transpose();
        let token = token.map_err(|what| BindError(Fault::Token(what)))?;
        Ok(Self {
            public: listen("listen", config.listen).await?,
            admin: listen("admin", config.admin).await?,
            routes,
            metrics,
            limits: config.limits,
            grace: config.shutdown_grace,
            access: Access::new(token),
            durable: None,
            page: None,
        })
    }

    /// Stops these along with itself, and shows how they are.
    pub(crate) fn with(self, durable: Durable) -> Self {
        Self { durable: Some(durable), ..self }
    }

    /// Shows this page on the admin port.
    pub(crate) fn showing(self, page: LivePage) -> Self {
        Self { page: Some(page), ..self }
    }

    /// Where webhooks arrive.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn public_address(&self) -> io::Result<SocketAddr> {
        self.public.local_addr()
    }

    /// Where the admin port is.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn admin_address(&self) -> io::Result<SocketAddr> {
        self.admin.local_addr()
    }

    /// Serves until `stop` resolves and the requests and handlers under way are finished or out of time.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let health = Health::new(self.durable.as_ref().map(Durable::overview));
        let limits = ConnectionLimits {
            number: self.limits.connections,
            header: self.limits.header,
            header_timeout: self.limits.header_timeout,
            idle_timeout: self.limits.idle_timeout,
        };
        let (public_phase, phase) = watch::channel(Phase::Serving);
        let mut public = tokio::spawn(connections::serve(self.public, self.routes, limits, phase));
        let (admin_phase, phase) = watch::channel(Phase::Serving);
        let limits = ConnectionLimits { number: ADMIN_CONNECTIONS, idle_timeout: ADMIN_IDLE, ..limits };
        let page = self.page.as_ref().map(LivePage::shared);
        let routes = admin::routes(health.clone(), self.metrics, self.access, page);
        let mut admin = tokio::spawn(connections::serve(self.admin, routes, limits, phase));

        stop.await;
        health.drain();
        info!(grace = ?self.grace, "stopping: no new connections, requests under way are answered");
        let end = Instant::now() + self.grace;
        public_phase.send_replace(Phase::Draining);
        if let Some(durable) = &self.durable {
            durable.stop();
        }
        if tokio::time::timeout_at(end, &mut public).await.is_err() {
            warn!("requests still under way are dropped: `shutdown-grace` is over");
        }
        public_phase.send_replace(Phase::Ended);
        // Only now: what was under way may just have been kept.
        if let Some(mut durable) = self.durable {
            durable.drain(end).await;
            durable.close().await;
        }
        admin_phase.send_replace(Phase::Draining);
        // However the admin port's connections end, nobody waits for what they say.
        let _ = tokio::time::timeout(ADMIN_GRACE, &mut admin).await;
        admin_phase.send_replace(Phase::Ended);
    }
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|error| BindError(Fault::Port { setting, address, error }))
}

/// Where a client on this machine finds what listens on `address`.
pub(crate) fn url(mut address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("http://{address}")
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Token(what) => f.write_str(what),
            Fault::Port { setting, address, error } => {
                write!(f, "cannot listen on {address}: {error}; choose another address with `--{setting} ADDRESS:PORT`")
            }
        }
    }
}

impl std::error::Error for BindError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_an_address_that_can_be_connected_to() {
        assert_eq!(url("0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80");
        assert_eq!(url("[::]:80".parse().unwrap()), "http://[::1]:80");
        assert_eq!(url("192.0.2.1:80".parse().unwrap()), "http://192.0.2.1:80");
    }
}
