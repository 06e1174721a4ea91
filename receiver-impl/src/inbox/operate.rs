//! What operators do with an inbox, without knowing which store is behind it.
//!
//! [`Inbox`] itself cannot be a trait object, and nobody who looks at events needs all of it.

use std::time::SystemTime;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::{Admission, Change, Changed, EventId, Filter, Inbox, InboxError, Page, Pruned, Record, Retention, Stats};

/// The operators' part of an [`Inbox`], as a trait object.
pub trait Operate: Send + Sync {
    /// As [`Inbox::list`].
    fn list<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<EventId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Page, InboxError>>;

    /// As [`Inbox::show`].
    fn show(&self, id: EventId) -> BoxFuture<'_, Result<Option<Record>, InboxError>>;

    /// As [`Inbox::change`].
    fn change(&self, ids: Vec<EventId>, change: Change) -> BoxFuture<'_, Result<Vec<Changed>, InboxError>>;

    /// As [`Inbox::import`].
    fn import(&self, records: Vec<Record>) -> BoxFuture<'_, Result<Vec<Admission>, InboxError>>;

    /// As [`Inbox::prune`].
    fn prune<'a>(&'a self, retention: &'a Retention, now: SystemTime) -> BoxFuture<'a, Result<Pruned, InboxError>>;

    /// As [`Inbox::stats`].
    fn stats(&self) -> BoxFuture<'_, Result<Stats, InboxError>>;
}

impl<I: Inbox> Operate for I {
    fn list<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<EventId>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Page, InboxError>> {
        Inbox::list(self, filter, after, limit).boxed()
    }

    fn show(&self, id: EventId) -> BoxFuture<'_, Result<Option<Record>, InboxError>> {
        Inbox::show(self, id).boxed()
    }

    fn change(&self, ids: Vec<EventId>, change: Change) -> BoxFuture<'_, Result<Vec<Changed>, InboxError>> {
        Inbox::change(self, ids, change).boxed()
    }

    fn import(&self, records: Vec<Record>) -> BoxFuture<'_, Result<Vec<Admission>, InboxError>> {
        Inbox::import(self, records).boxed()
    }

    fn prune<'a>(&'a self, retention: &'a Retention, now: SystemTime) -> BoxFuture<'a, Result<Pruned, InboxError>> {
        Inbox::prune(self, retention, now).boxed()
    }

    fn stats(&self) -> BoxFuture<'_, Result<Stats, InboxError>> {
        Inbox::stats(self).boxed()
    }
}
