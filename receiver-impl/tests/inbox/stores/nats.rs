//! The inbox on a broker: one server for all tests, and names of its own for each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use receiver::inbox::nats::{Nats, NatsOptions};
use receiver::inbox::{Admission, Event, Inbox as _, Settlement};

use super::conformance;
use crate::events::{PROVIDER, event, keyed};
use crate::rig::{DAY, LONG, PATIENCE, RETENTION, Rig, Store};
use crate::servers;

struct OnBroker(usize);

impl Store for OnBroker {
    type Inbox = Nats;

    const DURABLE: bool = true;

    // Many tests share the broker, and most of what they ask it goes to the disk.
    const SOON: Duration = Duration::from_secs(3);

    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    async fn open(&self) -> Nats {
        let options = NatsOptions {
            address: format!("{}/{}", server().url(), self.prefix()).parse().unwrap(),
            queue: 4096,
            retention: RETENTION,
            longest_wait: DAY,
            body: 1 << 20,
            handles: true,
        };
        Nats::open(options).await.unwrap()
    }
}

impl OnBroker {
    fn prefix(&self) -> String {
        format!("test-{}", self.0)
    }
}

fn server() -> &'static servers::Nats {
    static SERVER: OnceLock<servers::Nats> = OnceLock::new();
    SERVER.get_or_init(|| servers::Nats::start(""))
}

conformance!(OnBroker);

/// Takes and settles what is due at two receivers, until there was as much; the identities in the order of their taking.
async fn handled(nodes: [&Nats; 2], most: usize) -> Vec<String> {
    let mut identities = Vec::new();
    let end = tokio::time::Instant::now() + PATIENCE;
    while identities.len() < most {
        assert!(tokio::time::Instant::now() < end, "only {identities:?} is lent");
        let taken = tokio::select! {
            taken = nodes[0].take(PROVIDER, 1, LONG) => (nodes[0], taken),
            taken = nodes[1].take(PROVIDER, 1, LONG) => (nodes[1], taken),
            () = tokio::time::sleep_until(end) => continue,
        };
        for leased in taken.1.unwrap() {
            identities.push(leased.event.identity.clone());
            taken.0.settle(leased.lease, Settlement::Done).await.unwrap();
        }
    }
    identities
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_known_beyond_the_window_of_the_broker() {
    let store = OnBroker::new();
    let prefix = store.prefix();
    // As this inbox makes it, but for the window, which is the broker's shortest.
    let config = format!(
        r#"{{"name":"{prefix}-events","subjects":["{prefix}.e.>"],"storage":"file","retention":"limits","discard":"new",
            "max_msgs":-1,"max_bytes":-1,"max_msgs_per_subject":-1,"num_replicas":1,"allow_direct":true,
            "duplicate_window":100000000,"metadata":{{"receiver-partitions":"32"}}}}"#
    );
    let made = server().request(&format!("$JS.API.STREAM.CREATE.{prefix}-events"), &config);
    assert!(made.contains("did_create"), "{made}");
    let inbox = store.open().await;
    let [Admission::Kept(id)] = inbox.admit(vec![event("a")]).await.unwrap()[..] else { panic!("it is new") };
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(inbox.admit(vec![event("a")]).await.unwrap(), [Admission::Duplicate(id)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_of_half_an_admission_is_a_copy_when_all_comes_again() {
    let rig = Rig::<OnBroker>::new().await;
    let too_large = Event { body: Bytes::from(vec![b' '; 3 << 20]), ..event("large") };
    rig.inbox.admit(vec![event("a"), too_large]).await.unwrap_err();
    let again = rig.inbox.admit(vec![event("a"), event("large")]).await.unwrap();
    assert!(matches!(again[..], [Admission::Duplicate(_), Admission::Kept(_)]), "{again:?}");
    assert_eq!(rig.drain().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_receivers_keep_copies_that_race_once() {
    let store = OnBroker::new();
    let (one, other) = (store.open().await, store.open().await);
    for number in 0..50 {
        let copy = || vec![event(&number.to_string())];
        let (a, b) = tokio::join!(one.admit(copy()), other.admit(copy()));
        match (a.unwrap()[0], b.unwrap()[0]) {
            (Admission::Kept(a), Admission::Duplicate(b)) | (Admission::Duplicate(a), Admission::Kept(b)) if a == b => {
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(one.stats().await.unwrap().pending, 50);
    one.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_order_of_a_key_holds_while_receivers_come_and_go() {
    let store = OnBroker::new();
    let one = store.open().await;
    let mut expected = Vec::new();
    let mut keep = async |inbox: &Nats, from: usize| {
        for number in from..from + 10 {
            let identity = format!("{number:03}");
            inbox.admit(vec![keyed(&identity, "k")]).await.unwrap();
            expected.push(identity);
        }
    };
    keep(&one, 0).await;
    let mut found = handled([&one, &one], 5).await;
    // The second one takes partitions over; whichever has the key's, events go on where they were.
    let other = store.open().await;
    keep(&other, 10).await;
    found.extend(handled([&one, &other], 10).await);
    one.close().await;
    keep(&other, 20).await;
    found.extend(handled([&other, &other], 15).await);
    other.close().await;
    assert_eq!(found, expected);
}

/// Who a partition is written down to belong to.
fn owner(prefix: &str, part: usize) -> Option<String> {
    let ask = format!(r#"{{"last_by_subj":"{prefix}.n.part.{part:02x}"}}"#);
    let answer = server().request(&format!("$JS.API.STREAM.MSG.GET.{prefix}-nodes"), &ask);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let data = STANDARD.decode(answer["message"]["data"].as_str()?).unwrap();
    let says: serde_json::Value = serde_json::from_slice(&data).unwrap();
    says["node"].as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_of_a_receiver_that_does_not_have_them_are_not_left_to_nobody() {
    let store = OnBroker::new();
    let prefix = store.prefix();
    let one = store.open().await;
    let name = owner(&prefix, 0).unwrap();
    let other = store.open().await;
    let end = tokio::time::Instant::now() + PATIENCE;
    while (0..32).all(|part| owner(&prefix, part).is_none_or(|node| node == name)) {
        assert!(tokio::time::Instant::now() < end, "the second receiver gets nothing");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // As if the first one had had all, lost touch, and come back to a share that is smaller.
    for part in 0..32 {
        let says = format!(r#"{{"node":"{name}","floors":{{}}}}"#);
        server().request(&format!("{prefix}.n.part.{part:02x}"), &says);
    }
    for number in 0..64 {
        one.admit(vec![event(&number.to_string())]).await.unwrap();
    }
    assert_eq!(handled([&one, &other], 64).await.len(), 64);
    one.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_hears_that_others_keep_events() {
    let store = OnBroker::new();
    let (one, other) = (store.open().await, store.open().await);
    // The first beats find out where things stand.
    one.admit(vec![event("a")]).await.unwrap();
    let mut news = other.news().unwrap();
    let end = tokio::time::Instant::now() + PATIENCE;
    for number in 0.. {
        let [Admission::Kept(id)] = one.admit(vec![event(&number.to_string())]).await.unwrap()[..] else { panic!() };
        let Ok(told) = tokio::time::timeout(Duration::from_secs(3), news.recv()).await else {
            assert!(tokio::time::Instant::now() < end, "nobody tells of other receivers' events");
            continue;
        };
        let (first, last) = told.unwrap();
        assert!(first <= last && last >= id, "{first} to {last}, and not {id}");
        return;
    }
}
