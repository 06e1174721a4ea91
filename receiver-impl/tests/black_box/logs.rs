//! What the receiver writes about itself: one JSON object a line where no person looks, as much as is asked for.

use serde_json::Value;

use crate::common::{EVENTS, Receiver, Request, SECRET, events};

/// A log with one event that was handled, one that was refused and one that fits no schema.
fn log(level: Option<&str>) -> String {
    let receiver = Receiver::with_secrets(SECRET);
    let receiver = level.into_iter().fold(receiver, |receiver, level| receiver.env("RUST_LOG", level)).start();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    receiver.answer(&Request::unsigned(EVENTS, events::good())).assert_bare(401);
    receiver.answer(&Request::signed(EVENTS, "nonsense")).assert_bare(202);
    receiver.stop().stderr
}

#[test]
fn every_line_is_a_json_object_with_time_level_and_message() {
    let log = log(None);
    for line in log.lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for member in ["timestamp", "level", "message"] {
            assert!(entry[member].is_string(), "no {member}: {line}");
        }
    }
    assert!(log.lines().count() >= 5, "{log}");
    assert!(!log.contains('\u{1b}'), "colours are for terminals: {log}");
}

#[test]
fn logs_as_much_as_rust_log_says() {
    for (level, handled, refused) in [
        (None, true, true),
        (Some(""), true, true),
        (Some("info"), true, true),
        (Some("warn"), false, true),
        (Some("off"), false, false),
    ] {
        let log = log(level);
        assert_eq!((log.contains("appliance online"), log.contains("refused")), (handled, refused), "{level:?}: {log}");
    }
    assert_eq!(log(Some("off")), "");
}

#[test]
fn refuses_a_rust_log_that_it_does_not_understand() {
    let ended = Receiver::with_secrets(SECRET).env("RUST_LOG", "=loud=").run();
    ended.assert_refused(&["RUST_LOG", "=loud="]);
}

#[test]
fn a_text_from_outside_cannot_begin_a_line_or_be_endless() {
    let receiver = Receiver::start();
    let forged = "x\n{\"level\":\"ERROR\",\"message\":\"forged\"}\r\n\u{1b}[31m";
    for pointer in ["/data/model", "/type", "/source", "/data/kind"] {
        for text in [forged.to_owned(), "x".repeat(500_000)] {
            let body = events::changed(|event| *event.pointer_mut(pointer).unwrap() = text.into());
            assert!(receiver.answer(&Request::signed(EVENTS, body)).is_success());
        }
    }
    let log = receiver.stop().stderr;
    for line in log.lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_ne!(entry["message"], "forged");
        assert!(line.len() < 10_000, "a line of {} bytes", line.len());
    }
}

#[test]
fn a_log_that_nobody_reads_delays_no_event() {
    let receiver = Receiver::with_secrets(SECRET).deaf().start();
    let request = Request::signed(EVENTS, events::changed(|event| event["data"]["model"] = "x".repeat(180).into()));
    let mut connection = receiver.connect();
    // More than a mebibyte of lines, which is more than the pipe and the receiver's own buffer hold together.
    for _ in 0..4000 {
        connection.exchange(&request).assert_bare(204);
    }
}

#[test]
fn a_log_that_nobody_reads_does_not_keep_it_from_stopping() {
    let receiver = Receiver::with_secrets(SECRET).deaf().start();
    let request = Request::signed(EVENTS, events::good());
    let mut connection = receiver.connect();
    for _ in 0..1000 {
        connection.exchange(&request).assert_bare(204);
    }
    drop(connection);
    assert_eq!(receiver.stop().code(), Some(0));
}

#[test]
fn survives_that_its_log_is_closed() {
    let receiver = Receiver::with_secrets(SECRET).without_reader().start();
    for _ in 0..3 {
        receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    }
    assert_eq!(receiver.stop().code(), Some(0));
}

/// The lines that a delivery left, by what they say: the gate's and the handler's.
fn lines_of_a_delivery(receiver: &Receiver) -> [Value; 2] {
    ["\"message\":\"delivery\"", "appliance online"].map(|part| {
        let line = receiver.logs().wait_for(&[part]);
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    })
}

#[test]
fn every_line_about_a_delivery_has_its_id() {
    for receiver in [Receiver::with_inbox().start(), Receiver::start()] {
        receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
        let [arrived, handled] = lines_of_a_delivery(&receiver);
        let id = arrived["spans"][0]["delivery"].as_str().unwrap();
        assert_eq!(
            (id.len(), &arrived["outcome"], &arrived["event_type"]),
            (16, &"accepted".into(), &"appliance/online".into())
        );
        assert_eq!(
            (&handled["spans"][0]["delivery"], &handled["spans"][0]["trace"]),
            (&arrived["spans"][0]["delivery"], &arrived["spans"][0]["trace"])
        );
    }
}

#[test]
fn a_warning_has_the_id_even_where_nothing_else_is_logged() {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let receiver = Receiver::with_inbox().env("RUST_LOG", "warn").start();
    let unknown = events::changed(|event| event["type"] = "appliance/exploded".into());
    let request = Request::signed(EVENTS, unknown).header("Traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    receiver.answer(&request).assert_bare(202);
    let line = receiver.logs().wait_for(&["no event of this type"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["spans"][0]["trace"], trace, "{line}");
}

#[test]
fn continues_the_trace_of_its_sender() {
    let receiver = Receiver::with_inbox().start();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request =
        Request::signed(EVENTS, events::good()).header("Traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    receiver.answer(&request).assert_bare(204);
    let [arrived, handled] = lines_of_a_delivery(&receiver);
    assert_eq!((&arrived["spans"][0]["trace"], &handled["spans"][0]["trace"]), (&trace.into(), &trace.into()));
    assert_ne!(arrived["spans"][0]["delivery"], "00f067aa0ba902b7");
    // It is kept in the form that continues it.
    let shown: Value = serde_json::from_slice(&receiver.get_admin("/api/events/1").body).unwrap();
    let expected = format!("00-{trace}-{}-01", arrived["spans"][0]["delivery"].as_str().unwrap());
    let headers = shown["headers"].as_array().unwrap();
    assert!(headers.contains(&serde_json::json!(["traceparent", expected])), "{headers:?}");
}
