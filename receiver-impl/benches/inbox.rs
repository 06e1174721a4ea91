//! What keeping an event costs, and whether that grows with the events that are kept: `cargo bench -p receiver --bench
//! inbox`. Admissions come from 64 clients, each of which waits for its answer before it sends the next one, as they do
//! behind the public port; every commit is on the disk. Arguments: the numbers of kept events to measure at.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program that measures")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use receiver::inbox::sqlite::{Sqlite, SqliteOptions};
use receiver::inbox::{Event, Inbox as _, Matched, Retention, Settlement};

const CLIENTS: u64 = 64;
const MEASURED: u64 = 50_000;

fn event(number: u64) -> Event {
    let id = uuid::Uuid::from_u128(u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("x-signature", HeaderValue::from_static("sha512=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
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

async fn handle(inbox: Sqlite) {
    while let Ok(leased) = inbox.take("gridx", 256, Duration::from_secs(60)).await {
        for event in leased {
            let inbox = inbox.clone();
            tokio::spawn(async move { inbox.settle(event.lease, Settlement::Done).await });
        }
    }
}

#[tokio::main]
async fn main() {
    let mut sizes: Vec<u64> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000, 1_000_000, 5_000_000];
    }
    let folder =
        std::path::PathBuf::from(std::env::var("BENCH_FOLDER").unwrap_or_else(|_| "target/bench-inbox".to_owned()));
    let _ = std::fs::remove_dir_all(&folder);
    let day = Duration::from_secs(86_400);
    let options = SqliteOptions {
        path: folder.join("inbox.db"),
        queue: 4096,
        retention: Retention { bodies: day, identities: 14 * day, digests: day },
        longest_wait: day,
        note: "bench".to_owned(),
    };
    let inbox = Sqlite::open(options).unwrap();
    tokio::spawn(handle(inbox.clone()));
    let next = Arc::new(AtomicU64::new(0));
    println!(
        "{:>10} {:>12} {:>10} {:>14} {:>12} {:>10} {:>10}",
        "kept", "admitted/s", "commits/s", "events/commit", "CPU us/event", "p99 us", "RSS MiB"
    );
    for size in sizes {
        while next.load(Relaxed) < size {
            let first = next.fetch_add(1000, Relaxed);
            inbox.admit((first..first + 1000).map(event).collect()).await.unwrap();
        }
        while inbox.stats().await.unwrap().pending > 1000 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (before, began, used) = (inbox.stats().await.unwrap(), Instant::now(), cpu());
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (inbox, next) = (inbox.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    for _ in 0..MEASURED / CLIENTS {
                        let event = event(next.fetch_add(1, Relaxed));
                        let began = Instant::now();
                        inbox.admit(vec![event]).await.unwrap();
                        times.push(began.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await.unwrap());
        }
        let (took, used) = (began.elapsed().as_secs_f64(), cpu() - used);
        let after = inbox.stats().await.unwrap();
        let commits = after.commits - before.commits;
        times.sort_unstable();
        #[allow(clippy::cast_precision_loss, reason = "figures for people")]
        let (events, commits) = (times.len() as f64, commits as f64);
        println!(
            "{:>10} {:>12.0} {:>10.0} {:>14.1} {:>12.1} {:>10} {:>10} (waiting {})",
            before.done + before.pending,
            events / took,
            commits / took,
            events / commits,
            used.as_secs_f64() * 1e6 / events,
            times[times.len() * 99 / 100].as_micros(),
            memory(),
            after.pending + after.leased,
        );
    }
    inbox.close().await;
    let _ = std::fs::remove_dir_all(&folder);
}
