//! An inbox of some store, and what tests ask it all the time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use receiver::inbox::{
    Admission, Change, Changed, Event, EventId, Inbox, Leased, Record, Retention, Settlement, State, Summary,
};

use crate::events::{PROVIDER, event};

/// A kind of store, in a place of its own that is empty at first and gone with this.
pub(crate) trait Store: Sized + Send + Sync {
    /// The inbox.
    type Inbox: Inbox;

    /// Whether what was kept is there when the store is opened again.
    const DURABLE: bool;

    /// How long it may take at most to lend what is due.
    const SOON: Duration = MOMENT;

    /// A place of its own.
    fn new() -> Self;

    /// Opens the store, which remembers identities as [`RETENTION`] says; again, if it was opened before and closed.
    fn open(&self) -> impl Future<Output = Self::Inbox> + Send;
}

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long identities are remembered.
pub(crate) const RETENTION: Retention =
    Retention { bodies: DAY.saturating_mul(7), identities: DAY.saturating_mul(14), digests: DAY };

/// A lease that does not end before its test.
pub(crate) const LONG: Duration = Duration::from_secs(600);
/// A lease that a test waits for.
pub(crate) const SHORT: Duration = Duration::from_millis(400);
/// How long nothing must happen.
pub(crate) const MOMENT: Duration = Duration::from_millis(200);
/// How long to wait for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// An inbox under test, and the place that it is in.
pub(crate) struct Rig<S: Store> {
    pub(crate) store: S,
    pub(crate) inbox: Arc<S::Inbox>,
}

impl<S: Store> Rig<S> {
    /// An empty one.
    pub(crate) async fn new() -> Self {
        let store = S::new();
        let inbox = Arc::new(store.open().await);
        Self { store, inbox }
    }

    /// Closes it and opens it again.
    pub(crate) async fn reopen(self) -> Self {
        self.inbox.close().await;
        drop(self.inbox);
        let inbox = Arc::new(self.store.open().await);
        Self { store: self.store, inbox }
    }

    /// Keeps an event that is new.
    #[track_caller]
    pub(crate) fn keep(&self, event: Event) -> impl Future<Output = EventId> {
        let caller = std::panic::Location::caller();
        async move {
            match self.inbox.admit(vec![event]).await.unwrap()[..] {
                [Admission::Kept(id)] => id,
                ref other => panic!("{caller}: {other:?}"),
            }
        }
    }

    /// Keeps new events with these identities.
    pub(crate) async fn keep_all(&self, identities: impl IntoIterator<Item = &str>) -> Vec<EventId> {
        let events: Vec<_> = identities.into_iter().map(event).collect();
        let kept = |admission| match admission {
            Admission::Kept(id) => id,
            Admission::Duplicate(id) => panic!("a duplicate of {id}"),
        };
        self.inbox.admit(events).await.unwrap().into_iter().map(kept).collect()
    }

    /// Up to `most` events that are due, at least one.
    #[track_caller]
    pub(crate) fn take(&self, most: usize, lease: Duration) -> impl Future<Output = Vec<Leased>> {
        self.take_of(PROVIDER, most, lease)
    }

    /// The same, of another provider.
    #[track_caller]
    pub(crate) fn take_of(&self, provider: &str, most: usize, lease: Duration) -> impl Future<Output = Vec<Leased>> {
        let caller = std::panic::Location::caller();
        async move {
            match tokio::time::timeout(PATIENCE, self.inbox.take(provider, most, lease)).await {
                Ok(taken) => taken.unwrap(),
                Err(_) => panic!("{caller}: nothing is due"),
            }
        }
    }

    /// The one event that is due next.
    #[track_caller]
    pub(crate) fn take_one(&self) -> impl Future<Output = Leased> {
        let taking = self.take(1, LONG);
        async { taking.await.pop().unwrap() }
    }

    /// The ids of all that is due now, which is not settled afterwards.
    pub(crate) async fn drain(&self) -> Vec<EventId> {
        let mut ids = Vec::new();
        while let Ok(taken) = tokio::time::timeout(S::SOON, self.inbox.take(PROVIDER, 100, LONG)).await {
            ids.extend(taken.unwrap().iter().map(|leased| leased.lease.id));
        }
        ids
    }

    /// Nothing may be due, now and for a moment.
    #[track_caller]
    pub(crate) fn assert_nothing_due(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            if let Ok(taken) = tokio::time::timeout(MOMENT, self.inbox.take(PROVIDER, 10, LONG)).await {
                panic!("{caller}: {taken:?}");
            }
        }
    }

    /// Settles what was taken.
    pub(crate) async fn settle(&self, leased: Leased, settlement: Settlement) {
        self.inbox.settle(leased.lease, settlement).await.unwrap();
    }

    pub(crate) async fn show(&self, id: EventId) -> Record {
        self.inbox.show(id).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self, id: EventId) -> State {
        self.show(id).await.state
    }

    pub(crate) async fn change(&self, id: EventId, change: Change) -> Changed {
        self.inbox.change(vec![id], change).await.unwrap().pop().unwrap()
    }

    /// All that is listed, the newest first.
    pub(crate) async fn listed(&self) -> Vec<Summary> {
        self.inbox.list(&Default::default(), None, 10_000).await.unwrap().events
    }

    /// A new event in this state; nothing else of [`PROVIDER`] may be due.
    pub(crate) async fn in_state(&self, identity: &str, state: State) -> EventId {
        let id = self.keep(event(identity)).await;
        if state == State::Pending {
            return id;
        }
        let leased = self.take_one().await;
        assert_eq!(leased.lease.id, id, "something else is due");
        let error = "the disk is full".to_owned();
        match state {
            State::Pending | State::Leased => {}
            State::Retrying => self.settle(leased, Settlement::Retry { error, after: LONG }).await,
            State::Done => self.settle(leased, Settlement::Done).await,
            State::Dead => self.settle(leased, Settlement::Dead { error }).await,
            State::Parked => self.settle(leased, Settlement::Parked { reason: error }).await,
        }
        assert_eq!(self.state(id).await, state);
        id
    }
}
