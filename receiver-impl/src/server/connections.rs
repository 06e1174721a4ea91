//! Accepts connections and speaks HTTP/1 on each, within limits on their number, their heads and their idleness.
//!
//! A connection over the limit is not refused: it waits in the kernel's queue until another one ends, which
//! [`Patience`] makes soon. On the signal to stop nothing more is accepted, idle connections are closed, and those with
//! a request under way end after its answer.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower_service::Service as _;
use tracing::{debug, warn};

use super::activity::{Activity, Heard};
use super::linger::linger;
use super::patience::Patience;
use super::seldom::Seldom;

/// How long accepting pauses after a fault of the machine, such as too many open files.
const PAUSE_AFTER_FAULT: Duration = Duration::from_millis(100);

/// Bounds on connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionLimits {
    /// How many are open at once.
    pub(super) number: usize,
    /// The most bytes of a request's head.
    pub(super) header: usize,
    /// The longest time for a head.
    pub(super) header_timeout: Duration,
    /// The longest time between two requests.
    pub(super) idle_timeout: Duration,
}

/// What a port is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Connections are accepted.
    Serving,
    /// None is accepted, and those there are end after the answer they owe.
    Draining,
    /// Those still there are dropped.
    Ended,
}

/// Serves `router` until told to stop and every connection has ended.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    phase: watch::Receiver<Phase>,
) {
    let permits = Arc::new(Semaphore::new(limits.number));
    accept(listener, &router, limits, &phase, &permits).await;
    // The listener is gone. Every permit back means every connection ended.
    let all = u32::try_from(limits.number).unwrap_or(u32::MAX);
    drop(permits.acquire_many(all).await);
}

async fn accept(
    listener: TcpListener,
    router: &Router,
    limits: ConnectionLimits,
    phase: &watch::Receiver<Phase>,
    permits: &Arc<Semaphore>,
) {
    let http = http(limits);
    let patience = Patience { header: limits.header_timeout, idle: limits.idle_timeout, room: Arc::clone(permits) };
    let mut draining = phase.clone();
    let mut draining = pin!(reached(&mut draining, Phase::Draining));
    loop {
        let next = async {
            // A permit that is to be had now is still there when somebody connects: nothing else takes any. Until then
            // it counts as room.
            drop(permits.acquire().await);
            (listener.accept().await, Arc::clone(permits).acquire_owned().await)
        };
        let (accepted, permit) = tokio::select! {
            biased;
            () = &mut draining => return,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = Connection {
                    http: http.clone(),
                    router: router.clone(),
                    patience: patience.clone(),
                    phase: phase.clone(),
                };
                tokio::spawn(async move {
                    connection.serve(stream).await;
                    drop(permit);
                });
            }
            Err(error) if is_the_peers(&error) => debug!(%error, "a connection was gone before it was accepted"),
            Err(error) => {
                warn!(%error, "no connection can be accepted for the moment");
                tokio::time::sleep(PAUSE_AFTER_FAULT).await;
            }
        }
    }
}

fn http(limits: ConnectionLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    // A sender that closes its own direction after the request still waits for the answer.
    http.half_close(true)
        // An answer is one small piece: for the kernel a plain write is less work than a list of one.
        .writev(false)
        .header_read_timeout(None)
        .max_header_size(limits.header)
        .max_buf_size(limits.header.max(READ_BUFFER));
    http
}

/// What one connection reads ahead; a body larger than this arrives in pieces.
const READ_BUFFER: usize = 64 << 10;

/// What one connection needs.
struct Connection {
    http: http1::Builder,
    router: Router,
    patience: Patience,
    phase: watch::Receiver<Phase>,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        // Answers are one small write; waiting for more to send would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "TCP_NODELAY cannot be set");
        }
        let activity = Activity::default();
        let service = service_fn(|request| {
            activity.begin();
            // A router is always ready, and cheap to clone.
            let answer = self.router.clone().call(request);
            let activity = &activity;
            async move {
                let answer = answer.await;
                activity.end();
                answer
            }
        });
        let stream = TokioIo::new(Heard { stream, activity: activity.clone() });
        let mut served = self.http.serve_connection(stream, service);
        let mut impatience = pin!(self.patience.wears_out(&activity));
        let mut news = Seldom::new(next(self.phase));
        loop {
            let (phase, port) = tokio::select! {
                biased;
                outcome = &mut served => {
                    if let Err(error) = outcome {
                        debug!(%error, "a connection ended early");
                    }
                    break;
                }
                () = &mut impatience => {
                    debug!("a connection is closed: no request came in time");
                    break;
                }
                news = &mut news => news,
            };
            news = Seldom::new(next(port));
            match phase {
                Phase::Serving => {}
                Phase::Draining => Pin::new(&mut served).graceful_shutdown(),
                Phase::Ended => return,
            }
        }
        linger(served.into_parts().io.into_inner().stream).await;
    }
}

/// The phase that comes next, and where to learn of the one after it. A sender that is gone means that the port is gone,
/// too.
async fn next(mut port: watch::Receiver<Phase>) -> (Phase, watch::Receiver<Phase>) {
    let phase = match port.changed().await {
        Ok(()) => *port.borrow_and_update(),
        Err(_) => Phase::Ended,
    };
    (phase, port)
}

async fn reached(phase: &mut watch::Receiver<Phase>, wanted: Phase) {
    // A sender that is gone means that the port is gone, too.
    let _ = phase.wait_for(|phase| *phase >= wanted).await;
}

/// Whether accepting failed because of the one connection, not because of this machine.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted | WouldBlock)
}
