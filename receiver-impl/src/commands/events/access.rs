//! The way to the events: through the receiver that has the file, or to the file itself.
//!
//! The lock beside the file says which. Only one process writes a file, so while a receiver runs it is asked to do the
//! work. What only reads does not take a file that nobody has, but looks at it, which also serves for one that cannot
//! be written or was put aside.

use std::time::{Duration, Instant, SystemTime};

use super::remote::Remote;
use crate::commands::Failure;
use crate::commands::place::{Target, Where};
use crate::inbox::nats::{Address, Nats, NatsOptions};
use crate::inbox::sqlite::{Note, OpenError, Sqlite, SqliteOptions, View, owner};
use crate::inbox::{Admission, Change, Changed, EventId, Filter, Inbox as _, Page, Pruned, Record, Retention, Stats};
use crate::wire::{EXPORT_BYTES, Imported};

/// What is going to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Look.
    Read,
    /// Change what is there.
    Change,
    /// Put something in, and make the file for it if there is none.
    Fill,
}

/// A way to the events.
pub(super) enum Access {
    /// The receiver that has the file.
    Remote(Remote),
    /// This process has it.
    Own(Sqlite, Retention),
    /// Nobody has it.
    View(View, Retention),
    /// The broker that everybody shares.
    Broker(Nats, Retention),
}

/// How long to wait for a process that has the file but no admin port: it may be starting, or be a command that is
/// about to end.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// No event waits longer for its next attempt; nothing is tried here.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

