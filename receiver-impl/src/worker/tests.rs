use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Condvar, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use webhook_api::{Delivery, Disposition, HandlerError, InvalidEvent, PROVIDERS};

use super::*;
use crate::inbox::troubled::Troubled;
use crate::inbox::{Admission, Ending, Event, EventId, Record, State};
use crate::metrics::Metrics;

/// Longer than any test takes.
const ENDLESS: Duration = Duration::from_secs(600);

/// Does what the event's body says, and remembers it.
#[derive(Default)]
struct Obedient {
    begun: Mutex<Vec<(String, u32)>>,
    released: Mutex<bool>,
    release: Condvar,
    running: AtomicUsize,
    most_running: AtomicUsize,
}

/// One handler that runs.
struct Running<'a>(&'a AtomicUsize);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Dispatch for Obedient {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        self.begun.lock().unwrap().push((delivery.event_id.to_string(), delivery.attempt));
        self.most_running.fetch_max(self.running.fetch_add(1, Relaxed) + 1, Relaxed);
        let _running = Running(&self.running);
        match &delivery.body[..] {
            b"unknown" => Ok(Disposition::UnknownEvent),
            b"invalid" => Ok(Disposition::InvalidEvent(InvalidEvent::Unreadable { reason: "it is odd".to_owned() })),
            b"permanent" => Err(HandlerError::permanent("the model is not ours")),
            b"fail" => Err(HandlerError::retry("the disk is full")),
            b"fail twice" if delivery.attempt <= 2 => Err(HandlerError::retry("the disk is full")),
            b"panic once" if delivery.attempt == 1 => panic!("something is out of place"),
            b"block" => {
                let released = self.released.lock().unwrap();
                drop(self.release.wait_while(released, |released| !*released).unwrap());
                Ok(Disposition::Handled)
            }
            b"wait" => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok(Disposition::Handled)
            }
            b"hang" => std::future::pending().await,
            _ => Ok(Disposition::Handled),
        }
    }
}

/// Lets the handlers that block go on, also when the test fails.
struct Release<'a>(&'a Obedient);

impl Drop for Release<'_> {
    fn drop(&mut self) {
        *self.0.released.lock().unwrap() = true;
        self.0.release.notify_all();
    }
}

struct Rig {
    inbox: Arc<Troubled>,
    handlers: Arc<Obedient>,
    workers: Workers,
}

fn handling(concurrency: usize) -> Handling {
    let retry = Duration::from_millis(10);
    Handling { concurrency, max_attempts: 3, retry_first: retry, retry_most: retry }
}

/// Workers of every provider, with so many slots and this deadline.
fn rig(concurrency: usize, deadline: Duration) -> Rig {
    let (inbox, handlers) = (Arc::new(Troubled::default()), Arc::new(Obedient::default()));
    let provider = |provider| WorkerProvider {
        provider,
        deadline,
        handling: handling(concurrency),
        counters: Metrics::default().handlers(provider),
    };
    let workers = Workers::start(&inbox, &handlers, PROVIDERS.iter().map(provider));
    Rig { inbox, handlers, workers }
}

