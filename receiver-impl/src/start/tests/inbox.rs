//! With an inbox: the answer first, and the handler afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use tokio::sync::Semaphore;

use super::recorder::Recorder;
use super::*;
use crate::scratch::Folder;

/// A receiver with its inbox in that folder.
async fn running_in(folder: &Folder, settings: &str, handlers: impl Dispatch) -> Running {
    let inbox = folder.join("inbox.db");
    running(&format!("inbox = 'sqlite:{}'\nretry-first = '10ms'\n{settings}", inbox.display()), handlers).await
}

/// Returns when it is let go, and counts how many wait for that.
#[derive(Clone)]
struct Held {
    recorder: Recorder,
    gate: Arc<Semaphore>,
    running: Arc<AtomicUsize>,
}

impl Held {
    fn new() -> Self {
        Self { recorder: Recorder::default(), gate: Arc::new(Semaphore::new(0)), running: Arc::default() }
    }
}

impl Dispatch for Held {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        self.running.fetch_add(1, Relaxed);
        self.gate.acquire().await.unwrap().forget();
        self.running.fetch_sub(1, Relaxed);
        self.recorder.dispatch(delivery).await
    }
}

/// The status of an event with this id.
async fn send(running: &Running, id: &str) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let body = format!(r#"{{"id":"{id}","type":"appliance/online"}}"#);
    post(running, endpoint("gridxEvents"), &body, now).await
}

/// Waits for what must come.
#[track_caller]
fn until(is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        for _ in 0..2000 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{caller}: it does not come");
    }
}

async fn stop(running: Running) {
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), running.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn the_provider_is_answered_before_the_handler_returns() {
    let (folder, handlers) = (Folder::new(), Held::new());
    let running = running_in(&folder, "", handlers.clone()).await;
    assert_eq!(send(&running, "1").await, "204");
    until(|| handlers.running.load(Relaxed) == 1).await;
    assert!(handlers.recorder.seen().is_empty());
    handlers.gate.add_permits(1);
    until(|| handlers.recorder.ids() == ["1"]).await;
    let seen = handlers.recorder.seen();
    assert_eq!((seen[0].attempt, seen[0].matched.len()), (1, 1));
    assert!(seen[0].headers.contains_key("x-signature") && !seen[0].headers.contains_key("host"));
    stop(running).await;
}

#[tokio::test]
async fn a_handler_that_fails_is_called_again_with_the_same_identity() {
    let (folder, handlers) = (Folder::new(), Recorder::failing(&["1", "1"]));
    let running = running_in(&folder, "", handlers.clone()).await;
    assert_eq!(send(&running, "1").await, "204");
    until(|| handlers.seen().len() == 3).await;
    let attempts: Vec<_> = handlers.seen().iter().map(|delivery| delivery.attempt).collect();
    assert_eq!((handlers.ids(), attempts), (vec!["1".to_owned(); 3], vec![1, 2, 3]));
    stop(running).await;
}

#[tokio::test]
async fn a_copy_is_handled_once_also_after_a_restart() {
    let (folder, handlers) = (Folder::new(), Recorder::default());
    for _ in 0..2 {
        let running = running_in(&folder, "", handlers.clone()).await;
        for _ in 0..3 {
            assert_eq!(send(&running, "1").await, "204");
        }
        until(|| !handlers.seen().is_empty()).await;
        stop(running).await;
    }
    assert_eq!(handlers.ids(), ["1"]);
}

#[tokio::test]
async fn a_stop_waits_for_handlers_and_the_next_start_has_the_rest() {
    let (folder, handlers) = (Folder::new(), Held::new());
    let running = running_in(&folder, "concurrency = 1", handlers.clone()).await;
    for id in ["1", "2", "3"] {
        assert_eq!(send(&running, id).await, "204");
    }
    until(|| handlers.running.load(Relaxed) == 1).await;
    running.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!running.ended.is_finished());
    handlers.gate.add_permits(100);
    tokio::time::timeout(Duration::from_secs(20), running.ended).await.unwrap().unwrap();
    assert_eq!(handlers.recorder.ids(), ["1"]);

    let running = running_in(&folder, "concurrency = 1", handlers.clone()).await;
    until(|| handlers.recorder.seen().len() == 3).await;
    let seen = handlers.recorder.seen();
    let tried: Vec<_> = seen.iter().map(|delivery| (delivery.event_id.as_str(), delivery.attempt)).collect();
    assert_eq!(tried, [("1", 1), ("2", 1), ("3", 1)]);
    stop(running).await;
}

#[tokio::test]
async fn a_handler_out_of_grace_is_cut_off_and_called_again_later() {
    let (folder, handlers) = (Folder::new(), Held::new());
    let settings = "shutdown-grace = '100ms'\nhandler-deadline = '10m'";
    let running = running_in(&folder, settings, handlers.clone()).await;
    assert_eq!(send(&running, "1").await, "204");
    until(|| handlers.running.load(Relaxed) == 1).await;
    stop(running).await;
    let running = running_in(&folder, settings, handlers.clone()).await;
    handlers.gate.add_permits(1);
    until(|| handlers.recorder.ids() == ["1"]).await;
    assert_eq!(handlers.recorder.seen()[0].attempt, 2);
    stop(running).await;
}

#[tokio::test]
async fn a_provider_has_as_many_handlers_as_it_is_configured_to_have() {
    let (folder, handlers) = (Folder::new(), Held::new());
    let running = running_in(&folder, "concurrency = 7\n[providers.gridx]\nconcurrency = 2", handlers.clone()).await;
    for id in 0..6 {
        assert_eq!(send(&running, &id.to_string()).await, "204");
    }
    until(|| handlers.running.load(Relaxed) == 2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(handlers.running.load(Relaxed), 2);
    handlers.gate.add_permits(6);
    until(|| handlers.recorder.seen().len() == 6).await;
    stop(running).await;
}

#[tokio::test]
async fn an_inbox_has_one_receiver() {
    let folder = Folder::new();
    let running = running_in(&folder, "", Recorder::default()).await;
    let settings = format!("inbox = 'sqlite:{}'", folder.join("inbox.db").display());
    let config = Config::new(&toml::from_str(&settings).unwrap(), PROVIDERS, &|_| None).unwrap();
    let error = start(&config, &[], &Metrics::default(), Recorder::default()).await.unwrap_err();
    assert!(error.to_string().contains("another process has the inbox"), "{error}");
    stop(running).await;
}
