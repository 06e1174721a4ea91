//! The raw bytes of a request's body, within limits on their number and on the time they take.
//!
//! Nothing is read of a body that says it is too long, and never more than the limit of one that lies or says nothing.
//! A body that arrives whole, as almost every webhook does, is neither copied nor timed.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt as _;

/// Space reserved for a body that arrives in pieces, whatever length it claims.
const FIRST_RESERVE: usize = 64 << 10;

/// Bounds on a body.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The most bytes.
    pub size: usize,
    /// The longest time from the end of the head to the end of the body.
    pub time: Duration,
}

/// Why there is no body.
#[derive(Debug)]
pub enum BodyFault {
    /// It is, or says it is, larger than the limit.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// It is compressed. Nobody knows whether the signature covers the bytes before or after.
    Encoded,
    /// It breaks HTTP's rules, or the connection broke.
    Broken(axum::Error),
}

/// Reads a body.
///
/// # Errors
///
/// [`BodyFault`]. The rest of the body is then still unread.
pub async fn read(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<Bytes, BodyFault> {
    if headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(BodyFault::Encoded);
    }
    if body.size_hint().lower() > limits.size as u64 {
        return Err(BodyFault::TooLarge);
    }
    let mut collect = pin!(collect(body, limits.size));
    // Most bodies are already here; a timer is started only for those that are not.
    match std::future::poll_fn(|context| Poll::Ready(collect.as_mut().poll(context))).await {
        Poll::Ready(body) => body,
        Poll::Pending => tokio::time::timeout(limits.time, collect).await.unwrap_or(Err(BodyFault::TooSlow)),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, BodyFault> {
    let first = loop {
        match body.frame().await {
            None => return Ok(Bytes::new()),
            Some(Err(error)) => return Err(BodyFault::Broken(error)),
            // What is not data is trailers, which nobody signs.
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    break data;
                }
            }
        }
    };
    if first.len() > limit {
        return Err(BodyFault::TooLarge);
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let claimed = first.len().saturating_add(usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX));
    let mut whole = BytesMut::with_capacity(claimed.min(limit).min(FIRST_RESERVE));
    whole.extend_from_slice(&first);
    drop(first);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(BodyFault::Broken)?.into_data() else { continue };
        if whole.len() + data.len() > limit {
            return Err(BodyFault::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

impl BodyFault {
    /// A stable word for metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Encoded => "encoded",
            Self::Broken(_) => "broken",
        }
    }
}

impl fmt::Display for BodyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is larger than `body-limit`"),
            Self::TooSlow => f.write_str("the body took longer than `body-timeout`"),
            Self::Encoded => f.write_str("the body is compressed, so its signature cannot be checked"),
            Self::Broken(error) => write!(f, "the body could not be read: {error}"),
        }
    }
}

impl std::error::Error for BodyFault {}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::Context;

    use http_body::{Frame, SizeHint};

    use super::*;

    const LIMITS: BodyLimits = BodyLimits { size: 8, time: Duration::from_millis(50) };

    /// A body that yields its pieces and then ends, or never does.
    struct Pieces {
        pieces: Vec<&'static str>,
        claims: Option<u64>,
        ends: bool,
    }

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            match self.pieces.pop() {
                Some(piece) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))),
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            self.claims.map_or_else(SizeHint::default, SizeHint::with_exact)
        }
    }

    async fn body(pieces: &[&'static str], claims: Option<u64>, ends: bool) -> Result<Bytes, BodyFault> {
        let pieces = pieces.iter().rev().copied().collect();
        read(&HeaderMap::new(), Body::new(Pieces { pieces, claims, ends }), LIMITS).await
    }

    #[tokio::test]
    async fn joins_the_pieces_of_a_body() {
        assert_eq!(body(&["abc", "", "de"], None, true).await.unwrap(), "abcde");
        assert_eq!(body(&[], None, true).await.unwrap(), "");
    }

    #[tokio::test]
    async fn takes_a_body_of_exactly_the_limit() {
        assert_eq!(body(&["abcd", "efgh"], Some(8), true).await.unwrap(), "abcdefgh");
    }

    #[tokio::test]
    async fn refuses_a_long_body_by_its_claim_alone() {
        assert!(matches!(body(&[], Some(9), false).await, Err(BodyFault::TooLarge)));
    }

    #[tokio::test]
    async fn stops_reading_at_the_limit() {
        assert!(matches!(body(&["abcd", "efgh", "i"], None, false).await, Err(BodyFault::TooLarge)));
        assert!(matches!(body(&["abcdefghi"], None, false).await, Err(BodyFault::TooLarge)));
    }

    #[tokio::test]
    async fn gives_up_on_a_body_that_does_not_end() {
        assert!(matches!(body(&["abc"], None, false).await, Err(BodyFault::TooSlow)));
    }

    #[tokio::test]
    async fn refuses_every_content_coding_but_identity() {
        for (coding, fine) in [("identity", true), ("Identity", true), ("gzip", false), ("identity, br", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, coding.parse().unwrap());
            let outcome = read(&headers, Body::from("abc"), LIMITS).await;
            assert_eq!(outcome.is_ok(), fine, "{coding}");
        }
    }

    #[tokio::test]
    async fn does_not_copy_a_body_that_comes_whole() {
        let bytes = Bytes::from(vec![b'x'; 8]);
        let address = bytes.as_ptr();
        assert_eq!(read(&HeaderMap::new(), Body::from(bytes), LIMITS).await.unwrap().as_ptr(), address);
    }
}
