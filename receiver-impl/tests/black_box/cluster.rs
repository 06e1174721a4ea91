//! Three receivers on three brokers, each a process of its own, under load from clients that behave as a provider does.
//! Receivers, brokers, the leader of the events' stream are killed, brokers are cut off. Whatever was acknowledged must be
//! handled, and have its effect once.
//!
//! `make test` runs a few rounds, `make test-cluster` and `make torture-cluster` more: `CLUSTER_ROUNDS` says how many.

mod brokers;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection as Database;

use crate::common::programs::ledger;
use crate::common::scratch::Scratch;
use crate::common::{EVENTS, Invocation, PATIENCE, Receiver, Request, SECRET};
use crate::crash::client::Provider;
use crate::crash::{Random, counts, setting};
use brokers::Brokers;

const CLIENTS: usize = 4;
/// Longer than brokers take to elect another leader, and than a receiver may be silent.
const CUT_OFF: Duration = Duration::from_secs(12);

/// What happens in a round.
const FAULTS: [&str; 6] = ["receiver", "broker", "leader", "receiver and broker", "cut off", "all brokers"];

struct Receivers<'a> {
    program: PathBuf,
    folder: &'a Path,
    inbox: String,
    running: Mutex<Vec<Receiver>>,
}

impl Receivers<'_> {
    fn start(&self) -> Receiver {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
        let invocation = Invocation::of(self.program.to_str().unwrap(), &serve).in_folder(self.folder);
        // A machine that is busy with other tests is no fault of a broker.
        let invocation = invocation.env("RECEIVER_INBOX", &self.inbox).env("RECEIVER_INBOX_TIMEOUT", "8s");
        let invocation = invocation.env("GRIDX_SECRETS", SECRET);
        Receiver::of(
            invocation.env("LEDGER", "ledger.db").env("RUST_LOG", "info,receiver::handlers=warn,receiver::gate=warn"),
        )
    }

    fn public(&self, number: usize) -> SocketAddr {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running[number % running.len()].public()
    }

    /// Kills one and starts another in its place, without which the others go on.
    fn kill(&self, number: usize) {
        let new = self.start();
        let old = std::mem::replace(&mut self.running.lock().unwrap()[number], new);
        old.signal("KILL");
        old.wait();
    }

    /// What each of them said last.
    fn logs(&self) -> String {
        let running = self.running.lock().unwrap();
        let of = |receiver: &Receiver| {
            let log = receiver.logs().so_far();
            let lines: Vec<_> = log.lines().collect();
            format!("receiver {}:\n{}\n", receiver.id(), lines[lines.len().saturating_sub(60)..].join("\n"))
        };
        running.iter().map(of).collect()
    }

    fn metric(&self, series: &str) -> Option<u64> {
        self.running.lock().unwrap()[0].metric(series)
    }
}

#[test]
fn what_was_acknowledged_survives_whatever_dies() {
    let rounds = setting("CLUSTER_ROUNDS", 3);
    let scratch = Scratch::new();
    let mut brokers = Brokers::start();
    let receivers = receivers(&scratch, &brokers);
    let provider = Provider::default();
    let mut random = Random::new();
    let stop = AtomicBool::new(false);
    let mut faults: HashMap<&str, u64> = HashMap::new();
    thread::scope(|scope| {
        let _stopping = Stopping(&stop);
        for client in 0..CLIENTS {
            let (provider, receivers, stop) = (&provider, &receivers, &stop);
            scope.spawn(move || load(client, provider, receivers, stop));
        }
        for round in 0..rounds {
            thread::sleep(Duration::from_millis(random.below(1500)));
            let (receiver, broker) = (random.below(3) as usize, random.below(3) as usize);
            // Each of them in turn, and from then on whatever chance says.
            let fault = if round < 6 { round } else { random.below(6) };
            let fault = FAULTS[fault as usize];
            *faults.entry(fault).or_default() += 1;
            match fault {
                "receiver" => receivers.kill(receiver),
                "broker" => brokers.kill(&[broker]),
                "leader" => {
                    let leader = brokers.leader();
                    brokers.kill(&[leader]);
                }
                "receiver and broker" => {
                    brokers.stop(&[broker]);
                    receivers.running.lock().unwrap()[receiver].signal("KILL");
                    brokers.start_again(&[broker]);
                    receivers.kill(receiver);
                }
                "cut off" => brokers.cut_off(broker, CUT_OFF),
                _ => brokers.kill(&[0, 1, 2]),
            }
            works(&provider, round);
        }
        stop.store(true, Relaxed);
    });
    settled(&receivers);
    told(&scratch, &provider, &format!("{rounds} rounds, {faults:?}, seed {}", random.seed));
}

