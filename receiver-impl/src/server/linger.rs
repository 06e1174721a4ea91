//! Ends a connection so that the peer sees the last answer.
//!
//! Closing a socket that has unread bytes resets the connection, and a reset can destroy an answer that is still on its
//! way: a sender whose body was refused half-way would see a broken pipe instead of `413`. So the own direction is
//! closed first and what still comes is thrown away, for a while and up to an amount.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// The longest time to wait for the peer's end.
const TIME: Duration = Duration::from_secs(2);
/// How long a peer may be silent before it is taken to send no more: an idle connection must not hold its place.
const SILENCE: Duration = Duration::from_millis(250);
/// The most bytes to throw away.
const AMOUNT: usize = 8 << 20;

/// Closes the stream once the peer has closed its end or the patience is used up.
pub(super) async fn linger(mut stream: TcpStream) {
    // An error here or below means that the peer is gone, which is what this waits for.
    if stream.shutdown().await.is_ok() {
        let _ = tokio::time::timeout(TIME, discard(&stream)).await;
    }
}

async fn discard(stream: &TcpStream) {
    let mut discarded = 0;
    while discarded < AMOUNT && matches!(tokio::time::timeout(SILENCE, stream.readable()).await, Ok(Ok(()))) {
        // On the stack and not across an `await`, so that waiting connections need no memory for it.
        match stream.try_read(&mut [0; 8192]) {
            Ok(0) => return,
            Ok(read) => discarded += read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
