//! Where a durable row's receiver keeps its events: a file or brokers, made before it starts and gone after it ends.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use receiver::inbox::sqlite::{Sqlite, SqliteOptions};
use receiver::inbox::{Attempt, Ending, Event, EventId, Inbox as _, PORTION, Record, Retention, State};

use crate::Result;
use crate::brokers::Brokers;
use crate::rows::Inbox;

/// An inbox, or none.
pub(crate) enum Store {
    Nowhere,
    /// In a file of this folder.
    Folder(PathBuf),
    Brokers(Brokers),
}

impl Store {
    /// Makes what a row begins with.
    pub(crate) fn make(inbox: Option<Inbox>, name: &str) -> Result<Self> {
        let dead = match inbox {
            None => return Ok(Self::Nowhere),
            Some(Inbox::Brokers(number)) => return Ok(Self::Brokers(Brokers::start(number)?)),
            Some(Inbox::File { dead }) => dead,
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}-{name}-inbox", std::process::id()));
        let store = Self::Folder(folder.clone());
        if dead > 0 {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(bury(&folder.join("inbox.db"), dead))?;
        }
        Ok(store)
    }

    /// The value of `RECEIVER_INBOX`.
    pub(crate) fn setting(&self) -> String {
        match self {
            Self::Nowhere => "none".to_owned(),
            Self::Folder(folder) => format!("sqlite:{}", folder.join("inbox.db").display()),
            Self::Brokers(brokers) => brokers.setting(),
        }
    }

    /// What the brokers used of the processor so far, if there are any.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        if let Self::Brokers(brokers) = self { brokers.cpu_time() } else { None }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Self::Folder(folder) = self {
            // What is left over lies in the build folder and harms nobody.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Puts dead events into an inbox.
async fn bury(path: &Path, dead: u64) -> Result<()> {
    let day = Duration::from_secs(86_400);
    let inbox = Sqlite::open(SqliteOptions {
        path: path.to_owned(),
        queue: 16,
        retention: Retention { bodies: day, identities: day, digests: day },
        longest_wait: day,
        note: String::new(),
    })?;
    for first in (0..dead).step_by(PORTION) {
        inbox.import((first..dead.min(first + PORTION as u64)).map(record).collect()).await?;
    }
    inbox.close().await;
    Ok(())
}

fn record(number: u64) -> Record {
    let now = SystemTime::now();
    let event = Event {
        provider: "gridx".into(),
        endpoint: "gridxEvents".into(),
        event_type: Some("appliance/online".to_owned()),
        identity: format!("dead-{number}"),
        identity_is_digest: false,
        ordering_key: Some(format!("/systems/{number}")),
        received_at: now,
        headers: http::HeaderMap::new(),
        body: vec![b' '; 500].into(),
        matched: Vec::new(),
    };
    let error = Some("the model is not ours".to_owned());
    let attempt = Attempt { number: 1, ended_at: now, ending: Ending::Dead, error };
    Record {
        id: EventId(number + 1),
        event: Arc::new(event),
        has_body: true,
        state: State::Dead,
        next_attempt: None,
        attempts: vec![attempt],
    }
}
