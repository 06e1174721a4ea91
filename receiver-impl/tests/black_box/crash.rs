//! The receiver is killed, again and again, while events arrive. Whatever it acknowledged must be handled, and have its
//! effect once, since the handlers of the ledger use the event's identity.
//!
//! `make torture` runs this for longer: `CRASH_ROUNDS` and `CRASH_SECONDS` say how long, whichever ends first.

pub(crate) mod client;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection as Database;

use crate::common::programs::ledger;
use crate::common::scratch::Scratch;
use crate::common::{Invocation, PATIENCE, Receiver, SECRET, Until};

use client::Provider;

/// How many clients send at once.
const CLIENTS: usize = 8;

pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[test]
fn what_was_acknowledged_survives_kill_nine() {
    let (rounds, seconds) = (setting("CRASH_ROUNDS", 20), setting("CRASH_SECONDS", 600));
    let end = Instant::now() + Duration::from_secs(seconds);
    let scratch = Scratch::new();
    let provider = Provider::default();
    let mut random = Random::new();
    let mut killed = 0;
    while killed < rounds && Instant::now() < end {
        let receiver = start(scratch.path());
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let until = Until(&stop);
            for _ in 0..CLIENTS {
                scope.spawn(|| provider.send(receiver.public(), &stop));
            }
            thread::sleep(Duration::from_millis(random.below(400)));
            receiver.signal("KILL");
            drop(until);
        });
        killed += 1;
    }
    let receiver = start(scratch.path());
    let waiting = |state: &str| receiver.metric(&format!(r#"receiver_inbox_events{{state="{state}"}}"#)).unwrap();
    let patience = Instant::now() + 4 * PATIENCE;
    while ["pending", "leased", "retrying"].into_iter().map(waiting).sum::<u64>() > 0 {
        assert!(Instant::now() < patience, "events still wait");
        thread::sleep(Duration::from_millis(50));
    }
    let ended = receiver.stop();
    assert_eq!(ended.code(), Some(0), "{}", ended.output());

    let checked = Invocation::new(&["verify-inbox", "inbox.db"]).in_folder(scratch.path()).run();
    assert_eq!(checked.code(), Some(0), "the inbox does not hold together: {}", checked.output());

    let acknowledged = provider.acknowledged();
    let ledger = Database::open(scratch.path().join("ledger.db")).unwrap();
    let effects = counts(&ledger, "SELECT event_id, count(*) FROM effect GROUP BY event_id");
    let calls = counts(&ledger, "SELECT event_id, count(*) FROM call GROUP BY event_id");
    let lost: Vec<_> = acknowledged.iter().filter(|id| !effects.contains_key(*id)).collect();
    let twice: Vec<_> = effects.iter().filter(|(_, count)| **count > 1).collect();
    let again = calls.values().filter(|count| **count > 1).count();
    println!(
        "{killed} kills (seed {}): {} events acknowledged, {} copies sent, {} effects, {again} events handled more than \
         once, {} lost, {} with two effects",
        random.seed,
        acknowledged.len(),
        provider.copies.load(Relaxed),
        effects.len(),
        lost.len(),
        twice.len(),
    );
    assert!(!acknowledged.is_empty(), "nothing was acknowledged, so nothing was tested");
    assert_eq!((lost, twice), (Vec::new(), Vec::new()), "seed {}", random.seed);
}

fn start(folder: &Path) -> Receiver {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--inbox", "sqlite:inbox.db"];
    let program = ledger();
    let invocation = Invocation::of(program.to_str().unwrap(), &serve).in_folder(folder);
    Receiver::of(invocation.env("GRIDX_SECRETS", SECRET).env("LEDGER", "ledger.db").env("RUST_LOG", "warn"))
}

pub(crate) fn counts(ledger: &Database, sql: &str) -> HashMap<String, u64> {
    let mut statement = ledger.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Moments that nobody chose, and that a seed brings back.
pub(crate) struct Random {
    pub(crate) seed: u64,
    state: u64,
}

impl Random {
    pub(crate) fn new() -> Self {
        let now = || std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
        let seed = setting("CRASH_SEED", u64::from(now()));
        Self { seed, state: seed }
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % bound
    }
}
