//! For tests: an inbox in memory that is slow, or fails, when it is told to.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use super::{
    Admission, Change, Changed, Event, EventId, Filter, Inbox, InboxError, Lease, Leased, Memory, Page, Pruned, Record,
    Retention, SettleError, Settlement, Stats,
};

/// An inbox with troubles.
#[derive(Debug)]
pub(crate) struct Troubled {
    memory: Memory,
    /// How long an admission takes.
    pub(crate) admit_ms: AtomicU64,
    /// How long it takes until somebody is told that events are admitted.
    pub(crate) answer_ms: AtomicU64,
    /// How many further admissions fail.
    pub(crate) admit_failures: AtomicUsize,
    /// How long a settlement takes.
    pub(crate) settle_ms: AtomicU64,
    /// How many further settlements fail.
    pub(crate) settle_failures: AtomicUsize,
    /// How long a count takes.
    pub(crate) stats_ms: AtomicU64,
}

impl Default for Troubled {
    fn default() -> Self {
        let day = Duration::from_secs(86_400);
        Self {
            memory: Memory::new(Retention { bodies: 7 * day, identities: 14 * day, digests: day }),
            admit_ms: AtomicU64::new(0),
            answer_ms: AtomicU64::new(0),
            admit_failures: AtomicUsize::new(0),
            settle_ms: AtomicU64::new(0),
            settle_failures: AtomicUsize::new(0),
            stats_ms: AtomicU64::new(0),
        }
    }
}

async fn trouble(milliseconds: &AtomicU64, failures: &AtomicUsize) -> Result<(), InboxError> {
    tokio::time::sleep(Duration::from_millis(milliseconds.load(Relaxed))).await;
    match failures.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
        Ok(_) => Err(InboxError::Unavailable("the disk is full".to_owned())),
        Err(_) => Ok(()),
    }
}

impl Inbox for Troubled {
    async fn admit(&self, events: Vec<Event>) -> Result<Vec<Admission>, InboxError> {
        trouble(&self.admit_ms, &self.admit_failures).await?;
        let admissions = self.memory.admit(events).await;
        tokio::time::sleep(Duration::from_millis(self.answer_ms.load(Relaxed))).await;
        admissions
    }

    async fn take(&self, provider: &str, most: usize, lease: Duration) -> Result<Vec<Leased>, InboxError> {
        self.memory.take(provider, most, lease).await
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<(), SettleError> {
        self.memory.extend(lease, time).await
    }

    async fn settle(&self, lease: Lease, settlement: Settlement) -> Result<(), SettleError> {
        trouble(&self.settle_ms, &self.settle_failures).await?;
        self.memory.settle(lease, settlement).await
    }

    async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, InboxError> {
        self.memory.list(filter, after, limit).await
    }

    async fn show(&self, id: EventId) -> Result<Option<Record>, InboxError> {
        self.memory.show(id).await
    }

    async fn change(&self, ids: Vec<EventId>, change: Change) -> Result<Vec<Changed>, InboxError> {
        self.memory.change(ids, change).await
    }

    async fn import(&self, records: Vec<Record>) -> Result<Vec<Admission>, InboxError> {
        self.memory.import(records).await
    }

    async fn prune(&self, retention: &Retention, now: SystemTime) -> Result<Pruned, InboxError> {
        self.memory.prune(retention, now).await
    }

    async fn stats(&self) -> Result<Stats, InboxError> {
        tokio::time::sleep(Duration::from_millis(self.stats_ms.load(Relaxed))).await;
        self.memory.stats().await
    }

    fn health(&self) -> Result<(), String> {
        self.memory.health()
    }

    async fn close(&self) {
        self.memory.close().await;
    }
}
