//! Clients that behave as a provider does: what was not answered with success they send again.

use std::collections::HashSet;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::common::{EVENTS, Request, events};

/// How long a refused event is left alone.
const PAUSE: Duration = Duration::from_millis(20);

/// What the provider knows.
#[derive(Default)]
pub(crate) struct Provider {
    next: AtomicU64,
    /// Identities of events that were answered with success.
    acknowledged: Mutex<HashSet<String>>,
    /// Events that were not, each with its body.
    unanswered: Mutex<Vec<(String, Vec<u8>)>>,
    /// Copies sent of what was acknowledged.
    pub(crate) copies: AtomicU64,
}

impl Provider {
    /// Sends on one connection after the other, until told to stop or the receiver is gone.
    pub(crate) fn send(&self, to: SocketAddr, stop: &AtomicBool) {
        let Ok(mut connection) = Wire::to(to) else { return };
        while !stop.load(Relaxed) {
            let (id, body) = self.event();
            let request = Request::signed(EVENTS, &body[..]).bytes();
            match connection.exchange(&request) {
                Ok(200..=299) => {
                    let copy = self.next.load(Relaxed).is_multiple_of(7);
                    locked(&self.acknowledged).insert(id);
                    // Providers send twice even what arrived.
                    if copy && connection.exchange(&request).is_ok() {
                        self.copies.fetch_add(1, Relaxed);
                    }
                }
                Ok(_) => {
                    locked(&self.unanswered).push((id, body));
                    std::thread::sleep(PAUSE);
                }
                Err(_) => {
                    locked(&self.unanswered).push((id, body));
                    match Wire::to(to) {
                        Ok(new) => connection = new,
                        Err(_) => return,
                    }
                }
            }
        }
    }

    /// An event was answered with success.
    pub(crate) fn acknowledge(&self, id: String) {
        locked(&self.acknowledged).insert(id);
    }

    /// What was acknowledged so far.
    pub(crate) fn acknowledged(&self) -> HashSet<String> {
        locked(&self.acknowledged).clone()
    }

    /// An event that was not answered before, or else a new one.
    pub(crate) fn event(&self) -> (String, Vec<u8>) {
        if let Some(event) = locked(&self.unanswered).pop() {
            return event;
        }
        let number = self.next.fetch_add(1, Relaxed);
        let id = format!("{:08x}-0000-4000-8000-{number:012x}", number.wrapping_mul(0x9e37_79b9) & 0xffff_ffff);
        let mut event = events::appliance_online();
        event["id"] = Value::from(id.as_str());
        event["source"] = Value::from(format!("/systems/{}", number % 16));
        (id, events::bytes(&event))
    }
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A connection whose other end may be killed at any byte.
struct Wire(TcpStream);

impl Wire {
    fn to(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self(stream))
    }

    /// The status of the answer, whose body is empty.
    fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.0.write_all(request)?;
        let mut head = Vec::new();
        let mut byte = [0; 512];
        while !head.ends_with(b"\r\n\r\n") {
            match self.0.read(&mut byte)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => head.extend_from_slice(&byte[..read]),
            }
        }
        let status = head.get(9..12).and_then(|status| str::from_utf8(status).ok()?.parse().ok());
        status.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}
