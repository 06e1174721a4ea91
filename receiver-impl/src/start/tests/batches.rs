//! Batches, by what a handler sees of them and by how one event that fails changes their answer.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;

const ENDPOINT: &str = "greenlakeEvents";

/// Remembers what it is given, and fails for the events that it is told to fail for, as often as it is told.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    seen: Vec<Delivery>,
    failures: Vec<&'static str>,
}

impl Dispatch for Recorder {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        let mut recorded = self.0.lock().unwrap();
        recorded.seen.push(delivery.clone());
        match recorded.failures.iter().position(|id| delivery.event_id.ends_with(id)) {
            Some(place) => {
                recorded.failures.remove(place);
                Err(HandlerError::retry("the disk is full"))
            }
            None => Ok(Disposition::Handled),
        }
    }
}

impl Recorder {
    fn failing(failures: &[&'static str]) -> Self {
        Self(Arc::new(Mutex::new(Recorded { seen: Vec::new(), failures: failures.to_vec() })))
    }

    fn seen(&self) -> Vec<Delivery> {
        self.0.lock().unwrap().seen.clone()
    }

    fn ids(&self) -> Vec<String> {
        self.seen().into_iter().map(|delivery| delivery.event_id).collect()
    }
}

fn event(kind: &str, id: &str) -> Value {
    json!({ "specversion": "1.0", "source": "//test", "id": id, "type": kind, "data": {} })
}

/// The status of a signed request with this body.
async fn send(running: &Running, body: &str) -> String {
    let greenlake = PROVIDERS.iter().find(|provider| provider.name == "greenlake").unwrap();
    let endpoint = greenlake.endpoints.iter().find(|endpoint| endpoint.id == ENDPOINT).unwrap();
    let signed = sign_delivery(endpoint, &[Secret::new("secret")], &HeaderMap::new(), body.as_bytes(), 0).unwrap();
    let mut head = format!("POST {} HTTP/1.1\r\nhost: x\r\n", endpoint.path);
    for (name, value) in signed {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    let mut stream = sent(running.public, request.as_bytes()).await;
    answer(&mut stream).await.unwrap()["http/1.1 ".len()..][..3].to_owned()
}

#[tokio::test]
async fn every_member_goes_its_own_way() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let (first, second) = (event("a", "1").to_string(), event("b", "2").to_string());
    let body = format!(" [{first} ,\n\t{second}, 7, \"x\", null, []]\n");
    assert_eq!(send(&running, &body).await, "200");

    let seen = recorder.seen();
    let bodies: Vec<_> = seen.iter().map(|delivery| String::from_utf8(delivery.body.to_vec()).unwrap()).collect();
    assert_eq!(bodies, [first.as_str(), &second, "7", "\"x\"", "null", "[]"]);
    let types: Vec<_> = seen.iter().map(|delivery| delivery.event_type.as_deref()).collect();
    assert_eq!(types, [Some("a"), Some("b"), None, None, None, None]);
    assert_eq!(recorder.ids()[..2], ["//test#1", "//test#2"]);
    assert!(recorder.ids()[2..].iter().all(|id| id.starts_with("sha256:")));
    assert!(seen.iter().all(|delivery| delivery.schemes == ["greenlakeSignature"]));
}

#[tokio::test]
async fn one_member_that_fails_has_all_of_them_sent_again() {
    let recorder = Recorder::failing(&["2"]);
    let running = running("", recorder.clone()).await;
    let body = json!([event("a", "1"), event("a", "2"), event("a", "3")]).to_string();
    assert_eq!(send(&running, &body).await, "503");
    assert_eq!(recorder.ids(), ["//test#1", "//test#2", "//test#3"], "the others are tried nevertheless");
    assert_eq!(send(&running, &body).await, "200");
    assert_eq!(recorder.ids()[3..], ["//test#1", "//test#2", "//test#3"], "the same ids tell that it is the same");
}

#[tokio::test]
async fn an_event_has_the_same_id_alone_in_a_batch_and_twice_in_one() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let event = event("a", "1");
    for body in [event.clone(), json!([event]), json!([event, event])] {
        assert_eq!(send(&running, &body.to_string()).await, "200");
    }
    assert_eq!(recorder.ids(), ["//test#1"; 4]);
}

#[tokio::test]
async fn what_cannot_be_taken_apart_is_one_delivery() {
    let event = event("a", "1").to_string();
    let many = format!("[{}]", vec!["{}"; 1001].join(","));
    for body in [format!("[{event},{event}"), format!("[{event}] x"), format!("{{\"list\":[{event}]}}"), many] {
        let recorder = Recorder::default();
        let running = running("", recorder.clone()).await;
        assert_eq!(send(&running, &body).await, "200");
        let seen = recorder.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!((&seen[0].body[..], seen[0].event_type.as_deref()), (body.as_bytes(), None));
    }
}

#[tokio::test]
async fn an_empty_batch_is_taken_and_nobody_sees_it() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    assert_eq!(send(&running, " [ ] ").await, "200");
    assert!(recorder.seen().is_empty());
}

#[tokio::test]
async fn a_challenge_is_no_event_even_in_a_batch() {
    let recorder = Recorder::default();
    let running = running("", recorder.clone()).await;
    let challenge = event("x.webhooks.verification", "1");
    assert_eq!(send(&running, &json!([challenge, event("a", "2"), challenge]).to_string()).await, "200");
    assert_eq!(recorder.ids(), ["//test#2"]);
    assert_eq!(send(&running, &json!([challenge]).to_string()).await, "200");
    assert_eq!(send(&running, &challenge.to_string()).await, "400");
    assert_eq!(recorder.ids(), ["//test#2"]);
}
