//! The inbox on a broker, NATS JetStream: many receivers, one inbox.
//!
//! # What is kept where
//!
//! | stream | a message for each | what for |
//! |---|---|---|
//! | `PREFIX-events` | event | body, headers, identity; the event's id is the message's sequence |
//! | `PREFIX-states` | event that was tried | state, attempts, next attempt; the last one counts |
//! | `PREFIX-nodes` | receiver, partition, hour | who lives, who has what, which hours have events to prune |
//!
//! So an event that is handled at the first try costs two messages: one before its provider is answered, and one after
//! its handler returned. The state stands in the subject of the second one, which makes dead and parked events streams of
//! their own to whoever subscribes to them (`PREFIX.s.o.dead.*`), and lets the broker count them. Both are written only
//! over what was read: of two receivers that believe to have an event, only one can write that it is done, and where they
//! write different ends, the later one counts.
//!
//! # Who handles what
//!
//! Events are divided into partitions by their ordering key, or without one by their identity. A partition is one
//! receiver's at a time; if the receiver dies, another one takes it within ten seconds. In memory each receiver has the
//! same schedule that the inbox in a file has, so leases, pauses and the order of a key are the same on both, and
//! nobody waits behind a key that fails. JetStream's own consumers could lend, too, but none keeps the order of a key
//! without stopping all other keys behind it, and none lends for a time that the taker chooses.
//!
//! The price: a key's events are handled by one receiver, however many there are; and whenever receivers come or go,
//! those that hand over lend nothing until what they have is settled.
//!
//! # What success means
//!
//! The broker acknowledged the event: with three replicas, two servers have it. Whether a server has it on its disk or
//! still in the memory of the system is for its `sync_interval` to say. Its default is two minutes: then events that are
//! on one server alone can be lost with the machine's power, though not with the process. One server by itself should
//! have `sync_interval: always`.

mod admit;
mod change;
mod connect;
mod content;
mod fetch;
mod local;
mod look;
mod members;
mod names;
mod nodes;
mod options;
mod prune;
mod settle;
mod shared;
mod store;
mod streams;
mod take;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, SystemTime};

use async_nats::jetstream::Context;
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::{debug, warn};

pub use options::Address;

use super::{
    Admission, Change, Changed, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, Page, Pruned, Record,
    Retention, SettleError, Settlement, Stats,
};
use names::Names;
use shared::Shared;
use store::Store;
use streams::StreamsError;

/// The oldest server that can do what is needed: to read many messages with one request.
const SERVER: (i64, i64, i64) = (2, 11, 0);
/// Bytes of a message beside the body: headers that are kept, and what is written of the event.
const HEADROOM: usize = 64 * 1024;
/// How long brokers may take to elect a leader while a receiver starts, and the pause before they are asked again.
const START: Duration = Duration::from_secs(10);
/// How long the last messages may take at the end.
const FLUSH: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(200);

/// What a broker's inbox is told.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    /// Where it is.
    pub address: Address,
    /// How many admissions may be under way.
    pub queue: usize,
    /// How long things are kept.
    pub retention: Retention,
    /// The longest time that an event waits for its next attempt, whatever the clock says.
    pub longest_wait: Duration,
    /// The largest body that will be kept.
    pub body: usize,
    /// Whether this process handles events. One that does not can look at them and change them all the same.
    pub handles: bool,
}

