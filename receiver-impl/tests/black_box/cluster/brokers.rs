//! Three brokers that are one.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::PATIENCE;
use crate::servers::{Nats, free_port};

pub(super) struct Brokers(Vec<Nats>);

impl Brokers {
    /// Starts them and waits until they have a leader.
    pub(super) fn start() -> Self {
        let ports: Vec<_> = (0..3).map(|_| free_port()).collect();
        let routes: Vec<_> = ports.iter().map(|port| format!("\"nats://127.0.0.1:{port}\"")).collect();
        let routes = routes.join(", ");
        let config = |number: usize| {
            let port = ports[number];
            format!("server_name: b{number}\ncluster {{ name: c, listen: 127.0.0.1:{port}, routes: [{routes}] }}")
        };
        let brokers = Self((0..3).map(|number| Nats::start(&config(number))).collect());
        let end = Instant::now() + PATIENCE;
        // Without a leader nothing can be asked of JetStream.
        while !brokers.0[0].request("$JS.API.INFO", "").contains("\"limits\"") {
            assert!(Instant::now() < end, "the brokers elect no leader");
            thread::sleep(Duration::from_millis(100));
        }
        brokers
    }

    /// The address of an inbox that each of them keeps.
    pub(super) fn inbox(&self) -> String {
        let hosts: Vec<_> = self.0.iter().map(|broker| broker.url().replace("nats://", "")).collect();
        format!("nats://{}/torture?replicas=3", hosts.join(","))
    }

    /// The broker that leads the stream of the events.
    pub(super) fn leader(&self) -> usize {
        let end = Instant::now() + PATIENCE;
        loop {
            let info = self.0[0].request("$JS.API.STREAM.INFO.torture-events", "");
            let info: Value = serde_json::from_str(&info).unwrap_or_default();
            let leader = info["cluster"]["leader"].as_str().and_then(|name| name.strip_prefix('b')?.parse().ok());
            if let Some(leader) = leader {
                return leader;
            }
            assert!(Instant::now() < end, "the stream has no leader");
            thread::sleep(Duration::from_millis(100));
        }
    }

    pub(super) fn stop(&mut self, which: &[usize]) {
        which.iter().for_each(|broker| self.0[*broker].kill());
    }

    pub(super) fn start_again(&mut self, which: &[usize]) {
        which.iter().for_each(|broker| self.0[*broker].start_again());
        which.iter().for_each(|broker| self.0[*broker].wait());
    }

    /// Kills them, and starts them with what they kept.
    pub(super) fn kill(&mut self, which: &[usize]) {
        self.stop(which);
        thread::sleep(Duration::from_millis(200));
        self.start_again(which);
    }

    /// Lets nothing in or out of one of them for a time.
    pub(super) fn cut_off(&mut self, which: usize, time: Duration) {
        self.0[which].signal("STOP");
        thread::sleep(time);
        self.0[which].signal("CONT");
    }
}
