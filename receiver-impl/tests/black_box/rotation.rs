//! Keys that change while the receiver runs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::common::{EVENTS, RSA_KEY, Receiver, Request, Until, events, sign};

const NEW_KEYS: &str = r#"receiver_key_reloads_total{provider="gridx",result="ok"}"#;
const FAULTS: &str = r#"receiver_key_reloads_total{provider="gridx",result="failed"}"#;
const BROKEN: &str = r#"receiver_key_file_broken{provider="gridx"}"#;

/// A receiver whose gridX secrets stand in the file `secrets` of its folder.
fn with_file(content: impl AsRef<[u8]>) -> Receiver {
    Receiver::unconfigured().file("secrets", content).env("GRIDX_SECRETS_FILE", "secrets").start()
}

/// Ways to put new content into a file.
#[derive(Clone, Copy)]
enum Write {
    /// Over the old content.
    InPlace,
    /// Into another file that then takes the place.
    Renamed,
}

impl Write {
    fn put(self, path: &Path, content: &str) {
        match self {
            Self::InPlace => fs::write(path, content).unwrap(),
            Self::Renamed => {
                let beside = path.with_extension("new");
                fs::write(&beside, content).unwrap();
                fs::rename(beside, path).unwrap();
            }
        }
    }
}

fn answers(receiver: &Receiver, secret: &str) -> u16 {
    receiver.answer(&Request::signed_with(secret, EVENTS, events::good())).status
}

/// A delivery with a signature of each secret, as gridX sends while one is replaced.
fn signed_with_all(secrets: &[String]) -> Request {
    let body = events::good();
    let elements: Vec<_> = secrets.iter().map(|secret| sign(secret, &body)).collect();
    Request::unsigned(EVENTS, body).header("X-Signature", elements.join(", "))
}

