//! HTTP as odd senders, proxies and attackers speak it.

use crate::common::http::chunk;
use crate::common::{EVENTS, Receiver, Request, SECRET, events, sign};

#[test]
fn asks_for_the_body_when_the_sender_wants_to_be_asked() {
    let receiver = Receiver::start();
    let request = Request::signed(EVENTS, events::good()).header("Expect", "100-continue");
    let mut connection = receiver.connect();
    connection.send(request.head());
    assert_eq!(connection.answer().unwrap().status, 100);
    connection.send(events::good());
    connection.answer().unwrap().assert_bare(204);
}

#[test]
fn does_not_ask_for_a_body_that_it_will_refuse() {
    let receiver = Receiver::start();
    let large = Request::unsigned(EVENTS, "").header("Content-Length", "2097152").header("Expect", "100-continue");
    let zipped =
        Request::signed(EVENTS, events::good()).header("Content-Encoding", "gzip").header("Expect", "100-continue");
    for (request, status) in [(large, 413), (zipped, 415)] {
        let mut connection = receiver.connect();
        connection.send(request.head());
        connection.answer().unwrap().assert_bare(status);
    }
}

#[test]
fn answers_http_1_0_and_closes() {
    let receiver = Receiver::start();
    let request = Request::with_line(&format!("POST {EVENTS} HTTP/1.0"))
        .header("X-Signature", sign(SECRET, events::good()))
        .body(events::good());
    let mut connection = receiver.connect();
    connection.exchange(&request).assert_bare(204);
    connection.assert_closed();
}

#[test]
fn an_http_1_0_sender_may_keep_the_connection() {
    let receiver = Receiver::start();
    let request = Request::with_line(&format!("POST {EVENTS} HTTP/1.0"))
        .header("Connection", "keep-alive")
        .header("X-Signature", sign(SECRET, events::good()))
        .body(events::good());
    let mut connection = receiver.connect();
    for _ in 0..2 {
        let answer = connection.exchange(&request);
        assert_eq!(answer.status, 204);
    }
}

#[test]
fn closes_when_the_sender_asks_for_it() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    let answer = connection.exchange(&Request::signed(EVENTS, events::good()).header("Connection", "close"));
    answer.assert_bare(204);
    assert!(answer.closes());
    connection.assert_closed();
}

#[test]
fn a_connection_stays_useful_after_a_refusal() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    for _ in 0..3 {
        connection.exchange(&Request::unsigned(EVENTS, events::good())).assert_bare(401);
        connection.exchange(&Request::signed(EVENTS, "nonsense")).assert_bare(202);
        connection.exchange(&Request::new("GET", EVENTS)).assert_bare(405);
        connection.exchange(&Request::new("GET", "/nowhere")).assert_bare(404);
        connection.exchange(&Request::signed(EVENTS, events::good())).assert_bare(204);
    }
}

#[test]
fn answers_requests_in_a_row_in_their_order() {
    let receiver = Receiver::start();
    let good = Request::signed(EVENTS, events::good());
    let bad = Request::unsigned(EVENTS, events::good());
    let chunked = good.clone().chunked(7);
    let mut connection = receiver.connect();
    connection.send([good.bytes(), bad.bytes(), chunked.bytes(), bad.bytes(), good.bytes()].concat());
    for status in [204, 401, 204, 401, 204] {
        connection.answer().unwrap().assert_bare(status);
    }
}

#[test]
fn verifies_the_same_bytes_however_they_are_framed() {
    let receiver = Receiver::start();
    for size in [1, 7, 100, 10_000] {
        receiver.answer(&Request::signed(EVENTS, events::good()).chunked(size)).assert_bare(204);
    }
}

#[test]
fn chunk_extensions_and_trailers_are_no_part_of_the_body() {
    let receiver = Receiver::start();
    let good = events::good();
    let body = format!(
        "{:x};name=\"value\"\r\n{}\r\n0;last\r\nX-Trailer: t\r\n\r\n",
        good.len(),
        String::from_utf8(good.clone()).unwrap()
    );
    let request = Request::unsigned(EVENTS, body).header("X-Signature", sign(SECRET, good));
    receiver.answer(&request.header("Transfer-Encoding", "chunked")).assert_bare(204);
}

#[test]
fn a_length_that_is_too_small_cuts_the_body_and_so_the_signature() {
    let receiver = Receiver::start();
    let good = events::good();
    let request = Request::signed(EVENTS, good.clone()).header("Content-Length", (good.len() - 5).to_string());
    let mut connection = receiver.connect();
    connection.exchange(&request).assert_bare(401);
    // The rest is no request; at most it is told so.
    if let Some(answer) = connection.answer() {
        assert_eq!(answer.status, 400, "{answer:?}");
        connection.assert_closed();
    }
}

#[test]
fn answers_a_sender_that_has_said_all_it_will_ever_say() {
    let receiver = Receiver::start();
    for _ in 0..20 {
        let mut connection = receiver.connect();
        connection.send(Request::signed(EVENTS, events::good()).bytes());
        connection.finish();
        connection.answer().unwrap().assert_bare(204);
        connection.assert_closed();
    }
}

