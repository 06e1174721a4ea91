//! What a look tells, look by look.

use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use webhook_api::PROVIDERS;

use super::*;
use crate::fleet::Told;
use crate::inbox::{Inbox as _, Lease, Memory, Settlement};
use crate::metrics::Metrics;
use crate::page::ring::Frame;
use crate::page::routes;
use crate::page::tests::{event, memory};
use crate::watch::{Feed, Watched};

const HOUR: Duration = Duration::from_secs(3600);

/// A hub that looks when it is told to, and an inbox that tells it.
struct Rig {
    hub: Hub,
    shared: Arc<Shared>,
    inbox: Watched<Memory>,
    frames: Receiver<Frame>,
}

impl Rig {
    fn new() -> Self {
        let feed = Arc::new(Feed::default());
        let shared = Arc::new(Shared::new(Arc::clone(&feed), None, Vec::new(), Metrics::default()));
        let frames = shared.ring().join(None).0;
        Self { hub: Hub::default(), shared, inbox: Watched::new(memory(), feed), frames }
    }

    /// What of this member a look tells.
    async fn look(&mut self, member: &str) -> Vec<Value> {
        self.hub.look(&self.shared).await;
        let Ok(frame) = self.frames.try_recv() else { return Vec::new() };
        let text = str::from_utf8(&frame.text).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let mut data: Value = serde_json::from_str(data).unwrap();
        data[member].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    async fn take(&self, most: usize) -> Vec<Lease> {
        self.inbox.take("gridx", most, HOUR).await.unwrap().into_iter().map(|leased| leased.lease).collect()
    }

    fn tell(&self, number: usize) {
        let event = event(number, 0);
        self.shared.model().tell(Told {
            id: EventId(number as u64),
            provider: "gridx",
            event_type: "appliance/online",
            received_at: event.received_at,
            body: &event.body,
        });
    }
}

#[tokio::test]
async fn what_changes_between_the_whole_and_the_next_look_is_told() {
    let mut rig = Rig::new();
    rig.look("fleet").await;
    let _watcher = rig.shared.feed.watch();
    routes::content(&rig.shared, false).await.unwrap();
    rig.tell(1);
    let fleet = rig.look("fleet").await;
    assert!(fleet.iter().any(|tile| tile["id"] == "appliance-1"), "{fleet:?}");
}

#[tokio::test]
async fn the_end_of_a_long_try_tells_its_number() {
    let mut rig = Rig::new();
    let _watcher = rig.shared.feed.watch();
    rig.inbox.admit(vec![event(1, 0)]).await.unwrap();
    for number in 1..3 {
        let lease = rig.take(1).await.remove(0);
        for _ in 0..MEMORY + 4 {
            rig.look("turned").await;
        }
        let (error, after) = ("no".to_owned(), Duration::ZERO);
        rig.inbox.settle(lease, Settlement::Retry { error, after }).await.unwrap();
        assert_eq!(rig.look("turned").await, [serde_json::json!([1, "retrying", number])]);
    }
}

#[tokio::test]
async fn what_becomes_of_events_that_are_new_but_not_sent_is_told() {
    let mut rig = Rig::new();
    let _watcher = rig.shared.feed.watch();
    let (all, sent) = (ROWS as u64 + 50, ROWS as u64);
    rig.inbox.admit((0..ROWS + 50).map(|number| event(number, 0)).collect()).await.unwrap();
    let mut taken = 0;
    while taken < ROWS + 50 {
        for lease in rig.take(ROWS).await {
            rig.inbox.settle(lease, Settlement::Done).await.unwrap();
            taken += 1;
        }
    }
    let turned = rig.look("turned").await;
    let ids: Vec<_> = turned.iter().map(|one| one[0].as_u64().unwrap()).collect();
    assert_eq!(ids, (1..=all - sent).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn refusals_count_at_their_time_whether_anybody_looks_or_not() {
    let mut rig = Rig::new();
    let counters = rig.shared.metrics.endpoint(PROVIDERS[0].endpoints[0]);
    rig.shared.model().traffic(PROVIDERS[0].name);
    (0..5).for_each(|_| counters.refused("no_match"));
    for _ in 0..FIGURES {
        rig.look("health").await;
    }
    let now = std::time::SystemTime::now();
    let refused = rig.shared.model().traffic(PROVIDERS[0].name).refused.hour(now);
    assert_eq!(refused.iter().sum::<u32>(), 5);
}

#[tokio::test]
async fn tiles_that_make_room_are_told_to_be_gone() {
    let mut rig = Rig::new();
    (1..=20_000).for_each(|number| rig.tell(number));
    let _watcher = rig.shared.feed.watch();
    routes::content(&rig.shared, false).await.unwrap();
    rig.tell(20_001);
    let appliances = rig.shared.model().fleet.tiles().filter(|(kind, ..)| kind.name == "appliance").count();
    let mut gone = HashSet::new();
    for _ in 0..4 {
        let told = rig.look("fleet").await;
        gone.extend(
            told.iter().filter(|tile| tile["gone"] == true).map(|tile| tile["id"].as_str().unwrap().to_owned()),
        );
    }
    assert!(appliances < 20_000);
    assert_eq!(gone.len(), 20_001 - appliances);
    assert!(gone.contains("appliance-1") && !gone.contains("appliance-20001"));
}
