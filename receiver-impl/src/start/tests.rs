//! What needs handlers of its own and a clock in hand; the rest is tested from outside, through the binary.

mod batches;
mod identity;
mod inbox;
mod recorder;
mod vectors;

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use webhook_api::{Delivery, Disposition, HandlerError, PROVIDERS};

use super::*;
use crate::config::Settings;
use crate::secrets::{Credentials, Secret};
use crate::signature::sign_delivery;

/// Takes as long as it says.
struct Slow(Duration);

impl Dispatch for Slow {
    async fn dispatch(&self, _: &Delivery) -> Result<Disposition, HandlerError> {
        tokio::time::sleep(self.0).await;
        Ok(Disposition::Handled)
    }
}

struct Running {
    public: SocketAddr,
    admin: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// A receiver of every provider, with the secret of [`request`].
async fn running(settings: &str, handlers: impl Dispatch) -> Running {
    let credentials = Credentials::made_up(Secret::new("secret"));
    running_by(Box::new(SystemClock), settings, &|_| Some(credentials.clone()), handlers).await
}

/// A receiver by this clock, of the providers that have credentials.
async fn running_by(
    clock: Box<dyn Clock>,
    settings: &str,
    credentials: &dyn Fn(&str) -> Option<Credentials>,
    handlers: impl Dispatch,
) -> Running {
    let settings: Settings = toml::from_str(settings).unwrap();
    let any_port = toml::from_str("listen = '127.0.0.1:0'\nadmin = '127.0.0.1:0'\ninbox = 'none'").unwrap();
    let config = Config::new(&settings.over(any_port), PROVIDERS, &|_| None).unwrap();
    let active = config.providers.iter().filter_map(|config| {
        let credentials = credentials(config.provider.name)?;
        Some(Active::new(config.clone(), credentials).unwrap())
    });
    let (active, metrics) = (active.collect::<Vec<_>>(), Metrics::default());
    let server = start_by(clock, &config, &active, &metrics, handlers).await.unwrap();
    let (public, admin) = (server.public_address().unwrap(), server.admin_address().unwrap());
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server.run(async { drop(stopped.await) }));
    Running { public, admin, stop, ended }
}

/// A signed request to the first endpoint.
fn request(extra: &str) -> Vec<u8> {
    let endpoint = PROVIDERS[0].endpoints[0];
    let body = endpoint.events[0].example.unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let signed = sign_delivery(endpoint, &[Secret::new("secret")], &HeaderMap::new(), body.as_bytes(), now).unwrap();
    let mut head = format!("{} {} HTTP/1.1\r\nhost: x\r\n{extra}", endpoint.method, endpoint.path);
    for (name, value) in signed {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn endpoint(id: &str) -> &'static Endpoint {
    let mut endpoints = PROVIDERS.iter().flat_map(|provider| provider.endpoints);
    endpoints.find(|endpoint| endpoint.id == id).unwrap()
}

/// The status of a request to `endpoint` with this body, signed at this time with the secret of [`request`].
async fn post(running: &Running, endpoint: &Endpoint, body: &str, now: u64) -> String {
    let signed = sign_delivery(endpoint, &[Secret::new("secret")], &HeaderMap::new(), body.as_bytes(), now).unwrap();
    let mut head = format!("POST {} HTTP/1.1\r\nhost: x\r\n", endpoint.path);
    for (name, value) in signed {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    let mut stream = sent(running.public, request.as_bytes()).await;
    answer(&mut stream).await.unwrap()["http/1.1 ".len()..][..3].to_owned()
}

async fn sent(address: SocketAddr, request: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream
}

/// The head of the next answer on a connection; empty if the peer closed it instead.
async fn answer(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8(head).unwrap().to_lowercase())
}

#[tokio::test]
async fn a_stop_answers_what_is_under_way_and_refuses_what_is_new() {
    let running = running("", Slow(Duration::from_secs(2))).await;
    let mut under_way = sent(running.public, &request("")).await;
    let mut idle = sent(running.public, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer(&mut idle).await.unwrap().starts_with("http/1.1 404"));
    let mut silent = TcpStream::connect(running.public).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();

    assert_eq!(answer(&mut idle).await.unwrap(), "");
    assert_eq!(answer(&mut silent).await.unwrap(), "");
    let answered = under_way.try_read(&mut [0]).map_err(|error| error.kind());
    assert_eq!(answered, Err(io::ErrorKind::WouldBlock), "idle connections do not wait for those at work");
    let mut probe = sent(running.admin, b"GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer(&mut probe).await.unwrap().starts_with("http/1.1 503"));
    assert!(TcpStream::connect(running.public).await.is_err());
    assert!(answer(&mut under_way).await.unwrap().starts_with("http/1.1 2"));
    drop((under_way, idle, silent, probe));
    tokio::time::timeout(Duration::from_secs(1), running.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_waits_no_longer_than_its_grace() {
    let settings = "shutdown-grace = '200ms'\nhandler-deadline = '1m'";
    let running = running(settings, Slow(Duration::from_secs(60))).await;
    let _under_way = sent(running.public, &request("")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(2), running.ended).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_too_many_is_told_to_come_back() {
    let running = running("max-requests = 1\nretry-after = '7s'", Slow(Duration::from_millis(500))).await;
    let mut first = sent(running.public, &request("")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut second = sent(running.public, &request("")).await;
    let refused = answer(&mut second).await.unwrap();
    assert!(refused.starts_with("http/1.1 503") && refused.contains("retry-after: 7"), "{refused}");
    assert!(answer(&mut first).await.unwrap().starts_with("http/1.1 2"));
}

#[tokio::test]
async fn a_connection_too_many_waits_for_its_turn() {
    let running = running("max-connections = 1\nheader-timeout = '200ms'", Slow(Duration::ZERO)).await;
    let _first = TcpStream::connect(running.public).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut second = sent(running.public, &request("")).await;
    let waited = tokio::time::timeout(Duration::from_secs(5), answer(&mut second)).await.unwrap().unwrap();
    assert!(waited.starts_with("http/1.1 2"), "{waited}");
}

#[tokio::test]
async fn a_handler_out_of_time_asks_the_provider_to_send_again() {
    let running = running("handler-deadline = '50ms'", Slow(Duration::from_secs(60))).await;
    let mut stream = sent(running.public, &request("")).await;
    let head = answer(&mut stream).await.unwrap();
    assert!(head.starts_with("http/1.1 503") && head.contains("retry-after: 5"), "{head}");
}

#[tokio::test]
async fn a_sender_that_is_refused_half_way_sees_the_answer() {
    let running = running("body-limit = '1KiB'", Slow(Duration::ZERO)).await;
    let path = PROVIDERS[0].endpoints[0].path;
    let mut stream = sent(running.public, format!("POST {path} HTTP/1.1\r\nhost: x\r\n").as_bytes()).await;
    stream.write_all(b"content-length: 4000000\r\n\r\n").await.unwrap();
    // It writes all before it reads, as simple clients do; a reset would end that.
    stream.write_all(&vec![b'x'; 4_000_000]).await.unwrap();
    let head = answer(&mut stream).await.unwrap();
    assert!(head.starts_with("http/1.1 413") && head.contains("connection: close"), "{head}");
}
