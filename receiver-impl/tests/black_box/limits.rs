//! Everything that a sender can make large, slow or many.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use crate::common::http::{Answer, chunk};
use crate::common::{Connection, EVENTS, ONLINE_2024, Receiver, Request, SECRET, events, sign};

const MIB: usize = 1 << 20;

/// One that waits for slow machines: where size is what counts, time must not.
fn patient(args: &[&str]) -> Receiver {
    Receiver::with_args(&["--header-timeout", "10m", "--body-timeout", "10m"]).args(args).start()
}

/// Sends the head of a chunked delivery and then chunks without end, until there is an answer.
fn chunks_without_end(receiver: &Receiver) -> (Answer, usize) {
    let mut connection = receiver.connect();
    let request =
        Request::unsigned(EVENTS, "").header("Transfer-Encoding", "chunked").header("X-Signature", sign(SECRET, ""));
    connection.send(request.head());
    let data = chunk(&[b' '; 64 << 10]);
    let mut sent = 0;
    while !connection.has_news() && connection.try_send(&data).is_ok() {
        sent += data.len();
        assert!(sent < 256 * MIB, "it takes whatever comes");
    }
    (connection.answer().unwrap(), sent)
}

#[test]
fn takes_a_body_of_exactly_the_limit_and_not_a_byte_more() {
    let receiver = patient(&[]);
    receiver.answer(&Request::signed(EVENTS, events::of_size(MIB))).assert_bare(204);
    receiver.answer(&Request::signed(EVENTS, events::of_size(MIB + 1))).assert_bare(413);
    receiver.answer(&Request::signed(ONLINE_2024, events::of_size(MIB + 1))).assert_bare(413);
    receiver.answer(&Request::signed(EVENTS, events::of_size(MIB)).chunked(1000)).assert_bare(204);
    receiver.answer(&Request::signed(EVENTS, events::of_size(MIB + 1)).chunked(1000)).assert_bare(413);
}

