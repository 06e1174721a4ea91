//! A receiver that serves on two ports of its own.

use std::ffi::OsStr;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::{Answer, Connection, Request};
use super::lines::Lines;
use super::process::{Ended, Invocation, Process};
use super::{PATIENCE, SECRET};

/// `receiver serve`, being put together.
pub(crate) struct Serve(Invocation);

/// `receiver serve`, ready. It is killed when this goes.
pub(crate) struct Receiver {
    process: Process,
    ready: Value,
}

impl Receiver {
    /// One that knows [`SECRET`] and is as it comes otherwise.
    pub(crate) fn start() -> Self {
        Self::with_secrets(SECRET).start()
    }

    /// One that knows these secrets, one a line.
    pub(crate) fn with_secrets(secrets: &str) -> Serve {
        Self::unconfigured().env("GRIDX_SECRETS", secrets)
    }

    /// One that knows [`SECRET`] and has further arguments.
    pub(crate) fn with_args(args: &[&str]) -> Serve {
        Self::with_secrets(SECRET).args(args)
    }

    /// One that knows no secret at all.
    pub(crate) fn unconfigured() -> Serve {
        let invocation = Invocation::new(&["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        Serve(invocation.env("RECEIVER_INBOX", "none"))
    }

    /// One that keeps its events in its folder, as it does unless it is told otherwise.
    pub(crate) fn with_inbox() -> Serve {
        Self::with_secrets(SECRET).env("RECEIVER_INBOX", "sqlite:./data/inbox.db")
    }

    /// The one that this starts; it must be told to serve on ports of its own.
    pub(crate) fn of(invocation: Invocation) -> Self {
        Serve(invocation).start()
    }

    /// The line that it printed when it was ready.
    pub(crate) fn ready(&self) -> &Value {
        &self.ready
    }

    /// Where webhooks arrive.
    pub(crate) fn public(&self) -> SocketAddr {
        address(&self.ready["public"])
    }

    /// Where health and documents are.
    pub(crate) fn admin(&self) -> SocketAddr {
        address(&self.ready["admin"])
    }

    /// A new connection to the public port.
    pub(crate) fn connect(&self) -> Connection {
        Connection::to(self.public())
    }

    /// Sends a request on a connection of its own and reads the answer.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        self.connect().exchange(request)
    }

    /// Fetches from the admin port.
    pub(crate) fn get_admin(&self, path: &str) -> Answer {
        Connection::to(self.admin()).exchange(&Request::new("GET", path))
    }

    /// The value of a series on `/metrics`, written as it is there: `name{label="value"}`.
    pub(crate) fn metric(&self, series: &str) -> Option<u64> {
        let text = self.get_admin("/metrics");
        let value = text.text().lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map(|value| value.parse().unwrap())
    }

    /// Waits until a series has this value.
    #[track_caller]
    pub(crate) fn wait_for_metric(&self, series: &str, value: u64) {
        let deadline = Instant::now() + PATIENCE;
        while self.metric(series) != Some(value) {
            assert!(Instant::now() < deadline, "{series} is {:?} and not {value}", self.metric(series));
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it logs.
    pub(crate) fn logs(&self) -> &Lines {
        &self.process.stderr
    }

    /// The folder that it runs in.
    pub(crate) fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// The highest resident memory so far, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits for its own end.
    pub(crate) fn wait(self) -> Ended {
        self.process.wait()
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(self) -> Ended {
        self.signal("TERM");
        self.wait()
    }
}

impl Serve {
    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        Self(self.0.args(args))
    }

    pub(crate) fn env(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        Self(self.0.env(name, value))
    }

    /// Puts a file into the folder that it runs in.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        Self(self.0.file(name, content))
    }

    /// Never reads its log.
    pub(crate) fn deaf(self) -> Self {
        Self(self.0.deaf())
    }

    /// Takes the other end of its log away.
    pub(crate) fn without_reader(self) -> Self {
        Self(self.0.without_reader())
    }

    /// Starts it and waits until it says that it is ready.
    pub(crate) fn start(self) -> Receiver {
        let process = self.0.spawn();
        let is_ready = |line: &str| line.starts_with('{');
        let patience = PATIENCE.as_secs();
        let line = process.stdout.try_wait_for(is_ready).unwrap_or_else(|| {
            panic!("it was not ready within {patience} s; it said:\n{}", process.stderr.so_far());
        });
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Receiver { process, ready }
    }

    /// The folder that it will run in.
    pub(crate) fn folder(&self) -> &Path {
        self.0.folder()
    }

    /// Runs it, because it must end by itself.
    pub(crate) fn run(self) -> Ended {
        self.0.run()
    }
}

fn address(url: &Value) -> SocketAddr {
    let address = url.as_str().and_then(|url| url.strip_prefix("http://"));
    address.unwrap_or_else(|| panic!("{url} is no address")).parse().unwrap()
}
