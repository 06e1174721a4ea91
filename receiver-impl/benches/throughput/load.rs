//! The closed loop: one thread, one `epoll`, a hand-made HTTP/1.1 client that does as little as it can per request.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::Result;
use crate::events::Requests;

/// An answer that takes longer than this ends the run.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is understood.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Kept-alive connections to the servers.
pub(crate) struct Load {
    poll: Poll,
    ready: Events,
    connections: Vec<Connection>,
    accepted: u16,
}

/// What one round saw.
pub(crate) struct Round {
    pub(crate) elapsed: Duration,
    /// From the first byte written to the last byte read, one for each request, in nanoseconds.
    pub(crate) latencies: Vec<u64>,
}

impl Load {
    /// Opens the connections, to one server after the other. Every answer must have the status `accepted`.
    pub(crate) fn connect(servers: &[SocketAddr], connections: usize, accepted: u16) -> Result<Self> {
        let poll = Poll::new()?;
        let connections = (0..connections)
            .zip(servers.iter().cycle())
            .map(|(index, server)| {
                let stream = std::net::TcpStream::connect_timeout(server, PATIENCE)?;
                stream.set_nodelay(true)?;
                stream.set_nonblocking(true)?;
                let mut stream = TcpStream::from_std(stream);
                poll.registry().register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
                Ok(Connection { stream, answer: vec![0; LONGEST_ANSWER], read: 0, sending: None })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { poll, ready: Events::with_capacity(connections.len()), connections, accepted })
    }

    /// Sends every request once and waits for every answer.
    pub(crate) fn round(&mut self, requests: &Requests) -> Result<Round> {
        let mut latencies = Vec::with_capacity(requests.len());
        let mut next = 0;
        let start = Instant::now();
        for connection in &mut self.connections {
            connection.send(requests, &mut next)?;
        }
        while latencies.len() < requests.len() {
            self.wait()?;
            for event in &self.ready {
                let Some(connection) = self.connections.get_mut(event.token().0) else { continue };
                if event.is_writable() {
                    connection.write(requests)?;
                }
                if let Some(latency) = connection.receive(self.accepted)? {
                    latencies.push(latency.as_nanos() as u64);
                    connection.send(requests, &mut next)?;
                }
            }
        }
        Ok(Round { elapsed: start.elapsed(), latencies })
    }

    fn wait(&mut self) -> Result<()> {
        match self.poll.poll(&mut self.ready, Some(PATIENCE)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error.into()),
            Ok(()) if self.ready.is_empty() => Err(format!("no answer for {} s", PATIENCE.as_secs()).into()),
            Ok(()) => Ok(()),
        }
    }
}

struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    /// How much of `answer` is filled.
    read: usize,
    sending: Option<Sending>,
}

/// A request without an answer yet.
struct Sending {
    index: usize,
    written: usize,
    since: Instant,
}

impl Connection {
    /// Starts the next request, if one is left.
    fn send(&mut self, requests: &Requests, next: &mut usize) -> Result<()> {
        if *next < requests.len() {
            self.sending = Some(Sending { index: *next, written: 0, since: Instant::now() });
            *next += 1;
            self.write(requests)?;
        }
        Ok(())
    }

    fn write(&mut self, requests: &Requests) -> Result<()> {
        let Some(sending) = &mut self.sending else { return Ok(()) };
        let Some(request) = requests.get(sending.index) else { return Ok(()) };
        while sending.written < request.len() {
            match self.stream.write(&request[sending.written..]) {
                Ok(written) => sending.written += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("cannot send a request: {error}").into()),
            }
        }
        Ok(())
    }

    /// Reads what is there; the latency if that completes the answer.
    ///
    /// Does not read on after a complete answer to see `WouldBlock`: with one request under way nothing can follow, and
    /// a connection that the server closed shows at the next request.
    fn receive(&mut self, accepted: u16) -> Result<Option<Duration>> {
        loop {
            match self.stream.read(&mut self.answer[self.read..]) {
                Ok(0) if self.read == self.answer.len() => {
                    return Err(format!("an answer is longer than {LONGEST_ANSWER} bytes").into());
                }
                Ok(0) => return Err("the server closed a connection".into()),
                Ok(read) => self.read += read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(format!("cannot read an answer: {error}").into()),
            }
            if let Some(status) = status_of_complete(&self.answer[..self.read])? {
                let sending = self.sending.take().ok_or("an answer to no request")?;
                if status != accepted {
                    let answer = String::from_utf8_lossy(&self.answer[..self.read]).into_owned();
                    return Err(format!("expected status {accepted}, but the answer is\n{answer}").into());
                }
                self.read = 0;
                return Ok(Some(sending.since.elapsed()));
            }
        }
    }
}

/// The status of an answer that has arrived as a whole; `None` while more is to come.
fn status_of_complete(bytes: &[u8]) -> Result<Option<u16>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = answer.parse(bytes)? else { return Ok(None) };
    let status = answer.code.unwrap_or_default();
    let mut length = if matches!(status, 204 | 304) { Some(0) } else { None };
    for header in answer.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            length = Some(std::str::from_utf8(header.value)?.trim().parse::<usize>()?);
        } else if header.name.eq_ignore_ascii_case("connection") && header.value.eq_ignore_ascii_case(b"close") {
            return Err(format!("the server answers {status} and wants to close the connection").into());
        }
    }
    let end = head + length.ok_or_else(|| format!("an answer with status {status} has no Content-Length"))?;
    match bytes.len() {
        read if read < end => Ok(None),
        read if read == end => Ok(Some(status)),
        read => Err(format!("{} bytes follow an answer", read - end).into()),
    }
}