#[test]
fn receivers_are_replaced_one_after_another_without_a_refused_request() {
    let scratch = Scratch::new();
    let brokers = Brokers::start();
    let receivers = receivers(&scratch, &brokers);
    let (stop, refused) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let provider = Provider::default();
    thread::scope(|scope| {
        let _stopping = Stopping(&stop);
        for client in 0..CLIENTS {
            let (provider, receivers, stop, refused) = (&provider, &receivers, &stop, &refused);
            scope.spawn(move || {
                let mut number = client;
                while !stop.load(Relaxed) {
                    number += 1;
                    let (id, body) = provider.event();
                    // As behind a load balancer: a connection of its own, to one that is not told to stop.
                    let status = crate::common::Connection::to(receivers.public(number))
                        .exchange(&Request::signed(EVENTS, &body[..]))
                        .status;
                    if (200..300).contains(&status) {
                        provider.acknowledge(id);
                    } else {
                        refused.lock().unwrap().push(status);
                    }
                }
            });
        }
        for number in 0..3 {
            thread::sleep(Duration::from_millis(500));
            let new = receivers.start();
            let old = std::mem::replace(&mut receivers.running.lock().unwrap()[number], new);
            // Requests that were on their way to the old one arrive before it is told.
            thread::sleep(Duration::from_secs(1));
            assert_eq!(old.stop().code(), Some(0));
        }
        stop.store(true, Relaxed);
    });
    assert_eq!(*refused.lock().unwrap(), [0_u16; 0], "no request is refused");
    settled(&receivers);
    told(&scratch, &provider, "rolling");
}

fn receivers<'a>(scratch: &'a Scratch, brokers: &Brokers) -> Receivers<'a> {
    let (inbox, running) = (brokers.inbox(), Mutex::new(Vec::new()));
    let receivers = Receivers { program: ledger(), folder: scratch.path(), inbox, running };
    for _ in 0..3 {
        let receiver = receivers.start();
        receivers.running.lock().unwrap().push(receiver);
    }
    receivers
}

/// Sends until told to stop, to one receiver after the other.
fn load(client: usize, provider: &Provider, receivers: &Receivers<'_>, stop: &AtomicBool) {
    let mut number = client;
    while !stop.load(Relaxed) {
        number += 1;
        let end = AtomicBool::new(false);
        let to = receivers.public(number);
        thread::scope(|scope| {
            scope.spawn(|| provider.send(to, &end));
            // Whoever refuses is not asked for long.
            thread::sleep(Duration::from_millis(300));
            end.store(true, Relaxed);
        });
    }
}

/// Waits until events are taken again.
fn works(provider: &Provider, round: u64) {
    let end = Instant::now() + 3 * PATIENCE;
    let before = provider.acknowledged().len();
    while provider.acknowledged().len() < before + 20 {
        assert!(Instant::now() < end, "nothing is taken any more after round {round}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until every event is handled.
fn settled(receivers: &Receivers<'_>) {
    let waiting = |state: &str| receivers.metric(&format!(r#"receiver_inbox_events{{state="{state}"}}"#));
    let end = Instant::now() + 4 * PATIENCE;
    loop {
        let waits: Vec<_> = ["pending", "leased", "retrying"].into_iter().map(waiting).collect();
        if waits.iter().all(|number| *number == Some(0)) {
            return;
        }
        assert!(Instant::now() < end, "events still wait: {waits:?}\n{}", receivers.logs());
        thread::sleep(Duration::from_millis(200));
    }
}

/// Holds what was acknowledged against what the handlers did.
fn told(scratch: &Scratch, provider: &Provider, what: &str) {
    let acknowledged = provider.acknowledged();
    let ledger = Database::open(scratch.path().join("ledger.db")).unwrap();
    let effects = counts(&ledger, "SELECT event_id, count(*) FROM effect GROUP BY event_id");
    let calls = counts(&ledger, "SELECT event_id, count(*) FROM call GROUP BY event_id");
    let lost: Vec<_> = acknowledged.iter().filter(|id| !effects.contains_key(*id)).collect();
    let twice: Vec<_> = effects.iter().filter(|(_, count)| **count > 1).collect();
    let again = calls.values().filter(|count| **count > 1).count();
    println!(
        "{what}: {} events acknowledged, {} effects, {again} events handled more than once, {} lost, {} with two effects",
        acknowledged.len(),
        effects.len(),
        lost.len(),
        twice.len(),
    );
    assert!(!acknowledged.is_empty(), "nothing was acknowledged, so nothing was tested");
    assert_eq!((lost, twice), (Vec::new(), Vec::new()), "{what}");
}

/// Ends the load also where a test fails.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}
