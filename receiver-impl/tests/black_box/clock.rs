//! The machine's clock is stepped back and forward under a receiver that runs: nothing is lost, nothing has its effect
//! twice, and nobody waits for a day because of it.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection as Database;

use crate::common::programs::ledger;
use crate::common::scratch::Scratch;
use crate::common::{EVENTS, Invocation, PATIENCE, Receiver, Request, SECRET, events};

const DAY: i64 = 86_400;

/// Everything is tried again soon, and what is old goes after a week.
const SERVE: [&str; 17] = [
    "serve",
    "--listen",
    "127.0.0.1:0",
    "--admin",
    "127.0.0.1:0",
    "--inbox",
    "sqlite:inbox.db",
    "--retry-first",
    "100ms",
    "--retry-most",
    "1s",
    "--max-attempts",
    "1000",
    "--keep-bodies",
    "7d",
    "--keep-identities",
    "8d",
];

/// A machine whose clock can be set, and a ledger that can be broken.
struct Machine {
    scratch: Scratch,
    library: PathBuf,
    /// Events sent so far.
    sent: u64,
}

impl Machine {
    fn new() -> Self {
        let scratch = Scratch::new();
        let library = scratch.path().join("shift.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/black_box/clock/shift.c");
        let mut compiler = Command::new("cc");
        let built = compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
        assert!(built.is_ok_and(|status| status.success()), "the C compiler that SQLite needs, too, fails");
        fs::write(scratch.path().join("shift"), 0_i64.to_ne_bytes()).unwrap();
        Self { scratch, library, sent: 0 }
    }

    fn serve(&self) -> Receiver {
        let folder = self.scratch.path();
        let invocation = Invocation::of(ledger().to_str().unwrap(), &SERVE).in_folder(folder);
        let invocation = invocation.env("LD_PRELOAD", &self.library).env("CLOCK_SHIFT", folder.join("shift"));
        Receiver::of(invocation.env("GRIDX_SECRETS", SECRET).env("LEDGER", "ledger.db"))
    }

    /// Sets the clock so many seconds ahead of the true time.
    fn set_clock(&self, seconds: i64) {
        let mut file = OpenOptions::new().write(true).open(self.scratch.path().join("shift")).unwrap();
        file.rewind().unwrap();
        file.write_all(&seconds.to_ne_bytes()).unwrap();
    }

    fn ledger(&self) -> Database {
        let database = Database::open(self.scratch.path().join("ledger.db")).unwrap();
        database.busy_timeout(PATIENCE).unwrap();
        database
    }

    /// Makes every handler fail, or no longer.
    fn break_ledger(&self, broken: bool) {
        let change = if broken {
            "CREATE TRIGGER broken BEFORE INSERT ON call BEGIN SELECT raise(ABORT, 'broken'); END"
        } else {
            "DROP TRIGGER broken"
        };
        self.ledger().execute_batch(change).unwrap();
    }

    fn send(&mut self, receiver: &Receiver, number: u64) {
        for _ in 0..number {
            self.sent += 1;
            receiver.answer(&event(self.sent)).assert_bare(204);
        }
    }

    /// Waits until every event that was sent had its effect; none may have it twice.
    fn assert_all_handled(&self) {
        let deadline = Instant::now() + PATIENCE;
        let count = |what: &str| -> u64 {
            self.ledger().query_row(&format!("SELECT count({what}) FROM effect"), [], |row| row.get(0)).unwrap()
        };
        while count("DISTINCT event_id") < self.sent {
            assert!(Instant::now() < deadline, "{} of {} events were handled", count("DISTINCT event_id"), self.sent);
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(count("*"), self.sent, "an event had its effect twice");
    }

    /// When an event was received, by the receiver's clock, in seconds from now.
    fn received(&self, event: u64) -> i64 {
        let inbox = Database::open(self.scratch.path().join("inbox.db")).unwrap();
        let sql = "SELECT received_at / 1000000 - unixepoch() FROM event WHERE id = ?1";
        inbox.query_row(sql, [event], |row| row.get(0)).unwrap()
    }
}

fn event(number: u64) -> Request {
    // Every third has a source of its own.
    let source = if number.is_multiple_of(3) { number } else { 0 };
    let body = events::changed(|event| {
        event["id"] = format!("00000000-0000-4000-8000-{number:012x}").into();
        event["source"] = format!("/systems/00000000-0000-4000-8000-{source:012x}").into();
    });
    Request::signed(EVENTS, body)
}

#[test]
fn a_clock_that_is_stepped_loses_nothing_and_holds_up_nothing() {
    let mut machine = Machine::new();
    let receiver = machine.serve();
    machine.send(&receiver, 6);
    machine.assert_all_handled();
    for step in [-DAY, DAY, 30 * DAY, 0] {
        // Of the six, four share a source. Some wait for their next attempt while the clock is stepped, and others arrive after that.
        machine.break_ledger(true);
        machine.send(&receiver, 6);
        receiver.wait_for_metric(r#"receiver_inbox_events{state="pending"}"#, 3);
        machine.set_clock(step);
        machine.send(&receiver, 6);
        machine.break_ledger(false);
        machine.assert_all_handled();
        let off = machine.received(machine.sent) - step;
        assert!(off.abs() < 3600, "the clock was not stepped: {off} s beside {step} s");
    }
    // Copies of everything, by a clock that is right again.
    for number in 1..=machine.sent {
        receiver.answer(&event(number)).assert_bare(204);
    }
    receiver.wait_for_metric("receiver_inbox_duplicates_total", machine.sent);
    machine.assert_all_handled();
    assert_eq!(receiver.stop().code(), Some(0));
}

#[test]
fn a_clock_that_is_wrong_at_the_start_holds_up_nothing_and_removes_nothing() {
    let mut machine = Machine::new();
    let receiver = machine.serve();
    machine.send(&receiver, 6);
    machine.assert_all_handled();
    receiver.stop();
    for step in [30 * DAY, -DAY, 27_000 * DAY] {
        machine.set_clock(0);
        let receiver = machine.serve();
        machine.break_ledger(true);
        machine.send(&receiver, 6);
        receiver.wait_for_metric(r#"receiver_inbox_events{state="pending"}"#, 3);
        receiver.stop();
        machine.set_clock(step);
        let receiver = machine.serve();
        machine.break_ledger(false);
        machine.send(&receiver, 6);
        machine.assert_all_handled();
        receiver.wait_for_metric(r#"receiver_inbox_events{state="done"}"#, machine.sent);
        receiver.stop();
    }
    let checked = Invocation::new(&["verify-inbox", "inbox.db"]).in_folder(machine.scratch.path()).run();
    assert_eq!(checked.code(), Some(0), "{}", checked.output());
    let inbox = Database::open(machine.scratch.path().join("inbox.db")).unwrap();
    let bodies: u64 = inbox.query_row("SELECT count(*) FROM content", [], |row| row.get(0)).unwrap();
    assert_eq!(bodies, machine.sent, "a clock that is wrong removed what is young");
}
