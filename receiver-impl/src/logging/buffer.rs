//! A bounded buffer between those who log and the one thread that writes.
//!
//! A line is copied into the buffer or, when there is no room, dropped and counted: a slow disk may cost log lines, but
//! never a delivery. The thread takes everything there is at once and then rests a little, so that under load a
//! thousand lines cost one wake-up and one write.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most bytes that wait to be written.
const CAPACITY: usize = 1 << 20;
/// How long lines are gathered after a write.
const REST: Duration = Duration::from_millis(10);
/// How long the end waits for what is left to be written: a reader that has stalled must not keep the process alive.
const FAREWELL: Duration = Duration::from_secs(1);

/// Where lines go. A clone writes to the same place.
#[derive(Debug, Clone)]
pub struct Buffer(Arc<Shared>);

/// Writes what is left when it is dropped, if that goes quickly, and knows how much was lost.
#[derive(Debug)]
pub struct Flush {
    shared: Arc<Shared>,
    written: Receiver<()>,
}

/// Counts the lines that found no room. A clone reads the same count.
#[derive(Debug, Clone)]
pub struct Dropped(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<Lines>,
    filled: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Lines {
    waiting: Vec<u8>,
    /// The thread waits to be told of lines.
    asleep: bool,
    closed: bool,
}

impl Buffer {
    /// Starts the thread that writes to `output`.
    ///
    /// # Errors
    ///
    /// The system's, if it has no thread left.
    pub fn start(output: impl Write + Send + 'static) -> io::Result<(Self, Flush)> {
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        let (done, written) = channel();
        std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            writer.write_to(output);
            // If nobody waits any more, nobody needs to know.
            let _ = done.send(());
        })?;
        Ok((Self(Arc::clone(&shared)), Flush { shared, written }))
    }
}

impl Write for &Buffer {
    /// Takes one line, whole or not at all.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock();
        if lines.closed || lines.waiting.len() + line.len() > CAPACITY {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            return Ok(line.len());
        }
        lines.waiting.extend_from_slice(line);
        if std::mem::take(&mut lines.asleep) {
            drop(lines);
            self.0.filled.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    /// A thread that panicked while it logged leaves whole lines behind, so its lock is good.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut output: impl Write) {
        let mut taken = Vec::new();
        loop {
            let mut lines = self.lock();
            while lines.waiting.is_empty() && !lines.closed {
                lines.asleep = true;
                lines = self.filled.wait(lines).unwrap_or_else(PoisonError::into_inner);
            }
            let closed = lines.closed;
            std::mem::swap(&mut lines.waiting, &mut taken);
            drop(lines);
            if output.write_all(&taken).and_then(|()| output.flush()).is_err() {
                // There is nowhere left to say so; the count does.
                let lost = taken.iter().filter(|byte| **byte == b'\n').count();
                self.dropped.fetch_add(lost as u64, Ordering::Relaxed);
            }
            taken.clear();
            if closed {
                return;
            }
            self.rest();
        }
    }

    /// Gathers lines for a while, unless the end comes.
    fn rest(&self) {
        let lines = self.lock();
        // Nobody wakes a thread that is not `asleep` but the one that closes.
        let rested = self.filled.wait_timeout_while(lines, REST, |lines| !lines.closed);
        drop(rested.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Flush {
    /// The count of lines that found no room.
    pub fn dropped(&self) -> Dropped {
        Dropped(Arc::clone(&self.shared))
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.filled.notify_all();
        // Written or not, this is the end: there is nobody left to tell.
        let _ = self.written.recv_timeout(FAREWELL);
    }
}

impl Dropped {
    /// How many lines were dropped so far.
    pub fn count(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// An output that shows what is written and can be held up.
    struct Output {
        written: Arc<Mutex<Vec<u8>>>,
        gate: Option<Receiver<()>>,
    }

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(gate) = &self.gate {
                gate.recv().map_err(io::Error::other)?;
            }
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn start(held: bool) -> (Buffer, Flush, Arc<Mutex<Vec<u8>>>, Sender<()>) {
        let written = Arc::default();
        let (open, gate) = channel();
        let output = Output { written: Arc::clone(&written), gate: held.then_some(gate) };
        let (buffer, flush) = Buffer::start(output).unwrap();
        (buffer, flush, written, open)
    }

    #[test]
    fn writes_every_line_in_order_before_it_ends() {
        let (buffer, flush, written, _open) = start(false);
        let mut expected = Vec::new();
        for number in 0..1000 {
            (&buffer).write_all(format!("{number}\n").as_bytes()).unwrap();
            expected.extend(format!("{number}\n").into_bytes());
        }
        drop(flush);
        assert_eq!(*written.lock().unwrap(), expected);
    }

    #[test]
    fn never_waits_for_the_output_and_counts_what_it_drops() {
        let (buffer, flush, written, open) = start(true);
        let line = [b'x'; 1 << 10];
        for _ in 0..5 * (CAPACITY >> 10) {
            (&buffer).write_all(&line).unwrap();
        }
        let dropped = flush.dropped();
        assert!(dropped.count() >= 3 * (CAPACITY >> 10) as u64, "{}", dropped.count());
        for _ in 0..10 {
            open.send(()).unwrap();
        }
        drop(flush);
        let kept = written.lock().unwrap().len() >> 10;
        assert_eq!(kept as u64 + dropped.count(), 5 * (CAPACITY >> 10) as u64);
    }

    #[test]
    fn a_line_after_the_end_is_counted_as_dropped() {
        let (buffer, flush, _, _open) = start(false);
        let dropped = flush.dropped();
        drop(flush);
        (&buffer).write_all(b"late\n").unwrap();
        assert_eq!(dropped.count(), 1);
    }
}