#[test]
fn a_peer_that_never_reads_its_answers_is_let_go_and_holds_up_nobody() {
    let receiver = Receiver::with_args(&["--header-timeout", "1s", "--idle-timeout", "1s"]).start();
    let mut deaf = receiver.connect();
    let requests = Request::unsigned(EVENTS, "").bytes().repeat(100);
    let sender = thread::spawn(move || {
        // Answers pile up until no more of them go between the two, and then requests do.
        loop {
            if let Err(error) = deaf.try_send(&requests) {
                return error.kind();
            }
        }
    });
    while !sender.is_finished() {
        receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
        thread::sleep(Duration::from_millis(50));
    }
    let error = sender.join().unwrap();
    assert!(matches!(error, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "it was not let go: {error}");
    assert_eq!(receiver.stop().code(), Some(0));
}

#[test]
fn a_small_limit_holds_for_a_body_that_arrives_in_one_piece() {
    let receiver = patient(&["--body-limit", "700"]);
    for (size, status) in [(700, 204), (701, 413), (4000, 413)] {
        let request = Request::signed(EVENTS, events::of_size(size));
        receiver.answer(&request).assert_bare(status);
        receiver.answer(&request.chunked(size)).assert_bare(status);
    }
}

#[test]
fn a_sender_that_looks_only_when_it_has_sent_everything_sees_the_refusal() {
    let receiver = patient(&[]);
    let request = Request::signed(EVENTS, events::of_size(4 * MIB));
    for request in [request.clone(), request.chunked(MIB)] {
        let mut connection = receiver.connect();
        connection.send(request.bytes());
        connection.answer().unwrap().assert_bare(413);
    }
}

#[test]
fn refuses_a_body_of_two_mebibytes_however_it_is_framed() {
    let receiver = patient(&[]);
    let request = Request::signed(EVENTS, events::of_size(2 * MIB));
    let answer = receiver.answer(&request);
    answer.assert_bare(413);
    assert!(answer.closes(), "{answer:?}");
    receiver.answer(&request.clone().chunked(1000)).assert_bare(413);
    receiver.answer(&request.chunked(MIB)).assert_bare(413);
    receiver.logs().wait_for(&["refused", "body-limit"]);
}

#[test]
fn refuses_a_long_body_by_its_announced_length_alone() {
    let receiver = Receiver::start();
    for length in ["1048577", "2097152", "9223372036854775807"] {
        let mut connection = receiver.connect();
        connection.send(Request::unsigned(EVENTS, "").header("Content-Length", length).head());
        connection.answer().unwrap().assert_bare(413);
        connection.assert_closed();
    }
}

#[test]
fn refuses_a_chunked_body_without_end() {
    let receiver = patient(&[]);
    let (answer, sent) = chunks_without_end(&receiver);
    answer.assert_bare(413);
    assert!(sent >= MIB, "it gave up after {sent} bytes");
    assert!(receiver.peak_memory() < 64 * MIB as u64, "{} bytes", receiver.peak_memory());
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn refuses_a_chunk_that_says_it_is_endless() {
    let receiver = patient(&[]);
    for size in ["ffffffff", "fffffffffffffff0", "7fffffffffffffff"] {
        let mut connection = receiver.connect();
        connection.send(Request::unsigned(EVENTS, "").header("Transfer-Encoding", "chunked").head());
        connection.send(format!("{size}\r\n"));
        while !connection.has_news() && connection.try_send([b' '; 64 << 10]).is_ok() {}
        assert!([400, 413].contains(&connection.answer().unwrap().status));
    }
    assert!(receiver.peak_memory() < 64 * MIB as u64, "{} bytes", receiver.peak_memory());
}

#[test]
fn fifty_large_bodies_at_once_take_no_more_memory_than_their_limits() {
    let receiver = patient(&[]);
    let request =
        Request::unsigned(EVENTS, vec![b' '; 10 * MIB]).header("X-Signature", sign(SECRET, "")).chunked(64 << 10);
    let answers: Vec<_> = thread::scope(|scope| {
        let send = || receiver.answer(&request).status;
        let senders: Vec<_> = (0..50).map(|_| scope.spawn(send)).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    assert_eq!(answers, [413; 50]);
    // Fifty bodies of 1 MiB, in buffers that may be twice as large as what they hold; 500 MiB were offered.
    assert!(receiver.peak_memory() < 150 * MIB as u64, "{} MiB", receiver.peak_memory() >> 20);
}

#[test]
fn tiny_chunks_do_not_multiply_the_memory() {
    let receiver = patient(&[]);
    receiver.answer(&Request::signed(EVENTS, events::of_size(64 << 10)).chunked(1)).assert_bare(204);
    assert!(receiver.peak_memory() < 32 * MIB as u64, "{} MiB", receiver.peak_memory() >> 20);
}

#[test]
fn refuses_a_compressed_body() {
    let receiver = Receiver::start();
    // `gzip -n` of nothing: what it holds does not matter.
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    for coding in ["gzip", "GZIP", "br", "deflate", "zstd", "x-gzip", "gzip, identity", "identity, gzip", "nonsense"] {
        let request = Request::signed(EVENTS, gzip.as_slice()).header("Content-Encoding", coding);
        receiver.answer(&request).assert_bare(415);
    }
    receiver.answer(&Request::signed(EVENTS, events::good()).header("Content-Encoding", "identity")).assert_bare(204);
}

#[test]
fn compressed_bytes_that_do_not_say_so_are_just_a_body() {
    let receiver = Receiver::start();
    receiver.answer(&Request::signed(EVENTS, b"\x1f\x8b\x08\x00".as_slice())).assert_bare(202);
}

#[test]
fn refuses_a_head_that_is_too_large() {
    let receiver = Receiver::with_args(&["--header-limit", "8KiB"]).start();
    let padded = |size: usize| Request::signed(EVENTS, events::good()).header("X-Padding", vec![b'x'; size]);
    receiver.answer(&padded(7000)).assert_bare(204);
    for size in [9_000, 100_000, 4 * MIB] {
        let answer = receiver.answer(&padded(size));
        answer.assert_bare(431);
        assert!(answer.closes(), "{answer:?}");
    }
    let target = format!("{EVENTS}?{}", "x".repeat(70_000));
    assert!([414, 431].contains(&receiver.answer(&Request::signed(&target, events::good())).status));
    assert!(receiver.peak_memory() < 64 * MIB as u64);
}

#[test]
fn refuses_a_head_with_too_many_lines() {
    let receiver = Receiver::start();
    let request = (0..500).fold(Request::signed(EVENTS, events::good()), |request, _| request.header("a", "b"));
    assert_eq!(receiver.answer(&request).status, 431);
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

#[test]
fn gives_up_on_a_head_that_does_not_end() {
    let receiver = Receiver::with_args(&["--header-timeout", "300ms"]).start();
    for part in
        ["", "P", "POST /gridx/events HTTP/1.1\r\n", "POST /gridx/events HTTP/1.1\r\nHost: x\r\nX-Signature: sha"]
    {
        let mut connection = receiver.connect();
        connection.send(part);
        if let Some(answer) = connection.answer() {
            answer.assert_bare(408);
            connection.assert_closed();
        }
    }
}

/// Sends a head byte by byte until the receiver has had enough, which must be soon.
fn trickle_a_head(connection: &mut Connection) {
    connection.send("POST /gridx/events HTTP/1.1\r\nX-Slow: ");
    let mut sent = 0;
    while !connection.has_news() && connection.try_send("x").is_ok() {
        thread::sleep(Duration::from_millis(20));
        sent += 1;
        assert!(sent < 1000, "every byte buys more time");
    }
}

#[test]
fn gives_up_on_a_head_that_comes_byte_by_byte() {
    let receiver = Receiver::with_args(&["--header-timeout", "300ms"]).start();
    let mut connection = receiver.connect();
    trickle_a_head(&mut connection);
}

#[test]
fn gives_up_on_a_body_that_does_not_end() {
    let receiver = Receiver::with_args(&["--body-timeout", "300ms"]).start();
    let good = events::good();
    let whole = Request::signed(EVENTS, good.clone());
    let chunked = Request::unsigned(EVENTS, "").header("Transfer-Encoding", "chunked");
    for part in [
        whole.head(),
        [whole.head(), good[..10].to_vec()].concat(),
        chunked.head(),
        [chunked.head(), chunk(b"{")].concat(),
        [chunked.head(), b"ff\r\n{".to_vec()].concat(),
    ] {
        let mut connection = receiver.connect();
        connection.send(part);
        let answer = connection.answer().unwrap();
        answer.assert_bare(408);
        assert!(answer.closes(), "{answer:?}");
        connection.assert_closed();
    }
    receiver.logs().wait_for(&["refused", "body-timeout"]);
}

#[test]
fn gives_up_on_a_body_that_comes_byte_by_byte() {
    let receiver = Receiver::with_args(&["--body-timeout", "300ms"]).start();
    let mut connection = receiver.connect();
    connection.send(Request::unsigned(EVENTS, "").header("Content-Length", "1000000").head());
    let mut sent = 0;
    while !connection.has_news() && connection.try_send(" ").is_ok() {
        thread::sleep(Duration::from_millis(20));
        sent += 1;
        assert!(sent < 1000, "every byte buys more time");
    }
    connection.answer().unwrap().assert_bare(408);
}

#[test]
fn a_slow_sender_who_keeps_the_time_is_served() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    for piece in Request::signed(EVENTS, events::good()).bytes().chunks(40) {
        connection.send(piece);
        thread::sleep(Duration::from_millis(5));
    }
    connection.answer().unwrap().assert_bare(204);
}

#[test]
fn an_idle_connection_is_closed_after_a_while() {
    let receiver = Receiver::with_args(&["--idle-timeout", "1s"]).start();
    let mut connection = receiver.connect();
    connection.exchange(&Request::signed(EVENTS, events::good())).assert_bare(204);
    connection.assert_closed();
}

#[test]
fn a_connection_may_idle_for_longer_than_a_head_may_take() {
    let receiver = Receiver::with_args(&["--header-timeout", "300ms"]).start();
    let request = Request::signed(EVENTS, events::good());
    let mut connection = receiver.connect();
    for _ in 0..3 {
        connection.exchange(&request).assert_bare(204);
        thread::sleep(Duration::from_secs(1));
    }
    connection.exchange(&request).assert_bare(204);
}

#[test]
fn a_further_head_has_no_more_time_than_the_first() {
    let receiver = Receiver::with_args(&["--header-timeout", "300ms", "--idle-timeout", "10m"]).start();
    let mut connection = receiver.connect();
    connection.exchange(&Request::signed(EVENTS, events::good())).assert_bare(204);
    trickle_a_head(&mut connection);
}

#[test]
fn idle_connections_make_room_where_there_is_none() {
    let receiver =
        Receiver::with_args(&["--max-connections", "2", "--header-timeout", "1s", "--idle-timeout", "10m"]).start();
    let request = Request::signed(EVENTS, events::good());
    let mut idle: Vec<_> = (0..2).map(|_| receiver.connect()).collect();
    for connection in &mut idle {
        connection.exchange(&request).assert_bare(204);
    }
    receiver.answer(&request).assert_bare(204);
}

#[test]
fn tells_to_come_back_when_too_many_requests_are_under_way() {
    let receiver = patient(&["--max-requests", "1", "--retry-after", "1500ms"]);
    let request = Request::signed(EVENTS, events::good());
    let mut first = half_sent(&receiver, &request);
    for path in [EVENTS, ONLINE_2024] {
        let answer = receiver.answer(&Request::signed(path, events::good()));
        answer.assert_bare(503);
        assert_eq!(answer.header("retry-after"), Some("2"));
    }
    first.send(events::good());
    first.answer().unwrap().assert_bare(204);
    receiver.answer(&request).assert_bare(204);
    receiver.logs().wait_for(&["refused", "max-requests"]);
}

#[test]
fn a_request_that_is_given_up_makes_room_for_another() {
    let receiver = patient(&["--max-requests", "1"]);
    let request = Request::signed(EVENTS, events::good());
    drop(half_sent(&receiver, &request));
    // The receiver learns of it in its own time.
    let mut answer = receiver.answer(&request);
    while answer.status == 503 {
        answer = receiver.answer(&request);
    }
    answer.assert_bare(204);
}

#[test]
fn a_connection_over_the_limit_waits_for_its_turn() {
    let receiver = patient(&["--max-connections", "2"]);
    let request = Request::signed(EVENTS, events::good());
    let mut first = receiver.connect();
    let mut second = receiver.connect();
    first.exchange(&request).assert_bare(204);
    second.exchange(&request).assert_bare(204);
    let mut third = receiver.connect();
    third.send(request.bytes());
    third.assert_silent();
    first.exchange(&request).assert_bare(204);
    drop(first);
    third.answer().unwrap().assert_bare(204);
}

#[test]
fn many_connections_that_say_nothing_do_not_shut_out_others_for_good() {
    let receiver = Receiver::with_args(&["--max-connections", "4", "--header-timeout", "1s"]).start();
    let _silent: Vec<_> = (0..8).map(|_| receiver.connect()).collect();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
}

/// A connection on which the receiver waits for the body of this request.
fn half_sent(receiver: &Receiver, request: &Request) -> Connection {
    let mut connection = receiver.connect();
    connection.send(request.clone().header("Expect", "100-continue").head());
    assert_eq!(connection.answer().unwrap().status, 100);
    connection
}