/// An inbox on a broker.
#[derive(Debug)]
pub struct Nats {
    shared: Arc<Shared>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Nats {
    /// Connects, makes the streams or checks them, and joins the other receivers. Brokers that elect a leader at this moment
    /// are waited for.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to do about it.
    pub async fn open(options: NatsOptions) -> Result<Self, String> {
        let NatsOptions { address, queue, retention, longest_wait, body, handles } = options;
        let failed = |what: String| format!("the inbox {address} cannot be had: {what}");
        let (client, context) = connect::connect(&address).await.map_err(failed)?;
        let (major, minor, patch) = SERVER;
        let version = client.server_info().version;
        if !client.is_server_compatible(major, minor, patch) {
            return Err(failed(format!(
                "the server is nats-server {version}; {major}.{minor} is the oldest that will do"
            )));
        }
        let (most, needed) = (client.server_info().max_payload, body + HEADROOM);
        if handles && most < needed {
            warn!(
                "the broker takes messages of {most} bytes, so the largest bodies that `body-limit` allows are not kept, \
                 and their provider is told to retry in vain: set the broker's `max_payload` to {needed}, or lower \
                 `body-limit`"
            );
        }
        let names = Names::new(&address.prefix);
        let store = Store::new(client, context.clone(), names).await.map_err(failed)?;
        let shared = Arc::new(Shared::new(store, retention, longest_wait, queue, handles));
        let mut tasks = Vec::new();
        if handles {
            tasks.push(Self::listen(&shared).await.map_err(|error| failed(error.to_string()))?);
        }
        let end = Instant::now() + START;
        while let Err(error) = Self::join(&shared, &context, &address).await {
            match error {
                StreamsError::Unavailable(_) if Instant::now() < end => tokio::time::sleep(AGAIN).await,
                StreamsError::Unavailable(what) | StreamsError::Contradicts(what) => return Err(failed(what)),
            }
        }
        if handles {
            tasks.push(tokio::spawn(Arc::clone(&shared).live()));
        }
        Ok(Self { shared, tasks: Mutex::new(tasks) })
    }

    /// Has the streams ready and, if this process handles events, joins the others.
    async fn join(shared: &Shared, context: &Context, address: &Address) -> Result<(), StreamsError> {
        streams::ready(context, &shared.store.names, address).await?;
        shared.store.begin().await?;
        if shared.member {
            shared.beat(1, &mut nodes::Seen::default()).await?;
        }
        Ok(())
    }

    /// Hears what other receivers say and ask.
    async fn listen(shared: &Arc<Shared>) -> Result<JoinHandle<()>, async_nats::SubscribeError> {
        let names = &shared.store.names;
        let hints = shared.store.client.subscribe(names.hints()).await?;
        let asks = shared.store.client.subscribe(names.ask(&shared.me)).await?;
        let mut messages = stream::select(hints, asks);
        let shared = Arc::clone(shared);
        Ok(tokio::spawn(async move {
            while let Some(message) = messages.next().await {
                if let Some(reply) = message.reply.clone() {
                    let shared = Arc::clone(&shared);
                    tokio::spawn(async move {
                        let answer = shared.answer(&message.payload).await;
                        // Whoever asked asks again, or is gone.
                        if let Err(error) = shared.store.client.publish(reply, answer.into()).await {
                            debug!("another receiver cannot be answered: {error}");
                        }
                    });
                } else if let Some((part, provider, id)) = hint(&message) {
                    shared.local().hint(part, provider, id);
                }
            }
        }))
    }
}

/// Reads what a receiver says of a new event.
fn hint(message: &async_nats::Message) -> Option<(u8, &str, EventId)> {
    let part = u8::from_str_radix(message.subject.rsplit('.').next()?, 16).ok()?;
    let (provider, id) = std::str::from_utf8(&message.payload).ok()?.split_once(' ')?;
    Some((part, provider, id.parse().ok()?))
}

impl Inbox for Nats {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.admit(events).await
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        self.shared.take(provider, most, lease).await
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        let _under_way = self.shared.enter().await?;
        self.shared.extend(lease, time)
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        let _under_way = self.shared.enter().await?;
        self.shared.settle(lease, settlement).await
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.list(filter, after, limit).await
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.show(id).await
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.change(ids, change).await
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.import(records).await
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.prune(retention, now).await
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        let _under_way = self.shared.enter().await?;
        self.shared.stats().await
    }

    fn news(&self) -> Option<UnboundedReceiver<(EventId, EventId)>> {
        let (sender, receiver) = unbounded_channel();
        self.shared.tell_news_to(sender);
        Some(receiver)
    }

    fn health(&self) -> Result<(), String> {
        if self.shared.closed.load(Relaxed) {
            return Err(InboxError::Closed.to_string());
        }
        self.shared.store.connected().map_err(|error| error.to_string())?;
        self.shared.health()
    }

    async fn close(&self) {
        if self.shared.closed.swap(true, Relaxed) {
            return;
        }
        let lanes = self.shared.local().lanes();
        lanes.iter().for_each(|lane| lane.notify_waiters());
        // What is under way is finished; nothing new begins.
        drop(self.shared.under_way.write().await);
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
        if self.shared.store.connected().is_ok()
            && let Err(error) = self.shared.leave().await
        {
            debug!("this receiver's partitions are free in some seconds: {error}");
        }
        // Hints that are still on their way; without them events are found a moment later.
        if self.shared.store.connected().is_ok() {
            let _ = tokio::time::timeout(FLUSH, self.shared.store.client.flush()).await;
        }
    }
}
