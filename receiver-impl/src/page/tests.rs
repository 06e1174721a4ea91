//! The whole behind the page: from an inbox to what a browser is sent.

use std::borrow::Cow;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

use super::ring::Frame;
use super::stream::Streams;
use super::*;
use crate::attempt::Dispatch;
use crate::durable::Durable;
use crate::inbox::{Event, Inbox, Memory, Retention};
use crate::watch::Watched;
use webhook_api::{Delivery, Disposition, HandlerError};

const HOUR: Duration = Duration::from_secs(3600);
const PATIENCE: Duration = Duration::from_secs(60);

struct Content;

impl Dispatch for Content {
    async fn dispatch(&self, _: &Delivery) -> Result<Disposition, HandlerError> {
        Ok(Disposition::Handled)
    }
}

/// A page beside an inbox without workers.
struct Rig {
    inbox: Arc<Watched<Memory>>,
    page: LivePage,
    _durable: Durable,
}

pub(super) fn memory() -> Arc<Memory> {
    Arc::new(Memory::new(Retention { bodies: HOUR, identities: HOUR, digests: HOUR }))
}

fn rig(inbox: Arc<Memory>) -> Rig {
    let retention = Retention { bodies: HOUR, identities: HOUR, digests: HOUR };
    let feed = Arc::new(Feed::default());
    let inbox = Arc::new(Watched::new(inbox, Arc::clone(&feed)));
    let metrics = Metrics::default();
    let (_, figures) = metrics.inbox();
    let durable = Durable::start(Arc::clone(&inbox), Content, [], retention, figures);
    let page = LivePage::start(feed, Some(durable.overview()), Vec::new(), metrics);
    Rig { inbox, page, _durable: durable }
}

pub(super) fn event(number: usize, padding: usize) -> Event {
    let body = json!({
        "time": "2026-07-02T05:12:30Z",
        "type": "appliance/online",
        "padding": "x".repeat(padding),
        "data": {
            "applianceID": format!("appliance-{number}"),
            "gatewayID": format!("gateway-{}", number / 4),
            "systemID": format!("system-{}", number / 4),
        },
    });
    Event {
        provider: Cow::Borrowed("gridx"),
        endpoint: Cow::Borrowed("gridxEvents"),
        event_type: Some("appliance/online".to_owned()),
        identity: number.to_string(),
        identity_is_digest: false,
        ordering_key: None,
        received_at: SystemTime::now(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_string()),
        matched: Vec::new(),
    }
}

impl Rig {
    fn appliances(&self) -> usize {
        let model = self.page.shared.model();
        model.fleet.tiles().filter(|(kind, ..)| kind.name == "appliance").count()
    }

    async fn wait_for_appliances(&self, number: usize) {
        let end = Instant::now() + PATIENCE;
        while self.appliances() != number {
            assert!(Instant::now() < end, "{} of {number}", self.appliances());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Looks on, as a stream does.
    fn look(&self) -> (crate::watch::Watcher, Receiver<Frame>) {
        (self.page.shared.feed.watch(), self.page.shared.ring().join(None).0)
    }
}

/// The next frame that has this member. There are figures every second, so this has an end of its own.
async fn next(frames: &mut Receiver<Frame>, member: &str) -> Value {
    let found = async {
        loop {
            let text = String::from_utf8(frames.recv().await.unwrap().text.to_vec()).unwrap();
            let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
            let data: Value = serde_json::from_str(data).unwrap();
            if data.get(member).is_some() {
                return data;
            }
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap()
}

#[tokio::test]
async fn knows_what_was_there_before_it_began() {
    let inbox = memory();
    inbox.admit((0..250).map(|number| event(number, 0)).collect()).await.unwrap();
    let rig = rig(inbox);
    rig.wait_for_appliances(250).await;
    let model = rig.page.shared.model();
    assert_eq!((model.read, model.left()), (250, 0));
}

#[tokio::test]
async fn ten_thousand_appliances_at_once_are_all_known_in_the_end() {
    let rig = rig(memory());
    let (_watcher, mut frames) = rig.look();
    rig.inbox.admit((0..10_000).map(|number| event(number, 0)).collect()).await.unwrap();
    let frame = next(&mut frames, "rows").await;
    assert_eq!(frame["rows"].as_array().unwrap().len(), 300);
    assert_eq!(frame["more"], 9_700);
    assert!(frame["fleet"].as_array().unwrap().len() <= 1_000);
    rig.wait_for_appliances(10_000).await;
}

#[tokio::test]
async fn what_is_too_much_for_the_feed_is_read_from_the_inbox() {
    let rig = rig(memory());
    // The feed holds no body as long as these.
    rig.inbox.admit((0..20).map(|number| event(number, 1 << 20)).collect()).await.unwrap();
    rig.wait_for_appliances(20).await;
    assert_eq!(rig.page.shared.model().read, 20);
}

#[tokio::test]
async fn what_is_read_among_what_was_seen_is_counted_once() {
    let rig = rig(memory());
    let long = |number: usize| event(number, if number.is_multiple_of(2) { 0 } else { 1 << 20 });
    rig.inbox.admit((0..40).map(long).collect()).await.unwrap();
    rig.wait_for_appliances(40).await;
    let mut model = rig.page.shared.model();
    assert!(model.read > 20, "{}", model.read);
    assert_eq!(model.traffic("gridx").kept.hour(SystemTime::now()).iter().sum::<u32>(), 40);
}

#[tokio::test]
async fn a_browser_that_does_not_read_holds_nobody_up() {
    let rig = rig(memory());
    let (_watcher, deaf) = rig.look();
    for number in 0..200 {
        rig.page.shared.ring().push(|_| Bytes::from_static(b"data: {}\n\n"));
        rig.inbox.admit(vec![event(number, 0)]).await.unwrap();
    }
    rig.wait_for_appliances(200).await;
    assert!(deaf.len() > 32, "it missed some");
}

#[tokio::test]
async fn a_browser_that_reads_slowly_misses_frames_and_is_told_so() {
    let rig = rig(memory());
    let shared = &rig.page.shared;
    let seat = Arc::<Streams>::default().seat().unwrap();
    let mut slow = stream::body(shared, None, seat).into_data_stream();
    let mut message = async || {
        let next = tokio::time::timeout(PATIENCE, slow.next()).await.unwrap();
        String::from_utf8(next.unwrap().unwrap().to_vec()).unwrap()
    };
    assert!(message().await.starts_with("event: hello\n"));
    for _ in 0..100 {
        shared.ring().push(|place| Bytes::from(format!("data: {}\n\n", place.number)));
    }
    let place = shared.ring().place();
    assert_eq!(message().await, format!("event: hello\nid: {place}\ndata: {{\"resumed\":false}}\n\n"));
    shared.ring().push(|_| Bytes::from_static(b"data: news\n\n"));
    assert_eq!(message().await, "data: news\n\n", "nothing that the whole has is sent after it");
}

#[tokio::test]
async fn nobody_is_told_while_nobody_looks() {
    let rig = rig(memory());
    rig.inbox.admit(vec![event(1, 0)]).await.unwrap();
    rig.wait_for_appliances(1).await;
    assert_eq!(rig.page.shared.ring().place().number, 0);
    assert_eq!(rig.page.shared.model().changed(10), []);
}