#[test]
fn a_sender_that_stops_half_way_is_no_event() {
    let receiver = Receiver::start();
    let good = events::good();
    let announced = Request::signed(EVENTS, good.clone()).header("Content-Length", (good.len() + 5).to_string());
    let chunked = Request::unsigned(EVENTS, chunk(&good)).header("X-Signature", sign(SECRET, &good));
    for request in [announced, chunked.header("Transfer-Encoding", "chunked")] {
        let mut connection = receiver.connect();
        connection.send(request.bytes());
        connection.finish();
        if let Some(answer) = connection.answer() {
            answer.assert_bare(400);
        }
        connection.assert_closed();
    }
    let logs = receiver.stop().stderr;
    assert!(!logs.contains("handlers"), "{logs}");
}

#[test]
fn refuses_lengths_that_contradict_each_other_or_are_none() {
    let receiver = Receiver::start();
    let good = events::good();
    let length = good.len().to_string();
    for lengths in [
        vec![length.as_str(), "5"],
        vec!["5", length.as_str()],
        vec!["-1"],
        vec!["+5"],
        vec!["0x10"],
        vec!["5 5"],
        vec![""],
        vec!["five"],
        vec!["99999999999999999999999999"],
        vec!["18446744073709551615"],
        vec!["1, 2"],
    ] {
        let request = Request::signed(EVENTS, good.clone());
        let request = lengths.iter().fold(request, |request, length| request.header("Content-Length", *length));
        let mut connection = receiver.connect();
        let answer = connection.exchange(&request);
        // What is too long to count is too large for some, and no number for others.
        assert!([400, 413, 431].contains(&answer.status), "{lengths:?}: {answer:?}");
        connection.assert_closed();
    }
}

#[test]
fn a_request_cannot_hide_behind_two_framings() {
    let receiver = Receiver::start();
    let good = events::good();
    let hidden = Request::signed(EVENTS, good).bytes();
    let body = [b"0\r\n\r\n".as_slice(), &hidden].concat();
    for framing in [["Content-Length", "Transfer-Encoding"], ["Transfer-Encoding", "Content-Length"]] {
        let request = framing.iter().fold(Request::unsigned(EVENTS, body.clone()), |request, name| {
            let value = if *name == "Content-Length" { body.len().to_string() } else { "chunked".to_owned() };
            request.header(name, value)
        });
        let mut connection = receiver.connect();
        let answer = connection.exchange(&request);
        assert!((400..500).contains(&answer.status), "{answer:?}");
        // Whatever the first was taken for, nothing hidden in it may be taken for a second one.
        if let Some(answer) = connection.answer() {
            assert!(!answer.is_success(), "smuggled: {answer:?}");
        }
    }
}

#[test]
fn refuses_transfer_codings_that_it_does_not_know() {
    let receiver = Receiver::start();
    for coding in ["gzip", "chunked, gzip", "identity", "xchunked", "\"chunked\"", "gzip, chunked"] {
        let request = Request::signed(EVENTS, events::good()).header("Transfer-Encoding", coding);
        let answer = receiver.answer(&request);
        assert!(!answer.is_success() && answer.status < 600, "{coding}: {answer:?}");
    }
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn refuses_broken_chunks() {
    let receiver = Receiver::start();
    for body in
        ["x\r\n", "5\r\nabc\r\n0\r\n\r\n", "-1\r\n", "1\r\nab\r\n", "ffffffffffffffffff\r\n", "1;\nx\r\n", "\r\n\r\n"]
    {
        let request = Request::unsigned(EVENTS, body).header("Transfer-Encoding", "chunked");
        let mut connection = receiver.connect();
        connection.send(request.bytes());
        connection.finish();
        if let Some(answer) = connection.answer() {
            assert!((400..500).contains(&answer.status), "{body:?}: {answer:?}");
        }
    }
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn what_is_not_http_gets_nowhere() {
    let receiver = Receiver::start();
    for bytes in [
        b"\r\n\r\n".as_slice(),
        b"nonsense\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST /gridx/events\r\n\r\n",
        b"POST /gridx/events HTTP/9.9\r\n\r\n",
        b"POST  /gridx/events HTTP/1.1\r\n\r\n",
        b"POST /gridx/events HTTP/1.1\r\nNo colon\r\n\r\n",
        b"POST /gridx/events HTTP/1.1\r\nBad name: x\r\n\r\n",
        b"POST /gridx/events HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"POST /gridx/events HTTP/1.1\r\nX-Null: \0\r\n\r\n",
        b"POST /gridx events HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        &[0; 1000],
        &[0xff; 1000],
    ] {
        let mut connection = receiver.connect();
        // It may have closed before all is sent.
        let _ = connection.try_send(bytes);
        connection.finish();
        if let Some(answer) = connection.answer() {
            assert!((400..600).contains(&answer.status), "{}: {answer:?}", String::from_utf8_lossy(bytes));
            assert_eq!(answer.text(), "");
        }
    }
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn an_upgrade_is_not_taken_up() {
    let receiver = Receiver::start();
    let request = Request::signed(EVENTS, events::good());
    for protocol in ["h2c", "websocket"] {
        let request = request.clone().header("Connection", "Upgrade").header("Upgrade", protocol);
        receiver.answer(&request).assert_bare(204);
    }
}

#[test]
fn answers_say_nothing_about_the_program_behind_them() {
    let receiver = Receiver::start();
    for request in [
        Request::signed(EVENTS, events::good()),
        Request::unsigned(EVENTS, events::good()),
        Request::new("GET", EVENTS),
        Request::new("GET", "/nowhere"),
    ] {
        let answer = receiver.answer(&request);
        assert_eq!((answer.header("server"), answer.header("x-powered-by")), (None, None));
        assert_eq!(answer.version, "HTTP/1.1");
        assert!(answer.header("date").is_some(), "{answer:?}");
    }
}
