//! Where authentic events are kept between the answer to their provider and the end of their handling.
//!
//! ```text
//!             admit                take                      settle
//! delivery ----------> pending ----------> leased ---------------------------> done
//!                         ^                  |  \------ passing fault -------> retrying --.
//!                         |                  |   \----- fault that stays ----> dead       |
//!                         |                  |    \---- unknown or unfit ----> parked     |
//!                         |                  |                                            |
//!                         '--- lease over ---'--------------- time to try again ----------'
//! ```
//!
//! One trait, [`Inbox`], stands before every store. It is made for a store in this process, for one in a file and for
//! a broker that many machines share: admission is asynchronous and takes batches, what is taken is lent for a time,
//! and nothing in it knows how the store finds what it holds.
//!
//! What a store promises, and the suite in `tests/inbox` holds every one of them to:
//!
//! * An admitted event survives the end of the process, whatever ends it.
//! * It is handled at least once: a lease that ends without a settlement gives the event to the next taker.
//! * A copy of an event, told by its provider and identity, is not kept again while the identity is remembered.
//! * Events that share an ordering key are handled in the order of their admission, one at a time: while one of them is
//!   lent or waits to be tried again, those behind it wait, and nobody else does.

mod change;
mod event;
mod fault;
mod lease;
mod line;
mod memory;
pub mod nats;
mod operate;
mod page;
mod schedule;
pub mod sqlite;
mod stats;
#[cfg(test)]
pub(crate) mod troubled;

use std::future::Future;
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc::UnboundedReceiver;

pub use change::{Change, Changed, Pruned, Retention};
pub(crate) use event::time::text as rfc3339;
pub use event::{Admission, Attempt, Ending, Event, EventId, Matched, Record, State, Summary};
pub use fault::{InboxError, SettleError};
pub use lease::{Lease, Leased, Settlement};
pub use memory::Memory;
pub use operate::Operate;
pub use page::{Filter, Page};
pub use stats::Stats;

/// A store of events.
pub trait Inbox: Send + Sync + 'static {
    /// Keeps new events, all of them or, on an error, none; the answers are in the order of the events.
    ///
    /// When this returns `Ok`, they are as safe as the store makes them. Dropping the future does not take them back.
    fn admit(&self, events: Vec<Event>) -> impl Future<Output = Result<Vec<Admission>, InboxError>> + Send;

    /// Lends up to `most` events of `provider` that are due, the oldest first, each for the time `lease`. Waits until
    /// there is at least one.
    ///
    /// Dropping the future gives nothing away: what it would have lent stays.
    fn take(
        &self,
        provider: &str,
        most: usize,
        lease: Duration,
    ) -> impl Future<Output = Result<Vec<Leased>, InboxError>> + Send;

    /// Makes a lease end `lease` from now instead of when it would have.
    fn extend(&self, lease: &Lease, time: Duration) -> impl Future<Output = Result<(), SettleError>> + Send;

    /// Ends a lease with what became of the event. When this returns `Ok`, the store will not forget it.
    fn settle(&self, lease: Lease, settlement: Settlement) -> impl Future<Output = Result<(), SettleError>> + Send;

    /// Up to `limit` events that fit `filter`, the newest first, from behind `after` on.
    fn list(
        &self,
        filter: &Filter,
        after: Option<EventId>,
        limit: usize,
    ) -> impl Future<Output = Result<Page, InboxError>> + Send;

    /// Everything that is known of one event.
    fn show(&self, id: EventId) -> impl Future<Output = Result<Option<Record>, InboxError>> + Send;

    /// Changes the state of these events, as many as are in a state that allows it; the answers are in the order of the
    /// ids. Callers with many ids come in portions of [`PORTION`], so that admissions find their turn in between.
    fn change(
        &self,
        ids: Vec<EventId>,
        change: Change,
    ) -> impl Future<Output = Result<Vec<Changed>, InboxError>> + Send;

    /// Takes back what [`Inbox::show`] gave, in the state that it had; what is here already stays as it is.
    fn import(&self, records: Vec<Record>) -> impl Future<Output = Result<Vec<Admission>, InboxError>> + Send;

    /// Removes a portion of what is older than `retention` allows at the time `now`; called again while there is more.
    fn prune(&self, retention: &Retention, now: SystemTime) -> impl Future<Output = Result<Pruned, InboxError>> + Send;

    /// How many events there are in each state.
    fn stats(&self) -> impl Future<Output = Result<Stats, InboxError>> + Send;

    /// Where others keep events in the same store: from time to time the first and the last id of some that are new, among
    /// which may be known ones. To be asked for once.
    fn news(&self) -> Option<UnboundedReceiver<(EventId, EventId)>> {
        None
    }

    /// Whether an admission could succeed now; the reason, if not.
    fn health(&self) -> Result<(), String>;

    /// Hands over what is under way and ends the store's own work. Later calls fail.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// The most events that one change or removal touches at a time.
pub const PORTION: usize = 500;
