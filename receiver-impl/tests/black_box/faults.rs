//! Stores that fail for real: a disk that is full, a file that is locked, read-only, broken or taken away. The provider
//! is told to send again, whoever asks is told that the receiver is not ready, and all is well once the cause is gone.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection as Database, TransactionBehavior};
use serde_json::Value;

use crate::common::scratch::Scratch;
use crate::common::{EVENTS, Invocation, PATIENCE, Receiver, Request, SECRET, events};

const SERVE: [&str; 7] =
    ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--inbox", "sqlite:store/inbox.db"];

fn serve(folder: &Path) -> Invocation {
    Invocation::new(&SERVE).in_folder(folder).env("GRIDX_SECRETS", SECRET)
}

/// A good event with an identity of its own.
fn event(number: usize) -> Request {
    let body = events::changed(|event| {
        event["id"] = Value::from(format!("00000000-0000-4000-8000-{number:012x}"));
    });
    Request::signed(EVENTS, body)
}

fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "not {what} within {} s", PATIENCE.as_secs());
        thread::sleep(Duration::from_millis(20));
    }
}

fn is_ready(receiver: &Receiver) -> bool {
    receiver.get_admin("/readyz").status == 200
}

/// The provider is told to send again, and when.
fn assert_retry(answer: &crate::common::http::Answer) {
    answer.assert_bare(503);
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
}

fn handled(receiver: &Receiver) -> u64 {
    receiver.metric(r#"receiver_handled_total{provider="gridx",result="handled"}"#).unwrap()
}

#[test]
fn a_full_disk_delays_events_and_loses_none() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("store")).unwrap();
    // A mount that only the receiver sees; without being root, in a user namespace of its own.
    let namespace = if is_root() { "--mount" } else { "--user --map-root-user --mount" };
    let script = format!("mount -t tmpfs -o size=4m none store && exec {} \"$@\"", env!("CARGO_BIN_EXE_receiver"));
    let mut args: Vec<_> = namespace.split(' ').collect();
    args.extend(["sh", "-c", &script, "receiver"]);
    args.extend(SERVE);
    let invocation = Invocation::of("/usr/bin/unshare", &args).in_folder(scratch.path());
    let receiver = Receiver::of(invocation.env("PATH", "/usr/bin:/bin").env("GRIDX_SECRETS", SECRET));
    let inside = format!("/proc/{}/root{}/store", receiver.id(), scratch.path().display());

    assert!(receiver.answer(&event(0)).is_success());
    let filler = Path::new(&inside).join("filler");
    // Fills what is left, to the last byte.
    let error = (0..1024).find_map(|_| append(&filler, &[7; 16 << 10]).err());
    assert_eq!(error.and_then(|error| error.raw_os_error()), Some(28), "the disk is not full");
    let mut taken = 1;
    let refused = (1..2000).find(|number| {
        let answer = receiver.answer(&event(*number));
        if answer.is_success() {
            taken += 1;
            return false;
        }
        assert_retry(&answer);
        true
    });
    let refused = refused.expect("a full disk takes no 2000 events");
    wait("red", || !is_ready(&receiver));
    assert_retry(&receiver.answer(&event(refused)));
    receiver.logs().wait_for(&["no room for the inbox"]);

    fs::remove_file(&filler).unwrap();
    wait("green", || is_ready(&receiver));
    assert!(receiver.answer(&event(refused)).is_success());
    wait("handled", || handled(&receiver) == taken + 1);
}

#[test]
fn another_writer_delays_events_for_as_long_as_it_takes() {
    let scratch = Scratch::new();
    let receiver = Receiver::of(serve(scratch.path()));
    assert!(receiver.answer(&event(0)).is_success());
    wait("handled", || handled(&receiver) == 1);
    let mut database = Database::open(scratch.path().join("store/inbox.db")).unwrap();
    let lock = database.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(10) {
        assert_retry(&receiver.answer(&event(1)));
        thread::sleep(Duration::from_millis(200));
    }
    assert!(!is_ready(&receiver));
    lock.rollback().unwrap();
    wait("green", || is_ready(&receiver));
    assert!(receiver.answer(&event(1)).is_success());
    wait("handled", || handled(&receiver) == 2);
}

#[test]
fn a_file_that_cannot_be_written_delays_events_until_it_can() {
    let scratch = Scratch::new();
    let receiver = Receiver::of(serve(scratch.path()));
    assert!(receiver.answer(&event(0)).is_success());
    receiver.stop();
    let store = scratch.path().join("store");
    let file = store.join("inbox.db");
    set_mode(&file, 0o444);
    let receiver = if is_root() {
        // Root writes everything, unless it gives that up.
        let program = env!("CARGO_BIN_EXE_receiver");
        let mut args = vec!["--bounding-set=-dac_override", program];
        args.extend(SERVE);
        let invocation = Invocation::of("/usr/bin/setpriv", &args).in_folder(scratch.path());
        Receiver::of(invocation.env("GRIDX_SECRETS", SECRET))
    } else {
        Receiver::of(serve(scratch.path()))
    };
    assert!(!is_ready(&receiver));
    assert_retry(&receiver.answer(&event(1)));
    set_mode(&file, 0o600);
    wait("green", || is_ready(&receiver));
    assert!(receiver.answer(&event(1)).is_success());
}