fn event(provider: usize, id: &str, order: &'static str) -> Event {
    let endpoint = PROVIDERS[provider].endpoints[0];
    Event {
        provider: Cow::Borrowed(endpoint.provider),
        endpoint: Cow::Borrowed(endpoint.id),
        event_type: Some("odd".to_owned()),
        identity: id.to_owned(),
        identity_is_digest: false,
        ordering_key: None,
        received_at: SystemTime::now(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(order.as_bytes()),
        matched: Vec::new(),
    }
}

impl Rig {
    async fn admit(&self, event: Event) -> EventId {
        match self.inbox.admit(vec![event]).await.unwrap()[..] {
            [Admission::Kept(id)] => id,
            ref other => panic!("{other:?}"),
        }
    }

    async fn order(&self, id: &str, order: &'static str) -> EventId {
        self.admit(event(0, id, order)).await
    }

    async fn record(&self, id: EventId) -> Record {
        self.inbox.show(id).await.unwrap().unwrap()
    }

    /// The event once it is in this state.
    #[track_caller]
    fn until(&self, id: EventId, state: State) -> impl Future<Output = Record> {
        let caller = std::panic::Location::caller();
        async move {
            for _ in 0..2000 {
                let record = self.record(id).await;
                if record.state == state {
                    return record;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("{caller}: {:?} does not become {state}", self.record(id).await);
        }
    }

    async fn until_begun(&self, number: usize) {
        for _ in 0..2000 {
            if self.handlers.begun.lock().unwrap().len() >= number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{number} handlers do not begin");
    }
}

#[tokio::test]
async fn handles_what_is_kept() {
    let rig = rig(4, ENDLESS);
    let id = rig.order("a", "handle").await;
    let record = rig.until(id, State::Done).await;
    assert_eq!(record.attempts.len(), 1);
    assert_eq!((record.attempts[0].number, record.attempts[0].ending), (1, Ending::Done));
    assert_eq!(*rig.handlers.begun.lock().unwrap(), [("a".to_owned(), 1)]);
}

#[tokio::test]
async fn tries_again_what_failed_until_it_succeeds() {
    let rig = rig(4, ENDLESS);
    let id = rig.order("a", "fail twice").await;
    let record = rig.until(id, State::Done).await;
    let endings = record.attempts.iter().map(|attempt| (attempt.number, attempt.ending)).collect::<Vec<_>>();
    assert_eq!(endings, [(1, Ending::Failed), (2, Ending::Failed), (3, Ending::Done)]);
    assert_eq!(record.attempts[0].error.as_deref(), Some("the disk is full"));
}

#[tokio::test]
async fn what_fails_too_often_is_dead() {
    let rig = rig(4, ENDLESS);
    let id = rig.order("a", "fail").await;
    let record = rig.until(id, State::Dead).await;
    let endings = record.attempts.iter().map(|attempt| attempt.ending).collect::<Vec<_>>();
    assert_eq!(endings, [Ending::Failed, Ending::Failed, Ending::Dead]);
}

#[tokio::test]
async fn what_fails_for_good_is_dead_at_once() {
    let rig = rig(4, ENDLESS);
    let id = rig.order("a", "permanent").await;
    let record = rig.until(id, State::Dead).await;
    assert_eq!(record.attempts.len(), 1);
    assert_eq!(record.attempts[0].error.as_deref(), Some("the model is not ours"));
}

#[tokio::test]
async fn what_is_unknown_or_unfit_is_parked_with_the_reason() {
    let rig = rig(4, ENDLESS);
    let (unknown, invalid) = (rig.order("a", "unknown").await, rig.order("b", "invalid").await);
    let gone = rig.admit(Event { endpoint: "abolished".into(), ..event(0, "c", "handle") }).await;
    for (id, part) in [(unknown, "no event of this type"), (invalid, "it is odd"), (gone, "`abolished`")] {
        let record = rig.until(id, State::Parked).await;
        let reason = record.attempts[0].error.as_deref().unwrap();
        assert!(record.attempts.len() == 1 && reason.contains(part), "{reason}");
    }
    assert!(!rig.handlers.begun.lock().unwrap().iter().any(|(id, _)| id == "c"));
}

#[tokio::test]
async fn a_panic_is_a_passing_fault_and_ends_nothing_else() {
    let rig = rig(1, ENDLESS);
    let id = rig.order("a", "panic once").await;
    let record = rig.until(id, State::Done).await;
    assert_eq!(record.attempts[0].error.as_deref(), Some("the handler panicked: something is out of place"));
    let next = rig.order("b", "handle").await;
    rig.until(next, State::Done).await;
}

#[tokio::test]
async fn a_handler_that_never_returns_is_stopped_at_its_deadline() {
    let rig = rig(1, Duration::from_millis(20));
    let id = rig.order("a", "hang").await;
    let record = rig.until(id, State::Dead).await;
    assert_eq!(record.attempts.len(), 3);
    assert_eq!(record.attempts[2].error.as_deref(), Some("the handler did not return within 20ms"));
}

#[tokio::test]
async fn as_many_handlers_run_at_once_as_there_are_slots() {
    let rig = rig(3, ENDLESS);
    let mut ids = Vec::new();
    for number in 0..12 {
        ids.push(rig.order(&number.to_string(), "wait").await);
    }
    for id in ids {
        rig.until(id, State::Done).await;
    }
    assert_eq!(rig.handlers.most_running.load(Relaxed), 3);
}

#[tokio::test]
async fn one_provider_does_not_wait_for_the_handlers_of_another() {
    let rig = rig(1, ENDLESS);
    rig.order("a", "hang").await;
    rig.until_begun(1).await;
    let id = rig.admit(event(1, "b", "handle")).await;
    rig.until(id, State::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_handler_that_blocks_its_thread_does_not_stop_the_others() {
    let rig = rig(8, ENDLESS);
    let block = rig.order("a", "block").await;
    let blocked = Release(&rig.handlers);
    rig.until_begun(1).await;
    for number in 0..50 {
        let id = rig.order(&number.to_string(), "handle").await;
        rig.until(id, State::Done).await;
    }
    assert_eq!(rig.record(block).await.state, State::Leased);
    drop(blocked);
    rig.until(block, State::Done).await;
}

#[tokio::test]
async fn a_slot_is_free_while_the_inbox_writes() {
    let rig = rig(1, ENDLESS);
    rig.inbox.settle_ms.store(3_600_000, Relaxed);
    let first = rig.order("first", "handle").await;
    rig.order("second", "handle").await;
    rig.until_begun(2).await;
    assert_eq!(rig.record(first).await.state, State::Leased, "its end is still being written");
}

#[tokio::test]
async fn a_settlement_that_fails_is_tried_again_and_the_handler_is_not() {
    let rig = rig(1, ENDLESS);
    rig.inbox.settle_failures.store(3, Relaxed);
    let id = rig.order("a", "handle").await;
    let record = rig.until(id, State::Done).await;
    assert_eq!(record.attempts.len(), 1);
    assert_eq!(rig.handlers.begun.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_stop_waits_for_what_runs_and_begins_nothing() {
    let mut rig = rig(1, ENDLESS);
    let running = rig.order("a", "wait").await;
    let waiting = rig.order("b", "handle").await;
    rig.until_begun(1).await;
    rig.workers.stop();
    tokio::time::timeout(Duration::from_secs(10), rig.workers.ended()).await.unwrap();
    assert_eq!(rig.record(running).await.state, State::Done);
    let record = rig.record(waiting).await;
    assert_eq!((record.state, record.attempts.len()), (State::Pending, 0));
}

#[tokio::test]
async fn what_was_taken_and_not_begun_goes_back() {
    // On one thread, tasks that were made here have not begun yet.
    let mut rig = rig(8, ENDLESS);
    let mut ids = Vec::new();
    for number in 0..8 {
        ids.push(rig.order(&number.to_string(), "handle").await);
    }
    rig.workers.stop();
    tokio::time::timeout(Duration::from_secs(10), rig.workers.ended()).await.unwrap();
    for id in ids {
        let record = rig.record(id).await;
        assert!(matches!((record.state, record.attempts.len()), (State::Pending, 0) | (State::Done, 1)), "{record:?}");
    }
}

#[tokio::test]
async fn a_handler_that_is_cut_off_is_tried_again_another_time() {
    let mut rig = rig(1, ENDLESS);
    let id = rig.order("a", "hang").await;
    rig.until_begun(1).await;
    rig.workers.stop();
    assert!(tokio::time::timeout(Duration::from_millis(100), rig.workers.ended()).await.is_err());
    rig.workers.cut();
    tokio::time::timeout(Duration::from_secs(10), rig.workers.ended()).await.unwrap();
    let record = rig.record(id).await;
    assert_eq!((record.state, record.attempts.len()), (State::Retrying, 1));
    assert_eq!(record.attempts[0].error.as_deref(), Some("the receiver was stopped before the handler returned"));
    assert_eq!(rig.handlers.running.load(Relaxed), 0);
}
