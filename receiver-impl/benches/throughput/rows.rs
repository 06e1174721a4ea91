//! What is compared. A new row is a new entry in [`all`].

use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::events::{Events, GREENLAKE, GRIDX, NURSA};
use crate::options::Options;
use crate::store::Store;

/// One comparison of the receiver with the bare handler.
pub(crate) struct Row {
    pub(crate) connections: usize,
    pub(crate) events: &'static Events,
    pub(crate) setup: &'static Setup,
    pub(crate) target: Option<Target>,
}

/// How the receiver is run.
pub(crate) struct Setup {
    pub(crate) name: &'static str,
    /// `RUST_LOG`, or what the receiver does without it.
    log: Option<&'static str>,
    /// How many secrets both servers are given; the last one is in use.
    secrets: usize,
    /// What the command line says beside the addresses.
    arguments: &'static [&'static str],
    /// Where the receiver keeps events before it answers, if it does.
    pub(crate) inbox: Option<Inbox>,
    /// Whether the receiver is compared with itself instead of the bare handler: with the live page open, and without.
    pub(crate) page: bool,
}

/// Where events are kept.
#[derive(Clone, Copy)]
pub(crate) enum Inbox {
    /// In a file, in which so many dead ones are when the row begins.
    File { dead: u64 },
    /// On so many brokers, by as many receivers.
    Brokers(usize),
}

/// What a row should reach.
pub(crate) struct Target {
    /// Requests/s as a share of the bare handler's, at least.
    pub(crate) ratio: f64,
    /// Resident memory at its highest, below this many MiB.
    pub(crate) peak_mib: f64,
    /// The 99th percentile of latency as a multiple of the bare handler's, below this; `None`: no matter.
    pub(crate) p99: Option<f64>,
}

const QUIET: Setup =
    Setup { name: "RUST_LOG=warn", log: Some("warn"), secrets: 1, arguments: &[], inbox: None, page: false };
const FIVE_SECRETS: Setup =
    Setup { name: "RUST_LOG=warn, five secrets of which the last matches", secrets: 5, ..QUIET };
const DEFAULT_LOG: Setup = Setup { name: "default log level, to a file", log: None, ..QUIET };
const DURABLE: Setup = Setup {
    name: "RUST_LOG=warn, each event on disk before its answer",
    inbox: Some(Inbox::File { dead: 0 }),
    ..QUIET
};
const DEAD_LETTERS: Setup = Setup {
    name: "RUST_LOG=warn, on disk, beside 100,000 dead events",
    inbox: Some(Inbox::File { dead: 100_000 }),
    ..QUIET
};

const ON_A_BROKER: Setup =
    Setup { name: "RUST_LOG=warn, nats: one receiver, one broker that syncs", inbox: Some(Inbox::Brokers(1)), ..QUIET };
const ON_THREE_BROKERS: Setup = Setup {
    name: "RUST_LOG=warn, nats: three receivers, three brokers that sync",
    inbox: Some(Inbox::Brokers(3)),
    ..QUIET
};

const PAGE: Setup =
    Setup { name: "RUST_LOG=warn, on disk, with the live page open beside the same without", page: true, ..DURABLE };

/// Every row, in the order of the table.
pub(crate) fn all() -> Vec<Row> {
    let row = |connections, events, setup| Row { connections, events, setup, target: None };
    let target = || Some(Target { ratio: 0.90, peak_mib: 20.0, p99: None });
    let durable = || Some(Target { ratio: 0.45, peak_mib: 64.0, p99: Some(10.0) });
    vec![
        row(1, &GRIDX, &QUIET),
        row(8, &GRIDX, &QUIET),
        Row { target: target(), ..row(32, &GRIDX, &QUIET) },
        row(128, &GRIDX, &QUIET),
        row(32, &GREENLAKE, &QUIET),
        Row { target: target(), ..row(32, &NURSA, &QUIET) },
        row(32, &GRIDX, &FIVE_SECRETS),
        row(32, &GRIDX, &DEFAULT_LOG),
        row(8, &GRIDX, &DURABLE),
        Row { target: durable(), ..row(64, &GRIDX, &DURABLE) },
        Row { target: durable(), ..row(64, &GRIDX, &DEAD_LETTERS) },
        Row { target: Some(Target { ratio: 0.95, peak_mib: 96.0, p99: None }), ..row(64, &GRIDX, &PAGE) },
        row(64, &GRIDX, &ON_A_BROKER),
        row(64, &GRIDX, &ON_THREE_BROKERS),
    ]
}

/// The rows that the options ask for.
pub(crate) fn selected(options: &Options) -> Vec<Row> {
    let wanted = |row: &Row| {
        let title = row.title();
        (options.rows.is_empty() || options.rows.iter().any(|text| title.contains(text)))
            && (options.connections.is_empty() || options.connections.contains(&row.connections))
    };
    all().into_iter().filter(wanted).collect()
}

impl Setup {
    /// How many receivers share the work.
    pub(crate) fn receivers(&self) -> usize {
        match self.inbox {
            Some(Inbox::Brokers(number)) => number,
            Some(Inbox::File { .. }) | None => 1,
        }
    }
}

impl Row {
    pub(crate) fn title(&self) -> String {
        let plural = if self.connections == 1 { "" } else { "s" };
        format!("{} connection{plural}, {}, {}", self.connections, self.events.name, self.setup.name)
    }

    /// The secret that signs the load.
    pub(crate) fn secret(&self) -> String {
        secret(self.setup.secrets)
    }

    fn secrets(&self) -> String {
        (1..=self.setup.secrets).map(secret).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn bare(&self) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--bare-server", self.events.name]).env(self.events.secrets, self.secrets());
        Ok(command)
    }

    pub(crate) fn receiver(&self, executable: &Path, store: &Store) -> Command {
        let mut command = Command::new(executable);
        command.args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]).args(self.setup.arguments);
        command.env(self.events.secrets, self.secrets()).env("RECEIVER_INBOX", store.setting());
        if let Some(level) = self.setup.log {
            command.env("RUST_LOG", level);
        }
        command
    }
}

fn secret(number: usize) -> String {
    format!("whsec_{number:064x}")
}