#[test]
fn refuses_nothing_while_secrets_are_replaced_again_and_again() {
    let secret = |number: usize| format!("secret number {number}");
    let receiver = with_file(secret(0));
    let path = receiver.folder().join("secrets");
    // The secret that the provider signs with. It changes when no request with the old one is under way.
    let current = RwLock::new(0);
    let (stopped, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let refused = thread::scope(|scope| {
        let until = Until(&stopped);
        let client = |both: bool| {
            let mut connection = receiver.connect();
            let mut refused = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let number = current.read().unwrap();
                let mut secrets = vec![secret(*number + 1), secret(*number)];
                secrets.drain(..usize::from(!both));
                let answer = connection.exchange(&signed_with_all(&secrets));
                sent.fetch_add(1, Ordering::Relaxed);
                if answer.status != 204 {
                    refused.push(format!("{} to {secrets:?}", answer.status));
                }
            }
            refused
        };
        let clients: Vec<_> = [true, false, true, false].map(|both| scope.spawn(move || client(both))).into();
        let mut changes = 0;
        for (number, way) in [Write::InPlace, Write::Renamed, Write::InPlace].into_iter().enumerate() {
            for (content, next) in [
                (format!("{}\n{}\n", secret(number), secret(number + 1)), number + 1),
                (format!("{}\n", secret(number + 1)), number + 1),
            ] {
                way.put(&path, &content);
                changes += 1;
                receiver.wait_for_metric(NEW_KEYS, changes);
                *current.write().unwrap() = next;
                thread::sleep(Duration::from_millis(100));
            }
        }
        drop(until);
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(refused, Vec::<String>::new(), "of {} requests", sent.load(Ordering::Relaxed));
    assert_eq!((answers(&receiver, &secret(3)), answers(&receiver, &secret(2))), (204, 401));
}

#[test]
fn says_how_many_secrets_are_live_but_nothing_of_them() {
    let receiver = with_file("first-Zx83");
    fs::write(receiver.folder().join("secrets"), "first-Zx83\nsecond-Zx84\n").unwrap();
    let line = receiver.logs().wait_for(&["new keys are in force"]);
    assert!(line.contains(r#""provider":"gridx""#) && line.contains(r#""secrets":2"#), "{line}");
    let ended = receiver.stop();
    assert!(!ended.output().contains("Zx8"), "{ended:?}");
}

#[test]
fn follows_a_link_that_turns_as_in_kubernetes() {
    let receiver = Receiver::unconfigured().file("secrets", "unused").env("GRIDX_SECRETS_FILE", "mount/secrets");
    let folder = receiver.folder().to_owned();
    for (version, secret) in [("1", "old"), ("2", "new")] {
        fs::create_dir_all(folder.join("mount").join(version)).unwrap();
        fs::write(folder.join("mount").join(version).join("secrets"), secret).unwrap();
    }
    symlink("1", folder.join("mount/data")).unwrap();
    symlink("data/secrets", folder.join("mount/secrets")).unwrap();
    let receiver = receiver.start();
    assert_eq!((answers(&receiver, "old"), answers(&receiver, "new")), (204, 401));
    symlink("2", folder.join("mount/data.new")).unwrap();
    fs::rename(folder.join("mount/data.new"), folder.join("mount/data")).unwrap();
    receiver.wait_for_metric(NEW_KEYS, 1);
    assert_eq!((answers(&receiver, "old"), answers(&receiver, "new")), (401, 204));
}

#[test]
fn a_broken_file_changes_nothing_until_it_is_mended() {
    let receiver = with_file("good");
    let path = receiver.folder().join("secrets");
    for (faults, (content, fault)) in [
        ("".as_bytes(), "empty"),
        (RSA_KEY.as_bytes(), "PEM"),
        (b"\xff\xfe", "UTF-8"),
        (b"other \n", "blank"),
        ("\u{feff}other\n".as_bytes(), "byte order mark"),
        ("x\n".repeat(17).as_bytes(), "17 keys"),
        ("x".repeat(9000).as_bytes(), "longer than"),
        ("x\n".repeat(40_000).as_bytes(), "larger than 64 KiB"),
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(&path, content).unwrap();
        receiver.wait_for_metric(FAULTS, faults as u64 + 1);
        let line = receiver.logs().wait_for(&["the old keys stay in force", fault]);
        assert!(line.contains("ERROR") && line.contains("GRIDX_SECRETS_FILE") && line.contains("secrets"), "{line}");
        assert_eq!((answers(&receiver, "good"), answers(&receiver, "x")), (204, 401), "{fault}");
        assert_eq!(receiver.metric(BROKEN), Some(1));
    }
    fs::write(&path, "good\nbetter\n").unwrap();
    receiver.wait_for_metric(NEW_KEYS, 1);
    assert_eq!(receiver.metric(BROKEN), Some(0));
    receiver.logs().wait_for(&["can be read again", r#""secrets":2"#]);
    assert_eq!((answers(&receiver, "good"), answers(&receiver, "better")), (204, 204));
}

#[test]
fn a_file_that_is_gone_is_told_once_and_so_is_its_return() {
    let receiver = with_file("good");
    let path = receiver.folder().join("secrets");
    fs::remove_file(&path).unwrap();
    receiver.wait_for_metric(BROKEN, 1);
    // Several looks at what is not there.
    thread::sleep(Duration::from_millis(1700));
    assert_eq!(answers(&receiver, "good"), 204);
    fs::write(&path, "good").unwrap();
    receiver.wait_for_metric(BROKEN, 0);
    assert_eq!(answers(&receiver, "good"), 204);
    let log = receiver.stop().stderr;
    let number = |text: &str| log.lines().filter(|line| line.contains(text)).count();
    assert_eq!((number("the old keys stay in force"), number("can be read again")), (1, 1), "{log}");
}

#[test]
fn a_file_that_is_only_touched_is_no_news() {
    let receiver = with_file("good");
    fs::write(receiver.folder().join("secrets"), "good\r\n").unwrap();
    thread::sleep(Duration::from_millis(1700));
    assert_eq!((receiver.metric(NEW_KEYS), answers(&receiver, "good")), (Some(0), 204));
}

#[test]
fn reads_keys_again_when_told_to_by_a_signal() {
    let receiver = with_file("good");
    receiver.signal("HUP");
    receiver.logs().wait_for(&["the keys were read again and are the same", "gridx"]);
    let path = receiver.folder().join("secrets");
    fs::write(&path, "").unwrap();
    receiver.signal("HUP");
    receiver.logs().wait_for(&["the old keys stay in force", "GRIDX_SECRETS_FILE"]);
    fs::write(&path, "better").unwrap();
    receiver.signal("HUP");
    receiver.logs().wait_for(&["can be read again"]);
    assert_eq!((answers(&receiver, "good"), answers(&receiver, "better")), (401, 204));
}

#[test]
fn a_signal_to_read_again_harms_nothing_where_there_is_no_file() {
    let receiver = Receiver::start();
    receiver.signal("HUP");
    receiver.logs().wait_for(&["all of them come from variables"]);
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn public_keys_can_be_replaced_too() {
    let vectors: serde_json::Value = serde_json::from_str(include_str!("../data/vectors.json")).unwrap();
    let other = vectors.as_array().unwrap().iter().find_map(|vector| vector["public_key_pem"].as_str()).unwrap();
    let receiver = Receiver::unconfigured().file("keys", other).env("GRIDX_PUBLIC_KEYS_FILE", "keys").start();
    let body = events::good();
    let signature = crate::common::sign_rs256(&body);
    let request = Request::unsigned(EVENTS, body).header("X-Signature-Rs256", signature);
    assert_eq!(receiver.answer(&request).status, 401);
    fs::write(receiver.folder().join("keys"), format!("{other}\n{RSA_KEY}")).unwrap();
    receiver.wait_for_metric(NEW_KEYS, 1);
    assert_eq!(receiver.answer(&request).status, 204);
    assert_eq!(receiver.metric(r#"receiver_keys{provider="gridx",kind="public_key"}"#), Some(2));
}