impl Access {
    /// Finds the way.
    pub(super) async fn open(target: &Target, purpose: Purpose) -> Result<Self, Failure> {
        let Target { place, retention, .. } = target;
        let path = match place {
            Where::File(path) => path,
            Where::Broker(address) => return Self::broker(address, *retention).await,
        };
        let end = Instant::now() + PATIENCE;
        loop {
            let failure = match owner(path) {
                Err(error) => return Err(Failure::run(OpenError::Io { path: path.clone(), error })),
                Ok(Some(note)) => match Note::parse(&note) {
                    Some(Note { admin: Some(admin), .. }) => return target.remote(&admin).map(Self::Remote),
                    _ => OpenError::Owned { path: path.clone(), note },
                },
                Ok(None) if purpose != Purpose::Fill && !path.exists() => {
                    return Err(Failure::run(format_args!(
                        "there is no inbox {}: `receiver serve` makes it, and `--inbox sqlite:PATH` names another",
                        path.display()
                    )));
                }
                Ok(None) if purpose == Purpose::Read => {
                    return Ok(Self::View(View::open(path).map_err(Failure::run)?, *retention));
                }
                Ok(None) => {
                    let options = SqliteOptions {
                        path: path.clone(),
                        queue: 64,
                        retention: *retention,
                        longest_wait: LONGEST_WAIT,
                        note: Note::of_this_process(None).to_string(),
                    };
                    match Sqlite::open(options) {
                        Ok(inbox) => return Ok(Self::Own(inbox, *retention)),
                        Err(owned @ OpenError::Owned { .. }) => owned,
                        Err(error) => return Err(Failure::run(error)),
                    }
                }
            };
            if Instant::now() >= end {
                return Err(Failure::run(failure));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Speaks to the broker itself. Receivers that run are asked over it about what they alone know.
    async fn broker(address: &Address, retention: Retention) -> Result<Self, Failure> {
        let options = NatsOptions {
            address: address.clone(),
            queue: 64,
            retention,
            longest_wait: LONGEST_WAIT,
            body: 0,
            handles: false,
        };
        Ok(Self::Broker(Nats::open(options).await.map_err(Failure::run)?, retention))
    }

    /// As [`Inbox::list`](crate::inbox::Inbox::list).
    pub(super) async fn list(&self, filter: &Filter, after: Option<EventId>, limit: usize) -> Result<Page, Failure> {
        match self {
            Self::Remote(remote) => remote.list(filter, after, limit).await,
            Self::Own(inbox, _) => inbox.list(filter, after, limit).await.map_err(Failure::run),
            Self::Broker(inbox, _) => inbox.list(filter, after, limit).await.map_err(Failure::run),
            Self::View(view, _) => view.list(filter, after, limit).map_err(Failure::run),
        }
    }

    /// As [`Inbox::show`](crate::inbox::Inbox::show).
    pub(super) async fn show(&self, id: EventId) -> Result<Option<Record>, Failure> {
        match self {
            Self::Remote(remote) => remote.show(id).await,
            Self::Own(inbox, _) => inbox.show(id).await.map_err(Failure::run),
            Self::Broker(inbox, _) => inbox.show(id).await.map_err(Failure::run),
            Self::View(view, _) => view.show(id).map_err(Failure::run),
        }
    }

    /// The first few of these events, at least one unless they are all gone.
    pub(super) async fn records(&self, ids: &[EventId]) -> Result<Vec<Record>, Failure> {
        if let Self::Remote(remote) = self {
            return remote.records(ids).await;
        }
        let (mut records, mut bytes) = (Vec::new(), 0);
        for id in ids {
            if bytes >= EXPORT_BYTES {
                break;
            }
            if let Some(record) = self.show(*id).await? {
                bytes += record.event.body.len();
                records.push(record);
            }
        }
        Ok(records)
    }

    /// As [`Inbox::change`](crate::inbox::Inbox::change).
    pub(super) async fn change(&self, ids: &[EventId], change: Change) -> Result<Vec<Changed>, Failure> {
        match self {
            Self::Remote(remote) => remote.change(ids, change).await,
            Self::Own(inbox, _) => inbox.change(ids.to_vec(), change).await.map_err(Failure::run),
            Self::Broker(inbox, _) => inbox.change(ids.to_vec(), change).await.map_err(Failure::run),
            Self::View(..) => Err(only_read()),
        }
    }

    /// As [`Inbox::import`](crate::inbox::Inbox::import).
    pub(super) async fn import(&self, records: Vec<Record>) -> Result<Imported, Failure> {
        match self {
            Self::Remote(remote) => remote.import(&records).await,
            Self::Own(inbox, _) => Ok(imported(&inbox.import(records).await.map_err(Failure::run)?)),
            Self::Broker(inbox, _) => Ok(imported(&inbox.import(records).await.map_err(Failure::run)?)),
            Self::View(..) => Err(only_read()),
        }
    }

    /// Removes a portion of what is older than [`Self::retention`] allows.
    pub(super) async fn prune(&self) -> Result<Pruned, Failure> {
        match self {
            Self::Remote(remote) => remote.prune().await,
            Self::Own(inbox, retention) => inbox.prune(retention, SystemTime::now()).await.map_err(Failure::run),
            Self::Broker(inbox, retention) => inbox.prune(retention, SystemTime::now()).await.map_err(Failure::run),
            Self::View(..) => Err(only_read()),
        }
    }

    /// How long things are kept.
    pub(super) async fn retention(&self) -> Result<Retention, Failure> {
        match self {
            Self::Remote(remote) => remote.retention().await,
            Self::Own(_, retention) | Self::View(_, retention) | Self::Broker(_, retention) => Ok(*retention),
        }
    }

    /// As [`Inbox::stats`](crate::inbox::Inbox::stats).
    pub(super) async fn stats(&self) -> Result<Stats, Failure> {
        match self {
            Self::Remote(remote) => remote.stats().await,
            Self::Own(inbox, _) => inbox.stats().await.map_err(Failure::run),
            Self::Broker(inbox, _) => inbox.stats().await.map_err(Failure::run),
            Self::View(view, _) => view.stats().map_err(Failure::run),
        }
    }

    /// Gives the file back.
    pub(super) async fn close(self) {
        match self {
            Self::Own(inbox, _) => inbox.close().await,
            Self::Broker(inbox, _) => inbox.close().await,
            Self::Remote(_) | Self::View(..) => {}
        }
    }
}

fn imported(admissions: &[Admission]) -> Imported {
    let kept = admissions.iter().filter(|admission| matches!(admission, Admission::Kept(_))).count();
    Imported { kept: kept as u64, duplicates: (admissions.len() - kept) as u64 }
}

/// A command that changes something opened the inbox for reading.
fn only_read() -> Failure {
    Failure::run("the inbox was opened only to be read")
}
