//! What all parts of the inbox on a broker share.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{RwLock, Semaphore};
use tokio::time::Instant;

use super::change::{Ask, Busy};
use super::local::Local;
use super::members::Members;
use super::store::{Store, unavailable};
use crate::inbox::{EventId, InboxError, Retention};

/// How long another receiver may take for an answer.
const ANSWER: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) retention: Retention,
    pub(super) longest_wait: Duration,
    /// This receiver's name among the others: new at each start.
    pub(super) me: String,
    /// Whether it handles events, or only looks at them and changes them.
    pub(super) member: bool,
    pub(super) queue: Semaphore,
    local: Mutex<Local>,
    members: Mutex<Members>,
    health: Mutex<Result<(), String>>,
    /// Who wants to know of new events of other receivers. They hear once a beat, and of no event itself.
    news: Mutex<Option<UnboundedSender<(EventId, EventId)>>>,
    /// When this receiver was last known to be alive by the others.
    pub(super) beat: Mutex<Option<Instant>>,
    /// What is written of the least events of hours.
    pub(super) hours: tokio::sync::Mutex<HashMap<u64, EventId>>,
    /// Held while something is under way that a close waits for.
    pub(super) under_way: RwLock<()>,
    pub(super) closed: AtomicBool,
    pub(super) figures: Counts,
}

/// Counts since the process began.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) admitted: AtomicU64,
    /// Copies that are not written down yet.
    pub(super) duplicates: AtomicU64,
}

impl Shared {
    pub(super) fn new(store: Store, retention: Retention, longest_wait: Duration, queue: usize, member: bool) -> Self {
        Self {
            store,
            retention,
            longest_wait,
            me: uuid::Uuid::new_v4().simple().to_string(),
            member,
            queue: Semaphore::new(queue.min(Semaphore::MAX_PERMITS)),
            local: Mutex::default(),
            members: Mutex::default(),
            health: Mutex::new(Ok(())),
            news: Mutex::default(),
            beat: Mutex::new(None),
            hours: tokio::sync::Mutex::default(),
            under_way: RwLock::new(()),
            closed: AtomicBool::new(false),
            figures: Counts::default(),
        }
    }

    pub(super) fn local(&self) -> MutexGuard<'_, Local> {
        // Nothing that runs with the lock in hand panics half way.
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tell_news_to(&self, sender: UnboundedSender<(EventId, EventId)>) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
    }

    pub(super) fn tell_news(&self, first: EventId, last: EventId) {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever is gone is not told again.
        *news = news.take().filter(|sender| sender.send((first, last)).is_ok());
    }

    pub(super) fn health(&self) -> Result<(), String> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_health(&self, health: Result<(), String>) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// What is under way, as long as the inbox is not closed.
    pub(super) async fn enter(&self) -> Result<tokio::sync::RwLockReadGuard<'_, ()>, InboxError> {
        let under_way = self.under_way.read().await;
        if self.closed.load(Relaxed) { Err(InboxError::Closed) } else { Ok(under_way) }
    }

    pub(super) fn busy(&self) -> Busy {
        let local = self.local();
        Busy { lent: local.lent_now(), first: local.first() }
    }

    /// The receivers that may be alive, but for this one.
    pub(super) async fn others(&self) -> Result<Vec<String>, InboxError> {
        if !self.member {
            self.look_around().await?;
        }
        Ok(self.members().alive().filter(|node| **node != self.me).cloned().collect())
    }

    /// Which receiver has which partition, of those that may be alive.
    pub(super) async fn owners(&self) -> Result<BTreeMap<u8, String>, InboxError> {
        if !self.member {
            self.look_around().await?;
        }
        Ok(self.members().owners())
    }

    /// Asks another receiver; `None` if it is gone.
    pub(super) async fn ask<T: DeserializeOwned>(&self, node: &str, ask: &Ask) -> Result<Option<T>, InboxError> {
        let payload = serde_json::to_vec(ask).unwrap_or_default();
        let asking = self.store.client.request(self.store.names.ask(node), payload.into());
        match tokio::time::timeout(ANSWER, asking).await {
            Ok(Ok(answer)) => {
                let answer: Result<T, String> = serde_json::from_slice(&answer.payload)
                    .unwrap_or_else(|error| Err(format!("its answer is not understood: {error}")));
                answer.map(Some).map_err(|error| unavailable(&format!("another receiver says: {error}")))
            }
            Ok(Err(error)) if error.kind() == async_nats::RequestErrorKind::NoResponders => Ok(None),
            Ok(Err(error)) => Err(unavailable(&error.to_string())),
            Err(_) => Err(unavailable("another receiver does not answer; it is given up in some seconds")),
        }
    }

    /// Answers another receiver.
    pub(super) async fn answer(self: &Arc<Self>, ask: &[u8]) -> Vec<u8> {
        let answered = match serde_json::from_slice(ask) {
            Ok(Ask::Lent) => serde_json::to_vec(&Ok::<_, String>(self.busy())),
            Ok(Ask::Change { ids, change }) => {
                let changed = match self.enter().await {
                    Ok(_under_way) => self.change_here(ids, change).await,
                    Err(error) => Err(error),
                };
                let changed =
                    changed.map(|changed| changed.into_iter().map(|(_, changed)| changed).collect::<Vec<_>>());
                serde_json::to_vec(&changed.map_err(|error| error.to_string()))
            }
            Err(error) => serde_json::to_vec(&Err::<(), _>(format!("the question is not understood: {error}"))),
        };
        // Every answer has a form in JSON.
        answered.unwrap_or_default()
    }
}
