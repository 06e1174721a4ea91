//! A folder with what a stopped receiver left.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use receiver::inbox::sqlite::{Note, Sqlite, SqliteOptions};
use receiver::inbox::{Event, Inbox as _, Matched, Retention, Settlement, State};
use serde_json::Value;

use crate::common::Invocation;
use crate::common::process::Ended;
use crate::common::scratch::Scratch;

const DAY: Duration = Duration::from_secs(86_400);

/// A folder with an inbox in the place where `receiver serve` has it.
pub(crate) struct Kept(Scratch);

impl Kept {
    /// A folder without an inbox.
    pub(crate) fn empty() -> Self {
        Self(Scratch::new())
    }

    /// An inbox with an event in each of these states; their ids are 1 and so on, and the last one came an hour ago, the
    /// one before it two hours.
    pub(crate) fn with(states: &[State]) -> Self {
        let kept = Self::empty();
        kept.fill(states);
        kept
    }

    /// One with many events that are dead.
    pub(super) fn with_dead(number: usize) -> Self {
        Self::with(&vec![State::Dead; number])
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder().join("data/inbox.db")
    }

    /// Runs `receiver ARGS` in the folder.
    pub(super) fn run(&self, args: &[&str]) -> Ended {
        Invocation::new(args).in_folder(self.folder()).run()
    }

    /// Runs `receiver events ARGS` in the folder.
    pub(super) fn events(&self, args: &[&str]) -> Ended {
        self.run(&[&["events"], args].concat())
    }

    /// The same; it must succeed, and what it says is JSON, a value a line.
    #[track_caller]
    pub(super) fn json(&self, args: &[&str]) -> Vec<Value> {
        let ended = self.events(args);
        assert_eq!(ended.code(), Some(0), "{ended:?}");
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The ids and states of a list.
    #[track_caller]
    pub(super) fn list(&self, args: &[&str]) -> Vec<(u64, String)> {
        let listed = self.json(&[&["list", "--json"], args].concat());
        listed
            .iter()
            .map(|event| (event["id"].as_u64().unwrap(), event["state"].as_str().unwrap().to_owned()))
            .collect()
    }

    /// Opens the inbox, as a receiver would, and does something with it.
    pub(crate) fn open<T>(&self, work: impl AsyncFnOnce(&Sqlite) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let options = SqliteOptions {
                path: self.file(),
                queue: 64,
                retention: Retention { bodies: DAY, identities: DAY, digests: DAY },
                longest_wait: DAY,
                note: Note::of_this_process(None).to_string(),
            };
            let inbox = Sqlite::open(options).unwrap();
            let done = work(&inbox).await;
            inbox.close().await;
            done
        })
    }

    fn fill(&self, states: &[State]) {
        self.open(async |inbox| {
            inbox.admit((1..=states.len()).map(|number| event(number, states.len())).collect()).await.unwrap();
            let mut leased = Vec::new();
            for provider in ["gridx", "nursa"] {
                let waiting = (1..=states.len()).filter(|number| provider_of(*number) == provider).count();
                let mut left = waiting;
                while left > 0 {
                    let taken = inbox.take(provider, left, DAY).await.unwrap();
                    left -= taken.len();
                    leased.extend(taken);
                }
            }
            for event in leased {
                let error = || "the handler said no".to_owned();
                let settlement = match states[usize::try_from(event.lease.id.0).unwrap() - 1] {
                    State::Pending | State::Leased => Settlement::Returned,
                    State::Retrying => Settlement::Retry { error: error(), after: DAY },
                    State::Done => Settlement::Done,
                    State::Dead => Settlement::Dead { error: error() },
                    State::Parked => Settlement::Parked { reason: error() },
                };
                inbox.settle(event.lease, settlement).await.unwrap();
            }
        });
    }
}

fn provider_of(number: usize) -> &'static str {
    if number == 2 { "nursa" } else { "gridx" }
}

/// The body of an event.
pub(super) fn body(number: usize) -> Vec<u8> {
    format!("{{\"number\":{number}, \"price\":1.10}}").into_bytes()
}

fn event(number: usize, of: usize) -> Event {
    let mut headers = HeaderMap::new();
    headers.insert("x-number", HeaderValue::from(number));
    let provider = provider_of(number);
    Event {
        provider: provider.into(),
        endpoint: format!("{provider}Events").into(),
        event_type: (number != 4).then(|| format!("type/{}", if number == 3 { "\u{1b}[31mred" } else { "plain" })),
        identity: format!("identity-{number}"),
        identity_is_digest: number == 2,
        ordering_key: None,
        received_at: SystemTime::now() - Duration::from_secs(3600 * (of + 1 - number) as u64),
        headers,
        body: Bytes::from(body(number)),
        matched: vec![Matched { scheme: "gridxSignature".into(), slot: 1 }],
    }
}
