//! What a connection is waiting for, as its stream and its service tell: bytes of a head, an answer, or the next
//! request.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is awaited on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaiting {
    /// The rest of a request's head, or the first one of a new connection.
    Head,
    /// The answer to a request. Bodies and handlers have limits of their own.
    Answer,
    /// The first byte of a further request, or that the peer reads the last answer.
    Request,
}

/// What one connection is waiting for, and how often that has changed.
///
/// Only the connection's own task touches it: the atomic is there to share it, and orders nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity(Arc<AtomicU32>);

impl Activity {
    /// What is awaited now, and a number that is another one after every change.
    pub(super) fn now(&self) -> (Awaiting, u32) {
        let number = self.0.load(Ordering::Relaxed);
        let awaiting = match number & MASK {
            HEAD => Awaiting::Head,
            ANSWER => Awaiting::Answer,
            _ => Awaiting::Request,
        };
        (awaiting, number)
    }

    /// Notes that a request is being worked on.
    pub(super) fn begin(&self) {
        self.change(ANSWER);
    }

    /// Notes that its answer is there.
    pub(super) fn end(&self) {
        self.change(REQUEST);
    }

    /// Notes that bytes came. What came in one piece with the request before counts from the next piece on.
    fn hear(&self) {
        if self.now().0 == Awaiting::Request {
            self.change(HEAD);
        }
    }

    fn change(&self, awaiting: u32) {
        let number = self.0.load(Ordering::Relaxed);
        self.0.store((number & !MASK).wrapping_add(MASK + 1) | awaiting, Ordering::Relaxed);
    }
}

/// The lowest bits say what is awaited, those above count the changes.
const MASK: u32 = 0b11;
const HEAD: u32 = 0;
const ANSWER: u32 = 1;
const REQUEST: u32 = 2;

/// A stream that notes when bytes come.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) stream: TcpStream,
    pub(super) activity: Activity,
}

impl AsyncRead for Heard {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.hear();
        }
        read
    }
}

impl AsyncWrite for Heard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
}
