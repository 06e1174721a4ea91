//! What keeping an event costs, and whether that grows with the events that are kept: `cargo bench -p receiver --bench
//! inbox`. Admissions come from 64 clients, each of which waits for its answer before it sends the next one, as they do
//! behind the public port; every commit is on the disk, and what is kept is handled meanwhile. Arguments: the numbers of
//! kept events to measure at.
//!
//! A machine whose disk slows down while millions of events are put on it would look like a store that does. So each
//! size is measured in short rounds that take turns with rounds of a store that is almost empty; `of empty` is the
//! median over the pairs of rounds, and shows what the size alone does.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program that measures")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use receiver::inbox::sqlite::{Sqlite, SqliteOptions};
use receiver::inbox::{Attempt, Ending, Event, EventId, Inbox as _, Matched, Record, Retention, Settlement, State};

const CLIENTS: u64 = 64;
/// Pairs of rounds, and the admissions of a round.
const ROUNDS: usize = 12;
const ROUND: u64 = 10_000;
/// Events that are put into a store at a time before it is measured.
const FILL: u64 = 5000;
/// What the store has that others are held against.
const EMPTY: u64 = 1000;
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::main]
async fn main() {
    let mut sizes: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000, 1_000_000, 5_000_000];
    }
    let folder = std::env::var("BENCH_FOLDER").map_or_else(|_| PathBuf::from("target/bench-inbox"), PathBuf::from);
    let _ = std::fs::remove_dir_all(&folder);
    let full = Store::open(&folder.join("full"));
    println!(
        "{:>10} {:>12} {:>12} {:>10} {:>10} {:>14} {:>12} {:>10} {:>10}",
        "kept",
        "admitted/s",
        "empty one's",
        "of empty",
        "commits/s",
        "events/commit",
        "CPU us/event",
        "p99 us",
        "RSS MiB"
    );
    for size in sizes {
        full.fill(size).await;
        let empty = Store::open(&folder.join(format!("beside-{size}")));
        empty.fill(EMPTY).await;
        let kept = full.kept().await;
        // The first ones find cold caches.
        for store in [&empty, &full] {
            store.round().await;
        }
        let mut pairs = Vec::new();
        for round in 0..ROUNDS {
            // Whoever comes second profits from whatever the first one left.
            pairs.push(if round.is_multiple_of(2) {
                let first = full.round().await;
                (first, empty.round().await)
            } else {
                let first = empty.round().await;
                (full.round().await, first)
            });
        }
        let of_full = |figure: fn(&Round) -> f64| median(pairs.iter().map(|(full, _)| figure(full)).collect());
        println!(
            "{kept:>10} {:>12.0} {:>12.0} {:>10.2} {:>10.0} {:>14.1} {:>12.1} {:>10.0} {:>10}",
            of_full(|round| round.rate),
            median(pairs.iter().map(|(_, empty)| empty.rate).collect()),
            median(pairs.iter().map(|(full, empty)| full.rate / empty.rate).collect()),
            of_full(|round| round.commits),
            of_full(|round| round.rate / round.commits),
            of_full(|round| round.cpu),
            of_full(|round| round.p99),
            memory(),
        );
        empty.close().await;
    }
    full.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}

/// An inbox whose events are handled, and its folder.
struct Store {
    inbox: Sqlite,
    folder: PathBuf,
    next: Arc<AtomicU64>,
}

/// What a round showed.
struct Round {
    /// Admissions a second.
    rate: f64,
    /// Commits a second.
    commits: f64,
    /// The whole process's, in microseconds for each admission.
    cpu: f64,
    /// Of the times to an answer, in microseconds.
    p99: f64,
}

impl Store {
    fn open(folder: &Path) -> Self {
        let options = SqliteOptions {
            path: folder.join("inbox.db"),
            queue: 4096,
            retention: Retention { bodies: DAY, identities: 14 * DAY, digests: DAY },
            longest_wait: DAY,
            note: "bench".to_owned(),
        };
        let inbox = Sqlite::open(options).unwrap();
        tokio::spawn(handle(inbox.clone()));
        Self { inbox, folder: folder.to_owned(), next: Arc::default() }
    }

    /// Puts events into it that are handled already, until there are so many.
    async fn fill(&self, size: u64) {
        while self.next.load(Relaxed) < size {
            let portion = FILL.min(size - self.next.load(Relaxed));
            let first = self.next.fetch_add(portion, Relaxed);
            self.inbox.import((first..first + portion).map(record).collect()).await.unwrap();
        }
    }

    async fn kept(&self) -> u64 {
        let stats = self.inbox.stats().await.unwrap();
        stats.done + stats.pending
    }

    async fn round(&self) -> Round {
        let before = self.inbox.stats().await.unwrap();
        let (began, used) = (Instant::now(), cpu());
        let clients: Vec<_> =
            (0..CLIENTS).map(|_| tokio::spawn(admit(self.inbox.clone(), self.next.clone()))).collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.unwrap());
        }
        let took = began.elapsed().as_secs_f64();
        let commits = self.inbox.stats().await.unwrap().commits - before.commits;
        while self.inbox.stats().await.unwrap().pending > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let used = (cpu() - used).as_secs_f64();
        times.sort_unstable();
        let events = times.len() as f64;
        Round {
            rate: events / took,
            commits: commits as f64 / took,
            cpu: used * 1e6 / events,
            p99: times[times.len() * 99 / 100].as_micros() as f64,
        }
    }

    async fn close(self) {
        self.inbox.close().await;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One client's part of a round.
async fn admit(inbox: Sqlite, next: Arc<AtomicU64>) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..ROUND / CLIENTS {
        let event = event(next.fetch_add(1, Relaxed));
        let began = Instant::now();
        inbox.admit(vec![event]).await.unwrap();
        times.push(began.elapsed());
    }
    times
}

async fn handle(inbox: Sqlite) {
    while let Ok(leased) = inbox.take("gridx", 256, Duration::from_secs(60)).await {
        for event in leased {
            let inbox = inbox.clone();
            tokio::spawn(async move { inbox.settle(event.lease, Settlement::Done).await });
        }
    }
}

fn event(number: u64) -> Event {
    const SIGNATURE: &str = "sha512=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
                             0123456789abcdef0123456789abcdef0123456789abcdef";
    let id = uuid::Uuid::from_u128(u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("x-signature", HeaderValue::from_static(SIGNATURE));
    Event {
        provider: "gridx".into(),
        endpoint: "gridxEvents".into(),
        event_type: Some("appliance/online".to_owned()),
        identity: id.to_string(),
        identity_is_digest: false,
        ordering_key: Some(format!("urn:system:{}", number % 5000)),
        received_at: SystemTime::now(),
        headers,
        body: Bytes::from(format!(r#"{{"id":"{id}","type":"appliance/online","pad":"{}"}}"#, "x".repeat(400))),
        matched: vec![Matched { scheme: "gridxSignature".into(), slot: 1 }],
    }
}

fn record(number: u64) -> Record {
    let attempt = Attempt { number: 1, ended_at: SystemTime::now(), ending: Ending::Done, error: None };
    Record {
        id: EventId(number + 1),
        event: Arc::new(event(number)),
        has_body: true,
        state: State::Done,
        next_attempt: None,
        attempts: vec![attempt],
    }
}

fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { (values[middle - 1] + values[middle]) / 2.0 } else { values[middle] }
}
