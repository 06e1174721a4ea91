//! How long a connection may keep the receiver waiting.
//!
//! A timer that is set and taken back for each head would cost every request, so each connection has one that is left
//! alone: it goes off now and then, looks whether what is awaited is overdue, and is set again. A head has the same
//! time however it trickles in.
//!
//! A sender may idle for long between two requests, since proxies keep connections open and take a closed one for a
//! fault. That ends where it would shut out others: while as many connections are open as there may be, one that
//! idles has no more time than a head has.

use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, sleep_until};

use super::activity::{Activity, Awaiting};
use super::seldom::Seldom;

/// The longest waits on one connection.
#[derive(Debug, Clone)]
pub(super) struct Patience {
    /// For a head, from its first byte on, and for the first head of a new connection.
    pub(super) header: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
    /// The connections that may still be opened.
    pub(super) room: Arc<Semaphore>,
}

impl Patience {
    /// Returns once what is awaited is overdue. Must be polled whenever the connection was.
    pub(super) async fn wears_out(&self, activity: &Activity) {
        // Seldom enough to cost nothing, often enough to see soon that there is no more room.
        let pause = self.header.min(self.idle);
        let mut timer = Seldom::new(sleep(pause));
        let (mut since, mut last_change) = (Instant::now(), activity.now().1);
        poll_fn(|context| {
            let (awaiting, change) = activity.now();
            if change != last_change {
                (since, last_change) = (Instant::now(), change);
            }
            if awaiting == Awaiting::Answer {
                return Poll::Pending;
            }
            loop {
                ready!(Pin::new(&mut timer).poll(context));
                let now = Instant::now();
                let overdue = since + self.limit(awaiting);
                if overdue <= now {
                    return Poll::Ready(());
                }
                timer = Seldom::new(sleep_until(overdue.min(now + pause)));
            }
        })
        .await;
    }

    fn limit(&self, awaiting: Awaiting) -> Duration {
        match awaiting {
            Awaiting::Request if self.room.available_permits() > 0 => self.idle,
            Awaiting::Request => self.idle.min(self.header),
            Awaiting::Head | Awaiting::Answer => self.header,
        }
    }
}
