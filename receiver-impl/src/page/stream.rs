//! One browser's stream: what it missed, then every frame as it is made. Nothing waits for it: a browser that reads too
//! slowly misses frames, and is told to ask for the whole again.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use crate::watch::Watcher;

use super::Shared;
use super::frame::message;
use super::ring::{Frame, Place};

/// A comment is sent so often, so that whoever stands between does not take the stream for dead.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Streams that are open.
#[derive(Debug, Default)]
pub(super) struct Streams(AtomicUsize);

/// The first message.
#[derive(Serialize)]
struct Hello {
    /// Whether everything since the last message that the browser saw follows; else it has to ask for the whole.
    resumed: bool,
}

/// A place among the streams.
#[derive(Debug)]
pub(super) struct Seat(Arc<Streams>);

impl Streams {
    /// The most that may be open.
    const MOST: usize = 16;

    /// Takes a place, if there is one.
    pub(super) fn seat(self: &Arc<Self>) -> Option<Seat> {
        let taken = self.0.fetch_update(Relaxed, Relaxed, |open| (open < Self::MOST).then_some(open + 1));
        taken.is_ok().then(|| Seat(Arc::clone(self)))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Relaxed);
    }
}

/// What one stream holds.
struct Reader {
    frames: Receiver<Frame>,
    waiting: std::vec::IntoIter<Bytes>,
    shared: Arc<Shared>,
    _watcher: Watcher,
    _seat: Seat,
}

/// The stream for a browser that saw `last` last.
pub(super) fn body(shared: &Arc<Shared>, last: Option<Place>, seat: Seat) -> Body {
    let watcher = shared.feed.watch();
    let (frames, missed, place) = {
        let ring = shared.ring();
        let (frames, missed) = ring.join(last);
        (frames, missed, ring.place())
    };
    let resumed = missed.is_some();
    let hello = message(Some("hello"), (!resumed).then_some(place), &Hello { resumed });
    let missed = missed.unwrap_or_default().into_iter().map(|frame| frame.text);
    let waiting: Vec<_> = std::iter::once(hello).chain(missed).collect();
    let reader =
        Reader { frames, waiting: waiting.into_iter(), shared: Arc::clone(shared), _watcher: watcher, _seat: seat };
    Body::from_stream(messages(reader))
}

fn messages(reader: Reader) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(reader, async |mut reader| {
        let message = reader.next().await?;
        Some((Ok(message), reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(message) = self.waiting.next() {
            return Some(message);
        }
        match timeout(SIGN_OF_LIFE, self.frames.recv()).await {
            Ok(Ok(frame)) => Some(frame.text),
            Ok(Err(RecvError::Lagged(_))) => {
                // What is still held is left out, too: the whole has it.
                let ring = self.shared.ring();
                self.frames = ring.join(None).0;
                Some(message(Some("hello"), Some(ring.place()), &Hello { resumed: false }))
            }
            Ok(Err(RecvError::Closed)) => None,
            Err(_) => Some(Bytes::from_static(b": still here\n\n")),
        }
    }
}
