//! What the page is sent, and under which policy.

use std::time::Instant;

use serde_json::Value;

use super::{Browser, appliance, deliver};
use crate::common::events::APPLIANCE;
use crate::common::{Connection, PATIENCE, Receiver, Request};

#[test]
fn every_answer_has_a_strict_policy() {
    let receiver = Receiver::with_inbox().start();
    for path in ["/", "/page/app.js", "/page/style.css", "/api/page", "/docs/", "/healthz", "/api/events", "/nothing"] {
        let answer = receiver.get_admin(path);
        let policy = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn every_file_that_a_file_names_is_there() {
    let receiver = Receiver::with_inbox().start();
    let (mut waiting, mut seen) = (vec!["/".to_owned()], std::collections::BTreeSet::new());
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = receiver.get_admin(&path);
        assert_eq!(answer.status, 200, "{path}");
        // The name of a namespace, which nobody loads.
        let loaded = answer.text().replace("http://www.w3.org/2000/svg", "");
        assert!(!loaded.contains("://"), "{path} names another host");
        let words =
            answer.text().split(['"', '\'']).filter(|word| word.starts_with("/page/") || word.starts_with("./"));
        waiting.extend(words.filter(|word| word.contains('.')).map(|word| match word.strip_prefix("./") {
            Some(name) => format!("/page/{name}"),
            None => word.to_owned(),
        }));
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn a_stream_goes_on_where_it_was() {
    let receiver = Receiver::with_inbox().start();
    let mut stream = Stream::open(&receiver, None);
    let hello = stream.next("hello");
    assert_eq!(hello.data["resumed"], false);
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    let first = stream.next_with("fleet");
    assert_eq!(first.data["fleet"].as_array().unwrap().iter().filter(|tile| tile["id"] == APPLIANCE).count(), 1);
    drop(stream);
    deliver(&receiver, appliance(2, "appliance/offline", "2026-07-02T06:12:30Z", |_| {}));
    let mut stream = Stream::open(&receiver, Some(&first.id));
    assert_eq!(stream.next("hello").data["resumed"], true);
    let second = stream.next_with("fleet");
    let tile = second.data["fleet"].as_array().unwrap().iter().find(|tile| tile["id"] == APPLIANCE).unwrap();
    assert_eq!(tile["fields"]["online"], "no");
    let mut stranger = Stream::open(&receiver, Some("0000000000000001-1"));
    assert_eq!(stranger.next("hello").data["resumed"], false);
}

#[test]
fn streams_are_so_many() {
    let receiver = Receiver::with_inbox().start();
    let streams: Vec<_> = (0..16).map(|_| Stream::open(&receiver, None)).collect();
    assert_eq!(receiver.get_admin("/api/page/stream").status, 503);
    drop(streams);
    // The receiver learns that a browser is gone when it sends something.
    let end = Instant::now() + PATIENCE;
    let open = || {
        let mut connection = Connection::to(receiver.admin());
        connection.send(Request::new("GET", "/api/page/stream").bytes());
        String::from_utf8(connection.read_some()).unwrap()
    };
    while !open().starts_with("HTTP/1.1 200") {
        assert!(Instant::now() < end, "no place is given back");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn without_an_inbox_there_are_figures_and_no_fleet() {
    let receiver = Receiver::start();
    deliver(&receiver, appliance(1, "appliance/online", "2026-07-02T05:12:30Z", |_| {}));
    let page: Value = serde_json::from_slice(&receiver.get_admin("/api/page").body).unwrap();
    assert_eq!((&page["inbox"], &page["fleet"]), (&false.into(), &Value::Array(Vec::new())));
    assert_eq!(page["health"]["providers"][0]["accepted"], 1);
}

#[test]
fn the_document_can_be_read_without_a_network() {
    let receiver = Receiver::start();
    assert_eq!(receiver.get_admin("/docs").header("location"), Some("/docs/"));
    let browser = Browser::start();
    browser.go(&format!("http://{}/docs/", receiver.admin()));
    browser.wait("document.body.innerText.includes('/gridx/events')");
    let foreign = "performance.getEntriesByType('resource').filter(one => !one.name.startsWith(location.origin) \
                   && !one.name.startsWith('data:')).length";
    assert_eq!(browser.value(foreign), 0);
    browser.assert_faultless();
}

/// One stream of changes.
struct Stream {
    connection: Connection,
    text: String,
}

struct Message {
    event: String,
    id: String,
    data: Value,
}

impl Stream {
    fn open(receiver: &Receiver, last: Option<&str>) -> Self {
        let mut connection = Connection::to(receiver.admin());
        let request = Request::new("GET", "/api/page/stream");
        let request = last.into_iter().fold(request, |request, last| request.header("Last-Event-ID", last));
        connection.send(request.bytes());
        let mut stream = Self { connection, text: String::new() };
        let end = loop {
            if let Some(end) = stream.text.find("\r\n\r\n") {
                break end;
            }
            stream.read();
        };
        assert!(stream.text.starts_with("HTTP/1.1 200"), "{}", stream.text);
        stream.text.drain(..end + 4);
        stream
    }

    /// The next message of this name.
    fn next(&mut self, event: &str) -> Message {
        self.find(|message| message.event == event)
    }

    /// The next one that says something of this.
    fn next_with(&mut self, member: &str) -> Message {
        self.find(|message| message.data.get(member).is_some())
    }

    /// The stream does not end by itself, and there are figures every second.
    fn find(&mut self, wanted: impl Fn(&Message) -> bool) -> Message {
        let end = Instant::now() + PATIENCE;
        loop {
            let message = self.message();
            if wanted(&message) {
                return message;
            }
            assert!(Instant::now() < end, "it never came; the last was {}", message.data);
        }
    }

    fn message(&mut self) -> Message {
        loop {
            // The sizes of chunks stand on lines of their own.
            if let Some(end) = self.text.find("\n\n") {
                let text: String = self.text.drain(..end + 2).collect();
                let field =
                    |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
                let (event, id, data) = (field("event: "), field("id: "), field("data: "));
                if !data.is_empty() {
                    return Message { event, id, data: serde_json::from_str(&data).unwrap() };
                }
                continue;
            }
            self.read();
        }
    }

    fn read(&mut self) {
        let more = self.connection.read_some();
        assert!(!more.is_empty(), "the stream ended: {}", self.text);
        self.text.push_str(&String::from_utf8(more).unwrap());
    }
}
