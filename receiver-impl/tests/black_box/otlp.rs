//! Spans at a collector, which here is a few lines that take what is sent to `/v1/traces`.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{self, Receiver as Arrivals};
use std::thread;

use crate::common::{EVENTS, PATIENCE, Receiver, Request, events};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// A collector, and the bodies that it was sent.
fn collector() -> (SocketAddr, Arrivals<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, arrivals) = mpsc::channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
            let body = loop {
                let read = stream.read(&mut buffer).unwrap();
                assert!(read > 0, "half a request: {}", String::from_utf8_lossy(&text));
                text.extend_from_slice(&buffer[..read]);
                let Some(head) = text.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
                let lines = String::from_utf8(text[..head].to_ascii_lowercase()).unwrap();
                assert!(lines.starts_with("post /v1/traces "), "{lines}");
                let length = lines.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if text.len() - head - 4 >= length.parse::<usize>().unwrap() {
                    break text.split_off(head + 4);
                }
            };
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            if sender.send(body).is_err() {
                return;
            }
        }
    });
    (address, arrivals)
}

fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_collector_gets_the_spans_with_the_ids_of_the_log() {
    let (address, arrivals) = collector();
    let receiver = Receiver::with_inbox().env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{address}")).start();
    let request = Request::signed(EVENTS, events::good());
    receiver.answer(&request.header("Traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))).assert_bare(204);
    let line = receiver.logs().wait_for(&["appliance online"]);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let id = bytes(line["spans"][0]["delivery"].as_str().unwrap());
    assert_eq!(receiver.stop().code(), Some(0));
    let mut sent = Vec::new();
    while !(has(&sent, b"delivery") && has(&sent, b"handling")) {
        sent.extend(arrivals.recv_timeout(PATIENCE).unwrap());
    }
    assert!(has(&sent, b"webhook-receiver"), "who sends them");
    assert!(has(&sent, &bytes(TRACE)), "the sender's trace");
    assert!(has(&sent, &bytes("00f067aa0ba902b7")), "the sender's span, which is the parent");
    assert!(has(&sent, &id), "the delivery's id");
}

#[test]
fn a_collector_that_is_away_costs_no_event() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let receiver = Receiver::with_inbox()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{nobody}"))
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .start();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    receiver.logs().wait_for(&["spans are lost", &nobody.to_string()]);
    receiver.wait_for_metric(r#"receiver_settled_total{provider="gridx",result="done"}"#, 1);
    assert_eq!(receiver.stop().code(), Some(0));
}

#[test]
fn an_address_that_is_none_is_told_at_the_start() {
    let ended = Receiver::with_args(&[]).env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://").run();
    ended.assert_refused(&["OTEL_EXPORTER_OTLP_ENDPOINT=http://", "write for example http://127.0.0.1:4318"]);
}