#[test]
fn a_file_that_is_taken_away_is_written_anew_with_all_that_it_held() {
    let scratch = Scratch::new();
    let receiver = Receiver::of(serve(scratch.path()));
    for number in 0..50 {
        assert!(receiver.answer(&event(number)).is_success());
    }
    let store = scratch.path().join("store");
    for name in ["inbox.db", "inbox.db-wal", "inbox.db-shm"] {
        fs::remove_file(store.join(name)).unwrap();
    }
    // The first one may meet the store while it is written anew.
    wait("taken", || receiver.answer(&event(50)).is_success());
    wait("handled", || handled(&receiver) == 51);
    assert_eq!(receiver.stop().code(), Some(0));
    assert_eq!(rows(&store.join("inbox.db")), 51);
}

#[test]
fn a_file_that_never_was_an_inbox_is_refused_and_left_as_it_is() {
    let scratch = Scratch::new();
    let store = scratch.path().join("store");
    let file = store.join("inbox.db");
    fs::create_dir(&store).unwrap();
    let notes = "my notes\n".repeat(1000);
    fs::write(&file, &notes).unwrap();
    serve(scratch.path()).run().assert_refused(&["store/inbox.db", "it is no database", "name another file"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), notes);
    fs::remove_file(&file).unwrap();

    Database::open(&file).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    let before = fs::read(&file).unwrap();
    serve(scratch.path()).run().assert_refused(&["store/inbox.db", "a database of another program"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    let left: Vec<_> = fs::read_dir(&store).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["inbox.db"]);
}

#[test]
fn a_file_has_one_owner_whatever_it_is_called_by() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("store")).unwrap();
    // The link is there before the file.
    std::os::unix::fs::symlink("real.db", scratch.path().join("store/inbox.db")).unwrap();
    let receiver = Receiver::of(serve(scratch.path()));
    assert!(receiver.answer(&event(0)).is_success());
    let by_its_name = [&SERVE[..5], &["--inbox", "sqlite:store/real.db"]].concat();
    for args in [&SERVE[..], &by_its_name] {
        let other = Invocation::new(args).in_folder(scratch.path()).env("GRIDX_SECRETS", SECRET);
        other.run().assert_refused(&["another process has the inbox"]);
    }
    receiver.stop();
    assert_eq!(rows(&scratch.path().join("store/real.db")), 1);
}

#[test]
fn a_broken_file_is_put_aside_and_never_deleted() {
    let scratch = Scratch::new();
    let receiver = Receiver::of(serve(scratch.path()));
    assert!(receiver.answer(&event(0)).is_success());
    receiver.stop();
    let store = scratch.path().join("store");
    let mut bytes = fs::read(store.join("inbox.db")).unwrap();
    bytes[100..].fill(0xa5);
    // What is left after the power failed may as well be zeros.
    for broken in [bytes, vec![0; 40_000]] {
        fs::write(store.join("inbox.db"), &broken).unwrap();
        let receiver = Receiver::of(serve(scratch.path()));
        wait("green", || is_ready(&receiver));
        assert!(receiver.answer(&event(0)).is_success());
        receiver.stop();
        let aside = aside(&store);
        assert!(fs::read(&aside).unwrap() == broken, "{}", aside.display());
        fs::remove_file(aside).unwrap();
    }
}

#[test]
fn a_file_with_a_broken_page_is_put_aside_when_the_page_is_read() {
    let scratch = Scratch::new();
    let store = scratch.path().join("store");
    let receiver = Receiver::of(serve(scratch.path()));
    for number in 0..200 {
        assert!(receiver.answer(&event(number)).is_success());
    }
    receiver.stop();
    let file = store.join("inbox.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(&file, &bytes).unwrap();
    let receiver = Receiver::of(serve(scratch.path()));
    // All copies of what may have been lost, and one that is new.
    wait("taken", || (0..=200).all(|number| receiver.answer(&event(number)).is_success()));
    assert!(fs::read(aside(&store)).unwrap() == bytes, "what was put aside is not what stood there");
}

fn aside(store: &Path) -> std::path::PathBuf {
    let names = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().path());
    let mut aside: Vec<_> = names
        .filter(|path| {
            let name = path.to_string_lossy();
            name.contains(".corrupt-") && !name.ends_with("-wal") && !name.ends_with("-shm")
        })
        .collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    aside.remove(0)
}

fn rows(file: &Path) -> u64 {
    Database::open(file).unwrap().query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap()
}

fn append(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    fs::OpenOptions::new().append(true).create(true).open(file)?.write_all(bytes)
}

fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").unwrap().uid() == 0
}
