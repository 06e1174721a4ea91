//! A client that sends exactly the bytes it is told to, right or wrong, and reads one answer at a time.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use super::sign::sign;
use super::{PATIENCE, SECRET};

/// How long nothing must arrive before it counts as nothing.
const SILENCE: Duration = Duration::from_millis(300);

/// A request that is being put together.
#[derive(Clone)]
pub(crate) struct Request {
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) version: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// One connection, and what was read from it beyond the last answer.
pub(crate) struct Connection {
    stream: TcpStream,
    ahead: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self::with_line(&format!("{method} {target} HTTP/1.1")).header("Host", "localhost")
    }

    /// A request with this first line and no header.
    pub(crate) fn with_line(line: &str) -> Self {
        Self { line: line.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// A delivery without a signature.
    pub(crate) fn unsigned(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", path).header("Content-Type", "application/json").body(body)
    }

    /// A delivery signed with [`SECRET`].
    pub(crate) fn signed(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::signed_with(SECRET, path, body)
    }

    /// A delivery signed with this secret.
    pub(crate) fn signed_with(secret: &str, path: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = sign(secret, &body);
        Self::unsigned(path, body).header("X-Signature", signature)
    }

    /// Adds a header line, whether or not there is one of this name.
    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The first line and the headers; the body's length is added unless the request frames its body itself.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.line).into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let is_framing = |name: &str| ["content-length", "transfer-encoding"].contains(&name);
        let framed = self.headers.iter().any(|(name, _)| is_framing(&name.to_ascii_lowercase()));
        if !framed && (self.line.starts_with("POST") || !self.body.is_empty()) {
            head.extend(format!("Content-Length: {}\r\n", self.body.len()).into_bytes());
        }
        head.extend(b"\r\n");
        head
    }

    /// All of it, as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head(), self.body.clone()].concat()
    }

    /// The same request with its body in chunks of at most `size` bytes.
    pub(crate) fn chunked(mut self, size: usize) -> Self {
        let mut body: Vec<u8> = self.body.chunks(size).flat_map(chunk).collect();
        body.extend(b"0\r\n\r\n");
        self.body = body;
        self.header("Transfer-Encoding", "chunked")
    }
}

/// One chunk of a chunked body.
pub(crate) fn chunk(data: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", data.len()).as_bytes(), data, b"\r\n"].concat()
}

impl Answer {
    /// The only header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} occurs twice in {self:?}");
        value
    }

    /// It must have this status and say nothing more to whoever sent the request.
    #[track_caller]
    pub(crate) fn assert_bare(&self, status: u16) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.body, b"", "{self:?}");
        let telling: Vec<_> = self.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let plain = ["date", "content-length", "connection", "retry-after", "allow"];
        assert!(telling.iter().all(|name| plain.contains(&name.as_str())), "{self:?}");
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether no further request can be sent on this connection.
    pub(crate) fn closes(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

impl Connection {
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self::try_to(address).unwrap_or_else(|error| panic!("{address}: {error}"))
    }

    pub(crate) fn try_to(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, ahead: Vec::new() })
    }

    /// One whose other side may take so long over an answer.
    pub(crate) fn patient(address: SocketAddr, patience: Duration) -> Self {
        let connection = Self::to(address);
        connection.stream.set_read_timeout(Some(patience)).unwrap();
        connection
    }

    /// What comes next, before any answer is looked for in it; nothing at the end.
    pub(crate) fn read_some(&mut self) -> Vec<u8> {
        self.read_more();
        std::mem::take(&mut self.ahead)
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).unwrap();
    }

    /// Sends as much as the other side takes.
    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Sends a request, as far as the other side wants it, and reads the answer.
    #[track_caller]
    pub(crate) fn exchange(&mut self, request: &Request) -> Answer {
        // Whoever refuses half-way may stop reading; what it answered counts.
        let sent = self.try_send(request.bytes());
        self.answer().unwrap_or_else(|| panic!("no answer to {}; sending: {sent:?}", request.line))
    }

    /// Says that nothing more will be sent.
    pub(crate) fn finish(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// The next answer; `None` if the other side closes first.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let end = loop {
            if let Some(end) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            if !self.read_more() {
                assert!(self.ahead.is_empty(), "half an answer: {}", String::from_utf8_lossy(&self.ahead));
                return None;
            }
        };
        let head = String::from_utf8(self.ahead.drain(..end + 4).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let mut first = lines.next().unwrap().splitn(3, ' ');
        let version = first.next().unwrap().to_owned();
        let status = first.next().unwrap().parse().unwrap();
        let split = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        let headers = lines.map(|line| split(line).unwrap()).collect();
        let mut answer = Answer { version, status, headers, body: Vec::new() };
        answer.body = self.body(&answer);
        Some(answer)
    }

    fn body(&mut self, answer: &Answer) -> Vec<u8> {
        if answer.status < 200 || answer.status == 204 {
            return Vec::new();
        }
        assert_eq!(answer.header("transfer-encoding"), None, "this client reads no chunks");
        let length = answer.header("content-length").map(|length| length.parse().unwrap());
        while self.ahead.len() < length.unwrap_or(usize::MAX) && self.read_more() {}
        let length = length.unwrap_or(self.ahead.len());
        assert!(self.ahead.len() >= length, "half a body: {answer:?}");
        self.ahead.drain(..length).collect()
    }

    /// The answer to a request without a body, of which only the head counts.
    pub(crate) fn exchange_head(&mut self, request: &Request) -> Answer {
        self.send(request.clone().header("Connection", "close").bytes());
        let mut all = std::mem::take(&mut self.ahead);
        self.stream.read_to_end(&mut all).unwrap();
        let head = String::from_utf8(all).unwrap();
        assert!(head.ends_with("\r\n\r\n") && head.matches("\r\n\r\n").count() == 1, "more than a head: {head}");
        // Without its length, what is left is an answer whose body is empty.
        let lines = head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("content-length"));
        self.ahead = lines.collect::<Vec<_>>().join("\r\n").into_bytes();
        self.answer().unwrap()
    }

    /// Reads what comes next; `false` at the end, however it comes.
    fn read_more(&mut self) -> bool {
        self.try_read_more().unwrap_or_else(|error| {
            panic!("nothing arrives: {error}; before: {}", String::from_utf8_lossy(&self.ahead))
        })
    }

    /// The same, for whoever must not panic.
    pub(crate) fn try_read_more(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 16 << 10];
        match self.stream.read(&mut buffer) {
            Ok(read) => {
                self.ahead.extend_from_slice(&buffer[..read]);
                Ok(read > 0)
            }
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether something can be read at once, the end included.
    pub(crate) fn has_news(&mut self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).unwrap();
        !matches!(peeked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Nothing may come for a while.
    #[track_caller]
    pub(crate) fn assert_silent(&mut self) {
        self.stream.set_read_timeout(Some(SILENCE)).unwrap();
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let silent =
            matches!(&peeked, Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()));
        assert!(silent && self.ahead.is_empty(), "not silent: {peeked:?}");
    }

    /// The other side must close, and say nothing more.
    #[track_caller]
    pub(crate) fn assert_closed(&mut self) {
        let answer = self.answer();
        assert!(answer.is_none(), "one more answer: {answer:?}");
    }
}
